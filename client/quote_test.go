package client_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/internal/xmltree"
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

// XML 1.0, sections 2.4, 3.3.3, 4.1 and 4.6: how a character may be written.
func TestCredentialsRedactWritten(t *testing.T) {
	for _, tt := range []struct{ name, pw, in, want string }{
		{"4.1 decimal", "north-Gate9", "is &#110;orth-Gate&#57; it", "is [redacted] it"},
		{"4.1 hexadecimal", "north-Gate9", "is north&#x2d;&#x47;ate9 it", "is [redacted] it"},
		{"4.1 hexadecimal in capitals", "north-Gate9", "is &#x6E;orth&#x2D;Gate9 it", "is [redacted] it"},
		{"4.1 zeros that lead", "north & Gate", "is &#000110;orth &#038; &#x0047;ate it", "is [redacted] it"},
		{"4.1 a letter of two octets", "Käsivarsi-7", "is K&#228;sivarsi-7, K&#xE4;sivarsi-7, Käsivarsi-7", "is [redacted], [redacted], [redacted]"},
		{"4.1 one of four", "sauna🔥77", "is sauna&#x1F525;77 it", "is [redacted] it"},
		{"4.6 entities", `a<b>c&d"e'f`, "is a&lt;b&gt;c&amp;d&quot;e&apos;f it", "is [redacted] it"},
		{"4.6 an entity that is not declared", "a&b;c", "is a&b;c it", "is [redacted] it"},
		{"what looks like a reference", "a&amp;b", "is a&amp;b, a&amp;amp;b, a&b", "is [redacted], [redacted], a&b"},
		{"2.4 quoted in XML", "a<b&c", "is &lt;pw&gt;a&amp;lt;b&amp;amp;c&lt;/pw&gt; it", "is &lt;pw&gt;[redacted]&lt;/pw&gt; it"},
		{"3.3.3 white space", "a b", "is a \t&#xA;&#13;&#x0020;\nb it", "is [redacted] it"},
		{"a space that is no white space", "a\u00a0b", "is a\u00a0b, a&#160;b, a b", "is [redacted], [redacted], a b"},
		{"one beside another", "ab", "abab&#97;b", "[redacted][redacted][redacted]"},
		{"no reference", "north-Gate9", "is &#110orth-Gate9, &#x110000;, &#0;, &;, &", "is &#110orth-Gate9, &#x110000;, &#0;, &;, &"},
		{"what no XML holds", "a\xffb\x00", "is a\xffb\x00 it", "is [redacted] it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cred := client.Credentials{PW: epp.Secret(tt.pw)}
			require.Equal(t, tt.want, string(cred.Redact([]byte(tt.in))))
		})
	}
	both := client.Credentials{PW: "abc-def", NewPW: "def-ghi"}
	require.Equal(t, "is [redacted] it", string(both.Redact([]byte("is abc-def-ghi it"))), "one reaches into the other")
}

// FuzzCredentialsRedact writes a password in a text or an attribute, with each of its
// characters in some way that XML has, and that again in XML, twice at most.
func FuzzCredentialsRedact(f *testing.F) {
	f.Add("north-Gate9", "is ", " it", uint64(1), uint8(0), false)
	f.Add("a & b<c>'\"", "", "&", uint64(2), uint8(1), true)
	f.Add("&amp;&#65;]]>", "&", ";", uint64(3), uint8(2), false)
	f.Add("K\u00e4si\u00a0varsi \U0001F525", " ", "\n", uint64(4), uint8(0), true)
	f.Fuzz(func(t *testing.T, pw, before, after string, seed uint64, again uint8, attr bool) {
		pw = epp.Collapse(pw)
		rnd := rand.New(rand.NewPCG(seed, 5))
		begin, end := "<a>", "</a>"
		if attr {
			begin, end = `<a b="`, `"/>`
		}
		if pw == "" || len(pw) > 40 || len(before)+len(after) > 200 || !xmltree.ValidChars(before+" "+pw+" "+after) ||
			strings.Contains(begin+end+epp.Redacted, pw) || strings.ContainsAny(pw, "[]") && !strings.Contains(pw, "]]>") {
			return
		}
		text := written(rnd, before) + spaced(rnd, pw) + written(rnd, after)
		for range again % 3 {
			text = written(rnd, text)
		}
		doc := begin + text + end
		said, err := saidBy(doc)
		if err != nil {
			return // XML has no ]]> in a text
		}
		if again%3 == 0 {
			require.Contains(t, epp.Collapse(said), pw, "the test writes it so that it is read: %q", doc)
		}
		out := string((&client.Credentials{PW: epp.Secret(pw)}).Redact([]byte(doc)))
		require.Contains(t, out, epp.Redacted, "%q", doc)
		for level := 0; level <= 2; level++ {
			require.NotContains(t, strings.ReplaceAll(epp.Collapse(out), epp.Redacted, "\x00"), pw, "%q", doc)
			if said, err = saidBy("<a>" + strings.ReplaceAll(out, "<", "&lt;") + "</a>"); err != nil {
				break // it is no XML at this level
			}
			out = said
		}
	})
}

// saidBy is the text of a document, and of its attributes.
func saidBy(doc string) (string, error) {
	var all strings.Builder
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		switch token, err := d.Token(); token := token.(type) {
		case nil:
			if err == io.EOF {
				err = nil
			}
			return all.String(), err
		case xml.CharData:
			all.Write(token)
		case xml.StartElement:
			for _, a := range token.Attr {
				all.WriteString(a.Value)
			}
		}
	}
}

// spaced is written with more white space, where there is some.
func spaced(rnd *rand.Rand, s string) string {
	for i, word := range strings.Split(s, " ") {
		if word = written(rnd, word); i == 0 {
			s = word
			continue
		}
		for range 1 + rnd.IntN(3) {
			s += []string{" ", "\t", "\n", "\r", "&#32;", "&#x9;", "&#010;", "&#xD;"}[rnd.IntN(8)]
		}
		s += word
	}
	return s
}

// written is a text in XML, with some of its characters as references.
func written(rnd *rand.Rand, s string) string {
	var out strings.Builder
	for _, r := range s {
		zeros := strings.Repeat("0", rnd.IntN(3))
		name := map[rune]string{'&': "&amp;", '<': "&lt;", '>': "&gt;", '"': "&quot;", '\'': "&apos;"}[r]
		switch n := rnd.IntN(6); {
		case n == 0:
			fmt.Fprintf(&out, "&#%s%d;", zeros, r)
		case n == 1:
			fmt.Fprintf(&out, "&#x%s%x;", zeros, r)
		case n == 2:
			fmt.Fprintf(&out, "&#x%s%X;", zeros, r)
		case name != "":
			out.WriteString(name)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
