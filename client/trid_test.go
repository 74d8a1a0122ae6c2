package client_test

import (
	"net"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// sent collects the clTRIDs of n checks over a session of its own.
func sent(t *testing.T, opts client.Options, n int, cmds ...*epp.Command) []string {
	t.Helper()
	var ids []string
	script := []step{greet}
	for range max(n, len(cmds)) {
		script = append(script, expect("check"), func(p *peer) error {
			ids = append(ids, p.asked[0].ClTRID)
			return reply(0, epp.Success)(p)
		})
	}
	s := sessionOn(t, play(t, script...), opts)
	for i := range max(n, len(cmds)) {
		cmd := &epp.Command{Request: check("a.example")}
		if i < len(cmds) {
			cmd = cmds[i]
		}
		_, err := s.Exchange(t.Context(), cmd)
		require.NoError(t, err)
	}
	return ids
}

// RFC 5730, section 2.5: a clTRID has 3 to 64 characters, and is unique.
func TestClTRIDs(t *testing.T) {
	seen := make(map[string]bool)
	for _, prefix := range []string{"", "R", "registrar.example-1", strings.Repeat("é", 32)} {
		want := prefix
		if want == "" {
			want = "eppkit"
		}
		for range 20 {
			for _, id := range sent(t, client.Options{TRIDPrefix: prefix}, 5) {
				require.True(t, strings.HasPrefix(id, want+"-"), id)
				require.False(t, seen[id], id)
				seen[id] = true
				n := utf8.RuneCountInString(id)
				require.True(t, n >= 3 && n <= 64-16, "%d characters leave room for the number to grow: %s", n, id)
			}
		}
	}
	require.Len(t, seen, 4*20*5)
}

func TestClTRIDPrefixTooLong(t *testing.T) {
	s := client.New(play(t), client.Options{TRIDPrefix: strings.Repeat("x", 33)})
	defer s.Close()
	_, err := s.Greet(t.Context())
	requireFate(t, client.NotSent, err)
	require.ErrorContains(t, err, "the option TRIDPrefix has 33 characters; at most 32 are allowed")
	s = client.New(play(t, greet), client.Options{TRIDPrefix: strings.Repeat("x", 33), NewTRID: func() string { return "ABC-1" }})
	defer s.Close()
	_, err = s.Greet(t.Context())
	require.NoError(t, err, "the prefix is not used")
}

func TestClTRIDOfTheCaller(t *testing.T) {
	q := check("a.example")
	ids := sent(t, client.Options{NewTRID: func() string { return " MADE  1 " }}, 0,
		&epp.Command{Request: q, ClTRID: "MINE-1"},
		&epp.Command{Request: q, ClTRID: " MINE \n\t 2 "},
		&epp.Command{Request: q, ClTRID: " \n "},
		&epp.Command{Request: q})
	require.Equal(t, []string{"MINE-1", "MINE 2", "MADE 1", "MADE 1"}, ids)

	cmd := &epp.Command{Request: q}
	sent(t, client.Options{}, 0, cmd)
	require.Empty(t, cmd.ClTRID, "the caller's command is not changed")
}

func TestClTRIDFromABadGenerator(t *testing.T) {
	for id, want := range map[string]string{"": "empty clTRID", " ": "empty clTRID", "ab": "3 to 64", strings.Repeat("x", 65): "3 to 64"} {
		s := session(t, client.Options{NewTRID: func() string { return id }})
		_, err := client.Do(t.Context(), s, check("a.example"))
		requireFate(t, client.NotSent, err)
		require.ErrorContains(t, err, want)
	}
}

func TestClTRIDsOfOneSessionAtOnce(t *testing.T) {
	const callers, each = 16, 50
	seen := make(map[string]bool) // by the writer alone
	ours, theirs := net.Pipe()
	var all, server sync.WaitGroup
	server.Go(func() { _ = echo(theirs, schema(t)) })
	s := sessionOn(t, ours, client.Options{Trace: func(dir client.Direction, frame []byte) {
		if dir == client.Sent {
			_, id, _ := strings.Cut(string(frame), "<clTRID>")
			id, _, _ = strings.Cut(id, "</")
			seen[id] = true
		}
	}})
	for range callers {
		all.Go(func() {
			for range each {
				if _, err := client.Do(t.Context(), s, check("a.example")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s.Close()
	server.Wait()
	require.Len(t, seen, callers*each)
}
