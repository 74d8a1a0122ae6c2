// Package gtld is a mock of a registry that keeps to RFC 5730 to 5734: its state and
// its rules, for package mockserver to put on the wire.
//
// Where the standards leave something to the server, it does this:
//
//   - It does not announce host-1.0, and so name servers are host attributes, with
//     the addresses that the registry has for them (RFC 5731, section 1.1). A
//     domain's subordinate hosts are listed all the same, so that a client can ask
//     for them.
//   - A check of a name that is no name is answered: it is not available.
//   - An info of another registrar's domain shows its name, ROID and sponsor; with a
//     valid authInfo everything. An info of another's contact is refused (2201)
//     without a valid authInfo, as ICANN's tests want it.
//   - An authInfo that is not valid is refused (2202), even when its sender needs
//     none. One without a value never is valid.
//   - An update is checked in this order: that there is an add, a rem or a chg, empty
//     or not, or an extension (2003); the name (2303), its sponsor (2201), what is not
//     implemented (2102), the domain's statuses (2304), the statuses to remove and to
//     add (2306), the authInfo (2306, 2202). The first that fails decides, and nothing
//     of the command is carried out.
//   - Name servers, contacts and the registrant can't be updated yet, and an authInfo
//     can't be an ext: 2102, with the elements.
//   - A pending status prohibits every update, and so does serverUpdateProhibited. One
//     that removes clientUpdateProhibited, and nothing else, passes that status alone.
//   - A client may add and remove the statuses that begin with client. Any other is
//     refused (2306), so that it can't make a combination that RFC 5731, section 2.3,
//     forbids. So is adding one that is set and removing one that is not, which the
//     standard leaves open and ICANN's tests accept. What is removed goes first: a
//     command that does both to a status replaces its text.
//   - An update that changes nothing, having empty parts alone, leaves upID and upDate.
//   - A new authInfo that is too short, too long or too weak for [Options] is refused
//     (2202); unsetting it never is. One with a roid would be another object's (2306).
//     White space in it counts.
//   - With Options.SecureAuthInfo an info shows the sponsor of a domain or a contact an
//     empty authInfo where one is set and none where it is not, which RFC 9154 leaves
//     open, whether or not the login named that extension. What is too weak is guessed
//     from a value's length, the kinds of its characters and how many of them differ.
//   - The answer to a poll's ack names the message that was removed, as the standard's
//     text says.
package gtld
