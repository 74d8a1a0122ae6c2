package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestServeUpstreams stands on registries and on resellers' interfaces.
func TestServeUpstreams(t *testing.T) {
	gtld, fred := serve(t, "--registry", "gtld", "--authinfo-min", "30", "--authinfo-max", "32"), serve(t, "--disclose-emails")
	mocks := serveFront(t, nil, "authcode", "serve")
	dir := t.TempDir()
	profile := func(mock, registry, clID, more string) string {
		at := filepath.Join(mock, clID)
		return fmt.Sprintf("{address: %q, registry: %s, clID: %s, password: {file: %q}, certificate: %q, key: %q, roots: %q%s}",
			addrIn(t, mock), registry, clID, at+".password", at+".pem", at+".key", filepath.Join(mock, "ca.pem"), more)
	}
	writeFile(t, dir, "key", demoAccount().Key.Reveal()+"\n")
	conf := writeFile(t, dir, "c.yaml", strings.Join([]string{
		"default: other",
		"profiles:",
		"  gt: " + profile(gtld, "gtld", "reg-north", ", codes: {min: 30, max: 32, alphabet: abcdefghijklmnopqrstuvwxyz0123456789}"),
		"  cz: " + profile(fred, "fred", "REG-MORAVA", ""),
		"  other: {dialect: mijndomeinreseller, base: " + mocks.base + ", password: {file: key}}",
		"authcode: {ttl: 300ms, state: state, routes: {example: gt, .CZ: cz}}\n",
	}, "\n"))
	accounts := writeFile(t, dir, "accounts.yaml", "accounts: [{name: n, key: k-1, domains: [{name: '*'}]}]\n")
	ask := func(s *served, domain string) int {
		status, body := s.do(http.MethodPost, "/v2/domains/"+domain+"/auth_code", "k-1")
		require.NotContains(t, body, "panic")
		return status
	}
	up := func(name string, env map[string]string) *served {
		return serveFront(t, env, "--config", conf, "authcode", "serve", "--accounts", accounts, "--upstream", name)
	}

	s := up("routes", map[string]string{"EPPKIT_PROFILE": "other"})
	require.Equal(t, http.StatusNoContent, ask(s, "mydomain.cz"), "not by $EPPKIT_PROFILE")
	status, body := s.do(http.MethodPost, "/v2/domains/alpha.example/auth_code", "k-1")
	require.Equal(t, http.StatusCreated, status, body)
	require.Regexp(t, `"auth_code":"[a-z0-9]{30,32}"`, body, "within the registry's limits")
	s.err.wait(t, "a code was ended")
	r := eppkit(t, nil, "", "--config", conf, "authcode", "get", "alpha.example")
	require.Equal(t, exitRefused, r.status, r.out)
	require.Contains(t, r.err, "unset")
	require.Equal(t, http.StatusForbidden, ask(s, "nobody.nu"), "no route")
	require.Equal(t, exitOK, s.stop())

	r = eppkit(t, nil, "", "--config", conf, "authcode", "reset", "alpha.example", "--via", "gt")
	require.Equal(t, exitOK, r.status, r.err)
	info := eppkit(t, nil, "", "--config", conf, "--profile", "gt", "domain", "info", "alpha.example", "-o", "xml")
	require.Contains(t, info.out, "<domain:pw>"+strings.TrimSpace(r.out)+"</domain:pw>", "it is the registry's")

	s = up("gt", nil)
	require.Equal(t, http.StatusCreated, ask(s, "alpha.example"))
	s.err.wait(t, "a code was ended")
	require.Equal(t, exitOK, s.stop())

	s = up("other", nil)
	require.Equal(t, http.StatusNoContent, ask(s, "mydomain.cz"))
	require.Equal(t, http.StatusCreated, ask(s, "alpha.example"))
	require.Equal(t, exitOK, s.stop())
}

func TestExpireCommand(t *testing.T) {
	mock := serve(t, "--registry", "gtld")
	conf := filepath.Join(mock, "eppkit.yaml")
	b, err := os.ReadFile(conf)
	require.NoError(t, err)
	conf = writeFile(t, mock, "short.yaml", string(b)+"authcode: {ttl: 1ns, state: state}\n")
	eppkit := func(args ...string) result { return eppkit(t, nil, "", append([]string{"--config", conf}, args...)...) }
	r := eppkit("authcode", "reset", "alpha.example")
	require.Equal(t, exitOK, r.status, r.err)
	code := strings.TrimSpace(r.out)
	r = eppkit("authcode", "expire")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, "alpha.example\n", r.out)
	require.Empty(t, eppkit("authcode", "expire").out)
	require.NotContains(t, eppkit("domain", "info", "alpha.example", "-o", "xml").out, code)
	require.NoError(t, filepath.WalkDir(filepath.Join(mock, "state"), func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			content, rerr := os.ReadFile(path)
			require.NoError(t, rerr)
			require.Empty(t, content)
		}
		return err
	}))
}
