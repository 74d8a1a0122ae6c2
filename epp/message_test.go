package epp_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/epptest"
)

const (
	head = `<?xml version="1.0" encoding="UTF-8"?><epp xmlns="urn:ietf:params:xml:ns:epp-1.0">`
	tail = `</epp>`
)

// noun is an object of our own: what it is asked and what it answers.
type noun struct {
	Verb string // check, transfer and so on
	ID   string
	PW   string
}

const nounNS = "urn:example:noun-1.0"

func (m *noun) XMLName() epp.Name { return epp.Name{Space: nounNS, Local: m.Verb} }
func (m *noun) Fields(x *epp.Codec) {
	x.Elem("id", epp.Token(&m.ID))
	x.Opt("pw", epp.String(&m.PW))
}

// relay is a protocol extension that carries a command with its clTRID.
type relay struct {
	Request epp.Element
	ClTRID  string
}

const relayNS = "urn:example:relay-1.0"

func (*relay) XMLName() epp.Name { return epp.Name{Space: relayNS, Local: "relay"} }
func (m *relay) Fields(x *epp.Codec) {
	x.Any(&m.Request)
	x.Opt("clTRID", epp.Token(&m.ClTRID))
}
func (m *relay) Unwrap() (epp.Element, string) { return m.Request, m.ClTRID }

// ping is a command of that protocol extension.
type ping struct{ Text string }

func (*ping) XMLName() epp.Name                    { return epp.Name{Space: relayNS, Local: "ping"} }
func (m *ping) Fields(x *epp.Codec)                { x.Text(epp.Token(&m.Text)) }
func (m *ping) Envelope(clTRID string) epp.Element { return &relay{Request: m, ClTRID: clTRID} }

func ownSchema(t testing.TB) *epp.Schema {
	var nouns []func() epp.Element
	for _, verb := range []string{"check", "create", "delete", "info", "renew", "transfer", "update", "infData"} {
		nouns = append(nouns, func() epp.Element { return &noun{Verb: verb} })
	}
	s, err := epp.NewSchema(
		epp.Extension{URI: nounNS, Level: epp.ObjectLevel, Elements: nouns},
		epp.Extension{URI: typesNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[types]}},
		epp.Extension{URI: relayNS, Level: epp.ProtocolLevel, Hidden: true, Elements: []func() epp.Element{epp.Make[relay], epp.Make[ping]}},
	)
	require.NoError(t, err)
	return s
}

func nounXML(verb, content string) string {
	return `<n:` + verb + ` xmlns:n="` + nounNS + `">` + content + `</n:` + verb + `>`
}

func loginXML(pw, newPW, svcExtension string) string {
	return `<command><login><clID>reg-lantern</clID><pw>` + pw + `</pw>` + newPW +
		`<options><version>1.0</version><lang>en</lang></options>` +
		`<svcs><objURI>urn:example:noun-1.0</objURI><objURI>urn:example:verb-1.0</objURI>` + svcExtension + `</svcs></login>` +
		`<clTRID>LANT-1</clTRID></command>`
}

func greetingXML(access, statements, expiry string) string {
	return `<greeting><svID>Lighthouse registry</svID><svDate>2026-03-01T09:30:05.5Z</svDate><svcMenu><version>1.0</version>` +
		`<lang>en</lang><lang>cs</lang><objURI>urn:example:noun-1.0</objURI>` +
		`<svcExtension><extURI>urn:example:types-1.0</extURI><extURI>urn:example:more-1.0</extURI></svcExtension></svcMenu>` +
		`<dcp><access><` + access + `/></access>` + statements + expiry + `</dcp></greeting>`
}

func greeting(dcp epp.DCP) *epp.Greeting {
	return &epp.Greeting{
		SvID: "Lighthouse registry", SvDate: time.Date(2026, 3, 1, 9, 30, 5, 500_000_000, time.UTC),
		Version: []string{"1.0"}, Lang: []string{"en", "cs"}, ObjURI: []string{"urn:example:noun-1.0"},
		ExtURI: []string{"urn:example:types-1.0", "urn:example:more-1.0"}, DCP: dcp,
	}
}

func login(change func(*epp.Login)) *epp.Command {
	m := &epp.Login{
		ClID: "reg-lantern", PW: "blue-Tide-77", Version: "1.0", Lang: "en",
		ObjURI: []string{"urn:example:noun-1.0", "urn:example:verb-1.0"},
	}
	if change != nil {
		change(m)
	}
	return &epp.Command{Request: m, ClTRID: "LANT-1", Verb: "login"}
}

// A row is a message as XML, which stands in <epp>, and as a Go value.
type row struct {
	name, xml string
	value     epp.Message
}

func messages() []row {
	const statement = `<statement><purpose/><recipient/><retention><none/></retention></statement>`
	one := []epp.Statement{{Retention: "none"}}
	ok := []epp.Result{{Code: 1000, Msg: epp.Text{Text: "Command completed successfully"}}}
	const okXML = `<result code="1000"><msg>Command completed successfully</msg></result>`
	trID := epp.TrID{ClTRID: "LANT-1", SvTRID: "LIGHT-9"}
	const trIDXML = `<trID><clTRID>LANT-1</clTRID><svTRID>LIGHT-9</svTRID></trID>`

	rows := []row{
		{"2.3 hello", `<hello/>`, &epp.Hello{}},
		{
			"2.4 a statement of everything",
			greetingXML("all", `<statement><purpose><admin/><contact/><other/><prov/></purpose>`+
				`<recipient><other/><ours><recDesc>keepers of the light</recDesc></ours><ours/><public/><same/><unrelated/></recipient>`+
				`<retention><stated/></retention></statement>`+statement, `<expiry><absolute>2027-01-01T00:00:00Z</absolute></expiry>`),
			greeting(epp.DCP{
				Access: "all",
				Statements: []epp.Statement{{
					Purpose:   epp.Purpose{Admin: true, Contact: true, Other: true, Prov: true},
					Recipient: epp.Recipient{Other: true, Ours: []epp.Ours{{RecDesc: "keepers of the light"}, {}}, Public: true, Same: true, Unrelated: true},
					Retention: "stated",
				}, one[0]},
				Expiry: &epp.Expiry{Absolute: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
			}),
		},
		{
			"2.4 an expiry that is a duration",
			greetingXML("none", statement, `<expiry><relative>P30D</relative></expiry>`),
			greeting(epp.DCP{Access: "none", Statements: one, Expiry: &epp.Expiry{Relative: "P30D"}}),
		},
		{
			"2.5 command with extension",
			`<command><create>` + nounXML("create", `<n:id>N1</n:id><n:pw> a  b </n:pw>`) + `</create><extension>` +
				typesXML(`<t:int>7</t:int>`) + `</extension><clTRID>LANT-1</clTRID></command>`,
			&epp.Command{
				Request: &noun{Verb: "create", ID: "N1", PW: " a  b "}, Verb: "create",
				Extension: []epp.Element{&types{Int: 7}}, ClTRID: "LANT-1",
			},
		},
		{
			"2.5 command without clTRID", `<command><check>` + nounXML("check", `<n:id>N1</n:id>`) + `</check></command>`,
			&epp.Command{Request: &noun{Verb: "check", ID: "N1"}, Verb: "check"},
		},
		{"2.6 response", `<response>` + okXML + trIDXML + `</response>`, &epp.Response{Results: ok, TrID: trID}},
		{
			"2.6 response to a command without clTRID", `<response>` + okXML + `<trID><svTRID>LIGHT-9</svTRID></trID></response>`,
			&epp.Response{Results: ok, TrID: epp.TrID{SvTRID: "LIGHT-9"}},
		},
		{
			"2.6 resData and extension",
			`<response>` + okXML + `<resData>` + nounXML("infData", `<n:id>N1</n:id>`) + `</resData><extension>` +
				typesXML(`<t:bool>1</t:bool>`) + typesXML(``) + `</extension>` + trIDXML + `</response>`,
			&epp.Response{
				Results: ok, ResData: []epp.Element{&noun{Verb: "infData", ID: "N1"}},
				Extension: []epp.Element{&types{Bool: true}, &types{}}, TrID: trID,
			},
		},
		{
			"2.6 results with value and extValue in turn",
			`<response><result code="2004"><msg lang="cs">Parametr &lt;mimo&gt; rozsah</msg>` +
				`<value>` + nounXML("info", `<n:id>N1</n:id>`) + `</value>` +
				`<extValue><value>` + typesXML(`<t:int>3</t:int>`) + `</value><reason lang="en">too small</reason></extValue>` +
				`<value>` + typesXML(``) + `</value></result>` +
				`<result code="2005"><msg>Parameter value syntax error</msg></result>` + trIDXML + `</response>`,
			&epp.Response{
				Results: []epp.Result{
					{
						Code: 2004, Msg: epp.Text{Lang: "cs", Text: "Parametr <mimo> rozsah"},
						Values: []epp.ErrValue{
							{Value: epp.Mixed{Elements: []epp.Element{&noun{Verb: "info", ID: "N1"}}}},
							{Value: epp.Mixed{Elements: []epp.Element{&types{Int: 3}}}, Reason: &epp.Text{Lang: "en", Text: "too small"}},
							{Value: epp.Mixed{Elements: []epp.Element{&types{}}}},
						},
					},
					{Code: 2005, Msg: epp.Text{Text: "Parameter value syntax error"}},
				},
				TrID: trID,
			},
		},
		{
			"2.6 msgQ outside of poll", `<response>` + okXML + `<msgQ count="5" id="M-12"/>` + trIDXML + `</response>`,
			&epp.Response{Results: ok, MsgQ: &epp.MsgQ{Count: 5, ID: "M-12"}, TrID: trID},
		},
		{
			"2.6 msgQ with a message",
			`<response><result code="1301"><msg>Command completed successfully; ack to dequeue</msg></result>` +
				`<msgQ count="18446744073709551615" id="M-12"><qDate>2026-03-01T09:30:05Z</qDate><msg lang="en">Low tide &amp; fog</msg></msgQ>` +
				trIDXML + `</response>`,
			&epp.Response{
				Results: []epp.Result{{Code: 1301, Msg: epp.Text{Text: "Command completed successfully; ack to dequeue"}}},
				MsgQ: &epp.MsgQ{
					Count: 1<<64 - 1, ID: "M-12", QDate: time.Date(2026, 3, 1, 9, 30, 5, 0, time.UTC),
					Msg: &epp.Msg{Lang: "en", Mixed: epp.Mixed{Text: "Low tide & fog"}},
				},
				TrID: trID,
			},
		},
		{
			"2.6 a message that is an element",
			`<response>` + okXML + `<msgQ count="1" id="M-12"><msg>` + typesXML(`<t:int>1</t:int>`) + typesXML(``) + `</msg></msgQ>` + trIDXML + `</response>`,
			&epp.Response{
				Results: ok, TrID: trID,
				MsgQ: &epp.MsgQ{Count: 1, ID: "M-12", Msg: &epp.Msg{Mixed: epp.Mixed{Elements: []epp.Element{&types{Int: 1}, &types{}}}}},
			},
		},
		{
			"2.7.1 a protocol extension that is known",
			`<extension><r:relay xmlns:r="` + relayNS + `"><r:ping>here</r:ping><r:clTRID>LANT-1</r:clTRID></r:relay></extension>`,
			&epp.Command{
				Request: &ping{"here"}, ClTRID: "LANT-1", Verb: "ping",
				Envelope: &relay{Request: &ping{"here"}, ClTRID: "LANT-1"},
			},
		},
		{
			"2.7.1 elements that are no command", `<extension>` + typesXML(``) + typesXML(`<t:int>1</t:int>`) + `</extension>`,
			&epp.ExtensionMessage{Elements: []epp.Element{&types{}, &types{Int: 1}}},
		},
		{"2.9.1.1 login", loginXML("blue-Tide-77", "", ""), login(nil)},
		{
			"2.9.1.1 login with a new password and extensions",
			loginXML("blue-Tide-77", "<newPW>R&amp;D &lt;2&gt;</newPW>", `<svcExtension><extURI>urn:example:types-1.0</extURI></svcExtension>`),
			login(func(m *epp.Login) { m.NewPW, m.ExtURI = "R&D <2>", []string{"urn:example:types-1.0"} }),
		},
		{
			"2.9.1.2 logout", `<command><logout/><clTRID>LANT-1</clTRID></command>`,
			&epp.Command{Request: &epp.Logout{}, ClTRID: "LANT-1", Verb: "logout"},
		},
		{
			"2.9.2.3 poll req", `<command><poll op="req"/><clTRID>LANT-1</clTRID></command>`,
			&epp.Command{Request: &epp.Poll{Op: epp.PollReq}, ClTRID: "LANT-1", Verb: "poll"},
		},
		{
			"2.9.2.3 poll ack", `<command><poll msgID="M&quot;12" op="ack"/></command>`,
			&epp.Command{Request: &epp.Poll{Op: epp.PollAck, MsgID: `M"12`}, Verb: "poll"},
		},
		{
			"2.9.3.4 transfer", `<command><transfer op="approve">` + nounXML("transfer", `<n:id>N1</n:id>`) + `</transfer></command>`,
			&epp.Command{Request: &noun{Verb: "transfer", ID: "N1"}, Verb: "transfer", Op: "approve"},
		},
	}
	for _, access := range []string{"all", "none", "null", "other", "personal", "personalAndOther"} {
		rows = append(rows, row{
			"2.4 access to " + access, greetingXML(access, statement, ""), greeting(epp.DCP{Access: access, Statements: one}),
		})
	}
	for _, retention := range []string{"business", "indefinite", "legal", "none", "stated"} {
		rows = append(rows, row{
			"2.4 retention " + retention,
			greetingXML("all", `<statement><purpose><prov/></purpose><recipient><public/></recipient><retention><`+retention+`/></retention></statement>`, ""),
			greeting(epp.DCP{Access: "all", Statements: []epp.Statement{{
				Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: retention,
			}}}),
		})
	}
	for _, verb := range []string{"check", "create", "delete", "info", "renew", "update"} {
		rows = append(rows, row{
			"2.9 " + verb, `<command><` + verb + `>` + nounXML(verb, `<n:id>N1</n:id>`) + `</` + verb + `></command>`,
			&epp.Command{Request: &noun{Verb: verb, ID: "N1"}, Verb: verb},
		})
	}
	return rows
}

func TestMessages(t *testing.T) {
	s := ownSchema(t)
	for _, c := range messages() {
		t.Run(c.name, func(t *testing.T) {
			doc := head + c.xml + tail
			for name, parse := range map[string]func([]byte) (epp.Message, error){"strict": s.ParseStrict, "tolerant": s.Parse} {
				m, err := parse([]byte(doc))
				require.NoError(t, err, name)
				if r, ok := m.(*epp.Response); ok {
					require.Equal(t, doc, r.Frame)
					r.Frame = ""
				}
				require.Equal(t, c.value, m, name)
			}
			out, err := epp.Append(nil, c.value)
			require.NoError(t, err)
			epptest.SameInfoset(t, []byte(doc), out)
		})
	}
}

// What is written for every kind of message is valid by the official schema.
func TestMessagesAreValid(t *testing.T) {
	var frames [][]byte
	for _, c := range messages() {
		out, err := epp.Append(nil, c.value)
		require.NoError(t, err)
		// Only names that the official schemas know can be judged.
		if m, err := (*epp.Schema)(nil).Parse(out); err == nil && holdsOnlyEPP(m) {
			frames = append(frames, out)
		}
	}
	require.Greater(t, len(frames), 20)
	epptest.XMLLint(t, "../../shared/reference/xsd/driver.xsd", frames)
}

func holdsOnlyEPP(m epp.Message) bool {
	switch m := m.(type) {
	case *epp.Command:
		return m.Request.XMLName().Space == epp.NS && m.Extension == nil
	case *epp.Response:
		return m.ResData == nil && m.Extension == nil
	case *epp.ExtensionMessage:
		return false
	}
	return true
}

// The bytes of one message of each direction, as a peer sees them.
func TestAppend(t *testing.T) {
	out, err := epp.Append([]byte("before"), &epp.Command{
		Request: &noun{Verb: "info", ID: "N1"}, Extension: []epp.Element{&types{Bool: true}, &types{}}, ClTRID: "LANT-1",
	})
	require.NoError(t, err)
	require.Equal(t, "before"+head+
		`<command><info><noun:info xmlns:noun="urn:example:noun-1.0"><noun:id>N1</noun:id></noun:info></info>`+
		`<extension><types:types xmlns:types="urn:example:types-1.0"><types:bool>1</types:bool></types:types>`+
		`<types:types xmlns:types="urn:example:types-1.0"/></extension><clTRID>LANT-1</clTRID></command>`+tail, string(out))
}

// RFC 5730, section 2.6: several results only when a command has failed.
func TestResponseErr(t *testing.T) {
	results := func(codes ...epp.Code) *epp.Response {
		m := &epp.Response{TrID: epp.TrID{ClTRID: "LANT-1", SvTRID: "LIGHT-9"}}
		for _, c := range codes {
			m.Results = append(m.Results, epp.Result{Code: c, Msg: epp.Text{Text: c.Text()}})
		}
		return m
	}
	require.NoError(t, results(1000).Err())
	require.NoError(t, results(1001, 1000).Err())
	require.ErrorIs(t, results(2303).Err(), epp.ObjectDoesNotExist)
	require.NotErrorIs(t, results(2303).Err(), epp.ObjectExists)
	require.ErrorIs(t, results(2004, 2005).Err(), epp.ParameterSyntaxError)
	require.ErrorIs(t, results(1000, 2303).Err(), epp.ObjectDoesNotExist)
	require.NotErrorIs(t, results(1000, 2303).Err(), epp.Success)
	require.EqualError(t, results(2004, 2005).Err(),
		"epp: 2004 Parameter value range error; 2005 Parameter value syntax error [clTRID LANT-1, svTRID LIGHT-9]")
	require.Error(t, results().Err())
	require.Zero(t, results().Code())
	require.Zero(t, new(epp.ResultError).Code())
}

func TestRefuse(t *testing.T) {
	const secret = "blue-Tide-77"
	value := epp.ErrValue{Value: epp.Mixed{Elements: []epp.Element{&noun{Verb: "info", ID: "N1", PW: secret}}}}
	reasoned := value
	reasoned.Reason = &epp.Text{Text: "not that one"}
	err := error(epp.Refuse(epp.InvalidAuthInfo, value, reasoned))
	require.ErrorIs(t, err, epp.InvalidAuthInfo)
	require.EqualError(t, err, "epp: 2202 Invalid authorization information (not that one)")
	var result *epp.ResultError
	require.ErrorAs(t, err, &result)
	require.Equal(t, epp.InvalidAuthInfo, result.Code())
}

// RFC 5730, 2.6: what is wrong beside the result must not hide the result.
func TestUnread(t *testing.T) {
	read := func(msgQ string) *epp.Response {
		m, err := (*epp.Schema)(nil).Parse([]byte(head + response(`<result code="2303"><msg>Gone</msg></result>`+msgQ+trIDXML) + tail))
		require.NoError(t, err)
		return m.(*epp.Response)
	}
	r := read(`<msgQ count="5" id="17"><qDate>2024-01-01 10:00:00</qDate><msg>Lamp oil</msg></msgQ>`)
	require.ErrorIs(t, r.Err(), epp.ObjectDoesNotExist)
	require.EqualError(t, r.Unread, `epp: /epp/response/msgQ/qDate (line 1): "2024-01-01 10:00:00" is not a date and time`)
	require.Equal(t, uint64(5), r.MsgQ.Count)
	require.Equal(t, "17", r.MsgQ.ID)
	require.Equal(t, "Lamp oil", r.MsgQ.Msg.Text)
	require.Zero(t, r.MsgQ.QDate)

	r = read(`<msgQ count="" id="17"/>`)
	require.ErrorContains(t, r.Unread, "/epp/response/msgQ/@count")
	require.Equal(t, "17", r.MsgQ.ID)

	require.NoError(t, read(`<msgQ count="5" id="17"/>`).Unread)
}
