package authcode

import "fmt"

// Capabilities are what a provider can do for a domain, as far as it can tell
// without doing it.
type Capabilities struct {
	Retrieve, Regenerate Ability
	// Send holds an ability for each recipient to whom the code can be sent.
	Send map[Recipient]Ability
	// Internal says that codes of that scope can be retrieved and regenerated.
	Internal bool
}

// An Ability is what may come of a verb. The zero Ability is none.
type Ability struct {
	// Outcomes are the kinds that a success may have. A Retrieve or Regenerate
	// with KindSent among them may mail the holder; a Send with KindCode may show
	// the code instead.
	Outcomes Kinds
	// NewCode says that the domain's code may be replaced: one that was
	// handed over before stops working.
	NewCode bool
	// Chosen says that Request.Value can be given.
	Chosen bool
}

// Any reports whether there is an ability at all.
func (a Ability) Any() bool { return a.Outcomes != 0 }

// Only reports whether success has this kind alone.
func (a Ability) Only(k Kinds) bool { return a.Any() && a.Outcomes&^k == 0 }

// SideEffects reports whether more may happen than that the caller gets an answer:
// the code is replaced, or sent to somebody.
func (a Ability) SideEffects() bool { return a.NewCode || a.Outcomes&^KindCode != 0 }

// For is the ability that a request needs; the zero one where the request can't be
// carried out.
func (c Capabilities) For(r Request) Ability {
	var a Ability
	switch r.Verb {
	case Retrieve:
		a = c.Retrieve
	case Regenerate:
		a = c.Regenerate
	case Send:
		a = c.Send[r.To]
	}
	if r.Scope == Internal && (!c.Internal || r.Verb == Send) || r.Value != "" && !a.Chosen {
		return Ability{}
	}
	return a
}

// Refuse reports whether a request asks for more than there is, and what to answer
// it: a Refused of class Unsupported.
func (c Capabilities) Refuse(r Request) (Refused, bool) {
	if c.For(r).Any() {
		return Refused{}, false
	}
	text := fmt.Sprintf("codes can't be handed over this way here: %s", r.Verb)
	switch {
	case r.Verb == Send:
		text += " to " + string(r.To)
	case r.Value != "":
		text += " with a code of the caller's choice"
	}
	if r.Scope == Internal {
		text += ", internal"
	}
	return Refused{Class: Unsupported, Text: text}, true
}
