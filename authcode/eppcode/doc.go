// Package eppcode hands over transfer codes through a registry's own EPP interface:
// it is the [authcode.Provider] of who is the registrar.
//
//	pool, err := client.NewPool(client.PoolOptions{Options: opts, Addresses: []string{"epp.registry.example"}, FailFast: true})
//	…
//	p, err := eppcode.New(eppcode.Options{Doer: pool, ClID: "REG-EXAMPLE"})
//	go p.Run(ctx) // ends the codes whose time is over
//	out, err := p.HandOver(ctx, authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate})
//
// # A registry by the RFCs
//
// The code is the domain's authInfo (RFC 5731), and a Provider keeps to RFC 9154: it
// makes a random one, sets it, and unsets it when its time is over. It never stores a
// code. The [Ledger] remembers which domain has one until when, and nothing else. Where
// the registry wants a domain to have a code, the one that takes the place of an ended
// one is random, and nobody is told it. Several processes may share a ledger: a
// [SharedLedger], such as a [Dir], has them change a domain one at a time.
//
//	Retrieve    domain:info. A registry that does not show authInfo, as RFC 9154
//	            has it, is Unset, and from then on not among the
//	            Capabilities; with Options.Hidden it never is. Unset is a code
//	            whose time is over, too, and one that nobody was told.
//	Regenerate  domain:info, and domain:update with the new code.
//	Send        is not for the registry: put an authcode.Mailing around the
//	            Provider, which is the Directory that it needs.
//
// # FRED
//
// The registry makes the code and mails it (sendAuthInfo). It never shows one.
//
//	Retrieve          is not supported.
//	Regenerate, Send  domain:info, to know who there is to write to, and
//	                  fred:sendAuthInfo, which writes to the holder and to all
//	                  administrative contacts, whichever of them was asked for.
//	                  Where it hides who they are, Sent.To is empty.
//
// # What may have happened
//
// No command that changes something is ever sent twice; a client.Pool repeats only
// queries. An update or a sendAuthInfo that was cut off is an
// [*authcode.Error] that is Unknown; so is one whose answer can't be understood. A
// query that failed is not, for it changes nothing. What the registry turns down is
// an authcode.Refused with the registry's code and words.
package eppcode
