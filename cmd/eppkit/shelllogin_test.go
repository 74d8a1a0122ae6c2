package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/match"
)

// twoRegistrars is a registry where two can log in with one certificate.
func twoRegistrars(t *testing.T) *aRegistry {
	t.Helper()
	file := writeFile(t, t.TempDir(), "fixtures.yaml", `
zones: [cz]
registrars:
  - {clID: REG-NORTH, password: north-Lake41}
  - {clID: REG-SOUTH, password: south-Gate92}
`)
	m, err := new(app).startMock("fred", file)
	require.NoError(t, err)
	return registryOf(t, m, "")
}

// by are the logins that a registry had.
func (r *aRegistry) by(t *testing.T, verb string) (clIDs []string) {
	t.Helper()
	sent, err := r.Journal().Search(mockserver.Query{Match: match.Match{Verb: verb}, Direction: mockserver.DirReceived})
	require.NoError(t, err)
	for _, e := range sent {
		clIDs = append(clIDs, e.ClID)
	}
	return clIDs
}

// Every line acts as the registrar in the prompt, or is refused.
func TestShellLinesActAsWhoLoggedIn(t *testing.T) {
	reg := twoRegistrars(t)
	dir := t.TempDir()
	rows := writeFile(t, dir, "rows.csv", "name\nsauna.cz\n")
	pw := writeFile(t, dir, "pw", "other-Gate93\n")
	r := shellRun(t, strings.Join([]string{
		"login REG-SOUTH south-Gate92",
		"domain check kiuas.cz",
		"bulk domain check --quiet --from " + rows,
		"authcode get sauna.cz",
		"login --new-password-file " + pw,
		"bulk domain check --quiet --registry gtld --from " + rows,
	}, "\n")+"\n", "-k", "--config", reg.config)
	require.Equal(t, exitUsage, r.status, r.out+r.err)
	require.Equal(t, []string{"REG-SOUTH", "REG-SOUTH"}, reg.by(t, "check"), r.out+r.err)
	require.Len(t, reg.by(t, "login"), 2, "of the shell and of bulk")
	for _, line := range []string{"line 4", "line 5"} {
		require.Contains(t, r.err, line+": you are logged in as REG-SOUTH; this command would use REG-NORTH of the profile")
	}
	require.Contains(t, r.err, "line 6: this session is with cz; another registry is for another shell")

	// The configured registrar comes back with the configured password.
	r = shellRun(t, "login REG-SOUTH south-Gate92\nlogin REG-NORTH\nlogin --timeout 20s\n", "--config", reg.config)
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "REG-NORTH is logged in at cz")

	r = shellRun(t, "bulk domain check --quiet --from "+rows+"\nlogin --timeout 20s\nlogin REG-NORTH north-Lake41\nlogin --timeout 20s\n", "--config", reg.config)
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, "REG-NORTH", reg.by(t, "check")[2])
}

// A login that fails is not tried again, and leaves who logs in as it was.
func TestShellLoginThatFails(t *testing.T) {
	reg := twoRegistrars(t)
	passwords := func() (seen []string) {
		sent, err := reg.Journal().Search(hasVerb("login"))
		require.NoError(t, err)
		for _, e := range sent {
			_, rest, _ := strings.Cut(e.Frame(), "<clID>")
			clID, _, _ := strings.Cut(rest, "<")
			seen = append(seen, clID)
		}
		return seen
	}
	r := shellRun(t, "domain check a.cz\nlogin REG-SOUTH wrong-Gate77\ndomain check b.cz\nlogin\ndomain check c.cz\n", "-k", "--config", reg.config)
	require.Equal(t, exitAuthentication, r.status, r.err)
	require.Contains(t, r.err, "line 3: nothing is tried again before you say login")
	require.Contains(t, r.out, "REG-NORTH is logged in at cz")
	require.Equal(t, []string{"REG-NORTH", "REG-SOUTH", "REG-NORTH"}, passwords(), "of which one with the wrong password")
	require.Equal(t, []string{"REG-NORTH", "REG-NORTH"}, reg.by(t, "check"))

	// Nor does anything go on as somebody else where there is no answer to a login.
	reg.Close()
	r = shellRun(t, "login REG-SOUTH south-Gate92\ndomain check b.cz\n", "-k", "--config", reg.config)
	require.Equal(t, exitConnection, r.status, r.err)
	require.Contains(t, r.err, "line 2: REG-SOUTH is not logged in; login opens a session as REG-NORTH: ")
}
