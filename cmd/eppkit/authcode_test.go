package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAuthcodeOnTheMocks(t *testing.T) {
	for _, row := range []struct {
		args   string
		status int
		out    string // a regular expression
		err    string // contained
	}{
		{"authcode get alpha.example", exitOK, `^alpha-Secret7\n$`, "the code of alpha.example"},
		{"authcode reset alpha.example", exitOK, `^\S{20,}\n$`, "Z, when \"authcode serve\", or \"authcode expire\""},
		{"authcode reset ALPHA.example.", exitOK, `^\S{20,}\n$`, "the code of alpha.example"},
		{"authcode send alpha.example", exitOK, `^the code of alpha\.example was sent to the registrant\n  j\*{5}@r\*{5}\.\*\n$`, "mock registries"},
		{"authcode send alpha.example --to admin", exitOK, `admin\n  k\*{5}@t\*{5}\.\*\n$`, ""},
		{"authcode send alpha.example --to reseller", exitOK, `reseller\n  d\*{5}@r\*{5}\.\*\n$`, ""},
		{"authcode send mydomain.cz", exitOK, `sent to the registrant, admin\n(  \S\*{5}@\S\*{5}\.\*\n){4}$`, ""},
		{"authcode reset mydomain.cz", exitOK, `sent to the registrant, admin\n`, ""},
		{"authcode get mydomain.cz", exitRefused, `^$`, "unsupported"},
		{"authcode get alpha.example --internal", exitRefused, `^$`, "unsupported"},
		{"authcode send lockeddomain.cz", exitRefused, `^$`, "locked"},
		{"authcode reset beta.example", exitRefused, `^$`, "locked"},
		{"authcode get gamma.test", exitRefused, `^$`, "not yours"},
		{"authcode get nobody.example", exitRefused, `^$`, "not found"},
		{"authcode get nobody.com", exitRefused, `^$`, "no system is known"},
		{"authcode can mydomain.cz", exitOK, `get +no\nreset +yes; outcome: sent; `, ""},
		{"authcode can alpha.example", exitOK, `get +yes; outcome: code\nreset +yes; outcome: code or pending; a code`, ""},
		{"authcode can nobody.com", exitRefused, `^$`, "no system is known"},
		{"authcode expire", exitOK, `^$`, ""},
		{"authcode get no_domain", exitUsage, ``, "not the name of a domain"},
		{"authcode get", exitUsage, ``, "Usage: eppkit authcode get DOMAIN"},
		{"authcode send alpha.example --to nobody", exitUsage, ``, `no recipient "nobody"`},
		{"authcode get alpha.example -o xml", exitUsage, ``, "text, json"},
		{"authcode get alpha.example --via nosuch", exitUsage, ``, "nosuch"},
		{"authcode get alpha.example --mock --via x", exitUsage, ``, "together"},
		{"authcode get alpha.example --dry-run", exitUsage, ``, "no use for --dry-run"},
	} {
		t.Run(row.args, func(t *testing.T) {
			r := eppkit(t, nil, "", strings.Fields(row.args)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Regexp(t, row.out, r.out)
			require.Contains(t, r.err, row.err)
		})
	}
}

func TestAuthcodeJSON(t *testing.T) {
	for args, want := range map[string]map[string]any{
		"get alpha.example": {"domain": "alpha.example", "verb": "retrieve", "outcome": "code", "code": "alpha-Secret7", "scope": "external"},
		"send alpha.example --to admin": {
			"domain": "alpha.example", "verb": "send", "outcome": "sent", "to": []any{"admin"}, "addresses": []any{"k*****@t*****.*"},
		},
	} {
		t.Run(args, func(t *testing.T) {
			r := eppkit(t, nil, "", strings.Fields("authcode -o json "+args)...)
			require.Equal(t, exitOK, r.status, r.err)
			var got map[string]any
			require.NoError(t, json.Unmarshal([]byte(r.out), &got))
			require.Equal(t, want, got)
		})
	}
	r := eppkit(t, nil, "", "authcode", "get", "mydomain.cz", "-o", "json")
	require.Equal(t, exitRefused, r.status)
	var no map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.out), &no), "a program is told why")
	require.Equal(t, "unsupported", no["class"])

	var can map[string]map[string]any
	r = eppkit(t, nil, "", "authcode", "can", "alpha.example", "-o", "json")
	require.NoError(t, json.Unmarshal([]byte(strings.Replace(r.out, `"internal": false`, `"internal": {}`, 1)), &can), r.out)
	require.Equal(t, map[string]any{"can": true, "outcomes": []any{"code"}, "newCode": false, "chosen": false}, can["get"])
}

// TestSendThatShows has systems that show the code which they were to send.
func TestSendThatShows(t *testing.T) {
	s := serveFront(t, nil, "authcode", "serve")
	conf := demoProfiles(t, s)
	send := func(args ...string) result {
		r := eppkit(t, nil, "", append([]string{"--config", conf, "authcode", "send", "alpha.example"}, args...)...)
		require.Equal(t, exitRefused, r.status, "%s%s", r.out, r.err)
		require.Contains(t, r.err, "NOT sent; the system showed it instead")
		return r
	}
	r := eppkit(t, nil, "", "--config", conf, "authcode", "reset", "alpha.example", "--via", "md")
	require.Regexp(t, `valid until \S+\n$`, r.err, "its end is the system's affair")
	for _, via := range []string{"op", "md"} {
		r := send("--via", via)
		require.Empty(t, r.out, "nothing that a script would take for done")
		require.Contains(t, r.err, "--show")
		r = send("--via", via, "--show")
		code := eppkit(t, nil, "", "--config", conf, "authcode", "get", "alpha.example", "--via", "op").out
		require.Equal(t, code, r.out)
		require.NotContains(t, r.err, "--show")
		r = send("--via", via, "-o", "json")
		var got map[string]any
		require.NoError(t, json.Unmarshal([]byte(r.out), &got))
		require.Equal(t, "code", got["outcome"])
		require.Equal(t, false, got["sent"])
		require.NotEmpty(t, got["code"])
	}
}

// TestAuthcodeHelp reads the configuration that help shows.
func TestAuthcodeHelp(t *testing.T) {
	help := eppkit(t, nil, "", "authcode", "--help").out
	_, shown, _ := strings.Cut(help, "\n  profiles:")
	shown, _, _ = strings.Cut(shown, "\n\nA profile")
	cfg, err := readConfig([]byte("  profiles:" + shown))
	require.NoError(t, err)
	require.Len(t, cfg.Profiles, 6)
	require.Equal(t, "en", cfg.Authcode.Mail.Lang)
	for name := range cfg.Profiles {
		_, err := cfg.profile(name, "fred")
		require.NoError(t, err)
	}
	for _, end := range []string{"https://HOST/1.0, or /3.0", "https://HOST/v1beta", `"roots"`} {
		require.Contains(t, help, end)
	}
}

// authcodeConfigFile writes a configuration with one profile p.
func authcodeConfigFile(t *testing.T, profile, rest string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pw"), []byte("sesame-9-sesame\n"), 0o600))
	file := filepath.Join(dir, "c.yaml")
	require.NoError(t, os.WriteFile(file, []byte("profiles:\n  p: "+profile+"\n"+rest), 0o600))
	return file
}

// hang answers nothing until the client has gone.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body) // or it is not noticed
	<-r.Context().Done()
}

func TestAuthcodeExitStatus(t *testing.T) {
	for _, row := range []struct {
		name, profile, args string
		answer              http.HandlerFunc
		status              int
		says                string
	}{
		{
			"cut off after it was sent", "mijndomeinreseller", "reset alpha.example",
			func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, exitUnknown, "look before you",
		},
		{
			"garbage for a code", "mijndomeinreseller", "reset alpha.example",
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); _, _ = w.Write([]byte("<html>")) }, exitUnknown, "",
		},
		{
			"wrong key", "mijndomeinreseller", "reset alpha.example",
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, exitAuthentication, "unauthorized",
		},
		{
			"not there", "mijndomeinreseller", "reset alpha.example",
			func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, exitRefused, "not found",
		},
		{
			"garbage for a question", "opensrs, user: me", "get alpha.example",
			func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, exitInvalid, "",
		},
		{
			"no answer to a question", "opensrs, user: me", "get alpha.example --timeout 200ms",
			hang, exitTimeout, "",
		},
		{
			"no answer to an order", "mijndomeinreseller", "reset alpha.example --timeout 200ms",
			hang, exitUnknown, "",
		},
		{"nobody there", "mijndomeinreseller", "reset alpha.example", nil, exitConnection, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv := httptest.NewServer(row.answer)
			if row.answer == nil {
				srv.Close()
			}
			defer srv.Close()
			conf := authcodeConfigFile(t, "{dialect: "+row.profile+", base: "+srv.URL+", password: {file: pw}}", "")
			r := eppkit(t, nil, "", append([]string{"--config", conf, "authcode"}, strings.Fields(row.args)...)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err+r.out, "sesame-9")
			require.LessOrEqual(t, strings.Count(r.err, "outcome unknown"), 1)

			r = eppkit(t, nil, "", append([]string{"--config", conf, "authcode", "-o", "json"}, strings.Fields(row.args)...)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			var told map[string]any
			require.NoError(t, json.Unmarshal([]byte(r.out), &told), "a program is told: %s", r.out)
			require.Equal(t, "alpha.example", told["domain"])
			outcome := map[int]string{
				exitRefused: "refused", exitAuthentication: "refused", exitConnection: "failed",
				exitTimeout: "failed", exitInvalid: "failed", exitUnknown: "unknown",
			}[row.status]
			require.Equal(t, outcome, told["outcome"])
			if outcome != "refused" {
				system, _, _ := strings.Cut(row.profile, ",")
				require.Equal(t, system, told["system"])
				require.NotEmpty(t, told["error"])
			}
		})
	}
}

func TestAuthcodeConfiguration(t *testing.T) {
	for _, row := range []struct{ name, profile, rest, args, says string }{
		{"unknown dialect", "{dialect: gopher}", "", "authcode get a.example", "gopher"},
		{"no user", "{dialect: netim, password: {env: X}}", "", "authcode get a.example", "user is missing"},
		{"a field of EPP", "{dialect: opensrs, user: x, clID: y}", "", "authcode get a.example", "no use for clID"},
		{"no password", "{dialect: opensrs, user: x, password: {env: NONE}}", "", "authcode get a.example", "gives no password"},
		{"an EPP command", "{dialect: opensrs, user: x, password: {env: NONE}}", "", "hello", "does not speak EPP"},
		{"a route to nowhere", "{dialect: opensrs, user: x}", "authcode: {routes: {cz: q}}\n", "authcode get a.cz", `no profile "q"`},
		{"a mail server without an address", "{dialect: opensrs, user: x, password: {file: pw}}", "authcode: {mail: {from: {email: a@b.example}}}\n", "authcode send a.cz", "authcode.mail"},
		{"an unknown key", "{dialect: opensrs, user: x}", "authcode: {mial: 1}\n", "authcode send a.cz", "mial"},
	} {
		t.Run(row.name, func(t *testing.T) {
			conf := authcodeConfigFile(t, row.profile, row.rest)
			r := eppkit(t, nil, "", append([]string{"--config", conf}, strings.Fields(row.args)...)...)
			require.Equal(t, exitUsage, r.status, "%s%s", r.out, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
}

func TestAuthcodeRoutes(t *testing.T) {
	asked := make(chan string, 2)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.Path
		w.WriteHeader(http.StatusNoContent)
	}))
	defer srv.Close()
	conf := authcodeConfigFile(t, "{dialect: mijndomeinreseller, base: "+srv.URL+"/one, password: {file: pw}}",
		"  q: {dialect: mijndomeinreseller, base: "+srv.URL+"/two, password: {file: pw}}\n"+
			"authcode: {routes: {be: p, brugge.be: q}}\n")
	for domain, path := range map[string]string{
		"a.be": "/one/v2/domains/a.be/auth_code", "a.brugge.be": "/two/v2/domains/a.brugge.be/auth_code",
	} {
		r := eppkit(t, nil, "", "--config", conf, "authcode", "reset", domain)
		require.Equal(t, exitOK, r.status, r.err)
		require.Equal(t, path, <-asked)
	}
	r := eppkit(t, nil, "", "--config", conf, "authcode", "reset", "a.nl")
	require.Equal(t, exitRefused, r.status)
	require.Contains(t, r.err, "no system is known")
	r = eppkit(t, nil, "", "--config", conf, "authcode", "reset", "a.nl", "--via", "q")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, "/two/v2/domains/a.nl/auth_code", <-asked)
}
