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
//   - The answer to a poll's ack names the message that was removed, as the standard's
//     text says.
package gtld
