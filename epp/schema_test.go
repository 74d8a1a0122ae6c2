package epp_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestSchema(t *testing.T) {
	s, err := epp.NewSchema(
		epp.Extension{URI: "urn:a", Level: epp.ObjectLevel},
		epp.Extension{URI: "urn:b", Level: epp.CommandLevel},
		epp.Extension{URI: "urn:c", Level: epp.ProtocolLevel},
		epp.Extension{URI: "urn:d", Level: epp.ProtocolLevel, Hidden: true},
		epp.Extension{URI: "urn:e", Level: epp.ObjectLevel},
		epp.Extension{URI: "urn:f", Level: epp.ObjectLevel, Hidden: true},
	)
	require.NoError(t, err)
	require.Equal(t, []string{"urn:a", "urn:e"}, s.ObjURI())
	require.Equal(t, []string{"urn:b", "urn:c"}, s.ExtURI())
	s.ObjURI()[0] = "changed"
	require.Equal(t, []string{"urn:a", "urn:e"}, s.ObjURI())
}

func TestSchemaRefuses(t *testing.T) {
	mk := []func() epp.Element{epp.Make[types]}
	for name, c := range map[string]struct {
		exts []epp.Extension
		want string
	}{
		"an extension twice":           {[]epp.Extension{{URI: "urn:a", Level: epp.ObjectLevel}, {URI: "urn:a", Level: epp.CommandLevel}}, `epp: the extension "urn:a" is given twice`},
		"no level":                     {[]epp.Extension{{URI: "urn:a"}}, `epp: the extension "urn:a" has no Level`},
		"no URI":                       {[]epp.Extension{{Elements: mk}}, `epp: the extension number 1 has no URI`},
		"an element twice":             {[]epp.Extension{{URI: "urn:a", Level: epp.ObjectLevel, Elements: append(mk, mk...)}}, `epp: the element {urn:example:types-1.0}types is given twice`},
		"an element of two extensions": {[]epp.Extension{{URI: "urn:a", Level: epp.ObjectLevel, Elements: mk}, {URI: "urn:b", Level: epp.ObjectLevel, Elements: mk}}, `epp: the element {urn:example:types-1.0}types is given twice`},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := epp.NewSchema(c.exts...)
			require.EqualError(t, err, c.want)
			require.Nil(t, s)
		})
	}
}

func TestSchemaConcurrently(t *testing.T) {
	s := ownSchema(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, c := range messages() {
				m, err := s.Parse([]byte(head + c.xml + tail))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err = epp.Append(nil, m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// A value at a secret place is never quoted, whatever is wrong with it.
func TestFieldErrorKeepsSecrets(t *testing.T) {
	const secret = "blue-Tide-77"
	for _, local := range []string{"authInfo", "pw"} {
		raw, err := epp.NewRaw([]byte(`<v:vault xmlns:v="urn:example:vault-1.0" pw="` + secret + `"><v:` + local + ` n="` + secret + `">` + secret + `</v:` + local + `></v:vault>`))
		require.NoError(t, err)
		for place, m := range map[string]*vault{"text": {child: local}, "attribute inside": {child: local, attr: "n"}, "attribute": {attr: "pw"}} {
			err = raw.Decode(nil, m)
			var v *epp.ValueError
			require.ErrorAs(t, err, &v, place)
			require.NotContains(t, err.Error(), secret, place)
			require.NotContains(t, v.Text, secret, place)
			require.Contains(t, err.Error(), `"[redacted]" is not an integer`, place)
		}
	}
}

// vault reads a number where a secret is.
type vault struct {
	child, attr string
	n           int
}

func (*vault) XMLName() epp.Name { return epp.Name{Space: "urn:example:vault-1.0", Local: "vault"} }
func (m *vault) Fields(x *epp.Codec) {
	switch {
	case m.child != "" && m.attr != "":
		x.Group(m.child, func() { x.Attr(m.attr, epp.Int(&m.n)) })
	case m.attr != "":
		x.Attr(m.attr, epp.Int(&m.n))
	default:
		x.Elem(m.child, epp.Int(&m.n))
	}
}
