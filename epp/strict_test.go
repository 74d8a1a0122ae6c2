package epp_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

func command(content string) string { return `<command>` + content + `</command>` }

func response(content string) string { return `<response>` + content + `</response>` }

const (
	okXML   = `<result code="1000"><msg>ok</msg></result>`
	trIDXML = `<trID><svTRID>LIGHT-9</svTRID></trID>`
)

// What a strict reading refuses and a tolerant one understands.
func TestStrict(t *testing.T) {
	s := ownSchema(t)
	for _, c := range []struct{ name, xml, want string }{
		{"a second child of epp in another namespace", `<hello/><x:y xmlns:x="u"/>`, `/epp (line 1): u:y is not expected here`},
		{"text in epp", `x<hello/>`, `/epp (line 1): character data is not expected here`},
		{"text in command", command(`<logout/>x`), `/epp/command (line 1): character data is not expected here`},
		{"clTRID before the command", command(`<clTRID>ABC-1</clTRID><logout/>`), `/epp/command (line 1): is missing`},
		{"clTRID before extension", command(`<logout/><clTRID>ABC-1</clTRID><extension>` + typesXML("") + `</extension>`), `/epp/command (line 1): extension is not expected here`},
		{"two clTRIDs", command(`<logout/><clTRID>ABC-1</clTRID><clTRID>ABC-2</clTRID>`), `/epp/command (line 1): clTRID is not expected here`},
		{"a clTRID of another namespace", command(`<logout/><clTRID xmlns="u">ABC-1</clTRID>`), `/epp/command (line 1): u:clTRID is not expected here`},
		{"an attribute of clTRID", command(`<logout/><clTRID lang="en">ABC-1</clTRID>`), `/epp/command/clTRID (line 1): @lang is not expected here`},
		{"an attribute of clTRID in a namespace", command(`<logout/><clTRID xmlns:x="urn:x" x:lang="en">ABC-1</clTRID>`), `/epp/command/clTRID (line 1): @x:lang is not expected here`},
		{"a child of clTRID", command(`<logout/><clTRID>ABC<b/>-1</clTRID>`), `/epp/command/clTRID (line 1): a child element is not expected here`},
		{"a clTRID of 2 characters", command(`<logout/><clTRID>AB</clTRID>`), `/epp/command/clTRID (line 1): must have 3 to 64 characters`},
		{"an empty extension", command(`<logout/><extension/>`), `/epp/command/extension (line 1): must hold an element`},
		{"EPP's own element in extension", command(`<logout/><extension><hello/></extension>`), `/epp/command/extension (line 1): may hold elements of other namespaces than EPP's only`},
		{"EPP's own element in a command", command(`<check><check/></check>`), `/epp/command/check (line 1): may hold elements of other namespaces than EPP's only`},
		{"nothing in a command", command(`<check/>`), `/epp/command/check (line 1): is missing`},
		{"two objects in a command", command(`<check>` + nounXML("check", "<n:id>N1</n:id>") + nounXML("check", "<n:id>N2</n:id>") + `</check>`), `/epp/command/check (line 1): noun:check is not expected here`},
		{"an attribute of check", command(`<check op="x">` + nounXML("check", "<n:id>N1</n:id>") + `</check>`), `/epp/command/check (line 1): @op is not expected here`},
		{"transfer without op", command(`<transfer>` + nounXML("transfer", "<n:id>N1</n:id>") + `</transfer>`), `/epp/command/transfer/@op (line 1): is missing`},
		{"transfer with an unknown op", command(`<transfer op="ask">` + nounXML("transfer", "<n:id>N1</n:id>") + `</transfer>`), `/epp/command/transfer/@op (line 1): must be approve, cancel, query, reject or request`},
		{"an unknown child of an object", command(`<check>` + nounXML("check", "<n:x/><n:id>N1</n:id>") + `</check>`), `/epp/command/check/noun:check/noun:id (line 1): is missing`},
		{"an unknown child at an object's end", command("<check>\n" + nounXML("check", "<n:id>N1</n:id>\n<n:x/>") + `</check>`), `/epp/command/check/noun:check (line 3): noun:x is not expected here`},
		{"text in an object", command(`<check>` + nounXML("check", "x<n:id>N1</n:id>") + `</check>`), `/epp/command/check/noun:check (line 1): character data is not expected here`},
		{"poll without op", command(`<poll/>`), `/epp/command/poll/@op (line 1): is missing`},
		{"poll with an unknown op", command(`<poll op="next"/>`), `/epp/command/poll/@op (line 1): must be req or ack`},
		{"a child of poll", command(`<poll op="req"><x xmlns=""/></poll>`), `/epp/command/poll (line 1): x is not expected here`},
		{"login without options", command(`<login><clID>reg-lantern</clID><pw>blue-Tide-77</pw><svcs><objURI>u</objURI></svcs></login>`), `/epp/command/login/options (line 1): is missing`},
		{"login without objURI", command(`<login><clID>reg-lantern</clID><pw>blue-Tide-77</pw><options><version>1.0</version><lang>en</lang></options><svcs/></login>`), `/epp/command/login/svcs/objURI (line 1): is missing`},
		{"login with svcs before options", command(`<login><clID>reg-lantern</clID><pw>blue-Tide-77</pw><svcs><objURI>u</objURI></svcs><options><version>1.0</version><lang>en</lang></options></login>`), `/epp/command/login/options (line 1): is missing`},
		{"a pw of 5 characters", loginXML("12345", "", ""), `/epp/command/login/pw (line 1): must have 6 to 16 characters`},
		{"a pw of 17 characters", loginXML("12345678901234567", "", ""), `/epp/command/login/pw (line 1): must have 6 to 16 characters`},
		{"an empty newPW", loginXML("blue-Tide-77", "<newPW>x</newPW>", ""), `/epp/command/login/newPW (line 1): must have 6 to 16 characters`},
		{"an empty svcExtension", loginXML("blue-Tide-77", "", "<svcExtension/>"), `/epp/command/login/svcs/svcExtension/extURI (line 1): is missing`},
		{"greeting without dcp", `<greeting><svID>Light</svID><svDate>2026-03-01T09:30:05Z</svDate><svcMenu><version>1.0</version><lang>en</lang><objURI>u</objURI></svcMenu></greeting>`, `/epp/greeting/dcp (line 1): is missing`},
		{"greeting without statement", greetingXML("all", "", ""), `/epp/greeting/dcp/statement (line 1): is missing`},
		{"an unknown access", greetingXML("some", "", ""), `/epp/greeting/dcp/access (line 1): is missing`},
		{"purposes out of order", greetingXML("all", `<statement><purpose><prov/><admin/></purpose><recipient/><retention><none/></retention></statement>`, ""), `/epp/greeting/dcp/statement/purpose (line 1): admin is not expected here`},
		{"an empty expiry", greetingXML("all", `<statement><purpose/><recipient/><retention><none/></retention></statement>`, "<expiry/>"), `/epp/greeting/dcp/expiry (line 1): must hold one of absolute and relative`},
		{"a svID of 2 characters", strings.Replace(greetingXML("all", `<statement><purpose/><recipient/><retention><none/></retention></statement>`, ""), "Lighthouse registry", "Li", 1), `/epp/greeting/svID (line 1): must have 3 to 64 characters`},
		{"resData after extension", response(okXML + `<extension>` + typesXML("") + `</extension><resData>` + typesXML("") + `</resData>` + trIDXML), `/epp/response/trID (line 1): is missing`},
		{"an empty resData", response(okXML + `<resData/>` + trIDXML), `/epp/response/resData (line 1): must hold an element`},
		{"no trID", response(okXML), `/epp/response/trID (line 1): is missing`},
		{"no svTRID", response(okXML + `<trID><clTRID>ABC-1</clTRID></trID>`), `/epp/response/trID/svTRID (line 1): is missing`},
		{"an empty svTRID", response(okXML + `<trID><svTRID/></trID>`), `/epp/response/trID/svTRID (line 1): must have 3 to 64 characters`},
		{"svTRID before clTRID", response(okXML + `<trID><svTRID>LIGHT-9</svTRID><clTRID>ABC-1</clTRID></trID>`), `/epp/response/trID (line 1): clTRID is not expected here`},
		{"msgQ without id", response(okXML + `<msgQ count="1"/>` + trIDXML), `/epp/response/msgQ/@id (line 1): is missing`},
		{"msgQ with an empty id", response(okXML + `<msgQ count="1" id=" "/>` + trIDXML), `/epp/response/msgQ/@id (line 1): is missing`},
		{"msgQ without count", response(okXML + `<msgQ id="1"/>` + trIDXML), `/epp/response/msgQ/@count (line 1): is missing`},
		{"msg before qDate", response(okXML + `<msgQ count="1" id="1"><msg>x</msg><qDate>2026-03-01T09:30:05Z</qDate></msgQ>` + trIDXML), `/epp/response/msgQ (line 1): qDate is not expected here`},
		{"an attribute of msg", response(okXML + `<msgQ count="1" id="1"><msg xml:lang="en">x</msg></msgQ>` + trIDXML), `/epp/response/msgQ/msg (line 1): @xml:lang is not expected here`},
		{"result without msg", response(`<result code="1000"/>` + trIDXML), `/epp/response/result/msg (line 1): is missing`},
		{"result without code", response(`<result><msg>ok</msg></result>` + trIDXML), `/epp/response/result/@code (line 1): is missing`},
		{"value before msg", response(`<result code="2005"><value><x xmlns=""/></value><msg>ok</msg></result>` + trIDXML), `/epp/response/result/msg (line 1): is missing`},
		{"value without element", response(`<result code="2005"><msg>ok</msg><value>x</value></result>` + trIDXML), `/epp/response/result/value (line 1): must hold one element`},
		{"extValue without reason", response(`<result code="2005"><msg>ok</msg><extValue><value><x xmlns=""/></value></extValue></result>` + trIDXML), `/epp/response/result/extValue/reason (line 1): is missing`},
		{"something among the values", response(`<result code="2005"><msg>ok</msg><value><x xmlns=""/></value><y/><value><z xmlns=""/></value></result>` + trIDXML), `/epp/response/result (line 1): y is not expected here`},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := []byte(head + c.xml + tail)
			_, err := s.ParseStrict(doc)
			require.EqualError(t, err, "epp: "+c.want)
			var field *epp.FieldError
			require.ErrorAs(t, err, &field)
			_, err = s.Parse(doc)
			require.NoError(t, err)
		})
	}
}

// What can't be understood however tolerant the reader.
// A server does not look at what only a server may send.
func TestParseRequest(t *testing.T) {
	var none *epp.Schema
	for name, doc := range map[string]string{
		"a response": response(okXML + trIDXML), "a greeting": "<greeting/>", "a response that is none": "<response><x/></response>",
	} {
		_, err := none.ParseRequest([]byte(head + doc + tail))
		require.ErrorIs(t, err, epp.ErrNotRequest, name)
	}
	for _, doc := range []string{"<hello/>", "<command><logout/></command>", `<extension><x xmlns="urn:x"/></extension>`} {
		_, err := none.ParseRequest([]byte(head + doc + tail))
		require.NoError(t, err, doc)
	}
	_, err := none.ParseRequest([]byte(head + "<command><clTRID>ABC-1</clTRID><logout/></command>" + tail))
	require.Error(t, err, "and is strict")
}

func TestUnreadable(t *testing.T) {
	s := ownSchema(t)
	for _, c := range []struct{ name, doc, want string }{
		{"another root", `<html/>`, `epp: / (line 1): the root element is html, not {urn:ietf:params:xml:ns:epp-1.0}epp`},
		{"EPP in no namespace", `<epp><hello/></epp>`, `epp: / (line 1): the root element is epp, not {urn:ietf:params:xml:ns:epp-1.0}epp`},
		{"EPP of another version", `<epp xmlns="urn:ietf:params:xml:ns:epp-2.0"/>`, `epp: / (line 1): the root element is {urn:ietf:params:xml:ns:epp-2.0}epp, not {urn:ietf:params:xml:ns:epp-1.0}epp`},
		{"nothing in epp", head + tail, `epp: /epp (line 1): holds no greeting, hello, command, response or extension`},
		{"an unknown message", head + `<frob/>` + tail, `epp: /epp (line 1): holds no greeting, hello, command, response or extension`},
		{"a message of another namespace", head + `<hello xmlns="u"/>` + tail, `epp: /epp (line 1): holds no greeting, hello, command, response or extension`},
		{"two messages", head + "<hello/>\n<hello/>" + tail, `epp: /epp (line 2): holds more than one message`},
		{"a command and a response", head + command(`<logout/>`) + response(okXML+trIDXML) + tail, `epp: /epp (line 1): holds more than one message`},
		{"an empty command", head + command(``) + tail, `epp: /epp/command (line 1): is missing`},
		{"nothing but a clTRID", head + command(`<clTRID>ABC-1</clTRID>`) + tail, `epp: /epp/command (line 1): is missing`},
		{"a response without result", head + response(trIDXML) + tail, `epp: /epp/response/result (line 1): is missing`},
		{"a code that is no number", head + response(`<result code="x"><msg/></result>`+trIDXML) + tail, `epp: /epp/response/result/@code (line 1): "x" is not a result code`},
		{"a code of three digits", head + response(`<result code="999"><msg/></result>`+trIDXML) + tail, `epp: /epp/response/result/@code (line 1): "999" is not a result code`},
		{"ill-formed", head + "<hello>" + tail, `xml: line 1, column 90: an end tag that does not match the start tag "hello"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.Parse([]byte(c.doc))
			require.EqualError(t, err, c.want)
			_, err = s.ParseStrict([]byte(c.doc))
			require.Error(t, err)
		})
	}
}

// What a tolerant reader makes of what is out of order, missing or too much.
func TestTolerant(t *testing.T) {
	s := ownSchema(t)
	parse := func(t *testing.T, xml string) epp.Message {
		m, err := s.Parse([]byte(head + xml + tail))
		require.NoError(t, err)
		return m
	}
	t.Run("a command out of order", func(t *testing.T) {
		m := parse(t, `x<command a="1"><clTRID b="2">ABC-1</clTRID><y/><extension><hello/>`+typesXML("")+`</extension></command>`).(*epp.Command)
		require.Equal(t, "y", m.Verb, "the first that is not clTRID or extension")
		require.Equal(t, "ABC-1", m.ClTRID)
		require.Len(t, m.Extension, 2)
	})
	t.Run("an object out of order", func(t *testing.T) {
		m := parse(t, command(`<info>`+nounXML("info", "<n:x><n:id>not this</n:id></n:x><n:pw>p</n:pw><n:id> N1 </n:id><n:id>N2</n:id>")+`</info>`)).(*epp.Command)
		require.Equal(t, &noun{Verb: "info", ID: "N1", PW: "p"}, m.Request)
	})
	t.Run("a greeting without most of it", func(t *testing.T) {
		m := parse(t, `<greeting><svcMenu><objURI>u</objURI><x/><lang>en</lang><objURI>v</objURI></svcMenu><svID>Light</svID></greeting>`).(*epp.Greeting)
		require.Len(t, m.Extra, 1)
		require.Equal(t, &epp.Greeting{SvID: "Light", Lang: []string{"en"}, ObjURI: []string{"u", "v"}, Extra: m.Extra, DCP: m.DCP},
			&epp.Greeting{SvID: m.SvID, SvDate: m.SvDate, Version: m.Version, Lang: m.Lang, ObjURI: m.ObjURI, ExtURI: m.ExtURI, Extra: m.Extra, DCP: m.DCP})
	})
	t.Run("values among unknown children", func(t *testing.T) {
		m := parse(t, response(`<trID><svTRID>LIGHT-9</svTRID></trID><result code="2005"><y/><value a="1"><x xmlns=""/></value><y/><extValue><reason>why</reason></extValue><y/><value/><msg>no</msg></result>`)).(*epp.Response)
		require.Len(t, m.Results[0].Values, 3)
		require.Equal(t, "why", m.Results[0].Values[1].Reason.Text)
		require.Equal(t, "no", m.Results[0].Msg.Text)
	})
	t.Run("an element that can't be read is kept, with the reason", func(t *testing.T) {
		m := parse(t, response(okXML+`<resData>`+typesXML(`<t:date>soon</t:date>`)+typesXML(`<t:int>1</t:int>`)+`</resData>`+trIDXML)).(*epp.Response)
		raw := m.ResData[0].(*epp.Raw)
		require.Equal(t, typesXML(`<t:date>soon</t:date>`), raw.XML)
		require.EqualError(t, raw.Err, `epp: /epp/response/resData/types:types/types:date (line 1): "soon" is not a date`)
		require.Equal(t, &types{Int: 1}, m.ResData[1])
		require.Equal(t, "LIGHT-9", m.TrID.SvTRID)
	})
	t.Run("any prefixes", func(t *testing.T) {
		m, err := s.ParseStrict([]byte("\ufeff<e:epp xmlns:e='urn:ietf:params:xml:ns:epp-1.0'>\n<e:command><e:info><info xmlns='" + nounNS +
			"'><!-- --><id>N<![CDATA[1]]></id></info></e:info><e:clTRID>ABC-1</e:clTRID></e:command></e:epp>"))
		require.NoError(t, err)
		require.Equal(t, &epp.Command{Request: &noun{Verb: "info", ID: "N1"}, Verb: "info", ClTRID: "ABC-1"}, m)
	})
	t.Run("attributes of XML Schema", func(t *testing.T) {
		_, err := s.ParseStrict([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="u v">` +
			`<command><logout xsi:nil="false"/><clTRID xsi:type="trIDStringType">ABC-1</clTRID></command></epp>`))
		require.NoError(t, err)
	})
	t.Run("content where the schema lets anything be", func(t *testing.T) {
		for _, xml := range []string{
			`<hello a="1">x<y b="2"/></hello>`, command(`<logout a="1">x<y xmlns="u">z</y></logout>`),
			response(`<result code="2005"><msg>x</msg><value a="1" xmlns:p="u" p:b="2">x<p:y/></value></result>` + trIDXML),
		} {
			_, err := s.ParseStrict([]byte(head + xml + tail))
			require.NoError(t, err)
		}
	})
	t.Run("a value is not held to its schema", func(t *testing.T) {
		m, err := s.ParseStrict([]byte(head + response(`<result code="2005"><msg>x</msg><value>`+typesXML(`<t:date>soon</t:date>`)+`</value><value>`+nounXML("info", "<n:x/>")+`</value></result>`+trIDXML) + tail))
		require.NoError(t, err)
		require.IsType(t, (*epp.Raw)(nil), m.(*epp.Response).Results[0].Values[0].Value.Elements[0])
	})
	t.Run("a command that nobody knows", func(t *testing.T) {
		m, err := s.ParseStrict([]byte(head + command(`<frob a="1">x<y/></frob><clTRID>ABC-1</clTRID>`) + tail))
		require.NoError(t, err, "the answer to it is 2000, not 2001")
		require.Equal(t, "frob", m.(*epp.Command).Verb)
		require.Equal(t, `<frob a="1">x<y/></frob>`, m.(*epp.Command).Request.(*epp.Raw).XML)
	})
}

// The verdicts of the official schemas on frames made for the purpose. What is
// valid is read strictly; what is not is refused, but for values and for objects
// that this package does not know.
func TestStrictVerdicts(t *testing.T) {
	const dir = "../../shared/corpus/edge"
	b, err := os.ReadFile(filepath.Join(dir, "RESULTS.tsv"))
	if err != nil {
		t.Skip("the corpus is not beside this checkout: ", dir)
	}
	// What a strict reading accepts although the schemas refuse it: values of
	// simple types, which are the schema validator's to judge, and what a server
	// has to answer with a code of its own.
	accepted := map[string]string{
		"login-version-2.0":        "a value; the answer is 2100",
		"result-unknown-code-2310": "a value; registries have codes of their own",
		"extension-unknown-ns":     "an extension that nobody knows; the answer is 2103",
		"unknown-command":          "a command that nobody knows; the answer is 2000",
	}
	s, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	judged := 0
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		f := strings.Split(line, "\t")
		name, valid := f[0], f[1] == "valid"
		frame, err := os.ReadFile(filepath.Join(dir, name+".xml"))
		require.NoError(t, err)
		_, err = s.Parse(frame)
		require.NoError(t, err, "%s, tolerantly", name)
		_, err = s.ParseStrict(frame)
		switch {
		case valid:
			require.NoError(t, err, name)
			judged++
		case accepted[name] != "":
			require.NoError(t, err, "%s is refused after all", name)
		case strings.Contains(f[2], "epp-1.0"):
			require.Error(t, err, name)
			judged++
		case err == nil:
			t.Logf("not refused, of an object or extension: %s", name)
		}
	}
	require.Greater(t, judged, 50)
}

// Frames of the RFCs that are schema-valid are read strictly.
func TestStrictExamples(t *testing.T) {
	const dir = "../../shared/corpus/rfc-examples"
	b, err := os.ReadFile(filepath.Join(dir, "VALIDATION.tsv"))
	if err != nil {
		t.Skip("the corpus is not beside this checkout: ", dir)
	}
	s, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		f := strings.Split(line, "\t")
		frame, err := os.ReadFile(filepath.Join(dir, f[0]))
		require.NoError(t, err)
		if f[1] != "ok" || !strings.Contains(string(frame), "<epp") { // some are parts of frames
			continue
		}
		_, err = s.ParseStrict(frame)
		require.NoError(t, err, f[0])
	}
}
