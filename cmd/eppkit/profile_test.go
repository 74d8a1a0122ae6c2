package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// mockProfile writes a configuration for the mock in dir, with the password as
// described.
func mockProfile(t *testing.T, dir, password string) string {
	t.Helper()
	addr, err := os.ReadFile(filepath.Join(dir, "addr"))
	require.NoError(t, err)
	conf := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(conf, fmt.Appendf(nil, `
default: it
profiles:
  it:
    address: %s
    registry: fred
    clID: REG-MORAVA
    password: %s
    certificate: %s/REG-MORAVA.pem
    key: %[3]s/REG-MORAVA.key
    roots: %[3]s/ca.pem
`, strings.TrimSpace(string(addr)), password, dir), 0o600))
	return conf
}

func TestPasswordSources(t *testing.T) {
	dir := serve(t)
	pw, err := os.ReadFile(filepath.Join(dir, "REG-MORAVA.password"))
	require.NoError(t, err)
	secret := strings.TrimSpace(string(pw))
	open := filepath.Join(t.TempDir(), "open")
	require.NoError(t, os.WriteFile(open, pw, 0o644))

	for _, row := range []struct {
		name, password string
		env            map[string]string
		status         int
		says           string
	}{
		{"file", "{file: " + dir + "/REG-MORAVA.password}", nil, exitOK, ""},
		{"command", "{command: [cat, " + dir + "/REG-MORAVA.password]}", nil, exitOK, ""},
		{"environment", "{env: IT_PASSWORD}", map[string]string{"IT_PASSWORD": secret}, exitOK, ""},
		{"wrong", "{env: IT_PASSWORD}", map[string]string{"IT_PASSWORD": "wrong-pw-123"}, exitAuthentication, "login of REG-MORAVA"},
		{"empty environment", "{env: IT_PASSWORD}", nil, exitUsage, "gives no password"},
		{"file that others can read", "{file: " + open + "}", nil, exitUsage, "can be read by others"},
		{"no such file", "{file: nosuch}", nil, exitUsage, "nosuch"},
		{"command that fails", `{command: ["false"]}`, nil, exitUsage, "password command"},
		{"two ways", "{env: A, file: b}", nil, exitUsage, "needs one of"},
		{"none", "{}", nil, exitUsage, "needs one of"},
		{"as it is", "sesame-sesame", nil, exitUsage, "does not hold the password"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, row.env, "", "--config", mockProfile(t, dir, row.password), "credit")
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err+r.out, secret)
			require.NotContains(t, r.err, "wrong-pw-123")
			require.NotContains(t, r.err, "sesame")
		})
	}
}

func TestProfileErrors(t *testing.T) {
	for _, row := range []struct{ name, yaml, says string }{
		{"unknown key", "profiles: {it: {addres: x}}", "addres"},
		{"no address", "profiles: {it: {clID: ME}}", "address is missing"},
		{"no clID", "profiles: {it: {address: x}}", "clID is missing"},
		{"certificate without key", "profiles: {it: {address: x, clID: ME, certificate: c}}", "go together"},
		{"unknown kind", "profiles: {it: {address: x, clID: ME, registry: gopher}}", "gopher"},
		{"not YAML", "{{", "yaml"},
		{"empty", "", "c.yaml is empty"},
		{"no profiles", "default: it", "describes no profiles"},
		{"unknown profile", "profiles: {other: {address: x, clID: ME}}", `no profile "it"; it has other`},
	} {
		t.Run(row.name, func(t *testing.T) {
			conf := filepath.Join(t.TempDir(), "c.yaml")
			require.NoError(t, os.WriteFile(conf, []byte(row.yaml), 0o600))
			r := eppkit(t, map[string]string{"EPPKIT_PROFILE": "it", "EPPKIT_CONFIG": conf}, "", "hello")
			require.Equal(t, exitUsage, r.status, r.err)
			require.Contains(t, r.err, row.says)
		})
	}
}

func TestWhichProfile(t *testing.T) {
	const entry = "{address: 127.0.0.1:1, clID: ME, password: {env: NONE}}"
	for _, row := range []struct {
		name, yaml string
		status     int
		says       string
	}{
		{"the only one", "profiles: {one: " + entry + "}", exitConnection, "127.0.0.1:1"},
		{"the default", "{default: two, profiles: {one: {}, two: " + entry + "}}", exitConnection, "127.0.0.1:1"},
		{"none of two", "profiles: {one: " + entry + ", two: " + entry + "}", exitUsage, "choose one with --profile: one, two"},
	} {
		t.Run(row.name, func(t *testing.T) {
			conf := filepath.Join(t.TempDir(), "c.yaml")
			require.NoError(t, os.WriteFile(conf, []byte(row.yaml), 0o600))
			r := eppkit(t, nil, "", "--config", conf, "hello")
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "mock registry")
		})
	}
}

func TestHelloNeedsNoPassword(t *testing.T) {
	dir := serve(t)
	r := eppkit(t, nil, "", "--config", mockProfile(t, dir, "{env: NOT_SET}"), "hello")
	require.Equal(t, exitOK, r.status, r.err)
}

func TestPasswordCommandEndsInTime(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(conf, []byte(
		"profiles: {p: {address: 127.0.0.1:1, clID: ME, password: {command: [sh, -c, 'sleep 20 2>/dev/null; echo x']}}}"), 0o600))
	began := time.Now()
	r := eppkit(t, nil, "", "--config", conf, "--timeout", "200ms", "poll")
	require.Equal(t, exitTimeout, r.status, r.err)
	require.Contains(t, r.err, "password command sh")
	require.Less(t, time.Since(began), 10*time.Second)
}

// A profile that does not say what kind of registry it is leaves that to the flag.
func TestProfileWithoutAKind(t *testing.T) {
	conf := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(conf, []byte("profiles: {it: {address: x, clID: ME-1, password: {env: PW}}}\n"), 0o600))
	r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", conf, "--registry", "gtld", "domain", "check", "a.example", "--dry-run")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "urn:ietf:params:xml:ns:domain-1.0")
}
