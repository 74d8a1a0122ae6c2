// Package reconcile finds out what became of a command whose outcome is unknown.
//
// A connection that ends between a command and its answer leaves the caller with an error
// of which client.OutcomeUnknown is true: the registry may have carried the command out or
// not, and to send it again may do it twice. [Reconcile] asks the registry, with queries
// alone, what the object looks like now, and says done, not done, or can't tell:
//
//	sent := time.Now()
//	_, err := d.Exchange(ctx, cmd)
//	if client.OutcomeUnknown(err) {
//		v, err := reconcile.Reconcile(ctx, d, cmd, reconcile.Options{ClID: "REG-EXAMPLE", Sent: sent})
//		…
//	}
//
// # What is looked at
//
// No answer to a query tells which command changed an object. What tells is who did it and
// when: the clID, crID and upID that are ours, and the crDate, upDate, trDate and reDate that
// are not before the command, by no more than [Options].Skew. A command is atomic (RFC 5730,
// section 2): where it is known to have made the object what it is, it was carried out as a
// whole, what is not shown, such as an authInfo, included. What is shown has to agree.
//
//	command   asked       done                          not done                   can't tell
//	create    info        ours, created since, and all  not there, and free        not there and not free;
//	          check       that is shown agrees          (check); created by        created by us since, but
//	                                                    another or before          not so
//	delete    info        gone, or pendingDelete, and   there, the same as Before  gone, without a Before;
//	                      Before it was ours            or older than the command  expired by now
//	renew     info        expires a period after        expires on curExpDate      the registry may have
//	                      curExpDate, which has not     still, or where no         renewed it; it was
//	                      come yet; ours all the time   execution leads to         transferred, or deleted
//	update    info        updated by us since; all      not updated since          updated by another since,
//	                      that is shown agrees; with                               or not so; it was so
//	                      Before: some did not                                     before
//	restore   info        it was in the redemption-     it is still in it, for     a day has passed, and the
//	                      Period and is not (Before),   less than a day            report may have been late;
//	                      or it is not, and updated                                a report that is not taken
//	                      by us since                                              yet
//	transfer  transfer    the latest is ours and was    the latest is older; none  another asked for it since;
//	request   query,      asked for since; none is      is shown, and the object   none is shown, and the
//	          info        shown, and the object is      is another's, or has been  object may have been
//	                      ours and was not (Before)     ours before                transferred since
//	approve,  transfer    the latest ended so, by us,   the latest began before    the latest began since;
//	reject,   query       since                         the command and did not    none is shown
//	cancel
//	FRED's    info        ours, transferred since       not transferred since      another has it since
//	transfer
//	poll ack  poll req    another message is the first, it is the first still      whether it was the first is
//	                      and it was (Before)                                      not known
//
// A renew without a period is one whole period of any length. An object of which another
// registrar is the sponsor shows little; then the transfer query tells whether it has been
// ours, since both sides of the latest transfer may ask for it, and nobody else.
//
// Everything else is can't tell: sendAuthInfo, tests, what an element of no known type asks
// for, a command with an extension that is not compared. Compared are secDNS, rgp, enumval
// and extra-addr; fee and allocationToken can only have a command refused; namestoreExt goes
// with the queries, for it says where the object is.
//
// # What is taken for granted
//
// A verdict other than can't tell is right as long as this holds:
//
//   - The caller has sent no other command that changes the object from Skew before Sent
//     until Reconcile returned, or from the answer in Before on, if it is given.
//   - The clocks differ by Skew at most, and the queries see the latest state: not that of a
//     server which lags behind.
//   - The command is not carried out later: see below.
//   - The registry dates what it changes, and tells by whom, as RFC 5731 to 5733 have it. What its
//     staff changes does not stay under the name of the registrar who was there before; with
//     Before this is not needed, unless the change can't be seen.
//   - The staff does not do by chance what the command asks for, and removes nothing that the
//     command has made. Nobody loses an object by two transfers, or gets it back, in that time.
//   - Renew: curExpDate was the day on which the domain expired, as long as Before does not say.
//     A renewal that was carried out before by an equal command looks like this one.
//   - Transfer request: the registry shows transfers that have ended, or nobody has ended ours
//     without success since; and an earlier request of ours was not pending when the command
//     was sent, as long as Before does not say. An object is shown to its sponsor.
//   - Delete of a host: its domain was not purged in the meantime, which takes the host along.
//
// Give Before where there is one: it costs one info, and without it a delete can't be told.
//
// # When to ask
//
// A verdict must not be overtaken by the command. There are two ways in which it may be:
//
//   - Its caller gave up, and its session lives. The answer is still to come; until then the
//     session counts the command as on its way, a pool in the Busy of its [client.PoolStats].
//     [Quiet] waits until a pool has none, which its StallTimeout bounds.
//   - Its session is over, because the connection was lost, or nothing was answered within the
//     StallTimeout. No counter of the client tells then: the server may read on in what it has
//     got, and nothing but time helps. Wait for as long as the registry may take for a command.
//
// So a program that wants to be sure stops its other work, calls Quiet, waits, and reconciles.
package reconcile
