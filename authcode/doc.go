// Package authcode is one model of one act: the holder of a domain gets the code
// with which the domain can be transferred. Registries and resellers' interfaces
// each have their own words for it; here it is a [Request] to a [Provider] and an
// [Outcome] that says truthfully who got the code:
//
//	out, err := p.HandOver(ctx, authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate})
//	switch out := out.(type) {
//	case authcode.Code:    // give out.Value.Reveal() to the holder, until out.Expires
//	case authcode.Sent:    // it went to out.To, at out.Addresses
//	case authcode.Pending: // out.Operation goes on
//	case authcode.Refused: // nobody got anything; out.Class says why
//	}
//
// An error is for what has no outcome: the call never got there (SafeToRetry), or it
// was cut off and nobody can say whether a code was made or sent (OutcomeUnknown).
// No provider repeats a call that may have been carried out.
//
// The same verb has different side effects at different systems: to retrieve may mail
// the holder, to send makes a new code and ends the one before. [Capabilities] says
// so before anything is done.
//
// The packages netim, mijndomeinreseller, openprovider and opensrs hold a client of
// each interface, which is a Provider, and an http.Handler that offers the interface
// over any Provider; package eppcode is the Provider over an EPP session. A [Router]
// joins providers into one, and a [Mailing] sends the codes that a provider only
// shows.
package authcode
