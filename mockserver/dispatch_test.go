package mockserver_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// fredLike is a profile that differs from the default in every decision.
var fredLike = mockserver.Profile{CloseOnGarbage: true, SchemaFirst: true, IgnoreServices: true}

// decisions are the rows of the package comment's table. A code of 0 is a
// connection that ends without an answer.
var decisions = []struct {
	name     string
	loggedIn bool
	doc      string
	code     epp.Code
	fred     epp.Code
	clTRID   string // of both, but a FRED 2001 never has one
}{
	{"not well-formed", true, `<epp`, 2001, 0, ""},
	{"DOCTYPE", true, `<!DOCTYPE epp><epp/>`, 2001, 0, ""},
	{"empty frame of white space", true, `   `, 2001, 0, ""},
	{"two documents in a frame, RFC 5734 section 3", true, helloDoc + helloDoc, 2001, 0, ""},
	{"a response", true, doc(`<response><result code="1000"><msg>x</msg></result><trID><svTRID>abc</svTRID></trID></response>`), 2001, 0, ""},
	{"another root", true, `<html/>`, 2001, 2001, ""},
	{"another namespace", true, `<epp xmlns="urn:example:epp"><hello/></epp>`, 2001, 2001, ""},
	{"nothing in epp", true, doc(``), 2001, 2001, ""},
	{"no command in command", true, doc(`<command/>`), 2001, 2001, ""},
	{"no object in check", true, commandDoc(`<check/>`, "ABC-1"), 2001, 2001, "ABC-1"},
	{"a check of nothing", true, commandDoc(`<check><d:check xmlns:d="`+domain.NS+`"/></check>`, "ABC-2"), 2001, 2001, "ABC-2"},
	{"clTRID before extension", true, doc(`<command>` + checkXML("a.example") + `<clTRID>ABC-3</clTRID><extension><n:note xmlns:n="` + extNS + `"><n:text>x</n:text></n:note></extension></command>`), 2001, 2001, "ABC-3"},
	{"clTRID of 2 characters", true, commandDoc(checkXML("a.example"), "ab"), 2001, 2001, ""},
	{"clTRID of 65 characters", true, commandDoc(checkXML("a.example"), strings.Repeat("x", 65)), 2001, 2001, ""},
	{"clTRID with white space around", true, commandDoc(checkXML("a.example"), " \n ABC-4 "), 1000, 1000, "ABC-4"},
	{"structure before the login state", false, commandDoc(`<check/>`, "ABC-5"), 2001, 2001, "ABC-5"},
	{"a broken login", false, commandDoc(`<login><clID>REG-A</clID></login>`, "ABC-6"), 2001, 2001, "ABC-6"},
	{"an unknown command", true, commandDoc(`<frob/>`, "ABC-7"), 2000, 2001, "ABC-7"},
	{"an unknown command before login", false, commandDoc(`<frob/>`, "ABC-7"), 2000, 2001, "ABC-7"},
	{"a command in capitals", true, commandDoc(`<LOGIN/>`, "ABC-8"), 2000, 2001, "ABC-8"},
	{"an object's element in place of a command", true, commandDoc(`<d:check xmlns:d="`+domain.NS+`"><d:name>a.example</d:name></d:check>`, "ABC-9"), 2000, 2001, "ABC-9"},
	{"a command in no namespace", true, commandDoc(`<check xmlns=""/>`, "ABC-9"), 2000, 2001, "ABC-9"},
	{"check before login", false, checkDoc("a.example"), 2002, 2002, "CHK-1"},
	{"logout before login", false, logoutDoc, 2002, 2002, "OUT-1"},
	{"poll before login", false, commandDoc(`<poll op="req"/>`, "ABC-10"), 2002, 2002, "ABC-10"},
	{"a protocol extension before login", false, doc(`<extension><p:envelope xmlns:p="` + protoNS + `"><p:ping/><p:clTRID>ABC-11</p:clTRID></p:envelope></extension>`), 2002, 2002, "ABC-11"},
	{"an unknown protocol extension before login", false, doc(`<extension><u:u xmlns:u="urn:example:u"/></extension>`), 2002, 2001, ""},
	{"an unknown command of a protocol extension before login", false, doc(`<extension><p:envelope xmlns:p="` + protoNS + `"><p:pong/><p:clTRID>ABC-23</p:clTRID></p:envelope></extension>`), 2002, 2002, "ABC-23"},
	{"a second login", true, loginDoc("REG-A", password), 2002, 2002, "LOG-1"},
	{"poll req of an empty queue", true, commandDoc(`<poll op="req"/>`, "ABC-12"), 1300, 1300, "ABC-12"},
	{"poll ack without msgID", true, commandDoc(`<poll op="ack"/>`, "ABC-13"), 2003, 2003, "ABC-13"},
	{"poll ack of an unknown message", true, commandDoc(`<poll op="ack" msgID="9"/>`, "ABC-14"), 2303, 2303, "ABC-14"},
	{"poll without op", true, commandDoc(`<poll/>`, "ABC-15"), 2001, 2001, "ABC-15"},
	{"an unknown object", true, commandDoc(`<check><u:check xmlns:u="urn:example:u"/></check>`, "ABC-16"), 2307, 2001, "ABC-16"},
	{"an unknown extension", true, commandDoc(checkXML("a.example")+`<extension><u:u xmlns:u="urn:example:u"/></extension>`, "ABC-17"), 2103, 2001, "ABC-17"},
	{"an unknown element of a known extension", true, commandDoc(checkXML("a.example")+`<extension><n:u xmlns:n="`+extNS+`"/></extension>`, "ABC-18"), 2103, 2001, "ABC-18"},
	{"an extension of logout", true, commandDoc(`<logout/><extension><u:u xmlns:u="urn:example:u"/></extension>`, "ABC-19"), 2103, 2001, "ABC-19"},
	{"a known extension", true, commandDoc(checkXML("a.example")+`<extension><n:note xmlns:n="`+extNS+`"><n:text>x</n:text></n:note></extension>`, "ABC-20"), 1000, 1000, "ABC-20"},
	{"an element without a type", true, commandDoc(`<delete><d:delete xmlns:d="`+domain.NS+`"><d:name>a.example</d:name></d:delete></delete>`, "ABC-21"), 2101, 2101, "ABC-21"},
	{"a type without a handler", true, commandDoc(`<check><o:check xmlns:o="`+otherNS+`"><o:id>1</o:id></o:check></check>`, "ABC-22"), 2101, 2101, "ABC-22"},
	{"an unknown protocol extension", true, doc(`<extension><u:u xmlns:u="urn:example:u"/></extension>`), 2103, 2001, ""},
	{"an unknown element of a protocol extension", true, doc(`<extension><p:parcel xmlns:p="` + protoNS + `"><p:clTRID>ABC-23</p:clTRID></p:parcel></extension>`), 2103, 2001, ""},
	{"a command extension in place of a protocol extension", true, doc(`<extension><n:note xmlns:n="` + extNS + `"><n:text>x</n:text></n:note></extension>`), 2103, 2000, ""},
	{"an unknown command of a protocol extension", true, doc(`<extension><p:envelope xmlns:p="` + protoNS + `"><p:pong/><p:clTRID>ABC-23</p:clTRID></p:envelope></extension>`), 2103, 2000, "ABC-23"},
	{"a protocol extension without its command", true, doc(`<extension><p:envelope xmlns:p="` + protoNS + `"/></extension>`), 2001, 2001, ""},
	{"a protocol extension", true, doc(`<extension><p:envelope xmlns:p="` + protoNS + `"><p:ping/><p:clTRID>ABC-24</p:clTRID></p:envelope></extension>`), 1000, 1000, "ABC-24"},
	{"without clTRID", true, doc(`<command>` + checkXML("a.example") + `</command>`), 1000, 1000, ""},
	{"a BOM", true, "\ufeff" + checkDoc("a.example"), 1000, 1000, "CHK-1"},
	{"logout", true, logoutDoc, 1500, 1500, "OUT-1"},
	{"logout with content", true, commandDoc(`<logout><x xmlns=""/></logout>`, "OUT-2"), 1500, 1500, "OUT-2"},

	{"version not offered", false, loginWith("REG-A", password, "2.0", "en", objURIs), 2100, 2001, "LOG-1"},
	{"language not offered", false, loginWith("REG-A", password, "1.0", "fr", objURIs), 2102, 2102, "LOG-1"},
	{"login for an unknown object", false, loginWith("REG-A", password, "1.0", "en", objURIs+`<objURI>urn:example:u</objURI>`), 2307, 1000, "LOG-1"},
	{"login for an unknown extension", false, loginWith("REG-A", password, "1.0", "en", objURIs+`<svcExtension><extURI>urn:example:u</extURI></svcExtension>`), 2103, 1000, "LOG-1"},
	{"login without objects", false, loginWith("REG-A", password, "1.0", "en", ``), 2001, 2001, "LOG-1"},
	{"wrong password", false, loginDoc("REG-A", "wrong one"), 2200, 2200, "LOG-1"},
	{"blocked registrar", false, loginDoc("BLOCKED", password), 2201, 2201, "LOG-1"},
	{"login that panics", false, loginDoc("PANICS", password), 2400, 2400, "LOG-1"},

	{"handler panics", true, checkDoc("panic.example"), 2400, 2400, "CHK-1"},
	{"handler fails", true, checkDoc("error.example"), 2400, 2400, "CHK-1"},
	{"handler returns a code", true, checkDoc("code.example"), 2302, 2302, "CHK-1"},
	{"handler refuses", true, checkDoc("refuse.example"), 2201, 2201, "CHK-1"},
	{"handler refuses with an unknown code", true, checkDoc("unknown-code.example"), 2400, 2400, "CHK-1"},
	{"handler refuses with a success", true, checkDoc("success-error.example"), 2400, 2400, "CHK-1"},
	{"handler refuses with nothing", true, checkDoc("empty-error.example"), 2400, 2400, "CHK-1"},
	{"handler succeeds with a failure", true, checkDoc("wrong-success.example"), 2400, 2400, "CHK-1"},
	{"handler's data breaks the schema", true, checkDoc("invalid.example"), 2400, 2400, "CHK-1"},
	{"handler's data can't be encoded", true, checkDoc("nil.example"), 2400, 2400, "CHK-1"},
	{"handler's msgQ has no id", true, checkDoc("queue-without-id.example"), 2400, 2400, "CHK-1"},
	{"handler closes", true, checkDoc("closing.example"), 2500, 2500, "CHK-1"},
	{"handler has no data", true, checkDoc("nothing.example"), 1000, 1000, "CHK-1"},
}

func TestDecisions(t *testing.T) {
	var sent []string
	for _, style := range []string{"RFC 5730", "FRED"} {
		t.Run(style, func(t *testing.T) {
			reg := &toy{}
			if style == "FRED" {
				reg.profile = fredLike
			}
			for _, row := range decisions {
				t.Run(row.name, func(t *testing.T) {
					s := newServer(t, mockserver.Options{Registry: reg})
					p, ended := pipe(t, s)
					if row.loggedIn {
						p.login("REG-A")
					}
					code, clTRID := row.code, row.clTRID
					if style == "FRED" {
						code = row.fred
						if code == epp.CommandSyntaxError {
							clTRID = ""
						}
					}
					p.send(row.doc)
					if code == 0 {
						p.ended()
						require.Error(t, <-ended)
						return
					}
					r := p.answer()
					require.Equal(t, code, r.Code(), "%s", r.Frame)
					require.Equal(t, clTRID, r.TrID.ClTRID)
					require.NotEmpty(t, r.TrID.SvTRID)
					if code.Closes() {
						p.ended()
						require.NoError(t, <-ended)
					} else { // the session goes on
						p.send(helloDoc)
						require.IsType(t, new(epp.Greeting), p.recv())
						r := p.ask(checkDoc("a.example"))
						require.Equal(t, row.loggedIn || code.OK(), r.Code().OK())
					}
					for _, e := range s.Journal().All(mockserver.Sent) {
						sent = append(sent, e.Frame())
					}
				})
			}
		})
	}
	validate(t, sent)
}

// newServer makes a Server that is not listening.
func newServer(t testing.TB, opts mockserver.Options) *mockserver.Server {
	s, err := mockserver.New(opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// validate holds documents to the official schemas.
func validate(t *testing.T, docs []string) {
	t.Helper()
	const schema = "../../shared/reference/xsd/driver.xsd"
	if _, err := os.Stat(schema); err != nil {
		t.Skip("the official schemas are not beside the checkout: ", err)
	}
	lint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint (Debian: libxml2-utils) is not installed")
	}
	require.NotEmpty(t, docs)
	dir := t.TempDir()
	args := []string{"--nonet", "--noout", "--schema", schema}
	for i, d := range docs {
		file := filepath.Join(dir, strconv.Itoa(i)+".xml")
		require.NoError(t, os.WriteFile(file, []byte(d), 0o600))
		args = append(args, file)
	}
	out, err := exec.CommandContext(t.Context(), lint, args...).CombinedOutput()
	if err != nil {
		for line := range strings.Lines(string(out)) {
			if !strings.Contains(line, " validates") {
				t.Error(line)
			}
		}
	}
}

// RFC 5730, section 2.9.1.1: a session has the services that its login named.
func TestServices(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	require.Equal(t, epp.Success, p.ask(loginWith("REG-A", password, "1.0", "en", `<objURI>`+otherNS+`</objURI>`)).Code())
	require.Equal(t, epp.UnimplementedObjectService, p.ask(checkDoc("a.example")).Code())

	p, _ = pipe(t, s)
	require.Equal(t, epp.Success, p.ask(loginWith("REG-A", password, "1.0", "en", objURIs)).Code())
	noted := commandDoc(checkXML("a.example")+`<extension><n:note xmlns:n="`+extNS+`"><n:text>x</n:text></n:note></extension>`, "ABC-1")
	require.Equal(t, epp.UnimplementedExtension, p.ask(noted).Code())
	require.Empty(t, p.ask(checkDoc("note.example")).Extension, "not named, so not answered")

	p, _ = pipe(t, s)
	p.login("REG-A")
	require.Equal(t, []epp.Element{&note{Text: "noted"}}, p.ask(checkDoc("note.example")).Extension)
}

// RFC 5730, section 2.6: msgQ.
func TestMsgQ(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	p.login("REG-A")
	require.Equal(t, &epp.MsgQ{Count: 2, ID: "7"}, p.ask(checkDoc("queue.example")).MsgQ)
	require.Nil(t, p.ask(checkDoc("empty-queue.example")).MsgQ)
}

func TestReasons(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	p.login("REG-A")

	v := p.ask(commandDoc(`<check><d:check xmlns:d="`+domain.NS+`"/></check>`, "ABC-1")).Results[0].Values
	require.Len(t, v, 1)
	require.Equal(t, epp.Name{Space: domain.NS, Local: "check"}, v[0].Value.Elements[0].XMLName())
	require.Contains(t, v[0].Reason.Text, "domain:name")

	// Each fault has a reason of its own.
	v = p.ask(commandDoc(`<check><d:check xmlns:d="`+domain.NS+`"><d:name/><d:name>`+strings.Repeat("x", 256)+`</d:name></d:check></check>`, "ABC-1")).Results[0].Values
	require.Len(t, v, 2)

	// A secret at fault is named and not repeated.
	r := p.ask(commandDoc(`<login><clID>REG-A</clID><pw>abc4d</pw><options><version>1.0</version><lang>en</lang></options><svcs>`+objURIs+`</svcs></login>`, "ABC-2"))
	require.Equal(t, epp.CommandSyntaxError, r.Code())
	require.Equal(t, epp.Name{Space: epp.NS, Local: "pw"}, r.Results[0].Values[0].Value.Elements[0].XMLName())
	require.NotContains(t, r.Frame, "abc4d")

	long := strings.Repeat("x", 100_000)
	r = p.ask(commandDoc(`<`+long+`/>`, "ABC-3"))
	require.Equal(t, epp.UnknownCommand, r.Code())
	require.Less(t, len(r.Frame), 2000)
	r = p.ask(commandDoc(`<check><d:check xmlns:d="`+domain.NS+`"><d:name>a.example</d:name><d:`+long+`/></d:check></check>`, "ABC-4"))
	require.Equal(t, epp.CommandSyntaxError, r.Code())
	require.Less(t, len(r.Frame), 2000)
}

func TestLanguage(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	require.Equal(t, "eo", p.ask(loginWith("REG-A", password, "1.0", "eo", objURIs)).Results[0].Msg.Lang)
	require.Equal(t, epp.Text{Lang: "eo", Text: "Kodo 2201"}, p.ask(checkDoc("refuse.example")).Results[0].Msg)
}

func TestPollHandler(t *testing.T) {
	reg := &toy{routes: func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, q *epp.Poll) (*epp.NoData, error) {
			x.Code = epp.AckToDequeue
			x.MsgQ = &epp.MsgQ{Count: 1, ID: "12", QDate: x.Now(), Msg: &epp.Msg{Mixed: epp.Mixed{Text: "Hello."}}}
			x.ResData = []epp.Element{&domain.ChkData{CD: []domain.CD{{Name: "a.example"}}}}
			return nil, nil
		})
	}}
	s := newServer(t, mockserver.Options{Registry: reg})
	p, _ := pipe(t, s)
	p.login("REG-A")
	r := p.ask(commandDoc(`<poll op="req"/>`, "ABC-1"))
	require.Equal(t, epp.AckToDequeue, r.Code())
	require.Equal(t, "Hello.", r.MsgQ.Msg.Text)
	require.Len(t, r.ResData, 1)
	require.Equal(t, epp.RequiredParameterMissing, p.ask(commandDoc(`<poll op="ack"/>`, "ABC-2")).Code())
}

func TestNewRefuses(t *testing.T) {
	for name, routes := range map[string]func(*mockserver.Mux){
		"a second handler": func(m *mockserver.Mux) { mockserver.Handle(m, check) },
		"a login handler": func(m *mockserver.Mux) {
			mockserver.Handle(m, func(*mockserver.Exchange, *epp.Login) (*epp.NoData, error) { return nil, nil })
		},
	} {
		_, err := mockserver.New(mockserver.Options{Registry: &toy{routes: routes}})
		require.Error(t, err, name)
	}
	_, err := mockserver.New(mockserver.Options{})
	require.Error(t, err)
}
