package mockserver_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A registry's own extension says what is secret in it.
func TestJournalHidesSecretsOfExtensions(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, ended := pipe(t, s)
	p.ask(`<epp xmlns="` + epp.NS + `"><command><logout/><extension><pin xmlns="` + extNS + `">hunter22</pin></extension></command></epp>`)
	s.Close()
	<-ended
	var shown string
	for _, e := range s.Journal().All(mockserver.Received) {
		shown += e.Frame()
	}
	require.Contains(t, shown, "<pin")
	require.NotContains(t, shown, "hunter22")
}

func TestJournal(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, ended := pipe(t, s)
	p.login("REG-A")
	p.ask(checkDoc("a.example"))
	p.ask(checkDoc("refuse.example"))
	p.ask(`<epp`)
	p.ask(logoutDoc)
	require.NoError(t, <-ended)

	type line struct {
		sent bool
		verb string
		code epp.Code
		clID string
	}
	var got []line
	for _, e := range s.Journal().All(mockserver.Any) {
		got = append(got, line{e.Sent, e.Verb, e.Code, e.ClID})
		require.Equal(t, toyNow, e.Time)
		require.EqualValues(t, 1, e.Session)
		require.EqualValues(t, len(got), e.Seq)
	}
	require.Equal(t, []line{
		{true, "greeting", 0, ""},
		{false, "login", 0, ""},
		{true, "login", 1000, "REG-A"},
		{false, "check", 0, "REG-A"},
		{true, "check", 1000, "REG-A"},
		{false, "check", 0, "REG-A"},
		{true, "check", 2201, "REG-A"},
		{false, "", 0, "REG-A"},
		{true, "", 2001, "REG-A"},
		{false, "logout", 0, "REG-A"},
		{true, "logout", 1500, "REG-A"},
	}, got)

	j := s.Journal()
	checkName := epp.Name{Space: domain.NS, Local: "check"}
	require.Equal(t, 4, j.Count(mockserver.Name(checkName)))
	require.Equal(t, 2, j.Count(mockserver.And(mockserver.Received, mockserver.Verb("check"))))
	require.Equal(t, 9, j.Count(mockserver.ClID("REG-A")))
	require.Equal(t, 11, j.Count(mockserver.InSession(1)))
	require.Equal(t, 2, j.Count(mockserver.Or(mockserver.Code(2201), mockserver.Code(1500))))
	last, ok := j.Last(mockserver.And(mockserver.Sent, mockserver.Name(checkName)))
	require.True(t, ok)
	require.Equal(t, epp.AuthorizationError, last.Code)
	require.Equal(t, "CHK-1", last.ClTRID)
	require.NotEmpty(t, last.SvTRID)
	require.Contains(t, last.Frame(), last.SvTRID)
	_, ok = j.Last(mockserver.Verb("renew"))
	require.False(t, ok)
}

func TestJournalSecrets(t *testing.T) {
	for _, show := range []bool{false, true} {
		s := newServer(t, mockserver.Options{Registry: &toy{}, JournalSecrets: show})
		p, _ := pipe(t, s)
		p.login("REG-A")
		p.ask(`<pw>` + password + `</pw`)
		var all strings.Builder
		for _, e := range s.Journal().All(mockserver.Any) {
			all.WriteString(e.Frame())
		}
		require.Equal(t, show, strings.Contains(all.String(), password))
	}
}

func TestTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []mockserver.Entry
		let := make(chan struct{})
		s := newServer(t, mockserver.Options{Registry: &toy{}, Trace: func(e mockserver.Entry) {
			<-let
			got = append(got, e)
		}})
		p, _ := pipe(t, s)
		p.login("REG-A")
		p.ask(checkDoc("a.example")) // answered although nothing is traced yet
		close(let)
		synctest.Wait()
		require.Equal(t, s.Journal().All(mockserver.Any), got)
		require.Len(t, got, 5)
		require.NotContains(t, got[1].Frame(), password)

		p.ask(logoutDoc)
		require.NoError(t, s.Close())
		require.Len(t, got, 7, "Close waits for the rest")
		require.EqualValues(t, 7, got[6].Seq)
	})
}

func TestTraceLags(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int64
		let := make(chan struct{})
		s := newServer(t, mockserver.Options{Registry: &toy{}, JournalSize: 3, Trace: func(e mockserver.Entry) {
			<-let
			got = append(got, e.Seq)
		}})
		p, _ := pipe(t, s)
		synctest.Wait() // the greeting is being traced
		p.login("REG-A")
		p.ask(checkDoc("a.example"))
		p.ask(logoutDoc)
		close(let)
		require.NoError(t, s.Close())
		require.Equal(t, []int64{1, 5, 6, 7}, got)
	})
}

func TestTraceThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		s, err := mockserver.New(mockserver.Options{Registry: &toy{}, Trace: func(mockserver.Entry) { <-let }})
		require.NoError(t, err)
		pipe(t, s)
		require.ErrorContains(t, s.Close(), "Options.Trace does not return")
		close(let)
	})
	_, err := mockserver.New(mockserver.Options{Registry: &toy{}, JournalSize: -1, Trace: func(mockserver.Entry) {}})
	require.ErrorContains(t, err, "needs a journal")
}

func TestJournalBounds(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}, JournalSize: 5})
	p, _ := pipe(t, s)
	for range 20 {
		p.send(helloDoc)
		p.recv()
	}
	all := s.Journal().All(mockserver.Any)
	require.Len(t, all, 5)
	require.EqualValues(t, 41, all[4].Seq)
	require.EqualValues(t, 37, all[0].Seq)

	s = newServer(t, mockserver.Options{Registry: &toy{}, JournalSize: -1})
	p, _ = pipe(t, s)
	p.login("REG-A")
	require.Zero(t, s.Journal().Count(mockserver.Any))

	// 64 MiB of frames at most, however few they are.
	s = newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ = pipe(t, s)
	long := helloDoc + strings.Repeat(" ", 1<<20-4-len(helloDoc))
	for range 70 {
		p.send(long)
		p.recv()
	}
	require.Equal(t, 63, s.Journal().Count(mockserver.Received))
}

func TestJournalWaitFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, mockserver.Options{Registry: &toy{}})
		p, _ := pipe(t, s)
		p.login("REG-A")
		asked := mockserver.And(mockserver.Received, mockserver.Verb("check"))
		p.ask(checkDoc("a.example"))
		require.NoError(t, s.Journal().WaitFor(t.Context(), 1, asked), "it is there already")

		done := make(chan error, 1)
		go func() { done <- s.Journal().WaitFor(t.Context(), 3, asked) }()
		p.ask(checkDoc("a.example"))
		synctest.Wait()
		require.Empty(t, done)
		p.ask(checkDoc("a.example"))
		require.NoError(t, <-done)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := s.Journal().WaitFor(ctx, 4, asked)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "3 came")
	})
}
