package main

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// An addition is what one extension adds to commands of registries of one kind.
type addition struct {
	kind string
	uris []string                          // of its namespaces: several where it has versions
	on   map[string]func(*fields) extender // by command, as in "domain create"
}

// ifGiven is an extender for an extension that is there when one of its flags is.
func ifGiven(x *fields, e epp.Element, names ...string) extender {
	return func([]string) (maker, error) {
		if !x.given(names...) {
			return nil, nil
		}
		return always(e), nil
	}
}

// additions are those that this program has. An extension is added here.
func additions() []addition {
	return []addition{
		secDNSAddition(), rgpAddition(), launchAddition(), feeAddition(), tokenAddition(),
		idnAddition(), ttlAddition(), orgextAddition(), addlEmailAddition(),
		enumvalAddition(), mailingAddition(),
	}
}

// An extender makes an extension of the command's arguments and of what its flags were
// filled with, or nil where they say nothing.
type extender func(args []string) (maker, error)

// A maker makes the element for a registry that has sent this greeting; nil for a
// registry of which nothing is known.
type maker func(*epp.Greeting) (epp.Element, error)

// always is a maker for an extension of which there is one version.
func always(e epp.Element) maker {
	return func(*epp.Greeting) (epp.Element, error) { return e, nil }
}

// extensionsFor makes elements for a registry, which must have announced them.
func extensionsFor(g *epp.Greeting, set *epp.Schema, exts []maker) ([]epp.Element, error) {
	var out []epp.Element
	for _, makeOne := range exts {
		e, err := makeOne(usual(g, set))
		if err != nil {
			return nil, err
		}
		if uri := set.NameOf(e).Space; g != nil && !slices.Contains(g.ExtURI, uri) {
			return nil, usage("the registry does not offer %s, which this command would need", uri)
		}
		out = append(out, e)
	}
	return out, nil
}
