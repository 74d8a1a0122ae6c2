// Package gtld is a mock of a registry that keeps to RFC 5730 to 5734, and to ICANN's
// rules for the life of a domain: its state and its rules, for package mockserver to put
// on the wire. What a registry is free to decide is data: a [Policy] for each top-level
// domain, in fixtures or in a file of its own ([ReadPolicies]).
//
// Where the standards leave something to the server, it does this:
//
//   - Name servers are host objects, and host-1.0 is announced; with [HostAttributes]
//     they are parts of domains, and it is not (RFC 5731, section 1.1). What has the
//     other form is refused (2306). contact-1.0 is announced unless no top-level domain
//     has contacts.
//   - A check of a name that is no name is answered: it is not available. A create of
//     one is refused with 2005, of one that nobody can register here with 2306.
//   - An info of another registrar's domain shows its name, ROID and sponsor; with a
//     valid authInfo everything. An info of another's contact is refused (2201)
//     without a valid authInfo, as ICANN's tests want it; with one it shows all but the
//     authInfo. What else there can be is in [ContactRules].
//   - A contact's country is in capitals and one of ISO 3166-1 (2004). A telephone number
//     of a new contact is not empty (2005); in an update that takes it away. An update
//     changes of a form what it names, and an address as a whole; a form that is new must
//     be whole (2003).
//   - A host is internal where it is below, or called as, a domain below one of the
//     top-level domains. That domain must be there (2303), be the client's (2201), and be
//     neither pending nor deleted, nor its transfer be pending (2304), during which no
//     command changes its hosts. An internal host needs an address once a domain
//     is delegated to it (2305), an external one has none (2306) and loses those that it
//     had when it was internal. [HostRules] change that.
//   - An external host to which a domain of another registrar is delegated keeps its name
//     (2305). Otherwise the domains follow the new name, which is no update of theirs.
//   - Any registrar may ask for any host.
//   - An authInfo that is not valid is refused (2202), even when its sender needs
//     none. One without a value never is valid.
//   - A command is checked in this order: that it asks for something (2003), the name
//     (2005, 2302, 2303), its sponsor (2201), the object's statuses (2304), the statuses
//     to remove and to add (2306), the name servers, contacts and the authInfo (2003,
//     2005, 2303, 2306, 2202), the extensions, the credit (2104). The first that fails
//     decides; what fails for the same reason is told with it. Nothing of the command is
//     carried out then.
//   - A period is in years, and one that the policy does not allow is out of range
//     (2004). What would be 29 February in a year that has none is the 28th.
//   - A pending status prohibits every command that changes the object, and so does
//     serverUpdateProhibited every update. One that removes clientUpdateProhibited, and
//     nothing else, passes that status alone.
//   - A client may add and remove the statuses that begin with client. Any other is
//     refused (2306), so that it can't make a combination that RFC 5731, section 2.3,
//     forbids. So is adding what is there, be it a status, a contact or a name server,
//     and removing what is not, which the standard leaves open and ICANN's tests accept.
//     What is removed goes first: a command that does both to a status replaces its text.
//   - A domain is not delegated to a host below a top-level domain of the registry that
//     has no address (2306), whoever sponsors it.
//   - An update that changes nothing, having empty parts alone, leaves upID and upDate.
//   - A command that waits for somebody ([Offline], 1001) is paid for when it is given.
//     While it does, the object is as it was, but for its pending status. It ends by the
//     clock or by [Registry.Decide], of a host or a contact by [Registry.DecideHost] or
//     [Registry.DecideContact], with a message; what is refused is paid back. Nothing can
//     refer to a host or a contact whose create waits (2303).
//   - A new authInfo that is too short, too long or too weak for [Options] and the policy
//     is refused (2202); unsetting it never is. One with a roid would be another object's
//     (2306), and an ext is not understood (2102). White space in it counts. A create
//     needs one with a value, but with Options.SecureAuthInfo.
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
//
// Of the extensions, which Options.Announce chooses from:
//
//   - Of DS records the algorithm and the type of digest must be known (2306), and the
//     digest as long as its type's (2005); of keys the zone bit set and the protocol 3
//     (2306). What is added must not be there, what is removed must be (2306). Nothing is
//     urgent (2102).
//   - A message's parts that the login did not name go into the result, whether or not
//     the client knows of RFC 9038; other answers' do for who named it, and are left out
//     for others.
//   - A name of a premium class needs the fee extension (2003), or an allocation token
//     that is for it; a plain check finds it unavailable. An offer that is too high is
//     taken, and the price is charged. Prices are the same in all phases.
//   - A token is shown to the sponsor alone. A check with one that is not for a name
//     answers as if there were none; a create or transfer is refused (2201).
//   - Where the policy has a launch, a create is in the phase that it names, or in the
//     first that is neither sunrise nor custom and takes registrations. Between the phases
//     nothing can be registered (2306). Marks and notices are held to the clock and to the
//     label; signatures, see Options.VerifyMarks. An application is paid for when it is
//     made, and paid back unless it is allocated. Claims and trademark checks of names
//     without any claims are forms that are not supported (2307).
//   - A password that has expired is wrong (2200) unless the login sets a new one; a new
//     one that the rules forbid is refused (2306).
//   - Names in other scripts are A-labels; a client need not name the table, and the first
//     that has all the characters is taken.
//   - Of maintenance the past is listed, too.
package gtld
