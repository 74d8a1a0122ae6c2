package eppcode_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// RFC 5730, section 3: every code has its class.
func TestClasses(t *testing.T) {
	want := map[epp.Code]struct {
		class     authcode.Class
		retryable bool
	}{
		2000: {authcode.Unsupported, false},
		2001: {authcode.Invalid, false},
		2002: {authcode.Unauthorized, false},
		2003: {authcode.Invalid, false},
		2004: {authcode.Invalid, false},
		2005: {authcode.Invalid, false},
		2100: {authcode.Unsupported, false},
		2101: {authcode.Unsupported, false},
		2102: {authcode.Unsupported, false},
		2103: {authcode.Unsupported, false},
		2104: {authcode.Denied, false},
		2105: {authcode.Denied, false},
		2106: {authcode.Denied, false},
		2200: {authcode.Unauthorized, false},
		2201: {authcode.NotYours, false},
		2202: {authcode.Invalid, false},
		2300: {authcode.Locked, false},
		2301: {authcode.Denied, false},
		2302: {authcode.Invalid, false},
		2303: {authcode.NotFound, false},
		2304: {authcode.Locked, false},
		2305: {authcode.Denied, false},
		2306: {authcode.Invalid, false},
		2307: {authcode.Unsupported, false},
		2308: {authcode.Denied, false},
		2400: {authcode.Failed, true},
		2500: {authcode.Unavailable, true},
		2501: {authcode.Unavailable, true},
		2502: {authcode.RateLimited, true},
		2999: {authcode.Failed, false}, // one that the standard does not have
	}
	for c := epp.Code(2000); c < 3000; c++ {
		w, ok := want[c]
		if require.Equal(t, c.Known(), ok && c != 2999, "%d", c); !ok {
			continue
		}
		p, _ := scripted(t, eppcode.Options{}, respond(c))
		out, err := p.HandOver(t.Context(), retrieve("alpha.example"))
		require.NoError(t, err)
		no := out.(authcode.Refused)
		require.Equal(t, authcode.Refused{
			Class: w.class, Code: fmt.Sprint(uint16(c)), Text: c.Text(), Retryable: w.retryable, Body: authcode.Body{},
		}, no)
	}
}

// A refusal has the registry's messages and reasons, and not what they quote of a
// secret.
func TestWords(t *testing.T) {
	p, _ := scripted(t, eppcode.Options{}, func(*epp.Command) (*epp.Response, error) {
		because := func(s string) []epp.ErrValue { return []epp.ErrValue{{Reason: &epp.Text{Text: s}}} }
		return &epp.Response{Results: []epp.Result{
			{Code: 2306, Msg: epp.Text{Text: "Parameter value policy error"}, Values: because("element 'pw' is 'abc-Secret7'")},
			{Code: 2201, Msg: epp.Text{Text: "Authorization error"}, Values: because("not on Sundays")},
		}, TrID: epp.TrID{ClTRID: "CL-1", SvTRID: "SV-1"}, Frame: "<epp>abc-Secret7</epp>"}, nil
	})
	out, err := p.HandOver(t.Context(), retrieve("alpha.example"))
	no := refused(t, authcode.Invalid, "2306", out, err)
	require.Equal(t, "Parameter value policy error (element '[redacted]'); 2201 Authorization error (not on Sundays)", no.Text)
	require.EqualValues(t, "<epp>abc-Secret7</epp>", no.Body)
	require.NotContains(t, shown(t, no), "Secret7")
}

// shown is a value in all the ways in which it may be printed.
func shown(t *testing.T, v any) string {
	doc, err := json.Marshal(v)
	require.NoError(t, err)
	s := fmt.Sprintf("%v %+v %#v %s %q %x %s", v, v, v, v, v, v, doc)
	var log lines
	slog.New(slog.NewTextHandler(&log, nil)).Info("shown", "value", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("shown", "value", v)
	return s + log.String()
}

// R9154-003: no code in a log, an error, the journal or the ledger.
func TestNoLeaks(t *testing.T) {
	dir := t.TempDir()
	m := start(t, gtld.Options{AuthInfoMin: 10}, eppcode.Options{TTL: time.Hour, Ledger: eppcode.Dir{Path: dir}})
	var said string
	var secrets []string
	hand := func(r authcode.Request) {
		out, err := m.HandOver(t.Context(), r)
		require.NoError(t, err)
		said += shown(t, out) + shown(t, r)
		if c, ok := out.(authcode.Code); ok {
			secrets = append(secrets, c.Value.Reveal())
		}
	}
	hand(retrieve("alpha.example"))
	hand(regenerate("alpha.example"))
	short := regenerate("alpha.example")
	short.Value = "sh-Scr7"
	hand(short)
	bad := regenerate("alpha.example")
	bad.Value = "bad-Secret7\x02"
	hand(bad)
	secrets = append(secrets, "sh-Scr7", "bad-Secret7")
	require.Len(t, secrets, 4)
	m.Clock.Advance(time.Hour)
	ended, err := m.Expire(t.Context())
	require.NoError(t, err)
	require.Len(t, ended, 1)
	hand(regenerate("alpha.example"))

	said += m.log.String()
	require.Contains(t, said, "domain:update", "the session logs its frames")
	require.Contains(t, said, "a code was ended")
	for _, e := range m.srv.Journal().All(mockserver.Any) {
		said += e.Frame()
	}
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		require.NoError(t, err)
		said += path
		if !d.IsDir() {
			files++
			doc, err := os.ReadFile(path)
			require.NoError(t, err)
			said += string(doc)
		}
		return nil
	}))
	require.Equal(t, 1, files)
	for _, s := range secrets {
		require.NotContains(t, said, s)
		require.NotContains(t, said, fmt.Sprintf("%x", s))
	}
}
