package main

import (
	"github.com/eppkit/eppkit/epp"
)

// infoVerb shows an object.
func infoVerb(object, arg string, gtld, fred func(*fields) builder, examples ...string) verb {
	return verb{
		use: "info " + arg, short: "Show what the registry knows of " + oneOfKind(object), examples: examples,
		gtld: gtld, fred: fred,
	}
}

// info is for the mappings in which nothing but the object is named.
func info[R epp.Element](q func(id string) epp.Request[R]) func(*fields) builder {
	return func(*fields) builder {
		return func(args []string) (question, error) { return ask(q(args[0]), nil), nil }
	}
}

func infoAuth[R epp.Element](q func(string, *epp.AuthInfo) epp.Request[R]) func(*fields) builder {
	return func(x *fields) builder {
		auth := shownAuthInfo(x, true)
		return func(args []string) (question, error) {
			return ask(q(args[0], auth.rfc()), nil), nil
		}
	}
}

func infoFRED[R epp.Element](q func(string, *epp.Secret) epp.Request[R]) func(*fields) builder {
	return func(x *fields) builder {
		auth := shownAuthInfo(x, true)
		return func(args []string) (question, error) {
			return ask(q(args[0], auth.pw), nil), nil
		}
	}
}
