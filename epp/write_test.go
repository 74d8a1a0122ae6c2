package epp_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestAppendRefuses(t *testing.T) {
	const control = "holds a character that XML does not allow, or invalid UTF-8"
	poll := func(p epp.Poll, clTRID string) epp.Message { return &epp.Command{Request: &p, ClTRID: clTRID} }
	of := func(change func(*epp.Login)) epp.Message { return login(change) }
	ok := []epp.Result{{Code: 1000, Msg: epp.Text{Text: "ok"}}}
	trID := epp.TrID{SvTRID: "LIGHT-9"}
	dcp := epp.DCP{Access: "all", Statements: []epp.Statement{{Retention: "none"}}}
	value := func(v epp.Mixed) epp.Message {
		return &epp.Response{Results: []epp.Result{{Code: 2005, Values: []epp.ErrValue{{Value: v}}}}, TrID: trID}
	}
	bare, err := epp.NewRaw([]byte(`<x/>`))
	require.NoError(t, err)
	own, err := epp.NewRaw([]byte(`<x xmlns="` + epp.NS + `"/>`))
	require.NoError(t, err)

	for _, c := range []struct {
		name string
		m    epp.Message
		want string
	}{
		{"no message", nil, "/epp: is missing"},
		{"a command without request", &epp.Command{}, "/epp/command: is missing"},
		{"a request that is no command", &epp.Command{Request: &types{}}, "/epp/command: types:types is not a command; one of a protocol extension is sent in that extension's envelope"},
		{"a message as a request", &epp.Command{Request: &epp.Hello{}}, "/epp/command: hello is not a command; one of a protocol extension is sent in that extension's envelope"},
		{"a request without a name", &epp.Command{Request: &epp.NoData{}}, "/epp/command:  is not a command; one of a protocol extension is sent in that extension's envelope"},
		{"an object in no namespace", &epp.Command{Request: &nameless{"check"}}, "/epp/command/check: may hold elements of other namespaces than EPP's only"},
		{"transfer without op", &epp.Command{Request: &noun{Verb: "transfer", ID: "N1"}}, "/epp/command/transfer/@op: must be approve, cancel, query, reject or request"},
		{"a clTRID of 2 characters", poll(epp.Poll{Op: "req"}, "AB"), "/epp/command/clTRID: must have 3 to 64 characters"},
		{"a clTRID of 2 characters and white space", poll(epp.Poll{Op: "req"}, " A  B "[1:]), ""},
		{"a clTRID of 2 characters between spaces", poll(epp.Poll{Op: "req"}, " AB "), "/epp/command/clTRID: must have 3 to 64 characters"},
		{"a clTRID of 65 characters", poll(epp.Poll{Op: "req"}, strings.Repeat("é", 65)), "/epp/command/clTRID: must have 3 to 64 characters"},
		{"a clTRID of 64 characters", poll(epp.Poll{Op: "req"}, strings.Repeat("é", 64)), ""},
		{"a clTRID of 2 characters in an envelope", &epp.Command{Request: &ping{"x"}, ClTRID: "AB"}, "/epp/clTRID: must have 3 to 64 characters"},
		{"an extended protocol extension", &epp.Command{Request: &ping{"x"}, Extension: []epp.Element{&types{}}}, "/epp: a command of a protocol extension can't be extended"},
		{"a control character in text", poll(epp.Poll{Op: "req"}, "ABC\x01"), "/epp/command/clTRID: " + control},
		{"NUL", poll(epp.Poll{Op: "req"}, "ABC\x00"), "/epp/command/clTRID: " + control},
		{"invalid UTF-8", poll(epp.Poll{Op: "req"}, "ABC\xff"), "/epp/command/clTRID: " + control},
		{"a surrogate", poll(epp.Poll{Op: "req"}, "ABC\xed\xa0\x80"), "/epp/command/clTRID: " + control},
		{"U+FFFF", poll(epp.Poll{Op: "req"}, "ABC\uffff"), "/epp/command/clTRID: " + control},
		{"U+FFFD is a character", poll(epp.Poll{Op: "req"}, "ABC\ufffd"), ""},
		{"a control character in an attribute", poll(epp.Poll{Op: "ack", MsgID: "1\x1b"}, ""), "/epp/command/poll/@msgID: " + control},
		{"a poll without op", poll(epp.Poll{}, ""), "/epp/command/poll/@op: must be req or ack"},
		{"a clID of 2 characters", of(func(m *epp.Login) { m.ClID = "ab" }), "/epp/command/login/clID: must have 3 to 16 characters"},
		{"a clID of 17 characters", of(func(m *epp.Login) { m.ClID = strings.Repeat("a", 17) }), "/epp/command/login/clID: must have 3 to 16 characters"},
		{"a pw of 5 characters", of(func(m *epp.Login) { m.PW = "12345" }), "/epp/command/login/pw: must have 6 to 16 characters"},
		{"a pw of 5 characters and a space", of(func(m *epp.Login) { m.PW = "12345 " }), "/epp/command/login/pw: must have 6 to 16 characters"},
		{"a pw of 17 characters", of(func(m *epp.Login) { m.PW = epp.Secret(strings.Repeat("é", 17)) }), "/epp/command/login/pw: must have 6 to 16 characters"},
		{"a pw of 16 characters", of(func(m *epp.Login) { m.PW = epp.Secret(strings.Repeat("é", 16)) }), ""},
		{"a newPW of 5 characters", of(func(m *epp.Login) { m.NewPW = "12345" }), "/epp/command/login/newPW: must have 6 to 16 characters"},
		{"a pw with a control character", of(func(m *epp.Login) { m.PW = "secret\x02" }), "/epp/command/login/pw: " + control},
		{"no version", of(func(m *epp.Login) { m.Version = "" }), "/epp/command/login/options/version: must be 1.0"},
		{"no lang", of(func(m *epp.Login) { m.Lang = "" }), "/epp/command/login/options/lang: is not a language tag"},
		{"no objURI", of(func(m *epp.Login) { m.ObjURI = nil }), "/epp/command/login/svcs/objURI: is missing"},
		{"a response without result", &epp.Response{TrID: trID}, "/epp/response/result: is missing"},
		{"a result without code", &epp.Response{Results: []epp.Result{{}}, TrID: trID}, "/epp/response/result/@code: a result code has four digits"},
		{"no svTRID", &epp.Response{Results: ok}, "/epp/response/trID/svTRID: must have 3 to 64 characters"},
		{"a clTRID of 2 characters in a response", &epp.Response{Results: ok, TrID: epp.TrID{ClTRID: "AB", SvTRID: "LIGHT-9"}}, "/epp/response/trID/clTRID: must have 3 to 64 characters"},
		{"a queue without id", &epp.Response{Results: ok, TrID: trID, MsgQ: &epp.MsgQ{Count: 1}}, "/epp/response/msgQ/@id: is missing"},
		{"a value of text alone", value(epp.Mixed{Text: "x"}), "/epp/response/result/value: must hold one element"},
		{"a value of two elements", value(epp.Mixed{Elements: []epp.Element{&types{}, &types{}}}), "/epp/response/result/value: must hold one element"},
		{"a value in no namespace", value(epp.Mixed{Elements: []epp.Element{bare}}), ""},
		{"no element in resData", &epp.Response{Results: ok, TrID: trID, ResData: []epp.Element{nil}}, "/epp/response/resData: is missing"},
		{"an element without a name", &epp.Response{Results: ok, TrID: trID, ResData: []epp.Element{&epp.NoData{}}}, "/epp/response/resData: an element without a name"},
		{"an element in no namespace", &epp.Response{Results: ok, TrID: trID, ResData: []epp.Element{bare}}, "/epp/response/resData: may hold elements of other namespaces than EPP's only"},
		{"EPP's own element", &epp.Response{Results: ok, TrID: trID, ResData: []epp.Element{own}}, "/epp/response/resData: may hold elements of other namespaces than EPP's only"},
		{"a Raw of nothing", &epp.Response{Results: ok, TrID: trID, ResData: []epp.Element{&epp.Raw{}}}, "/epp/response/resData: a Raw that holds no element"},
		{"an extension message of nothing", &epp.ExtensionMessage{}, "/epp/extension: must hold an element"},
		{"a greeting without date", &epp.Greeting{SvID: "Light", DCP: dcp}, "/epp/greeting/svDate: is missing"},
		{"a greeting without version", &epp.Greeting{SvID: "Light", SvDate: time.Unix(0, 0), DCP: dcp}, "/epp/greeting/svcMenu/version: is missing"},
		{"a greeting without access", &epp.Greeting{SvID: "Light", SvDate: time.Unix(0, 0), Version: []string{"1.0"}, Lang: []string{"en"}, ObjURI: []string{"u"}}, "/epp/greeting/dcp/access: must hold one of its known children"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := epp.Append([]byte("before"), c.m)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, "epp: "+c.want)
			var field *epp.FieldError
			require.ErrorAs(t, err, &field)
			require.Zero(t, field.Line)
			require.Equal(t, "before", string(out))
		})
	}
}

// nameless is an element in no namespace.
type nameless struct{ local string }

func (m *nameless) XMLName() epp.Name { return epp.Name{Local: m.local} }
func (*nameless) Fields(*epp.Codec)   {}

func TestEscaping(t *testing.T) {
	const text = "<a b='c' d=\"e\">&amp;\r\n\tf ]]> \u00e9\u2028\U0001F600"
	m := &epp.Response{
		Results: []epp.Result{{Code: 1000, Msg: epp.Text{Text: text}}},
		TrID:    epp.TrID{SvTRID: "LIGHT-9"},
	}
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	require.Contains(t, string(out), `<msg>`+
		"&lt;a b='c' d=\"e\"&gt;&amp;amp;&#13;\n\tf ]]&gt; \u00e9\u2028\U0001F600</msg>")
	again, err := (*epp.Schema)(nil).ParseStrict(out)
	require.NoError(t, err)
	require.Equal(t, strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(text), again.(*epp.Response).Results[0].Msg.Text)

	out, err = epp.Append(nil, &epp.Command{Request: &epp.Poll{Op: "ack", MsgID: "\"a\u00a0b<>&'"}})
	require.NoError(t, err)
	require.Contains(t, string(out), "msgID=\"&quot;a\u00a0b&lt;&gt;&amp;'\"")
}

// clumsy breaks what a Fields method must keep to.
type clumsy struct{}

func (*clumsy) XMLName() epp.Name { return epp.Name{Space: "urn:example:clumsy-1.0", Local: "clumsy"} }

func (*clumsy) Fields(x *epp.Codec) {
	text, attr := "x", "y"
	x.Elem("text", epp.Token(&text))
	x.Attr("attr", epp.Token(&attr))
}

func TestAttributeAfterContent(t *testing.T) {
	_, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{&clumsy{}}})
	require.EqualError(t, err, "epp: /epp/extension/clumsy:clumsy/@attr: an attribute after content")
}

// counting counts how often it is asked after an error.
type counting struct{ after int }

func (*counting) XMLName() epp.Name { return epp.Name{Space: typesNS, Local: "counting"} }
func (m *counting) Fields(x *epp.Codec) {
	var date time.Time
	x.Elem("date", epp.Date(&date)) // fails in both directions
	s, list, flag := "s", []string{"a"}, true
	x.Elem("a", epp.Token(&s))
	x.Opt("b", epp.Token(&s))
	x.List("c", &list)
	x.Flag("d", &flag)
	x.OneOf(&s, "s", "t")
	x.Attr("e", epp.Token(&s))
	x.Text(epp.Token(&s))
	x.Check(false, "f", "a second error")
	x.NotEmpty(0, "g")
	x.OptGroup("h", true, func() { m.after++ })
	x.Group("i", func() { m.after++ })
	x.AnyList(&[]epp.Element{&types{}})
	if x.Has("a") {
		m.after++
	}
	if s != "s" || len(list) != 1 {
		m.after++
	}
}

// The first error stays, and nothing is read or written after it.
func TestStickyError(t *testing.T) {
	m := new(counting)
	_, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{m}})
	require.EqualError(t, err, "epp: /epp/extension/types:counting/types:date: is missing")
	require.Zero(t, m.after)

	raw, err := epp.NewRaw([]byte(`<t:counting xmlns:t="` + typesNS + `" e="x">` + "\n" +
		`<t:date>soon</t:date><t:a>x</t:a><t:b>x</t:b><t:c>x</t:c><t:d/><t:t/><t:h/><t:i/></t:counting>`))
	require.NoError(t, err)
	err = raw.Decode(nil, m)
	require.EqualError(t, err, `epp: /types:counting/types:date (line 2): "soon" is not a date`)
	require.Zero(t, m.after)
	var field *epp.FieldError
	require.ErrorAs(t, err, &field)
	require.Equal(t, 1, field.Column)
}

// nested has the same prefix for two namespaces, one inside the other.
type nested struct {
	space string
	Inner *nested
	Text  string
}

func (m *nested) XMLName() epp.Name { return epp.Name{Space: m.space, Local: "nested"} }
func (m *nested) Fields(x *epp.Codec) {
	x.Elem("before", epp.Token(&m.Text))
	if m.Inner != nil {
		var e epp.Element = m.Inner
		x.Any(&e)
	}
	x.In(epp.NS, func() { x.Elem("svTRID", epp.Token(&m.Text)) })
	x.Elem("after", epp.Token(&m.Text))
}

func TestPrefixBoundAnew(t *testing.T) {
	m := &nested{space: "urn:one:noun-1.0", Text: "1", Inner: &nested{space: "urn:two:noun-2.0", Text: "2"}}
	out, err := epp.Append(nil, &epp.ExtensionMessage{Elements: []epp.Element{m}})
	require.NoError(t, err)
	require.Equal(t, head+`<extension><noun:nested xmlns:noun="urn:one:noun-1.0"><noun:before>1</noun:before>`+
		`<noun:nested xmlns:noun="urn:two:noun-2.0"><noun:before>2</noun:before><svTRID>2</svTRID><noun:after>2</noun:after></noun:nested>`+
		`<svTRID>1</svTRID><noun:after>1</noun:after></noun:nested></extension>`+tail, string(out))
}

// An element in no namespace can't have a prefix, and must not inherit a default.
func TestNoNamespace(t *testing.T) {
	m := &epp.Response{
		Results: []epp.Result{{Code: 2005, Values: []epp.ErrValue{{Value: epp.Mixed{Elements: []epp.Element{&nameless{"x"}}}}}}},
		TrID:    epp.TrID{SvTRID: "LIGHT-9"},
	}
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	require.Contains(t, string(out), `<value><x xmlns=""/></value>`)
}

func TestPrefixOf(t *testing.T) {
	for space, want := range map[string]string{
		epp.NS: "", "": "", "urn:ietf:params:xml:ns:domain-1.0": "domain", "http://www.nic.cz/xml/epp/contact-1.6.6": "contact",
		"urn:ietf:params:xml:ns:epp:fee-0.7": "fee", "urn:x:secDNS-1.1": "secDNS", "urn:x:orgext-1.0": "orgext", "urn:x:no-version": "no-version",
		"urn:x:xmldsig": "ns", "urn:x:XML": "ns", "urn:x:1a": "ns", "urn:x:": "ns", "urn:x:a b": "ns", "urn:x:é": "ns", "urn:x:-1": "ns", "http://x/a#": "ns",
		"urn:x:ns-1": "ns", "x": "x", "urn:x:a.b_c-d": "a.b_c-d",
	} {
		require.Equal(t, want, epp.PrefixOf(space), space)
	}
}

func TestQualified(t *testing.T) {
	for want, n := range map[string]epp.Name{
		"domain:check": {Space: "urn:ietf:params:xml:ns:domain-1.0", Local: "check"}, "poll": {Space: epp.NS, Local: "poll"},
		"bare": {Local: "bare"}, "": {},
	} {
		require.Equal(t, want, n.Qualified())
	}
}

// To build a command costs no more than the buffer.
func TestAppendAllocations(t *testing.T) {
	m := &epp.Command{Request: &noun{Verb: "check", ID: "N1"}, ClTRID: "LANT-1"}
	buf, err := epp.AppendFrame(nil, m)
	require.NoError(t, err)
	least := 100.0 // a collection in between empties the pool
	for range 5 {
		least = min(least, testing.AllocsPerRun(100, func() { buf, _ = epp.AppendFrame(buf[:0], m) }))
	}
	require.LessOrEqual(t, least, 1.0) // one for the function around the payload
}
