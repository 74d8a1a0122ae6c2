package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mailServer takes one mail after STARTTLS, or refuses its recipient, and returns its
// address and what it was told.
func mailServer(t *testing.T, cert, key []byte, rcpt string) (addr string, told <-chan string) {
	t.Helper()
	pair, err := tls.X509KeyPair(cert, key)
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	said, done := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer func() { conn.Close() }()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		var all strings.Builder
		defer func() { said <- all.String() }()
		r := textproto.NewReader(bufio.NewReader(conn))
		fmt.Fprint(conn, "220 mail.example\r\n")
		for {
			line, err := r.ReadLine()
			if err != nil {
				return
			}
			fmt.Fprintln(&all, line)
			answer := "250 fine"
			switch verb, _, _ := strings.Cut(line, " "); verb {
			case "EHLO":
				answer = "250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN"
			case "AUTH":
				answer = "235 welcome"
			case "RCPT":
				answer = rcpt
			case "STARTTLS":
				fmt.Fprint(conn, "220 go on\r\n")
				conn = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{pair}})
				r = textproto.NewReader(bufio.NewReader(conn))
				continue
			case "DATA":
				fmt.Fprint(conn, "354 go on\r\n")
				mail, _ := r.ReadDotBytes()
				fmt.Fprintf(&all, "%s", mail)
			case "QUIT":
				fmt.Fprint(conn, "221 bye\r\n")
				return
			}
			fmt.Fprintf(conn, "%s\r\n", answer)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return l.Addr().String(), said
}

func TestMailServer(t *testing.T) {
	for _, row := range []struct {
		name, rcpt string
		status     int
		says       string
	}{
		{"it takes the mail", "250 fine", exitOK, ""},
		{"it refuses the recipient", "550 5.1.1 nobody", exitRefused, "undeliverable"},
	} {
		t.Run(row.name, func(t *testing.T) {
			mock := serve(t, "--registry", "gtld")
			config := func(rest string) string {
				registrar := filepath.Join(mock, "reg-north")
				return writeFile(t, mock, "mail.yaml", fmt.Sprintf("profiles: {p: {address: %q, registry: gtld, clID: reg-north, password: {file: %q}, certificate: %q, key: %q, roots: ca.pem}}\n%s",
					addrIn(t, mock), registrar+".password", registrar+".pem", registrar+".key", rest))
			}
			cert, key := selfSigned(t)
			addr, told := mailServer(t, cert, key, row.rcpt)
			writeFile(t, mock, "mail-ca.pem", string(cert))
			writeFile(t, mock, "mail.password", "sesame-9-sesame\n")
			conf := config(fmt.Sprintf("authcode: {state: state, mail: {server: %q, from: {email: desk@registrar.example}, user: desk, password: {file: mail.password}, roots: mail-ca.pem, lang: nl}}\n", addr))
			r := eppkit(t, nil, "", "--config", conf, "authcode", "send", "alpha.example", "-v")
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.out+r.err, "sesame-9")
			require.NotContains(t, r.out+r.err, "alpha-Secret7")
			heard := <-told
			require.Contains(t, heard, "RCPT TO:<jil@rombach.example>")
			if row.status == exitOK {
				require.Contains(t, heard, "alpha-Secret7")
				require.Contains(t, heard, "Content-Language: nl")
				require.Contains(t, r.out, "sent to the registrant\n  j*****@r*****.*\n")
			}
			no := eppkit(t, nil, "", "--config", config("authcode: {state: state, mail: {server: 127.0.0.1, from: {email: a@b.example}, templates: nowhere}}\n"), "authcode", "send", "alpha.example")
			require.Equal(t, exitUsage, no.status, no.err)
			require.Contains(t, no.err, "authcode.mail")
		})
	}
}

// addrIn is the address of the mock registry whose files are in a directory.
func addrIn(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "addr"))
	require.NoError(t, err)
	return strings.TrimSpace(string(b))
}

// What needs no mail works while mail does not.
func TestWithoutItsMailServer(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"auth_code": "their-Secret7"}`))
	}))
	defer srv.Close()
	conf := authcodeConfigFile(t, "{dialect: mijndomeinreseller, base: "+srv.URL+", password: {file: pw}}",
		"authcode: {mail: {server: m.example, from: {email: a@b.example}, user: me, password: {env: NONE}}}\n")
	for args, want := range map[string]int{"reset a.be": exitOK, "can a.be": exitOK, "send a.be": exitUsage} {
		r := eppkit(t, nil, "", append([]string{"--config", conf, "authcode"}, strings.Fields(args)...)...)
		require.Equal(t, want, r.status, "%s: %s", args, r.err)
		require.Equal(t, want == exitUsage, strings.Contains(r.err, "gives no password"), r.err)
	}
}

// A gateway over a mail server that is configured wrongly does not start.
func TestServeWithoutItsMailServer(t *testing.T) {
	dir := t.TempDir()
	accounts := writeFile(t, dir, "accounts.yaml", twoAccounts)
	writeFile(t, dir, "key", "x\n")
	conf := writeFile(t, dir, "c.yaml", "profiles: {p: {dialect: mijndomeinreseller, password: {file: key}}}\nauthcode: {mail: {server: m.example, from: {email: a@b.example}, user: me, password: {env: NONE}}}\n")
	r := eppkit(t, nil, "", "--config", conf, "authcode", "serve", "--upstream", "p", "--accounts", accounts)
	require.Equal(t, exitUsage, r.status, r.err)
	require.Contains(t, r.err, "gives no password")
}

func TestAuthcodeExitStatusOverEPP(t *testing.T) {
	login := func(c *peerConn) {
		c.greet()
		c.answer(c.next(), 1000)
	}
	for _, row := range []struct {
		name   string
		serve  func(*peerConn)
		args   string
		status int
		says   string
	}{
		{"1: no such domain", func(c *peerConn) { login(c); c.answer(c.next(), 2303); c.wait() }, "reset a.cz", exitRefused, "2303"},
		{"3: closed instead of a greeting", func(*peerConn) {}, "reset a.cz", exitConnection, ""},
		{"3: closed before the code was asked for", func(c *peerConn) { login(c); c.next() }, "reset a.cz", exitConnection, ""},
		{"4: a wrong password", func(c *peerConn) { c.greet(); c.answer(c.next(), 2200); c.wait() }, "reset a.cz", exitAuthentication, "2200"},
		{"5: no greeting in time", func(c *peerConn) { c.wait() }, "reset a.cz --timeout 300ms", exitTimeout, ""},
		{"5: no answer to a question in time", func(c *peerConn) { login(c); c.wait() }, "reset a.cz --timeout 2s", exitTimeout, ""},
		{"7: no EPP", func(c *peerConn) { c.sendText("<html/>"); c.wait() }, "reset a.cz", exitInvalid, "invalid answer"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t, row.serve)
			r := eppkit(t, map[string]string{"PW": "sesame-42", "XDG_STATE_HOME": t.TempDir()}, "",
				append([]string{"--config", p.conf, "authcode"}, strings.Fields(row.args)...)...)
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "sesame-42")
			require.NotContains(t, r.err, "may have executed")
		})
	}
}

func TestMockServeAuthInfo(t *testing.T) {
	dir := serve(t, "--registry", "gtld", "--secure-authinfo")
	conf := filepath.Join(dir, "eppkit.yaml")
	env := map[string]string{"XDG_STATE_HOME": dir}
	r := eppkit(t, env, "", "--config", conf, "authcode", "reset", "alpha.example")
	require.Equal(t, exitOK, r.status, r.err)
	r = eppkit(t, env, "", "--config", conf, "authcode", "get", "alpha.example")
	require.Equal(t, exitRefused, r.status, r.out)
	require.Contains(t, r.err, "unset")

	b, err := os.ReadFile(conf)
	require.NoError(t, err)
	hidden := writeFile(t, dir, "hidden.yaml", strings.ReplaceAll(string(b), "registry: gtld", "registry: gtld\n    codes: {min: 20, hidden: true}"))
	for conf, get := range map[string]string{conf: "yes; outcome: code", hidden: "no"} {
		r = eppkit(t, env, "", "--config", conf, "authcode", "can", "alpha.example")
		require.Equal(t, exitOK, r.status, r.err)
		require.Regexp(t, "^get +"+get+"\n", r.out)
	}
	r = eppkit(t, env, "", "--config", hidden, "authcode", "get", "alpha.example")
	require.Equal(t, exitRefused, r.status, r.out)
	require.Contains(t, r.err, "unsupported")
	for args, says := range map[string]string{
		"--secure-authinfo": "gtld registry",
		"--authinfo-min 4":  "gtld registry",
		"--registry gtld --authinfo-min 5 --authinfo-max 3":   "at least 5",
		"--registry gtld --disclose-emails --secure-authinfo": "FRED",
	} {
		r := eppkit(t, nil, "", append([]string{"mock", "serve", "--dir", t.TempDir()}, strings.Fields(args)...)...)
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, says)
	}
}

func TestProfileCodes(t *testing.T) {
	for rest, says := range map[string]string{
		"registry: fred, codes: {min: 4}":              "FRED makes them itself",
		"registry: fred, codes: {hidden: true}":        "FRED makes them itself",
		"registry: gtld, codes: {max: 5}":              "does not fit",
		"registry: gtld, codes: {alphabet: aab}":       "alphabet",
		"registry: gtld, user: me":                     "epp has no use for user",
		"registry: gtld, base: 'http://x.example'":     "epp has no use for base",
		"dialect: mijndomeinreseller, codes: {min: 4}": "no use for address",
	} {
		conf := authcodeConfigFile(t, "{address: x.example, clID: y, password: {file: pw}, "+rest+"}", "")
		r := eppkit(t, nil, "", "--config", conf, "authcode", "get", "a.example")
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, says)
	}
	for routes, says := range map[string]string{"{cz: p, .CZ: p}": "twice", "{'a b': p}": "name of a domain"} {
		conf := authcodeConfigFile(t, "{dialect: opensrs, user: x, password: {file: pw}}", "authcode: {routes: "+routes+"}\n")
		r := eppkit(t, nil, "", "--config", conf, "authcode", "get", "a.cz")
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, says)
	}
}

// TestCodesAreShownSafely has an upstream that tries to move the cursor.
func TestCodesAreShownSafely(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte(`{"auth_code": "a\u001b[2Jö)*(&<\"$'"}`))
	}))
	defer srv.Close()
	conf := authcodeConfigFile(t, "{dialect: mijndomeinreseller, base: "+srv.URL+", password: {file: pw}}", "")
	r := eppkit(t, nil, "", "--config", conf, "authcode", "reset", "a.be")
	require.Equal(t, "a [2Jö)*(&<\"$'\n", r.out)
	require.Contains(t, r.err, "-o json")
	r = eppkit(t, nil, "", "--config", conf, "authcode", "reset", "a.be", "-o", "json")
	require.Contains(t, r.out, `a\u001b[2Jö)*(`)
}
