package epp_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/canon"
)

func domains(t testing.TB, exts ...epp.Extension) *epp.Schema {
	s, err := epp.NewSchema(append(exts, domain.Extension())...)
	require.NoError(t, err)
	return s
}

// What a type has no place for is kept and written where it stood (RFC 5730, section
// 2.7: registries extend what is there).
func TestExtra(t *testing.T) {
	s := domains(t)
	inf := func(content string) string {
		return head + response(okXML+`<resData><d:infData xmlns:d="`+domain.NS+`" xmlns:v="urn:example:v-1.0">`+content+`</d:infData></resData>`+trIDXML) + tail
	}
	menu := func(ext string) string {
		return head + `<greeting><svID>Lighthouse registry</svID><svDate>2026-03-01T09:30:05Z</svDate><svcMenu><version>1.0</version><lang>en</lang>` +
			`<objURI>urn:example:noun-1.0</objURI>` + ext + `</svcMenu><dcp><access><all/></access>` +
			`<statement><purpose/><recipient/><retention><none/></retention></statement></dcp></greeting>` + tail
	}
	const name, rest = `<d:name>sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid>`, `<d:clID>RegOne</d:clID>`
	for _, tt := range []struct {
		name, doc string
		want      []string // path, after and what it is
	}{
		{
			"children of another namespace", inf(`<v:first/>` + name + `<v:quality>high</v:quality><v:quality>low</v:quality>` + rest + `<v:last><v:x>1</v:x></v:last>`),
			[]string{
				"/epp/response/resData/domain:infData  {urn:example:v-1.0}first",
				"/epp/response/resData/domain:infData domain:roid {urn:example:v-1.0}quality",
				"/epp/response/resData/domain:infData domain:roid {urn:example:v-1.0}quality",
				"/epp/response/resData/domain:infData domain:clID {urn:example:v-1.0}last",
			},
		},
		{
			"the second of what may be there once", inf(name + rest + `<d:crID>RegOne</d:crID><d:crID>RegTwo</d:crID>`),
			[]string{"/epp/response/resData/domain:infData domain:crID {" + domain.NS + "}crID"},
		},
		{
			"an optional child that is empty", inf(name + rest + `<d:upID/>`),
			[]string{"/epp/response/resData/domain:infData domain:clID {" + domain.NS + "}upID"},
		},
		{
			"attributes", inf(`<d:name v:script="latin" lang="fi" xml:space="default">sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid><d:contact type="tech">anna-1</d:contact><d:contact type="tech" since="2026">otso-2</d:contact>` + rest),
			[]string{
				"/epp/response/resData/domain:infData/domain:name  @{urn:example:v-1.0}script",
				"/epp/response/resData/domain:infData/domain:name  @lang",
				"/epp/response/resData/domain:infData/domain:name  @{http://www.w3.org/XML/1998/namespace}space",
				"/epp/response/resData/domain:infData/domain:contact[2]  @since",
			},
		},
		{
			"an attribute of which the value says nothing", head + command(`<info><d:info xmlns:d="`+domain.NS+`"><d:name hosts="">sauna.example</d:name></d:info></info>`) + tail,
			[]string{"/epp/command/info/domain:info/domain:name  @hosts"},
		},
		{"text among elements", inf(name + `words` + rest), []string{"/epp/response/resData/domain:infData  text"}},
		{
			"beside a command", head + command(`<check><d:check xmlns:d="`+domain.NS+`"><d:name>sauna.example</d:name></d:check><v xmlns="urn:v"/></check><x/>`) + tail,
			[]string{"/epp/command check {" + epp.NS + "}x", "/epp/command/check domain:check {urn:v}v"},
		},
		{
			"beside the message", head + `<hello/><v:v xmlns:v="urn:v">x</v:v>` + tail,
			[]string{"/epp hello {urn:v}v"},
		},
		{
			"before the message", head + `<v:v xmlns:v="urn:v">x</v:v><hello/>` + tail,
			[]string{"/epp  {urn:v}v"},
		},
		{
			"of EPP, beside the message", head + response(okXML+trIDXML) + trIDXML + tail,
			[]string{"/epp response {" + epp.NS + "}trID"},
		},
		{"in a greeting", head + strings.Replace(greetingXML("all", `<statement><purpose/><recipient/><retention><none/></retention></statement>`, ""), "<dcp>", `<v xmlns="urn:v"/><dcp>`, 1) + tail, []string{"/epp/greeting svcMenu {urn:v}v"}},
		{
			"a count that is no number", head + response(okXML+`<msgQ count="many" id="7"/>`+trIDXML) + tail,
			[]string{"/epp/response/msgQ  @count"},
		},
		{"text in epp itself", strings.Replace(inf(name+rest), "<response>", "words<response>", 1), []string{"/epp  text"}},
		{
			"a menu that begins extensions and has none", menu(`<svcExtension/>`),
			[]string{"/epp/greeting/svcMenu objURI {" + epp.NS + "}svcExtension"},
		},
		{"a date that is none", strings.Replace(menu(""), "2026-03-01T09:30:05Z", "1 March 2026", 1), []string{"/epp/greeting svID {" + epp.NS + "}svDate"}},
		{"nothing", inf(name + rest), nil},
		{"where a schema is found", inf(strings.Replace(name, "<d:name>", `<d:name xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a b">`, 1) + rest), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m, err := s.Parse([]byte(tt.doc))
			require.NoError(t, err)
			var got []string
			for _, e := range extraIn(m) {
				what := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(e), "epp.Extra("), " in "+e.Path+")")
				got = append(got, e.Path+" "+e.After+" "+what)
			}
			require.ElementsMatch(t, tt.want, got)
			out, err := epp.Append(nil, m)
			require.NoError(t, err)
			want, err := canon.Canonical([]byte(tt.doc))
			require.NoError(t, err)
			have, err := canon.Canonical(out)
			require.NoError(t, err)
			require.Equal(t, want, have)
		})
	}
}

// A greeting is of use without its dates.
func TestGreetingUnread(t *testing.T) {
	out, err := epp.Append(nil, greeting(epp.DCP{
		Access: "all", Statements: []epp.Statement{{Retention: "none"}},
		Expiry: &epp.Expiry{Relative: "P1Y"},
	}))
	require.NoError(t, err)
	for old, bad := range map[string]string{
		"<svDate>2026-03-01T09:30:05.5Z</svDate>":   "<svDate>1 March 2026</svDate>",
		"<expiry><relative>P1Y</relative></expiry>": "<expiry><absolute>never</absolute></expiry>",
	} {
		doc := strings.Replace(string(out), old, bad, 1)
		require.NotEqual(t, string(out), doc)
		m, err := (*epp.Schema)(nil).Parse([]byte(doc))
		require.NoError(t, err)
		g := m.(*epp.Greeting)
		require.ErrorContains(t, g.Unread, "is not a date and time")
		require.Equal(t, []string{"urn:example:noun-1.0"}, g.ObjURI)
		require.Len(t, g.Extra, 1)
		_, err = (*epp.Schema)(nil).ParseStrict([]byte(doc))
		require.Error(t, err)
	}
}

func extraIn(m epp.Message) []epp.Extra {
	switch m := m.(type) {
	case *epp.Response:
		return m.Extra
	case *epp.Command:
		return m.Extra
	case *epp.Greeting:
		return m.Extra
	}
	return m.(*epp.Hello).Extra
}

// A program adds what a registry asks for.
func TestExtraOfOnesOwn(t *testing.T) {
	raw, err := epp.NewRaw([]byte(`<v:office xmlns:v="urn:example:v-1.0">Oulu</v:office>`))
	require.NoError(t, err)
	const at = "/epp/command/check/domain:check"
	write := func(extra ...epp.Extra) (string, error) {
		out, err := epp.Append(nil, &epp.Command{Request: &domain.Check{Names: []string{"a.example", "b.example"}}, Extra: extra})
		return strings.TrimPrefix(string(out), `<?xml version="1.0" encoding="UTF-8"?><epp xmlns="`+epp.NS+`"><command>`), err
	}
	got, err := write(
		epp.Extra{Path: at, After: "domain:name[2]", Element: raw},
		epp.Extra{Path: at + "/domain:name[2]", Attr: &epp.Attr{Name: epp.Name{Local: "kind"}, Value: `"<&`}},
		epp.Extra{Path: at, Attr: &epp.Attr{Name: epp.Name{Space: "urn:example:domain-9.0", Local: "kind"}, Value: "1"}},
		epp.Extra{Path: at + "/domain:name", Text: "?"},
	)
	require.NoError(t, err)
	require.Equal(t, `<check><domain:check xmlns:domain="`+domain.NS+`" xmlns:domain2="urn:example:domain-9.0" domain2:kind="1">`+
		`<domain:name>?a.example</domain:name><domain:name kind="&quot;&lt;&amp;">b.example</domain:name>`+
		`<v:office xmlns:v="urn:example:v-1.0">Oulu</v:office></domain:check></check></command></epp>`, got)

	for name, e := range map[string]epp.Extra{
		"an element that is not there": {Path: at + "/domain:name[3]", Text: "x"},
		"no element":                   {Path: at, Element: new(epp.Raw)},
		"no name":                      {Path: at, Attr: &epp.Attr{Name: epp.Name{Local: "a b"}}},
		"no characters":                {Path: at, Attr: &epp.Attr{Name: epp.Name{Local: "a"}, Value: "\x00"}},
		"no text":                      {Path: at, Text: "\x00"},
	} {
		_, err := write(e)
		var field *epp.FieldError
		require.ErrorAs(t, err, &field, name)
	}
	// An attribute that the type has is written once.
	out, err := epp.Append(nil, &epp.Command{
		Request: &domain.Info{Name: "a.example", Hosts: "all"},
		Extra:   []epp.Extra{{Path: "/epp/command/info/domain:info/domain:name", Attr: &epp.Attr{Name: epp.Name{Local: "hosts"}, Value: "none"}}},
	})
	require.NoError(t, err)
	require.Contains(t, string(out), `<domain:name hosts="all">`)
}

func TestExtraHidesItsContent(t *testing.T) {
	m, err := domains(t).Parse([]byte(head + response(okXML+`<resData><d:infData xmlns:d="`+domain.NS+`"><pw>tops3cret</pw><d:name>x.example</d:name></d:infData></resData>`+trIDXML) + tail))
	require.NoError(t, err)
	extra := m.(*epp.Response).Extra
	require.Len(t, extra, 1)
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", extra, extra, extra, extra[0]), "tops3cret")
}

// A registry that has URIs of its own for everything, even for EPP.
func TestAt(t *testing.T) {
	const ownEPP, ownDomain = "urn:example:epp-x-2.0", "https://registry.example/schema/domain-x-1.2.xsd"
	s, err := epp.NewSchema(epp.Protocol().At(ownEPP), domain.Extension().At(ownDomain))
	require.NoError(t, err)
	require.Equal(t, []string{ownDomain}, s.ObjURI())
	q := &epp.Command{Request: &domain.Check{Names: []string{"a.example"}}, ClTRID: "ABC-1"}
	require.Equal(t, epp.Name{Space: ownDomain, Local: "check"}, s.NameOf(q.Request))

	out, err := s.Append(nil, q)
	require.NoError(t, err)
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?><epp xmlns="`+ownEPP+`"><command><check>`+
		`<domain:check xmlns:domain="`+ownDomain+`"><domain:name>a.example</domain:name></domain:check></check>`+
		`<clTRID>ABC-1</clTRID></command></epp>`, string(out))
	m, err := s.ParseStrict(out)
	require.NoError(t, err)
	require.Equal(t, &epp.Command{Request: q.Request, ClTRID: "ABC-1", Verb: "check"}, m)

	// The RFC's own URIs are others to it, and what is unknown keeps its place.
	_, err = s.Parse([]byte(head + `<hello/>` + tail))
	require.ErrorContains(t, err, "not {"+ownEPP+"}epp")
	doc := strings.Replace(string(out), "</domain:name>", `</domain:name><domain:tariff>2</domain:tariff>`, 1)
	m, err = s.Parse([]byte(doc))
	require.NoError(t, err)
	again, err := s.Append(nil, m)
	require.NoError(t, err)
	require.Equal(t, doc, string(again))

	_, err = epp.NewSchema(domain.Extension(), domain.Extension().At(ownDomain))
	require.ErrorContains(t, err, "is given twice")
	_, err = epp.NewSchema(domain.Extension().At(ownDomain).At("urn:y"))
	require.NoError(t, err)
}
