package loginsec_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(loginsec.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<l:` + local + ` xmlns:l="` + loginsec.NS + `">` + content + `</l:` + local + `>`
}

// login is what a login with the extension is.
func login(m *loginsec.LoginSec) *epp.Command {
	return &epp.Command{
		Request: &epp.Login{
			ClID: "RegOne", PW: loginsec.Elsewhere, Version: "1.0", Lang: "en",
			ObjURI: []string{"urn:example:lamp-1.0"}, ExtURI: []string{loginsec.NS},
		},
		Extension: []epp.Element{m},
	}
}

// The rows of LoginSec stand in a login, which epptest does not make.
var logins = []struct {
	name, content string
	value         loginsec.LoginSec
}{
	{"4.1 nothing, which the schema allows", ``, loginsec.LoginSec{}},
	{
		"4.1 everything", `<l:userAgent><l:app>Löyly 1.2</l:app><l:tech>Example Go 1.26</l:tech><l:os>riscv64 Linux 7</l:os></l:userAgent>` +
			`<l:pw> a password of  many words </l:pw><l:newPW>another &lt;password&gt;</l:newPW>`,
		loginsec.LoginSec{
			UserAgent: &loginsec.UserAgent{App: new("Löyly 1.2"), Tech: new("Example Go 1.26"), OS: new("riscv64 Linux 7")},
			PW:        "a password of many words", NewPW: "another <password>",
		},
	},
	{"4.1 app and os", `<l:userAgent><l:app>A</l:app><l:os>B</l:os></l:userAgent>`, loginsec.LoginSec{UserAgent: &loginsec.UserAgent{App: new("A"), OS: new("B")}}},
	{"4.1 tech", `<l:userAgent><l:tech>A</l:tech></l:userAgent>`, loginsec.LoginSec{UserAgent: &loginsec.UserAgent{Tech: new("A")}}},
	{"4.1 os, empty", `<l:userAgent><l:os/></l:userAgent>`, loginsec.LoginSec{UserAgent: &loginsec.UserAgent{OS: new("")}}},
	{"4.1 newPW of 6 characters", `<l:newPW>äöüßéñ</l:newPW>`, loginsec.LoginSec{NewPW: "äöüßéñ"}},
}

func TestLoginSec(t *testing.T) {
	var frames [][]byte
	for _, tt := range logins {
		t.Run(tt.name, func(t *testing.T) {
			want := el("loginSec", strings.ReplaceAll(tt.content, " a password of  many words ", "a password of many words"))
			frame, err := epp.Append(nil, login(&tt.value))
			require.NoError(t, err)
			frames = append(frames, frame)
			_, got, _ := strings.Cut(string(frame), "<extension>")
			got, _, _ = strings.Cut(got, "</extension>")
			epptest.SameInfoset(t, []byte(want), []byte(got))

			in := strings.Replace(string(frame), got, el("loginSec", tt.content), 1)
			m, err := set(t).ParseStrict([]byte(in))
			require.NoError(t, err)
			require.Equal(t, &tt.value, m.(*epp.Command).Extension[0])
		})
	}
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

var rows = []epptest.Row{
	{
		Name: "RFC 8807, 3.1 a password that expires", Extends: epptest.Answer,
		XML: el("loginSecData", `<l:event type="password" level="warning" exDate="2031-02-03T04:05:06Z" lang="fi">Vanhenee  pian</l:event>`),
		Value: &loginsec.LoginSecData{Events: []loginsec.Event{{
			Type: loginsec.Password, Level: loginsec.Warning, ExDate: time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC), Lang: "fi", Text: "Vanhenee  pian",
		}}},
	},
	{
		Name: "RFC 8807, 3.1 every type", Extends: epptest.Answer,
		XML: el("loginSecData", `<l:event type="certificate" level="error"/><l:event type="cipher" level="error" value="NULL"/>`+
			`<l:event type="tlsProtocol" level="warning" value="TLSv0"/><l:event type="newPW" level="error">Too short</l:event>`+
			`<l:event type="stat" name="failures" level="warning" value="7" duration="P1DT2H"/><l:event type="custom" name="moon" level="warning"/>`),
		Value: &loginsec.LoginSecData{Events: []loginsec.Event{
			{Type: loginsec.Certificate, Level: loginsec.Error},
			{Type: loginsec.Cipher, Level: loginsec.Error, Value: "NULL"},
			{Type: loginsec.TLSProtocol, Level: loginsec.Warning, Value: "TLSv0"},
			{Type: loginsec.NewPW, Level: loginsec.Error, Text: "Too short"},
			{Type: loginsec.Stat, Name: "failures", Level: loginsec.Warning, Value: "7", Duration: "P1DT2H"},
			{Type: loginsec.Custom, Name: "moon", Level: loginsec.Warning},
		}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	data := func(e loginsec.Event) epp.Element { return &loginsec.LoginSecData{Events: []loginsec.Event{e}} }
	epptest.Refused(t, []epptest.Refusal{
		{Name: "no event", Value: &loginsec.LoginSecData{}, Extends: epptest.Answer, Path: "loginSec:event", Error: "is missing"},
		{Name: "an unknown type", Value: data(loginsec.Event{Type: "mood", Level: "error"}), Extends: epptest.Answer, Path: "@type", Error: "not one"},
		{Name: "an unknown level", Value: data(loginsec.Event{Type: "stat", Level: "panic"}), Extends: epptest.Answer, Path: "@level", Error: "warning or error"},
		{Name: "a duration of nothing", Value: data(loginsec.Event{Type: "stat", Level: "error", Duration: "1 day"}), Extends: epptest.Answer, Path: "@duration", Error: "duration"},
		{Name: "a language of nobody", Value: data(loginsec.Event{Type: "stat", Level: "error", Lang: "of the sea"}), Extends: epptest.Answer, Path: "@lang", Error: "language"},
	})
	for _, tt := range []struct {
		m           loginsec.LoginSec
		path, error string
	}{
		{loginsec.LoginSec{PW: "five5"}, "loginSec:pw", "6 characters"},
		{loginsec.LoginSec{NewPW: " five5 "}, "loginSec:newPW", "6 characters"},
		{loginsec.LoginSec{UserAgent: new(loginsec.UserAgent)}, "loginSec:userAgent", "an app, a tech or an os"},
	} {
		_, err := epp.Append(nil, login(&tt.m))
		require.ErrorContains(t, err, tt.error)
		require.ErrorContains(t, err, tt.path)
		require.NotContains(t, err.Error(), "five")
	}
}

// RFC 8807, section 4.1: what is elsewhere joins what the login says of its software.
func TestExtend(t *testing.T) {
	q := &epp.Login{PW: " a password of  many words ", NewPW: "0123456789abcdef", ExtURI: []string{loginsec.NS}}
	agent := &loginsec.UserAgent{App: new("Löyly 1.2")}
	cmd := &epp.Command{Request: q, Extension: []epp.Element{&loginsec.LoginSec{UserAgent: agent}}}
	require.NoError(t, loginsec.Extend(cmd))
	require.Equal(t, &epp.Login{PW: loginsec.Elsewhere, NewPW: "0123456789abcdef", ExtURI: q.ExtURI}, q)
	require.Equal(t, []epp.Element{&loginsec.LoginSec{UserAgent: agent, PW: " a password of  many words "}}, cmd.Extension)

	q = &epp.Login{PW: "   sixteen    letters   "}
	require.NoError(t, loginsec.Extend(&epp.Command{Request: q}), "white space is collapsed")
	require.NoError(t, loginsec.Extend(&epp.Command{Request: new(epp.Logout)}))

	var field *epp.FieldError
	require.ErrorAs(t, loginsec.Extend(&epp.Command{Request: &epp.Login{NewPW: "seventeen letters"}}), &field)
	require.Equal(t, "/epp/command/login/newPW", field.Path)

	moved, err := epp.NewSchema(loginsec.Extension().At("urn:example:loginSec"))
	require.NoError(t, err)
	q = &epp.Login{PW: "more than sixteen letters", ExtURI: []string{"urn:example:loginSec"}}
	require.NoError(t, loginsec.ExtendFor(moved)(&epp.Command{Request: q}))
	require.Equal(t, loginsec.Elsewhere, q.PW)
}

func TestEventString(t *testing.T) {
	ends := time.Date(2031, 2, 3, 4, 5, 6, 0, time.UTC)
	for want, e := range map[string]loginsec.Event{
		"warning: password, until 2031-02-03T04:05:06Z: It ends soon": {Type: loginsec.Password, Level: loginsec.Warning, ExDate: ends, Text: " It ends\n soon"},
		"error: stat failures 7 in P1D":                               {Type: loginsec.Stat, Name: "failures", Level: loginsec.Error, Value: "7", Duration: "P1D"},
	} {
		require.Equal(t, want, e.String())
	}
}

// TestNotShown looks for the passwords where nobody should find them.
func TestNotShown(t *testing.T) {
	m := &loginsec.LoginSec{PW: "four-5-six", NewPW: "seven-8-nine"}
	shown := fmt.Sprintf("%v %+v %#v %s %d %x %t", m, *m, m, m, m, *m, []epp.Element{m})
	frame, err := epp.Append(nil, login(m))
	require.NoError(t, err)
	require.Contains(t, string(frame), "four-5-six")
	for _, secret := range []string{"four-5-six", "seven-8-nine"} {
		require.NotContains(t, shown, secret)
		require.NotContains(t, string(epp.Redact(frame)), secret)
	}
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8807", loginsec.NS) }

func FuzzElements(f *testing.F) {
	s := set(f)
	for _, tt := range logins {
		frame, err := epp.Append(nil, login(&tt.value))
		require.NoError(f, err)
		f.Add(frame)
	}
	epptest.Fuzz(f, s, rows)
}

func Example() {
	frame, err := epp.Append(nil, login(&loginsec.LoginSec{PW: "a password of many words"}))
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <command>
	// <login>
	// <clID>RegOne</clID>
	// <pw>[LOGIN-SECURITY]</pw>
	// <options>
	// <version>1.0</version>
	// <lang>en</lang>
	// </options>
	// <svcs>
	// <objURI>urn:example:lamp-1.0</objURI>
	// <svcExtension>
	// <extURI>urn:ietf:params:xml:ns:epp:loginSec-1.0</extURI>
	// </svcExtension>
	// </svcs>
	// </login>
	// <extension>
	// <loginSec:loginSec xmlns:loginSec="urn:ietf:params:xml:ns:epp:loginSec-1.0">
	// <loginSec:pw>a password of many words</loginSec:pw>
	// </loginSec:loginSec>
	// </extension>
	// </command>
	// </epp>
}
