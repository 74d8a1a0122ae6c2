package authcode_test

import (
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// A pair is a request through a hop to a far end.
type pair struct {
	hop   string
	r     authcode.Request
	near  authcode.Capabilities // of the hop's client
	far   authcode.Capabilities // of what is behind its handler
	alone map[string]string     // what that says without the hop, by the request
}

func (x *pair) was() string { return x.alone[what(x.r)] }

// unreadable reports whether a code can't be read without side effects, or turned out not
// to be shown.
func (x *pair) unreadable() bool {
	return !silent(x.far.Retrieve) || x.alone["retrieve "] == string(authcode.Unset)
}

// what is a request without its domain.
func what(r authcode.Request) string { return string(r.Verb) + " " + string(r.To) }

// A loss is why a near end can't report the outcome that the far end would have had, and
// what it reports in its place.
type loss struct {
	why string
	is  func(x *pair) []string // nil where it does not apply
}

// when makes a loss of hops whose name begins so.
func when(hop, why string, is func(x *pair) []string) loss {
	return loss{hop + ": " + why, func(x *pair) []string {
		if !strings.HasPrefix(x.hop, hop) {
			return nil
		}
		return is(x)
	}}
}

// classes is a loss of classes that have no words of their own.
func classes(hop, why string, read map[authcode.Class]authcode.Class) loss {
	return when(hop, why, func(x *pair) []string {
		if is, ok := read[authcode.Class(x.was())]; ok {
			return []string{string(is)}
		}
		return nil
	})
}

// as is a loss of a request that the interface takes for others.
func as(hop, why, request string, others ...string) loss {
	return when(hop, why, func(x *pair) []string {
		if what(x.r) != request {
			return nil
		}
		var is []string
		for _, o := range others {
			if is = append(is, x.alone[o]); x.alone[o] == "not there" {
				is = append(is, string(authcode.Unavailable)) // as above
			}
		}
		return is
	})
}

func cant(refused bool, is ...string) []string {
	if refused {
		return is
	}
	return nil
}

func silent(a authcode.Ability) bool { return a.Any() && !a.SideEffects() }

// losses are all there are. Each is needed by some pair.
var losses = []loss{
	{"the interface has no such request", func(x *pair) []string {
		return cant(!x.near.For(x.r).Any(), string(authcode.Unsupported))
	}},
	{"that the upstream does not know the gateway is not the client's fault", func(x *pair) []string {
		return cant(x.was() == string(authcode.Unauthorized), string(authcode.Unavailable))
	}},
	{"a handler whose upstream is not there says that it is out of service", func(x *pair) []string {
		return cant(x.was() == "not there", string(authcode.Unavailable))
	}},
	{"reading changes nothing, so that a reading that was lost is none", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Retrieve && x.was() == "unknown", "not there", string(authcode.Unavailable))
	}},
	{"what was to be sent might be shown in place of that, which the interface has no words for", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Send && x.far.For(x.r).Outcomes&authcode.KindCode != 0, string(authcode.Unsupported))
	}},
	{"Mijndomeinreseller alone has words for what was done before a refusal", func(x *pair) []string {
		return cant(strings.HasSuffix(x.was(), inPartText) && x.hop != "mijndomeinreseller", "unknown")
	}},
	{"to read must not mail", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Retrieve && x.far.Retrieve.SideEffects(), string(authcode.Unset), string(authcode.Unsupported))
	}},
	classes("netim", "classes share an HTTP status", map[authcode.Class]authcode.Class{
		authcode.Denied: authcode.NotYours, authcode.Undeliverable: authcode.Failed,
		authcode.Unset: authcode.Busy, authcode.NoCodes: authcode.Unsupported,
	}),
	when("netim", "domain info has an empty authID where there is nothing to read", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Retrieve && (!x.far.Retrieve.Any() || x.was() == "unsupported" || x.was() == "no codes"), "unset")
	}),
	when("netim", "a new code that can't be read again is shown to nobody", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && x.unreadable(), string(authcode.Unsupported))
	}),
	when("netim", "that a registry shows no codes may be found out only after one was made", func(x *pair) []string {
		reads := x.r.Verb == authcode.Regenerate || what(x.r) == "send reseller"
		return cant(reads && x.alone["regenerate "] == "code" && silent(x.far.Retrieve) && x.unreadable(), "unknown")
	}),
	when("netim 1.0", "a new code that is not shown may have gone to the reseller", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && x.unreadable(), "unknown")
	}),
	when("netim 3.0", "to nobody means that it is not sent", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && x.far.Regenerate.Outcomes&authcode.KindSent != 0, string(authcode.Unsupported))
	}),
	as("netim 1.0", "a new code goes to the reseller", "regenerate ", "send reseller"),
	as("netim", "what can't be mailed to the reseller, the reseller reads", "send reseller", "regenerate "),
	when("netim", "the reseller reads what can't be mailed", func(x *pair) []string {
		return cant(what(x.r) == "send reseller" && x.alone["regenerate "] == "code", "sent")
	}),
	when("netim", "what is sent is a new code, and the one before is gone also where the mail fails", func(x *pair) []string {
		mail := x.r.Verb == authcode.Send || x.hop == "netim 1.0" && x.r.Verb == authcode.Regenerate
		return cant(mail && x.alone["send reseller"] == "undeliverable" && x.alone["regenerate "] == "code", "unknown")
	}),
	as("mijndomeinreseller", "it has one request, and the registry decides", "send registrant", "regenerate "),
	when("mijndomeinreseller", "204 would say that the registrant has it", func(x *pair) []string {
		return cant(x.alone["regenerate "] == "sent" && !x.far.Send[authcode.Registrant].Only(authcode.KindCode), "unknown")
	}),
	as("openprovider", "the code is shown where it can be, and sent otherwise", "send registrant", "retrieve "),
	as("openprovider", "the code is shown where it can be, and sent otherwise", "retrieve ", "send registrant"),
	when("openprovider", "it has no words for what is pending", func(x *pair) []string {
		return cant(x.was() == "pending", "unknown", "unsupported")
	}),
	when("openprovider", "success without a code would say that the registrant has it", func(x *pair) []string {
		return cant(x.was() == "sent", "unknown")
	}),
	when("openprovider", "its client looks the domain up first, and that is lost already", func(x *pair) []string {
		return cant(x.was() == "unknown", "unavailable")
	}),
	classes("openprovider", "a domain that is looked up in vain is not in the account", map[authcode.Class]authcode.Class{
		authcode.NotFound: authcode.NotYours,
	}),
	when("opensrs", "its client chooses the code", func(x *pair) []string {
		return cant(x.r.Verb == authcode.Regenerate && !x.far.Regenerate.Chosen, string(authcode.Unsupported))
	}),
	classes("opensrs", "classes share a response code", map[authcode.Class]authcode.Class{
		authcode.Denied: authcode.Failed, authcode.Undeliverable: authcode.Failed, authcode.Unset: authcode.Failed,
		authcode.NoCodes: authcode.Invalid, authcode.Invalid: authcode.NoCodes,
	}),
}
