package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// A server that quotes the passwords of a login, in all places where it has words of its
// own and in all ways that XML has, is not believed to have kept them secret for us.
func TestQuotedPasswords(t *testing.T) {
	set, err := epp.NewSchema(domain.Extension(), loginsec.Extension())
	require.NoError(t, err)
	const quote = "Not and  sesame &#38; 42!, nor sesame &amp;&#10;42, will do"
	doc := func(code, clTRID string) []byte {
		return []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="` + code + `"><msg>` + quote + `</msg>` +
			`<value>` + quote + `<x xmlns="">` + quote + `</x></value><extValue><value><x xmlns="">` + quote + `</x></value><reason>` + quote + `</reason></extValue></result>` +
			`<extension><l:loginSecData xmlns:l="` + loginsec.NS + `"><l:event type="custom" name="` + quote + `" level="error" value="` + quote + `">` + quote + `</l:event></l:loginSecData>` +
			`<x xmlns="urn:example:x">` + quote + `</x></extension><trID><clTRID>` + clTRID + `</clTRID><svTRID>1</svTRID></trID></response></epp>`)
	}
	const pw, newPW = "sesame & 42", "and sesame & 42!"
	long := client.Credentials{ClID: "REG-A", PW: pw + " and more than sixteen", NewPW: newPW + pw, Extend: loginsec.Extend}
	for _, code := range []string{"1000", "2200", "2501", "2502", "1001"} {
		for name, cred := range map[string]client.Credentials{"login": {ClID: "REG-A", PW: pw, NewPW: newPW}, "loginSec": long} {
			t.Run(code+" "+name, func(t *testing.T) {
				var log logbook
				g := greeting()
				g.ExtURI = []string{loginsec.NS}
				answer := doc
				if name == "loginSec" {
					answer = func(code, id string) []byte {
						return bytes.ReplaceAll(bytes.ReplaceAll(doc(code, id), []byte("nor sesame &amp;&#10;42"), []byte("nor sesame &amp;&#10;42 and more than sixteen")),
							[]byte("and  sesame &#38; 42!"), []byte("and  sesame &#38; 42!sesame\n&amp; 42"))
					}
				}
				s := sessionOn(t, play(t, send(g), expect("login"), func(p *peer) error {
					return document(string(answer(code, p.asked[0].ClTRID)))(p)
				}), client.Options{Schema: set, Log: log.logger()})
				err := s.Login(t.Context(), cred)
				var shown []any
				if code == "1000" {
					require.NoError(t, err)
					shown = append(shown, everything(s.LoginResponse()))
				} else {
					require.Error(t, err)
					shown = append(shown, err)
					if re, ok := errors.AsType[*epp.ResultError](err); ok {
						shown = append(shown, everything(re.Response), re.Results)
					}
				}
				if code[1] == '5' {
					<-s.Done()
					require.Error(t, s.Err())
				}
				shown = append(shown, s.Err(), log.String())
				text := fmt.Sprintf("%+v", shown)
				require.NotRegexp(t, `sesame|42[!,]|sixteen`, text)
				require.Contains(t, text, "Not [redacted], nor [redacted], will do")
			})
		}
	}
}

// everything is what a response has in it, written in full.
func everything(r *epp.Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %+v", r.Frame, r.Results)
	for _, e := range r.Extension {
		if raw, ok := e.(*epp.Raw); ok {
			b.WriteString(raw.XML)
		} else {
			fmt.Fprintf(&b, "%+v", e.(*loginsec.LoginSecData).Events)
		}
	}
	for _, v := range r.Results[0].Values {
		b.WriteString(v.Value.Text)
		for _, e := range v.Value.Elements {
			b.WriteString(e.(*epp.Raw).XML)
		}
	}
	if frame, err := epp.Append(nil, r); err == nil {
		b.Write(frame)
	}
	return b.String()
}

// Passwords that are words of the protocol don't break the session.
func TestQuotedWordsOfTheProtocol(t *testing.T) {
	var log logbook
	s := session(t, client.Options{Log: log.logger(), TRIDPrefix: "response"},
		expect("login"), reply(0, epp.Success), expect("check"), reply(0, epp.Success))
	require.NoError(t, s.Login(t.Context(), client.Credentials{ClID: "result", PW: "response", NewPW: "result"}))
	chk, err := client.Do(t.Context(), s, check("a.example"))
	requireName(t, "a.example", chk, err)
	require.Equal(t, epp.Success, s.LoginResponse().Code())
}

// What the session says later may quote them, too.
func TestQuotedLater(t *testing.T) {
	var log logbook
	s := session(t, client.Options{Log: log.logger()},
		expect("login"), reply(0, epp.Success), func(p *peer) error {
			r := result(epp.CommandFailedClosing, "")
			r.Results[0].Msg.Text = "who has sesame-42 has to go"
			return send(r)(p)
		})
	require.NoError(t, s.Login(t.Context(), client.Credentials{ClID: "REG-A", PW: "sesame-42"}))
	select {
	case <-s.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
	require.ErrorContains(t, s.Err(), "who has [redacted] has to go")
	require.NotContains(t, log.String(), "sesame")
}

func TestCredentialsRedact(t *testing.T) {
	cred := client.Credentials{PW: "a+b c", NewPW: "a+b c<d"}
	require.Equal(t, "x [redacted] y [redacted] z [redacted] a+bc", string(cred.Redact([]byte("x a+b c y a+b\n&#x20;c&lt;d z a+b  c<d a+bc"))))
	require.Equal(t, "as it is", string((&client.Credentials{}).Redact([]byte("as it is"))))
}
