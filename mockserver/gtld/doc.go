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
//   - A renewal by a month, or to more than ten years from now, is refused (2306); one
//     that no period would fit, or of a domain that has ended, is not eligible (2105).
//     The day of curExpDate is in UTC.
//   - A domain that has hosts below it is not deleted (2305). In its addPeriod it is gone
//     at once (1000); otherwise it can be restored for a while (1001), and its sponsor is
//     told when it is gone. What was paid for in a grace period comes back then, and its
//     years are taken back.
//   - A domain that expires is renewed for a year, at the expense of its sponsor, whose
//     credit may fall below zero; or it is deleted, whatever its statuses forbid. Where
//     hosts are below one that is purged by the clock, they are removed with it, also
//     from the domains that are delegated to them.
//   - Without the report on a restore in time, the redemptionPeriod begins again. A report
//     that is refused can be sent again. A domain that expired meanwhile is renewed.
//   - A request for a transfer needs the authInfo (2003, 2202), of a domain of another
//     registrar (2106). The losing registrar approves or rejects it, the other cancels it
//     (2201 for others), and both are told of each step. Where neither does, the policy
//     decides. Either may query it, and whoever has the authInfo.
//   - A transfer adds a year, unless the policy or the command say otherwise: what the
//     command says is refused where it goes beyond ten years from now (2306), what the
//     policy says is left out then. The new sponsor pays when the transfer is done: one
//     that can't, has its request refused, the approval (2104), or at last the transfer
//     cancelled. The old sponsor's grace periods end, and a year by which the domain
//     renewed itself in the autoRenewPeriod is taken back, where the transfer adds one.
//   - A registrar is told once when its credit falls below what the policy calls low, and
//     when it falls below zero.
//   - The answer to a poll's ack names the message that was removed, as the standard's
//     text says.
package gtld
