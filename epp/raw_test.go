package epp_test

import (
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/epptest"
)

// An unknown element is kept byte for byte, and says the same when it is written
// where other prefixes are in scope.
func TestRaw(t *testing.T) {
	const epp1 = ` xmlns:e="urn:ietf:params:xml:ns:epp-1.0"`
	for _, c := range []struct {
		name string
		root string // further declarations of the root element
		xml  string // stands in extension
		out  string // what is written for it
	}{
		{"a declaration of its own", ``, `<x:a xmlns:x="urn:x"><x:b/></x:a>`, `<x:a xmlns:x="urn:x"><x:b/></x:a>`},
		{"a prefix from outside", ` xmlns:x="urn:x"`, `<x:a><x:b/></x:a>`, `<x:a xmlns:x="urn:x"><x:b/></x:a>`},
		{"a prefix from outside and one declared anew", ` xmlns:x="urn:y" xmlns:z="urn:z"`, `<x:a xmlns:x="urn:x"><z:b/></x:a>`, `<x:a xmlns:z="urn:z" xmlns:x="urn:x"><z:b/></x:a>`},
		{"a prefix that it does not use", ` xmlns:x="urn:x" xmlns:unused="urn:y"`, `<x:a/>`, `<x:a xmlns:x="urn:x"/>`},
		{"a prefix in a value", ` xmlns:x="urn:x" xmlns:y="urn:y"`, `<x:a t="y:b"/>`, `<x:a xmlns:x="urn:x" xmlns:y="urn:y" t="y:b"/>`},
		{"a prefix in a value spelt with a reference", ` xmlns:x="urn:x" xmlns:y="urn:y"`, `<x:a>&#121;:b</x:a>`, `<x:a xmlns:x="urn:x" xmlns:y="urn:y">&#121;:b</x:a>`},
		{"the same in hexadecimal", ` xmlns:x="urn:x" xmlns:y="urn:y"`, `<x:a>&#x79;:b</x:a>`, `<x:a xmlns:x="urn:x" xmlns:y="urn:y">&#x79;:b</x:a>`},
		{"prefixes that end like another name", ` xmlns:x="urn:x" xmlns:l="urn:l" xmlns:y="urn:y"`, `<x:a xml:lang="en">&#160;ay:b</x:a>`, `<x:a xmlns:x="urn:x" xml:lang="en">&#160;ay:b</x:a>`},
		{"a default namespace from outside", ` xmlns="urn:d"`, `<x:a xmlns:x="urn:x"><b/></x:a>`, `<x:a xmlns="urn:d" xmlns:x="urn:x"><b/></x:a>`},
		{"no default namespace, and names that have none", ``, `<x:a xmlns:x="urn:x"><b/></x:a>`, `<x:a xmlns="" xmlns:x="urn:x"><b/></x:a>`},
		{"no default namespace, taken back inside", ``, `<x:a xmlns:x="urn:x"><b xmlns=""/></x:a>`, `<x:a xmlns="" xmlns:x="urn:x"><b xmlns=""/></x:a>`},
		{"a default namespace taken back outside", ` xmlns="urn:d"`, `<x:a xmlns:x="urn:x" xmlns=""><b/></x:a>`, `<x:a xmlns:x="urn:x" xmlns=""><b/></x:a>`},
		{"EPP's prefix from outside", ``, `<x:a xmlns:x="urn:x"><e:b/></x:a>`, `<x:a` + epp1 + ` xmlns:x="urn:x"><e:b/></x:a>`},
		{"a URI that needs escaping", ` xmlns:x='urn:"&lt;&amp;'`, `<x:a/>`, `<x:a xmlns:x="urn:&quot;&lt;&amp;"/>`},
		{
			"odd layout", ` xmlns:x="urn:x"`, "<x:a\n b = '>'\txmlns:y='xmlns:x=\"' >\r\n<!-- <& --><?p?><![CDATA[<]]>&amp;</x:a >",
			"<x:a xmlns:x=\"urn:x\"\n b = '>'\txmlns:y='xmlns:x=\"' >\r\n<!-- <& --><?p?><![CDATA[<]]>&amp;</x:a >",
		},
		{"a declaration that looks like another", ` xmlns:x="urn:x"`, `<x:a xmlns:xx="urn:xx" b="xmlns:x='u'"/>`, `<x:a xmlns:x="urn:x" xmlns:xx="urn:xx" b="xmlns:x='u'"/>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := `<e:epp` + epp1 + c.root + `><e:extension>` + c.xml + `</e:extension></e:epp>`
			m, err := (*epp.Schema)(nil).ParseStrict([]byte(doc))
			require.NoError(t, err)
			raw := m.(*epp.ExtensionMessage).Elements[0].(*epp.Raw)
			require.Equal(t, c.xml, raw.XML)
			require.Equal(t, epp.Name{Space: "urn:x", Local: "a"}.Local, raw.XMLName().Local)

			out, err := epp.Append(nil, m)
			require.NoError(t, err)
			require.Equal(t, head+`<extension>`+c.out+`</extension>`+tail, string(out))
			epptest.SameInfoset(t, []byte(doc), out)
			epptest.Stable(t, nil, []byte(doc))

			alone, err := epp.NewRaw(raw.Bytes())
			require.NoError(t, err)
			again, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{alone}})
			require.NoError(t, err)
			epptest.SameInfoset(t, []byte(doc), again)

			el, err := raw.Element()
			require.NoError(t, err)
			fromTree, err := epp.RawFrom(el)
			require.NoError(t, err)
			again, err = epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{fromTree}})
			require.NoError(t, err)
			epptest.SameInfoset(t, []byte(doc), again)
		})
	}
}

func TestNewRaw(t *testing.T) {
	raw, err := epp.NewRaw([]byte("\ufeff<?xml version='1.0'?><!-- --><x:a xmlns:x='urn:x'/>\n"))
	require.NoError(t, err)
	require.Equal(t, "<x:a xmlns:x='urn:x'/>", raw.XML)
	require.Equal(t, epp.Name{Space: "urn:x", Local: "a"}, raw.XMLName())
	out, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{raw}})
	require.NoError(t, err)
	require.Equal(t, head+`<extension><x:a xmlns:x='urn:x'/></extension>`+tail, string(out), "as it was made, with nothing added")

	for _, xml := range []string{"", "text", "<x:a/>", "<a/><b/>", "<a>"} {
		_, err := epp.NewRaw([]byte(xml))
		var syntax *epp.SyntaxError
		require.ErrorAs(t, err, &syntax, xml)
	}
}

func TestRawFrom(t *testing.T) {
	el := etree.NewElement("x:a")
	el.CreateAttr("xmlns:x", "urn:x")
	el.CreateAttr("b", "1\n\"<&")
	el.CreateElement("x:c").SetText("<tide> & \r\n fog")
	raw, err := epp.RawFrom(el)
	require.NoError(t, err)
	back, err := raw.Element()
	require.NoError(t, err)
	require.Equal(t, "1\n\"<&", back.SelectAttrValue("b", ""))
	require.Equal(t, "<tide> & \r\n fog", back.SelectElement("c").Text())

	_, err = epp.RawFrom(etree.NewElement("x:a"))
	require.Error(t, err, "a prefix that is not declared")
}

func TestRawDecode(t *testing.T) {
	s := ownSchema(t)
	m, err := (*epp.Schema)(nil).Parse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0" xmlns:t="` + typesNS + `"><extension>` +
		`<t:types><t:x/><t:int>7</t:int></t:types></extension></epp>`))
	require.NoError(t, err)
	raw := m.(*epp.ExtensionMessage).Elements[0].(*epp.Raw)
	var v types
	require.NoError(t, raw.Decode(nil, &v))
	require.Equal(t, types{Int: 7}, v)
	require.NoError(t, raw.Decode(s, &v), "2 times")

	require.EqualError(t, raw.Decode(s, &noun{Verb: "info"}), "epp: a {urn:example:types-1.0}types can't be decoded as {urn:example:noun-1.0}info")
	require.Error(t, (&epp.Raw{XML: typesXML("")}).Decode(s, &v), "a Raw that was not read has no name")

	var kept relay
	raw, err = epp.NewRaw([]byte(`<r:relay xmlns:r="` + relayNS + `"><r:ping>x</r:ping></r:relay>`))
	require.NoError(t, err)
	require.NoError(t, raw.Decode(s, &kept))
	require.Equal(t, relay{Request: &ping{"x"}}, kept)
	require.NoError(t, raw.Decode(nil, &kept))
	require.Equal(t, "<r:ping>x</r:ping>", kept.Request.(*epp.Raw).XML)
}

// holder keeps a child as Raw under a name of its own, which can be read only.
type holder struct{ Any epp.Raw }

func (*holder) XMLName() epp.Name     { return epp.Name{Space: typesNS, Local: "holder"} }
func (m *holder) Fields(x *epp.Codec) { epp.One(x, "any", &m.Any) }

func TestRawAsAPart(t *testing.T) {
	raw, err := epp.NewRaw([]byte(`<t:holder xmlns:t="` + typesNS + `"><t:any b="1">x<t:c/></t:any></t:holder>`))
	require.NoError(t, err)
	var m holder
	require.NoError(t, raw.Decode(nil, &m))
	require.Equal(t, `<t:any b="1">x<t:c/></t:any>`, m.Any.XML)
	_, err = epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{&m}})
	require.EqualError(t, err, "epp: /epp/extension/types:holder/types:any: a Raw inside an element that is its own")
}

// Nothing that formats a value shows a secret by mistake.
func TestFormat(t *testing.T) {
	const secret = "blue-Tide-77"
	raw, err := epp.NewRaw([]byte(`<x:a xmlns:x="urn:x" pw="` + secret + `"><x:b>` + secret + `</x:b></x:a>`))
	require.NoError(t, err)
	m, err := (*epp.Schema)(nil).Parse([]byte(head + response(okXML+`<resData>`+raw.XML+`</resData>`+trIDXML) + tail))
	require.NoError(t, err)
	for _, v := range []any{
		raw, *raw,
		[]*epp.Raw{raw},
		struct{ E epp.Element }{raw},
		m, *m.(*epp.Response), m.(*epp.Response).ResData,
		&epp.Login{PW: secret, NewPW: secret},
		epp.Login{PW: secret},
		login(nil).Request,
		&epp.AuthInfo{PW: secret},
		epp.AuthInfo{PW: secret},
		struct{ A epp.AuthInfo }{epp.AuthInfo{PW: secret}},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			require.NotContains(t, fmt.Sprintf(verb, v), secret, "%T with %s", v, verb)
			require.NotContains(t, fmt.Sprintf(verb, v), fmt.Sprintf("%x", secret), "%T with %s", v, verb)
		}
	}
	require.Equal(t, "epp.Raw({urn:x}a)", raw.String())
	require.Equal(t, "epp.Raw({urn:x}a)", fmt.Sprint(raw))
	require.Equal(t, "epp.Response(1000 clTRID , svTRID LIGHT-9)", fmt.Sprint(m))

	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("seen", "raw", raw, "login", login(nil).Request)
	require.NotContains(t, log.String(), secret)
}

// A message in which text and elements alternate keeps their order.
func TestMixed(t *testing.T) {
	s := ownSchema(t)
	const content = `Fog &amp; <n:info><n:id>N1</n:id></n:info> at <!-- low --><x:y/><![CDATA[<tide>]]>`
	const doc = `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0" xmlns:x="urn:x">` +
		`<response>` + okXML + `<msgQ count="1" id="1"><msg xmlns:n="` + nounNS + `">` + content + `</msg></msgQ>` + trIDXML + `</response></epp>`
	m, err := s.ParseStrict([]byte(doc))
	require.NoError(t, err)
	msg := m.(*epp.Response).MsgQ.Msg
	require.Equal(t, "Fog &  at <tide>", msg.Text)
	require.Equal(t, &noun{Verb: "info", ID: "N1"}, msg.Elements[0])
	require.Equal(t, `<x:y/>`, msg.Elements[1].(*epp.Raw).XML)

	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	require.Contains(t, string(out), `<msg>Fog &amp; <noun:info xmlns:noun="`+nounNS+`"><noun:id>N1</noun:id></noun:info>`+
		` at <!-- low --><x:y xmlns:x="urn:x"/><![CDATA[<tide>]]></msg>`)
	epptest.SameInfoset(t, []byte(doc), out)
	epptest.Stable(t, s, []byte(doc))

	msg.Text = "Clear"
	out, err = epp.Append(nil, m)
	require.NoError(t, err)
	require.Contains(t, string(out), `<msg>Clear<noun:info `, "what was changed is what is written")

	msg.Text, msg.Elements = "Fog &  at <tide>", msg.Elements[:1]
	out, err = epp.Append(nil, m)
	require.NoError(t, err)
	require.Contains(t, string(out), `<msg>Fog &amp;  at &lt;tide&gt;<noun:info `)
}

// What was read does not change when the trees of the pool are used again.
func TestPool(t *testing.T) {
	s := ownSchema(t)
	doc := func(id string) []byte {
		return []byte(head + response(okXML+`<resData>`+nounXML("infData", "<n:id>"+id+"</n:id>")+`<x:y xmlns:x="urn:x">`+id+`&amp;</x:y></resData>`+trIDXML) + tail)
	}
	first, err := s.Parse(doc("FIRST"))
	require.NoError(t, err)
	want, err := epp.Append(nil, first)
	require.NoError(t, err)
	for range 20 {
		_, err := s.Parse(doc("OTHER"))
		require.NoError(t, err)
		_, err = s.Parse([]byte(`<a><b`))
		require.Error(t, err)
	}
	got, err := epp.Append(nil, first)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

// The work and the memory for one frame grow with its size alone. Work is told by
// comparison, since machines differ and are busy: four times the frame may take four
// times as long, and not sixteen.
func TestHostileFrames(t *testing.T) {
	s := ownSchema(t)
	var prefixes strings.Builder
	for i := range 60 {
		fmt.Fprintf(&prefixes, ` xmlns:p%d="urn:p:%[1]d"`, i)
	}
	const bad = `<t:types><t:date/></t:types>`
	const resData = `<response>` + okXML + `<resData xmlns:t="` + typesNS + `">`
	for _, c := range []struct {
		name                 string
		before, piece, after string
		cost                 int // most bytes allocated for a byte of the frame
	}{
		{"unknown children before the one sought", `<command><info><n:info xmlns:n="` + nounNS + `">`, `<n:x/>`, `<n:id>N1</n:id></n:info></info></command>`, 100},
		{"one list for another in turn", `<greeting><svcMenu>`, `<objURI>u</objURI><lang>en</lang>`, `</svcMenu></greeting>`, 60},
		{"results among unknown children", `<response>`, `<x/><result code="2001"/>`, `</response>`, 80},
		{"values among unknown children", `<response><result code="2001">`, `<x/><value/>`, `</result></response>`, 120},
		{"a value behind unknown children", `<response><result code="2001">`, `<x/>`, `<value/></result></response>`, 150},
		{"elements that can't be read", resData, bad, `</resData></response>`, 80},
		{"the same behind a character of two bytes", resData + `é`, bad, `</resData></response>`, 80},
		{"the same on lines", resData, bad + "\n", `</resData></response>`, 80},
		{"elements kept, many prefixes", `<extension` + prefixes.String() + `>`, `<p1:x/>`, `</extension>`, 90},
		{"elements kept, each in a parent", `<response><result` + prefixes.String() + ` code="2001">`, `<value><p1:x/></value>`, `</result></response>`, 60},
		{"elements kept, a declaration each", `<response><result` + prefixes.String() + ` code="2001">`, `<value xmlns:q="u"><q:x/></value>`, `</result></response>`, 140},
	} {
		t.Run(c.name, func(t *testing.T) {
			elements := strings.Count(c.piece, "<") - strings.Count(c.piece, "</")
			n := min(1<<20/len(c.piece), 65_000/elements)
			parse := func(n int) (took time.Duration, cost int) {
				doc := []byte(head + c.before + strings.Repeat(c.piece, n) + c.after + tail)
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				start := time.Now()
				_, err := s.Parse(doc)
				took = time.Since(start)
				runtime.ReadMemStats(&after)
				require.NoError(t, err)
				return took, int(after.TotalAlloc-before.TotalAlloc) / len(doc)
			}
			for try := 1; ; try++ {
				part, _ := parse(n / 4)
				whole, cost := parse(n)
				require.LessOrEqual(t, cost, c.cost, "bytes allocated for each byte of the frame")
				if whole < 300*time.Millisecond || whole < 9*part {
					return
				}
				require.Less(t, try, 5, "%v for a quarter of the frame, and %v for all of it", part, whole)
			}
		})
	}
}

// Each Raw has the scope of its own place.
func TestRawScopes(t *testing.T) {
	m, err := (*epp.Schema)(nil).Parse([]byte(head + response(`<result code="2005"><msg/>`+
		`<value xmlns:q="urn:1"><q:x/></value><value xmlns:q="urn:2"><q:x/></value><value><x/></value></result>`+trIDXML) + tail))
	require.NoError(t, err)
	var got []string
	for _, v := range m.(*epp.Response).Results[0].Values {
		got = append(got, string(v.Value.Elements[0].(*epp.Raw).Bytes()))
	}
	require.Equal(t, []string{
		`<q:x xmlns:q="urn:1" xmlns="urn:ietf:params:xml:ns:epp-1.0"/>`, `<q:x xmlns:q="urn:2" xmlns="urn:ietf:params:xml:ns:epp-1.0"/>`,
		`<x xmlns="urn:ietf:params:xml:ns:epp-1.0"/>`,
	}, got)
}
