package main

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/namespaces"
	"github.com/eppkit/eppkit/schemas"
)

// schema is the set of some namespaces, under the URIs that the profile's registry has
// for them.
func (p *profile) schema(exts []epp.Extension) (*epp.Schema, error) {
	exts, err := at(exts, p.Namespaces)
	if err != nil {
		return nil, err
	}
	return epp.NewSchema(exts...)
}

// at gives namespaces, of which EPP itself is one, other URIs. They are named by their
// own URI, by what that ends in, as domain-1.0, or as their pages in docs/namespaces are.
func at(exts []epp.Extension, uris map[string]string) ([]epp.Extension, error) {
	of := append([]epp.Extension{epp.Protocol()}, exts...)
	out := slices.Clone(of)
	for _, name := range slices.Sorted(maps.Keys(uris)) {
		i, err := indexOf(of, name)
		switch uri := uris[name]; {
		case err != nil:
			return nil, err
		case strings.TrimSpace(uri) == "":
			return nil, fmt.Errorf("%s has no URI", name)
		case strings.ContainsFunc(uri, unicode.IsSpace):
			return nil, fmt.Errorf("%s: the URI %q has white space", name, uri)
		case out[i].URI != of[i].URI:
			return nil, fmt.Errorf("%s is given twice", name)
		}
		out[i] = out[i].At(uris[name])
	}
	return out, nil
}

// indexOf is the index of the namespace that has a name.
func indexOf(exts []epp.Extension, name string) (int, error) {
	pages := map[string]string{}
	for _, o := range schemas.Embedded() {
		pages[o.Namespace] = strings.TrimSuffix(path.Base(o.File), ".xsd")
	}
	var found []int
	var uris []string
	for i, e := range exts {
		switch name {
		case e.URI:
			return i, nil
		case e.URI[strings.LastIndexAny(e.URI, ":/")+1:], pages[e.URI]:
			found, uris = append(found, i), append(uris, e.URI)
		}
	}
	switch len(found) {
	case 0:
		return 0, fmt.Errorf("%q is none that eppkit has for this kind of registry; it is a name such as domain-1.0, or a URI", name)
	case 1:
		return found[0], nil
	}
	return 0, fmt.Errorf("%q may be each of %s; give the URI", name, strings.Join(uris, ", "))
}

// schema is the set of the registry that a command is for, without connecting to it; nil
// for the mock.
func (a *app) schema() (*epp.Schema, error) {
	p, err := a.chosenProfile()
	if p == nil || err != nil {
		return nil, err
	}
	return p.schema(extensions(p.Registry))
}

// allSpoken is the set of all that eppkit speaks, under the URIs of the profile's registry
// where one is asked for by a flag: what is in files does not depend on what else is
// configured.
func (a *app) allSpoken() (*epp.Schema, error) {
	if a.flags.profile == "" && a.flags.config == "" {
		return epp.NewSchema(namespaces.All()...)
	}
	p, err := a.chosenProfile()
	if err != nil {
		return nil, err
	}
	set, err := p.schema(freeFor(namespaces.All(), p.Namespaces)) // p is one: a file that is asked for must be there
	if err != nil {
		return nil, &configError{fmt.Errorf("profile %s: namespaces: %w", p.name, err)}
	}
	return set, nil
}

// freeFor leaves out the namespaces whose URIs a registry has for others.
func freeFor(exts []epp.Extension, uris map[string]string) []epp.Extension {
	taken, moved := slices.Collect(maps.Values(uris)), map[string]bool{}
	for name := range uris {
		if i, err := indexOf(exts, name); err == nil { // at says what is wrong
			moved[exts[i].URI] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(exts), func(e epp.Extension) bool {
		return slices.Contains(taken, e.URI) && !moved[e.URI]
	})
}

// usualPrefix is the prefix of a namespace that has the URI in a set.
func usualPrefix(set *epp.Schema) func(uri string) string {
	return func(uri string) string {
		for _, n := range set.Namespaces() {
			if n.URI == uri {
				return epp.PrefixOf(n.Of)
			}
		}
		return epp.PrefixOf(uri)
	}
}

// usual is a greeting as it would be with the URIs that the packages have, for those who
// look for what they know.
func usual(g *epp.Greeting, set *epp.Schema) *epp.Greeting {
	if g == nil {
		return nil
	}
	out := *g
	out.ExtURI = slices.Clone(g.ExtURI)
	for i, uri := range out.ExtURI {
		for _, n := range set.Namespaces() {
			if n.URI == uri {
				out.ExtURI[i] = n.Of
			}
		}
	}
	return &out
}
