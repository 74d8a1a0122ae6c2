package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// result is what one run of the program did.
type result struct {
	status   int
	out, err string
}

// eppkit runs the program without any configuration of the machine's.
func eppkit(t *testing.T, env map[string]string, stdin string, args ...string) result {
	t.Helper()
	empty := t.TempDir()
	var out, errs bytes.Buffer
	status := run(t.Context(), args, stdio{
		in: strings.NewReader(stdin), out: &out, err: &errs,
		getenv: func(name string) string {
			if v, ok := env[name]; ok {
				return v
			}
			if name == "XDG_CONFIG_HOME" {
				return empty
			}
			return ""
		},
	})
	return result{status, out.String(), errs.String()}
}

func TestMainJob(t *testing.T) {
	r := eppkit(t, nil, "", "contact", "send-authinfo", "CID-MYOWN")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, `1000 Command completed successfully
The registry has mailed a new authInfo of contact CID-MYOWN to:
  a*****@b*****.*
  c*****@d*****.*
`, r.out)
	require.Contains(t, r.err, "eppkit: no registry is configured; this is the mock registry")
	require.Contains(t, eppkit(t, nil, "", "--mock", "hello").err, "eppkit: as --mock asks; this is the mock registry")
}

func TestCommandsOnTheMock(t *testing.T) {
	for _, row := range []struct {
		args   string
		status int
		out    string // a regular expression
	}{
		{"domain send-authinfo mydomain.cz", exitOK, `mailed a new authInfo of domain mydomain.cz to:`},
		{"nsset send-authinfo NID-MYNSSET", exitOK, `mailed a new authInfo of nsset`},
		{"keyset send-authinfo KID-MYKEYSET", exitOK, `mailed a new authInfo of keyset`},
		{"domain check mydomain.cz free-name.cz", exitOK, `mydomain\.cz  not available.*\nfree-name\.cz  available\n`},
		{"contact check CID-MYOWN CID-NOBODY", exitOK, `CID-MYOWN  not available.*\nCID-NOBODY  available\n`},
		{"domain info mydomain.cz", exitOK, `\ndomain:infData\n  name +mydomain\.cz\n  roid +D`},
		{"contact info CID-MYOWN", exitOK, `\ncontact:infData\n  id +CID-MYOWN\n`},
		{"credit", exitOK, `\ncz  \d+\.\d\d\n`},
		{"poll", exitOK, `(?s)^1301 .*mydomain\.cz`},
		{"poll req", exitOK, `^1301 `},
		{"poll ack 1", exitOK, `^1000 `},
		{"poll ack 4711", exitRefused, ``},
		{"hello", exitOK, `objURI +http://www\.nic\.cz/xml/epp/contact-1\.6`},
		{"--registry gtld hello", exitOK, `objURI +urn:ietf:params:xml:ns:domain-1\.0`},
		{"contact send-authinfo CID-NOBODY", exitRefused, ``},
		{"version", exitOK, `^eppkit `},
		{"domain info", exitUsage, ``},
		{"domain frobnicate", exitUsage, ``},
		{"frobnicate", exitUsage, ``},
		{"domain check x.cz -o yaml", exitUsage, ``},
		{"--registry gtld domain send-authinfo example.test", exitUsage, ``},
		{"--profile nosuch hello", exitUsage, ``},
		{"--config /nonexistent/file hello", exitUsage, ``},
		{"contact check CID-A --cltrid x", exitUsage, ``},
		{"raw /nonexistent/file", exitUsage, ``},
	} {
		t.Run(row.args, func(t *testing.T) {
			r := eppkit(t, nil, "", strings.Fields(row.args)...)
			require.Equal(t, row.status, r.status, "%s%s", r.out, r.err)
			require.Regexp(t, row.out, r.out)
		})
	}
}

// What the mock does not have yet is not taken for what eppkit does not have.
func TestMockIsIncomplete(t *testing.T) {
	const hint = "the mock registry inside eppkit does not have this command yet; --dry-run shows the frame"
	for _, row := range []struct {
		args, code string
		hint       bool
	}{
		{"domain create sauna.cz --registrant CID-NOBODY", "2306", false},
		{"--registry gtld host info ns1.sauna.example -o json", "2303", false},
		{"--registry gtld org info lind-1", "2307", true},
		{"contact send-authinfo CID-NOBODY", "2303", false},
	} {
		r := eppkit(t, nil, "", strings.Fields(row.args)...)
		require.Equal(t, exitRefused, r.status, r.err)
		require.Contains(t, r.err, row.code)
		require.Equal(t, row.hint, strings.Contains(r.err, hint), r.err)
	}
	r, _ := newScript(t, nil, says("2101", "", "")).run("domain delete sauna.cz")
	require.Equal(t, exitRefused, r.status, r.err)
	require.NotContains(t, r.err, "mock")
}

func TestDryRun(t *testing.T) {
	r := eppkit(t, nil, "", "contact", "send-authinfo", "CID-MYOWN", "--dry-run", "--cltrid", "TEST-0001")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "<fred:clTRID>TEST-0001</fred:clTRID>")
	require.Empty(t, r.err, "a dry run starts no registry")
}

func TestVerboseRedacts(t *testing.T) {
	r := eppkit(t, nil, "", "domain", "info", "mydomain.cz", "--authinfo", "Sesame42", "-v")
	require.Equal(t, exitRefused, r.status)
	require.Contains(t, r.err, "2202")
	require.Contains(t, r.err, "<login>")
	require.Contains(t, r.err, "[redacted]")
	require.NotContains(t, r.err+r.out, "Sesame42")
}

func TestCompletion(t *testing.T) {
	r := eppkit(t, nil, "", "completion", "bash")
	require.Equal(t, exitOK, r.status)
	require.Contains(t, r.out, "eppkit")
}
