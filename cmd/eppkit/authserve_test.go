package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode/opensrs"
)

// TestServeEachDialect is the whole way: our client, HTTP, the handler, EPP over TLS,
// the registry, mail.
func TestServeEachDialect(t *testing.T) {
	dir := t.TempDir()
	outbox, audit := filepath.Join(dir, "mail"), filepath.Join(dir, "audit.log")
	s := serveFront(t, nil, "authcode", "serve", "--outbox", outbox, "--audit", audit, "-v")
	conf := demoProfiles(t, s)
	handOver := func(args string) result {
		return eppkit(t, nil, "", append([]string{"--config", conf, "authcode"}, strings.Fields(args)...)...)
	}
	codes := map[string]bool{}
	for _, row := range []struct {
		args   string
		status int
		out    string // "code", or a regular expression
		mail   string // to whom; "" for nobody
		audit  string // of the first hand-over that it caused
	}{
		// The RFC's registry, whose codes the gateway makes and mails.
		{"get alpha.example --via nt1", exitOK, "code", "", "retrieve code"},
		{"reset alpha.example --via nt1", exitOK, "code", "desk@reseller.example", "send sent"},
		{"send alpha.example --via nt1", exitOK, `sent to the registrant`, "jil@rombach.example", "send sent"},
		{"send alpha.example --via nt1 --to reseller", exitOK, `sent to the reseller`, "desk@reseller.example", "send sent"},
		{"send alpha.example --via nt1 --to admin", exitRefused, `^$`, "", ""},
		{"get alpha.example --via nt3", exitOK, "code", "", "retrieve code"},
		{"reset alpha.example --via nt3", exitOK, "code", "", "regenerate code"},
		{"send alpha.example --via nt3", exitOK, `sent to the registrant`, "jil@rombach.example", "send sent"},
		{"get alpha.example --via md", exitRefused, `^$`, "", ""},
		{"reset alpha.example --via md", exitOK, "code", "", "regenerate code"},
		{"get alpha.example --via op", exitOK, "code", "", "retrieve code"},
		{"reset alpha.example --via op", exitOK, "code", "", "regenerate code"},
		{"get alpha.example --via os", exitOK, "code", "", "retrieve code"},
		{"reset alpha.example --via os", exitOK, "code", "", "regenerate code"},
		{"send alpha.example --via os --to admin", exitOK, `sent to the admin`, "kim@tadic.example", "send sent"},
		{"send alpha.example --via os", exitRefused, `^$`, "", ""},
		{"reset beta.example --via md", exitRefused, `^$`, "", "regenerate refused"},
		// FRED, which makes and mails the codes itself.
		{"get mydomain.cz --via nt1", exitRefused, `^$`, "", ""},
		{"send mydomain.cz --via nt1", exitOK, `sent to the registrant`, "adam@bartos.example", "send sent"},
		{"send mydomain.cz --via nt3", exitOK, `sent to the registrant`, "adam@bartos.example", "send sent"},
		{"reset mydomain.cz --via md", exitOK, `sent to the registrant`, "adam@bartos.example", "regenerate sent"},
		{"get mydomain.cz --via op", exitOK, `was sent`, "adam@bartos.example", "send sent"},
		{"reset mydomain.cz --via op", exitOK, `was sent`, "adam@bartos.example", "regenerate sent"},
		{"send mydomain.cz --via os --to admin", exitOK, `sent to the admin`, "adam@bartos.example", "send sent"},
		{"send lockeddomain.cz --via os --to admin", exitRefused, `^$`, "", "send refused"},
	} {
		t.Run(row.args, func(t *testing.T) {
			before := 0
			if _, err := os.Stat(outbox); err == nil {
				to, _ := mailed(t, outbox)
				before = len(to)
			}
			earlier := len(audited(t, audit))
			r := handOver(row.args)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			to, texts := mailed(t, outbox)
			entries := audited(t, audit)[earlier:]
			code := ""
			if strings.Contains(row.args, "alpha.example") {
				other := "os"
				if strings.HasSuffix(row.args, "os") {
					other = "op"
				}
				code = strings.TrimSpace(handOver("get alpha.example --via " + other).out)
				require.NotEmpty(t, code)
				codes[code] = true
			}
			if row.out == "code" {
				require.Equal(t, code+"\n", r.out, "the code is the one that the registry has")
			} else {
				require.Regexp(t, row.out, r.out)
			}
			if row.mail == "" {
				require.Len(t, to, before)
			} else {
				require.Greater(t, len(to), before)
				require.Contains(t, to[before], row.mail)
				require.Contains(t, texts[before], code)
			}
			if row.audit != "" {
				require.NotEmpty(t, entries)
				require.Equal(t, row.audit, fmt.Sprint(entries[0]["verb"], " ", entries[0]["outcome"]))
				require.Equal(t, "demo", entries[0]["account"])
				require.Equal(t, strings.Fields(row.args)[1], entries[0]["domain"])
			}
		})
	}
	files, err := filepath.Glob(filepath.Join(outbox, "*-mydomain.cz-*.eml"))
	require.NoError(t, err)
	for i, role := range []string{"registrant", "registrant", "admin", "admin"} {
		require.True(t, strings.HasSuffix(files[i], "-"+role+".eml"), "%s as %s", files[i], role)
	}
	require.Equal(t, exitOK, s.stop())
	written, err := os.ReadFile(audit)
	require.NoError(t, err)
	require.Contains(t, string(written), `"addresses":["j*****@r*****.*"]`)
	require.NotContains(t, string(written), "@rombach")
	require.Contains(t, s.err.String(), "<login>", "-v shows the frames")
	require.Greater(t, len(codes), 8)
	for code := range codes {
		for _, told := range []string{string(written), s.err.String(), s.out.String()} {
			require.NotContains(t, told, code)
		}
	}
	for _, secret := range []string{"vinice-Sklep73", "north-Gate9", "demo-Secret7"} {
		require.NotContains(t, s.err.String(), secret)
	}
}

// TestServeCurl calls each interface as its document does, with what serve has printed.
func TestServeCurl(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	s := serveFront(t, nil, "authcode", "serve")
	curl := func(args ...string) string {
		t.Helper()
		b, err := exec.CommandContext(t.Context(), "curl", append([]string{"-sS", "--max-time", "20", "-w", "\n%{http_code}"}, args...)...).CombinedOutput()
		require.NoError(t, err, "%s", b)
		return string(b)
	}
	token := func(answer string) string {
		t.Helper()
		var a struct {
			Token string `json:"access_token"`
			Data  struct{ Token string }
		}
		require.NoError(t, json.NewDecoder(strings.NewReader(answer)).Decode(&a), answer)
		return a.Token + a.Data.Token
	}
	demo := demoAccount()

	session := token(curl("-u", "demo:demo-Secret7", "-X", "POST", s.base+"/1.0/session/"))
	require.Regexp(t, `"STATUS":"Done"[^\n]*\n200$`, curl("-X", "PATCH", "-H", "Authorization: Bearer "+session,
		"-H", "Content-Type: application/json", "-d", `{"sendtoregistrant": 1}`, s.base+"/1.0/domain/alpha.example/authid/"))

	require.Regexp(t, `"auth_code":.*"auth_code_date_expiry":.*\n201$`,
		curl("-X", "POST", "-H", "Authorization: Bearer "+demo.Key.Reveal(), s.base+"/v2/domains/alpha.example/auth_code"))
	require.Equal(t, "\n204", curl("-X", "POST", "-H", "Authorization: Bearer "+demo.Key.Reveal(), s.base+"/v2/domains/mydomain.cz/auth_code"))

	session = token(curl("-X", "POST", "-H", "Content-Type: application/json",
		"-d", `{"username": "demo", "password": "demo-Secret7"}`, s.base+"/v1beta/auth/login"))
	require.Regexp(t, `"auth_code":"[^"]+".*\n200$`, curl("-H", "Authorization: Bearer "+session, s.base+"/v1beta/domains/2/authcode?auth_code_type=external"))

	xcp := `<?xml version='1.0' encoding='UTF-8' standalone='no'?><!DOCTYPE OPS_envelope SYSTEM 'ops.dtd'><OPS_envelope><header><version>0.9</version></header>` +
		`<body><data_block><dt_assoc><item key="protocol">XCP</item><item key="action">send_authcode</item><item key="object">domain</item>` +
		`<item key="attributes"><dt_assoc><item key="domain_name">alpha.example</item></dt_assoc></item></dt_assoc></data_block></body></OPS_envelope>`
	signed := []string{
		"-H", "Content-Type: text/xml", "-H", "X-Username: demo",
		"-H", "X-Signature: " + opensrs.Sign([]byte(xcp), demo.Secret), "--data-binary", xcp, s.base + "/",
	}
	require.Regexp(t, `(?s)Message sent.*\n200$`, curl(signed...))
	require.Regexp(t, `(?s)^HTTP/1\.[01] 200 OK\r\n.*Content-Length: .*Message sent`, curl(append([]string{"--http1.0", "-i"}, signed...)...))
	s.out.wait(t, `"outcome":"sent"`) // without --audit the lines are here
	require.Equal(t, exitOK, s.stop())
	require.Contains(t, s.out.String(), "stopping\n")
}

func TestServeHealth(t *testing.T) {
	mock := t.TempDir()
	stopMock := serveIn(t, mock, "--registry", "gtld")
	dir := t.TempDir()
	accounts := writeFile(t, dir, "accounts.yaml", "accounts: [{name: n, key: k-1, domains: [{name: '*'}]}]\n")
	args := []string{
		"--config", filepath.Join(mock, "eppkit.yaml"), "authcode", "serve", "--upstream", "reg-north", "--accounts", accounts,
		"--audit", filepath.Join(dir, "audit"),
	}
	env := map[string]string{"XDG_STATE_HOME": dir}
	s := serveFront(t, env, args...)
	require.Equal(t, 2, strings.Count(s.err.String(), "without authcode.mail"), s.err)
	require.Contains(t, s.err.String(), "requests=send_authcode")
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		status, body := s.get(path)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, want, body)
	}
	status, _ := s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", "k-1")
	require.Equal(t, http.StatusCreated, status)
	require.Equal(t, exitOK, s.stop())

	stopMock()
	s = serveFront(t, env, args...)
	s.err.wait(t, "a system can't be used yet")
	for range 2 {
		status, body := s.get("/readyz")
		require.Equal(t, http.StatusServiceUnavailable, status)
		require.Equal(t, "a registry can't be reached\n", body)
	}
	require.Equal(t, 1, strings.Count(s.err.String(), "a registry can't be reached"), "it is left alone for a while")
	status, _ = s.get("/healthz")
	require.Equal(t, http.StatusOK, status)
	status, _ = s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", "k-1")
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, exitOK, s.stop())
	entries := audited(t, filepath.Join(dir, "audit"))
	require.Equal(t, "failed", entries[len(entries)-1]["outcome"], "nothing was done")
}

const twoAccounts = `accounts:
  - {name: north, user: NORTH1, secret: north-secret, key: north-key, mail: [{name: North, email: desk@north.example}], domains: [{name: alpha.example, id: 77}]}
  - {name: south, key: south-key, domains: [{name: "*.cz"}]}
`

func TestServeAccounts(t *testing.T) {
	accounts := writeFile(t, t.TempDir(), "accounts.yaml", twoAccounts)
	s := serveFront(t, nil, "authcode", "serve", "--accounts", accounts, "--rate", "9", "--rate-per", "1h")
	require.NotContains(t, s.out.String(), "demo")
	conf := resellerProfiles(t, s.base, "NORTH1", "north-secret", "north-key", "")
	wrong := resellerProfiles(t, s.base, "NORTH1", "other-secret", "other-key", "")
	for _, row := range []struct {
		name, conf, args string
		status           int
		says             string
	}{
		{"its own", conf, "reset alpha.example --via md", exitOK, ""},
		{"another's", conf, "reset mydomain.cz --via md", exitRefused, "not yours"},
		{"nobody's", conf, "reset gamma.test --via md", exitRefused, "not found"},
		{"a wrong key", wrong, "reset alpha.example --via md", exitAuthentication, "unauthorized"},
		{"a wrong key, for no domain", wrong, "reset nobody.nowhere --via md", exitAuthentication, "unauthorized"},
		{"a wrong password", wrong, "get alpha.example --via op", exitAuthentication, "unauthorized"},
		{"a wrong signature", wrong, "get alpha.example --via os", exitAuthentication, "unauthorized"},
		{"a wrong secret", wrong, "get alpha.example --via nt1", exitAuthentication, "unauthorized"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, nil, "", append([]string{"--config", row.conf, "authcode"}, strings.Fields(row.args)...)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
	status := http.StatusCreated
	for range 9 {
		status, _ = s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", "north-key")
	}
	require.Equal(t, http.StatusTooManyRequests, status)
	status, _ = s.do(http.MethodPost, "/v2/domains/mydomain.cz/auth_code", "south-key")
	require.Equal(t, http.StatusNoContent, status, "each account has its own rate")
}

// TestServeOwnFixtures has a tester's own domains, and what its file of accounts says.
func TestServeOwnFixtures(t *testing.T) {
	dir := t.TempDir()
	own := func(domain string) string {
		return fmt.Sprintf("- {name: %s, authInfo: their-Secret7, clID: reg-own, registrant: o-1, crDate: 2026-01-02T08:00:00Z, exDate: 2036-01-02T08:00:00Z}\n", domain)
	}
	gtld := writeFile(t, dir, "gtld.yaml", "zones: [shop, nu]\nregistrars: [{clID: reg-own, password: secret-77}]\n"+
		"contacts: [{id: o-1, clID: reg-own, crDate: 2026-01-02T08:00:00Z, postal: [{type: int, name: O, city: X, cc: NL}], email: o@shop.example}]\n"+
		"domains:\n"+own("mine.shop")+own("mine.nu"))
	accounts := writeFile(t, dir, "accounts.yaml", `
accounts: [{name: n, user: N, secret: n-secret, key: k-1, domains: [mine.shop, "*.nu", {name: mydomain.cz}]}]
noCodes: [nu]
maxSessions: 1
sessionTTL: 1h
`)
	outbox := filepath.Join(dir, "mail")
	s := serveFront(t, nil, "authcode", "serve", "--fixtures", "gtld="+gtld, "--accounts", accounts, "--outbox", outbox)
	status, body := s.do(http.MethodPost, "/v2/domains/mine.shop/auth_code", "k-1")
	require.Equal(t, http.StatusCreated, status, body)
	status, _ = s.do(http.MethodPost, "/v2/domains/mydomain.cz/auth_code", "k-1")
	require.Equal(t, http.StatusNoContent, status)
	status, _ = s.do(http.MethodPost, "/v2/domains/mine.nu/auth_code", "k-1")
	require.Equal(t, http.StatusUnprocessableEntity, status, "no codes")
	conf := resellerProfiles(t, s.base, "N", "n-secret", "k-1", "")
	r := eppkit(t, nil, "", "--config", conf, "authcode", "send", "mine.shop", "--via", "nt1")
	require.Equal(t, exitOK, r.status, r.err)
	to, _ := mailed(t, outbox)
	require.Contains(t, to[len(to)-1], "o@shop.example")
	login := func() int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.base+"/v1beta/auth/login", strings.NewReader(`{"username": "N", "password": "n-secret"}`))
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		resp.Body.Close()
		return resp.StatusCode
	}
	require.Equal(t, http.StatusOK, login())
	require.NotEqual(t, http.StatusOK, login(), "it has one session")
}

// TestServeUpstreamOutbox tries a gateway over a registry out without a mail server.
func TestServeUpstreamOutbox(t *testing.T) {
	mock, dir := serve(t, "--registry", "gtld"), t.TempDir()
	outbox := filepath.Join(dir, "mail")
	accounts := writeFile(t, dir, "accounts.yaml", "accounts: [{name: n, key: k-1, user: N, secret: n-secret, domains: ['*']}]\n")
	b, err := os.ReadFile(filepath.Join(mock, "eppkit.yaml"))
	require.NoError(t, err)
	conf := writeFile(t, mock, "c.yaml", string(b)+"authcode: {state: state, mail: {server: '192.0.2.1:25', from: {email: a@b.example}}}\n")
	s := serveFront(t, nil, "--config", conf, "authcode", "serve", "--upstream", "reg-north", "--accounts", accounts, "--outbox", outbox)
	require.NotContains(t, s.err.String(), "without authcode.mail")
	profiles := resellerProfiles(t, s.base, "N", "n-secret", "k-1", "")
	r := eppkit(t, nil, "", "--config", profiles, "authcode", "send", "alpha.example", "--via", "nt3")
	require.Equal(t, exitOK, r.status, r.err)
	to, _ := mailed(t, outbox)
	require.Len(t, to, 1)
	require.Contains(t, to[0], "<jil@rombach.example>")
}

func TestServeOnlyWhatIsAskedFor(t *testing.T) {
	s := serveFront(t, nil, "authcode", "serve", "--dialect", "mijndomeinreseller")
	require.NotContains(t, s.out.String(), "netim")
	for path, want := range map[string]int{
		"/1.0/session": 404, "/v1beta/domains": 404, "/": 404, "/x": 404, "//v2//domains/alpha.example/auth_code": 401, "/healthz/x": 404,
	} {
		status, _ := s.get(path)
		require.Equal(t, want, status, path)
	}
}

func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := selfSigned(t)
	certFile, keyFile := writeFile(t, dir, "server.pem", string(cert)), writeFile(t, dir, "server.key", string(key))
	s := serveFront(t, nil, "authcode", "serve", "--listen", "0.0.0.0:0", "--tls-cert", certFile, "--tls-key", keyFile)
	require.True(t, strings.HasPrefix(s.base, "https://"), s.base)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.base, "https://"), ":")
	base := "https://127.0.0.1:" + port
	demo := demoAccount()
	conf := resellerProfiles(t, base, demo.User, demo.Secret.Reveal(), demo.Key.Reveal(), ", roots: "+certFile)
	for _, via := range []string{"nt1", "nt3", "op", "os"} {
		r := eppkit(t, nil, "", "--config", conf, "authcode", "get", "alpha.example", "--via", via)
		require.Equal(t, exitOK, r.status, r.err)
		require.Equal(t, "alpha-Secret7\n", r.out)
	}
	cert, key = selfSigned(t) // a renewed one
	writeFile(t, dir, "server.pem", string(cert))
	require.Equal(t, exitConnection, eppkit(t, nil, "", "--config", conf, "authcode", "get", "alpha.example", "--via", "nt1").status, "it has no key yet")
	s.err.wait(t, "can't be used yet")
	writeFile(t, dir, "server.key", string(key))
	r := eppkit(t, nil, "", "--config", conf, "authcode", "get", "alpha.example", "--via", "nt1")
	require.Equal(t, exitOK, r.status, r.err)

	stranger := resellerProfiles(t, base, demo.User, demo.Secret.Reveal(), demo.Key.Reveal(), "")
	r = eppkit(t, nil, "", "--config", stranger, "authcode", "reset", "alpha.example", "--via", "md")
	require.Equal(t, exitConnection, r.status, r.err)
	require.Contains(t, r.err, "certificate")
	_, err := tls.Dial("tcp", "127.0.0.1:"+port, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10})
	require.Error(t, err)
}

func TestServeRefuses(t *testing.T) {
	dir := t.TempDir()
	readable := writeFile(t, dir, "readable", twoAccounts)
	require.NoError(t, os.Chmod(readable, 0o644))
	openDir := filepath.Join(dir, "open")
	require.NoError(t, os.Mkdir(openDir, 0o755))
	accounts := writeFile(t, dir, "accounts.yaml", twoAccounts)
	cz := writeFile(t, dir, "cz.yaml", "{zones: [cz], registrars: [{clID: reg-own, password: secret-7}]}\n")
	conf := writeFile(t, dir, "c.yaml", "profiles:\n  p: {dialect: opensrs, user: x, password: {env: NONE}}\n  e: {address: 127.0.0.1:1, clID: x, password: {env: NONE}}\n")
	for _, row := range []struct{ name, args, says string }{
		{"plain HTTP for all", "--listen :0", "only encrypted"},
		{"plain HTTP on an address", "--listen 192.0.2.7:80", "only encrypted"},
		{"no address", "--listen nowhere", "no address"},
		{"an unknown dialect", "--dialect netim,gopher", "gopher"},
		{"half of TLS", "--tls-cert x", "go together"},
		{"TLS without files", "--tls-cert x --tls-key y", "no such file"},
		{"a negative rate", "--rate -1", "--rate"},
		{"no time of a rate", "--rate 1 --rate-per 0s", "--rate-per"},
		{"an upstream without accounts", "--upstream p", "needs --accounts"},
		{"an upstream and fixtures", "--upstream p --fixtures gtld=x --accounts y", "with --upstream there are none"},
		{"fixtures of no kind", "--fixtures own.yaml", "key=value"},
		{"fixtures of an unknown kind", "--fixtures gopher=own.yaml", "gopher"},
		{"fixtures that are not there", "--fixtures gtld=/nonexistent/file", "no such file"},
		{"fixtures with the other's zone", "--fixtures gtld=" + cz, "both registries have the zone cz"},
		{"no accounts file", "--accounts /nonexistent/file", "no such file"},
		{"an accounts file for all", "--accounts " + readable, "make it 0600"},
		{"an audit for all", "--audit " + readable, "make it 0600"},
		{"an audit that is a directory", "--audit " + openDir, "is no file"},
		{"an outbox for all", "--outbox " + openDir, "make it 0700"},
		{"no configuration", "--upstream p --accounts " + accounts, "no configuration file"},
		{"no such profile", "--upstream q --config " + conf + " --accounts " + accounts, `no profile "q"`},
		{"no routes", "--upstream routes --config " + conf + " --accounts " + accounts, "no authcode.routes"},
		{"no password for a reseller's profile", "--upstream p --config " + conf + " --accounts " + accounts, "gives no password"},
		{"no password for a registry's profile", "--upstream e --config " + conf + " --accounts " + accounts, "gives no password"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, map[string]string{"XDG_STATE_HOME": dir}, "", append([]string{"authcode", "serve"}, strings.Fields(row.args)...)...)
			require.Equal(t, exitUsage, r.status, "%s%s", r.out, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
	for name, row := range map[string]struct{ yaml, says string }{
		"empty":                 {"", "has no accounts"},
		"an unknown field":      {"accounts: [{name: n, sekret: sesame-9}]", "sekret"},
		"a secret that is none": {"accounts: [{name: n, mail: sesame-9}]", "line 1"},
		"a secret's anchor":     {"accounts: [{name: n, secret: *sesame-9 }]", "anchor"},
		"no way in":             {"accounts: [{name: n}]", "account n"},
		"a negative TTL":        {"{accounts: [{name: n, key: sesame-9}], sessionTTL: -1s}", "sessionTTL"},
		"no suffix":             {"{accounts: [{name: n, key: sesame-9}], noCodes: ['a b']}", "no domains under"},
		"a field of a domain":   {"accounts: [{name: n, key: sesame-9, domains: [{nam: a.cz}]}]", "nam"},
		"a plain name twice":    {"accounts: [{name: n, key: sesame-9, domains: [a.cz, A.cz]}]", "already"},
		"a domain twice":        {"accounts: [{name: n, key: sesame-9, domains: [{name: a.cz}, {name: A.cz}]}]", "already"},
	} {
		t.Run("accounts: "+name, func(t *testing.T) {
			r := eppkit(t, nil, "", "authcode", "serve", "--accounts", writeFile(t, t.TempDir(), "a.yaml", row.yaml))
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "sesame")
		})
	}
}

// TestServeDenied: who guesses leaves a line for each guess.
func TestServeDenied(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit")
	s := serveFront(t, nil, "authcode", "serve", "--audit", file)
	conf := resellerProfiles(t, s.base, "somebody", "guess-1", "guess-2", "")
	for _, via := range []string{"nt1", "md", "op", "os"} {
		r := eppkit(t, nil, "", "--config", conf, "authcode", "reset", "alpha.example", "--via", via)
		require.NotEqual(t, exitOK, r.status)
	}
	require.Equal(t, exitOK, s.stop())
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	var got []string
	for line := range strings.Lines(string(b)) {
		var l struct {
			Msg   string
			Entry struct{ Via, User, Addr string }
		}
		require.NoError(t, json.Unmarshal([]byte(line), &l), line)
		require.Regexp(t, `^127\.0\.0\.1:\d+$`, l.Entry.Addr)
		got = append(got, l.Msg+" "+l.Entry.Via+" "+l.Entry.User)
	}
	require.Equal(t, []string{
		"denied netim somebody", "denied mijndomeinreseller ", "denied openprovider somebody", "denied opensrs somebody",
	}, got)
	require.NotContains(t, string(b), "guess")
}

func TestServeAuditFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit")
	for range 2 {
		s := serveFront(t, nil, "authcode", "serve", "--audit", file)
		status, _ := s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", demoAccount().Key.Reveal())
		require.Equal(t, http.StatusCreated, status)
		require.Equal(t, exitOK, s.stop())
	}
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries := audited(t, file)
	require.Len(t, entries, 2, "it is appended to")
	delete(entries[0], "time")
	delete(entries[0], "addr")
	require.Equal(t, map[string]any{
		"via": "mijndomeinreseller", "account": "demo", "domain": "alpha.example", "verb": "regenerate", "outcome": "code",
	}, entries[0])

	if _, err := os.Stat("/dev/full"); err == nil {
		s := serveFront(t, nil, "authcode", "serve", "--audit", "/dev/full")
		_, _ = s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", demoAccount().Key.Reveal())
		s.err.wait(t, "a line is missing in the audit")
	}
}
