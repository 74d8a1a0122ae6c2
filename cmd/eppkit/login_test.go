package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/namespaces"
)

const longPW, longNewPW = "a password of many words", "another of even more words"

// loginWith runs the program with a password against a registry that offers extensions and
// answers a login so; "" hangs up. It returns the login that came, if any.
func loginWith(t *testing.T, pw string, offers []string, answer, line string) (result, *epp.Command) {
	t.Helper()
	all, err := epp.NewSchema(namespaces.All()...)
	require.NoError(t, err)
	asked := make(chan *epp.Command, 1)
	p := newPeer(t, func(c *peerConn) {
		c.schema = all
		c.send(&epp.Greeting{
			SvID: "a registry", SvDate: time.Unix(1_800_000_000, 0), Version: []string{"1.0"}, Lang: []string{"en"},
			ObjURI: all.ObjURI(), ExtURI: offers,
			DCP: epp.DCP{Access: "all", Statements: []epp.Statement{
				{Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated"},
			}},
		})
		q := c.next()
		if q == nil {
			return
		}
		asked <- q
		if answer == "" {
			return
		}
		c.sendText(strings.ReplaceAll(answer, "CLTRID", q.ClTRID))
		for q := c.next(); q != nil; q = c.next() {
			if q.Verb == "logout" {
				c.answer(q, epp.EndingSession)
				return
			}
			c.answer(q, epp.Success)
		}
	})
	r := eppkit(t, map[string]string{"PW": pw}, "", append([]string{"--config", p.conf, "--registry", "gtld"}, split(line)...)...)
	for _, secret := range []string{longPW, longNewPW, "sesame-42", "sesame-43"} {
		require.NotContains(t, r.out+r.err, secret)
	}
	select {
	case q := <-asked:
		return r, q
	default:
		return r, nil
	}
}

// TestLogin changes a password, long or short, and says what the registry says.
func TestLogin(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, ".", "short.txt", "sesame-43\n")
	writeFile(t, ".", "long.txt", longNewPW+"\n")
	writeFile(t, ".", "empty.txt", "\n")
	writeFile(t, ".", "open.txt", "sesame-43\n")
	require.NoError(t, os.Chmod("open.txt", 0o644))
	events := `<l:loginSecData xmlns:l="` + loginsec.NS + `">` +
		`<l:event type="password" level="warning" exDate="2031-02-03T04:05:06Z" lang="en">It ends &#10;soon</l:event>` +
		`<l:event type="stat" name="failures" level="error" value="7" duration="P1D"/></l:loginSecData>`
	const (
		expires  = "warning: password, until 2031-02-03T04:05:06Z: It ends soon\n"
		failures = "error: stat failures 7 in P1D\n"
	)
	done, ends, no := says("1000", "", ""), says("1000", "", events), says("2200", "", events)
	offers := []string{loginsec.NS}
	for _, row := range []struct {
		name, pw, line string
		offers         []string
		answer         string
		status         int
		out, err       string // what they contain
		want           epp.Login
		ext            []epp.Element
	}{
		{name: "in and out", pw: "sesame-42", line: "login", answer: done, out: "1000 Noted\nREG-ME can log in at 127.0.0.1:", want: epp.Login{PW: "sesame-42"}},
		{name: "events", pw: "sesame-42", line: "login", answer: ends, out: "\n" + expires + failures, want: epp.Login{PW: "sesame-42"}},
		{
			name: "events before a command", pw: "sesame-42", line: "poll", answer: ends, err: "eppkit: the registry says of the login: " + expires,
			want: epp.Login{PW: "sesame-42"}, status: exitOK,
		},
		{
			name: "events of a refusal", pw: "sesame-42", line: "login", answer: no, status: exitAuthentication,
			err: "eppkit: the registry says of the login: " + failures, want: epp.Login{PW: "sesame-42"},
		},
		{
			name: "a new password", pw: "sesame-42", line: "login --new-password-file short.txt", answer: done, out: "The password is changed",
			want: epp.Login{PW: "sesame-42", NewPW: "sesame-43"},
		},
		{
			name: "a long password", pw: longPW, line: "poll", offers: offers, answer: done,
			want: epp.Login{PW: loginsec.Elsewhere}, ext: []epp.Element{&loginsec.LoginSec{UserAgent: client.DefaultUserAgent(), PW: longPW}},
		},
		{
			name: "two", pw: longPW, line: "-v login --new-password-file long.txt", offers: offers, answer: done, err: epp.Redacted,
			want: epp.Login{PW: loginsec.Elsewhere, NewPW: loginsec.Elsewhere}, ext: []epp.Element{&loginsec.LoginSec{UserAgent: client.DefaultUserAgent(), PW: longPW, NewPW: longNewPW}},
		},
		{
			name: "events that quote the passwords", pw: "sesame-42", line: "login --new-password-file short.txt", status: exitAuthentication,
			answer: says("2200", "", `<l:loginSecData xmlns:l="`+loginsec.NS+`"><l:event type="newPW" level="error">sesame-43 is no better than 'sesame-42'</l:event></l:loginSecData>`),
			err:    "error: newPW: [redacted] is no better than '[redacted]'", want: epp.Login{PW: "sesame-42", NewPW: "sesame-43"},
		},
		{name: "a long one that is not offered", pw: longPW, line: "poll", status: exitUsage, err: "login/pw: has 24 characters"},
		{name: "a long new one", pw: "sesame-42", line: "login --new-password-file long.txt", status: exitUsage, err: "login/newPW: has 26 characters"},
		{name: "none in the file", pw: "sesame-42", line: "login --new-password-file empty.txt", status: exitUsage, err: "gives no password"},
		{name: "no name of a file", pw: "sesame-42", line: "login --new-password-file ''", status: exitUsage, err: "eppkit: "},
		{name: "a file for all", pw: "sesame-42", line: "login --new-password-file open.txt", status: exitUsage, err: "can be read by others"},
		{
			name: "no answer to a change", pw: "sesame-42", line: "login --new-password-file short.txt", status: exitUnknown,
			err: `nobody knows whether the password is the old one or the new one. To find out, log in once with the new one: put it where the profile takes the password from, and run "eppkit login".`, want: epp.Login{PW: "sesame-42", NewPW: "sesame-43"},
		},
		{name: "no answer", pw: "sesame-42", line: "login", status: exitConnection, err: "unknown", want: epp.Login{PW: "sesame-42"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, q := loginWith(t, row.pw, row.offers, row.answer, row.line)
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.out, row.out)
			require.Contains(t, r.err, row.err)
			if row.want.PW == "" {
				require.Nil(t, q, "nothing is sent")
				return
			}
			m := q.Request.(*epp.Login)
			require.True(t, row.want.PW == m.PW && row.want.NewPW == m.NewPW)
			require.Equal(t, row.ext, q.Extension)
		})
	}
}

// TestLoginJSON has the events as data.
func TestLoginJSON(t *testing.T) {
	r, _ := loginWith(t, "sesame-42", nil, says("1000", "", `<l:loginSecData xmlns:l="`+loginsec.NS+`"><l:event type="newPW" level="error"/></l:loginSecData>`), "login -o json")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, `"type": "newPW"`)
}

// TestLoginMock is the mock's.
func TestLoginMock(t *testing.T) {
	for _, kind := range registries {
		r := eppkit(t, nil, "", "login", "--mock", "--registry", kind)
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.out, " can log in at 127.0.0.1:")
	}
}

// TestQuotedPasswords has a registry that quotes them wherever it has words of its own.
func TestQuotedPasswords(t *testing.T) {
	const pw, newPW = "sesame & 42", "and sesame & 42!"
	answer := func(code string) string {
		const quoted = "Not and  sesame &#38; 42!, nor sesame &amp;&#10;42, will do"
		return strings.ReplaceAll(says(code, "", `<l:loginSecData xmlns:l="`+loginsec.NS+`"><l:event type="newPW" level="error">`+quoted+`</l:event></l:loginSecData>`),
			"<msg>Noted</msg>", "<msg>"+quoted+"</msg><extValue><value><x xmlns=''/></value><reason>"+quoted+"</reason></extValue>")
	}
	file := writeFile(t, t.TempDir(), "new.txt", newPW+"\n")
	for _, code := range []string{"1000", "2200"} {
		for _, form := range outputs {
			t.Run(code+" "+form, func(t *testing.T) {
				r, _ := loginWith(t, pw, nil, answer(code), "-v login -o "+form+" --new-password-file "+file)
				require.NotRegexp(t, `sesame|42[!,]`, r.out+r.err)
				require.Contains(t, r.out+r.err, "Not [redacted], nor [redacted], will do")
			})
		}
	}
}
