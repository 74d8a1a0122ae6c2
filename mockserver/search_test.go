package mockserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/match"
)

// history makes a journal: two registrars, some checks, one refused.
func history(t *testing.T) *mockserver.Journal {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	a, _ := pipe(t, s)                                      // 1
	a.login("REG-A")                                        // 2, 3
	b, _ := pipe(t, s)                                      // 4
	b.login("REG-B")                                        // 5, 6
	a.ask(commandDoc(checkXML("a.example"), "CHK-A1"))      // 7, 8
	b.ask(commandDoc(checkXML("refuse.example"), "CHK-B1")) // 9, 10
	a.ask(commandDoc(checkXML("refuse.example"), "CHK-A2")) // 11, 12
	return s.Journal()
}

func query(m match.Match) mockserver.Query { return mockserver.Query{Match: m} }

func seqs(entries []mockserver.Entry) []int64 {
	var out []int64
	for _, e := range entries {
		out = append(out, e.Seq)
	}
	return out
}

func TestSearch(t *testing.T) {
	j := history(t)
	for name, c := range map[string]struct {
		q    mockserver.Query
		want []int64
	}{
		"all":           {mockserver.Query{}, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		"verb":          {query(match.Match{Verb: "login"}), []int64{2, 3, 5, 6}},
		"name":          {query(match.Match{Name: "domain:check"}), []int64{7, 8, 9, 10, 11, 12}},
		"namespace":     {query(match.Match{Namespace: domain.NS, ClID: "REG-B"}), []int64{9, 10}},
		"object":        {query(match.Match{Object: "refuse.example"}), []int64{9, 10, 11, 12}},
		"clID":          {query(match.Match{ClID: "REG-A"}), []int64{3, 7, 8, 11, 12}},
		"session":       {query(match.Match{Session: 2, Verb: "check"}), []int64{9, 10}},
		"direction":     {mockserver.Query{Match: match.Match{Verb: "check"}, Direction: mockserver.DirSent}, []int64{8, 10, 12}},
		"code":          {mockserver.Query{Code: epp.AuthorizationError}, []int64{10, 12}},
		"clTRID":        {query(match.Match{ClTRID: "CHK-A*"}), []int64{7, 8, 11, 12}},
		"svTRID":        {mockserver.Query{SvTRID: "TOY-1"}, []int64{3}},
		"text":          {query(match.Match{Text: "<d:name>a.example"}), []int64{7}},
		"a secret":      {query(match.Match{Text: password}), nil},
		"xpath":         {query(match.Match{XPath: "//domain:name[text()='a.example']"}), []int64{7, 8}},
		"since":         {mockserver.Query{Since: 10}, []int64{11, 12}},
		"from":          {mockserver.Query{From: toyNow.Add(1)}, nil},
		"from, to":      {mockserver.Query{From: toyNow, To: toyNow.Add(1), Limit: 1}, []int64{1}},
		"to":            {mockserver.Query{To: toyNow}, nil},
		"fault":         {mockserver.Query{Fault: "reset"}, nil},
		"any fault":     {mockserver.Query{Fault: mockserver.AnyFault}, nil},
		"limit":         {mockserver.Query{Since: 2, Limit: 2}, []int64{3, 4}},
		"limit, newest": {mockserver.Query{Limit: 2, Newest: true}, []int64{12, 11}},
	} {
		got, err := j.Search(c.q)
		require.NoError(t, err, name)
		require.Equal(t, c.want, seqs(got), name)
	}
	for criterion, q := range map[string]mockserver.Query{
		"direction": {Direction: "up"}, "limit": {Limit: -1}, "xpath": query(match.Match{XPath: "//a[@x='y]"}),
	} {
		_, err := j.Search(q)
		var bad *match.Error
		require.ErrorAs(t, err, &bad)
		require.Equal(t, criterion, bad.Criterion)
		_, err = j.Wait(t.Context(), 1, q)
		require.Error(t, err)
		require.Error(t, j.Expect(0, q))
		e, m := j.Nearest(q)
		require.Zero(t, e.Seq)
		require.Nil(t, m)
	}
}

func TestQueryAsJSON(t *testing.T) {
	q := mockserver.Query{
		Match: match.Match{Verb: "create", Object: "sauna.example", ClTRID: "A*"},
		Code:  epp.Success, Direction: "sent", Since: 4, From: toyNow, Limit: 3,
	}
	b, err := json.Marshal(q)
	require.NoError(t, err)
	require.JSONEq(t, `{"verb":"create","object":"sauna.example","clTRID":"A*","direction":"sent","code":1000,"since":4,"from":"2031-05-04T03:02:01Z","limit":3}`, string(b))
	var back mockserver.Query
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, q, back)
	require.Equal(t, `verb create, object sauna.example, clTRID A*, direction sent, code 1000, since 4, from 2031-05-04T03:02:01Z`, q.String())
	require.Equal(t, "anything", mockserver.Query{}.String())
}

func TestNearest(t *testing.T) {
	j := history(t)
	e, m := j.Nearest(mockserver.Query{Match: match.Match{Verb: "check", Object: "a.example", ClID: "REG-A"}, Code: epp.ObjectExists})
	require.EqualValues(t, 8, e.Seq)
	require.Equal(t, []mockserver.Mismatch{{Criterion: "code", Wanted: "2302", Got: "1000"}}, m)

	e, m = j.Nearest(query(match.Match{Verb: "check", Object: "b.example", ClID: "REG-B", ClTRID: "CHK-B1"}))
	require.EqualValues(t, 10, e.Seq, "the latest of those alike")
	require.Equal(t, []mockserver.Mismatch{{Criterion: "object", Wanted: "b.example", Got: "refuse.example"}}, m)

	e, m = j.Nearest(query(match.Match{Verb: "check"}))
	require.EqualValues(t, 12, e.Seq)
	require.Empty(t, m, "it fits")

	e, m = j.Nearest(mockserver.Query{Since: 40})
	require.EqualValues(t, 12, e.Seq)
	require.Equal(t, "since: wanted after 40, got 12", m[0].String())

	j.Reset()
	e, m = j.Nearest(query(match.Match{Verb: "check"}))
	require.Zero(t, e.Seq)
	require.Empty(t, m)
}

func TestExpect(t *testing.T) {
	j := history(t)
	asked := mockserver.Query{Match: match.Match{Verb: "check", Object: "refuse.example"}, Direction: mockserver.DirReceived, Limit: 1}
	require.NoError(t, j.Expect(2, asked))

	err := j.Expect(1, asked)
	require.EqualError(t, err, "mockserver: wanted exactly 1 entry with verb check, object refuse.example, direction received; there are 2")

	asked.ClID = "REG-A"
	err = j.Expect(2, asked)
	var unmet *mockserver.ExpectError
	require.ErrorAs(t, err, &unmet)
	require.Equal(t, []any{2, 1, false}, []any{unmet.Wanted, unmet.Got, unmet.AtLeast})
	require.EqualValues(t, 12, unmet.Nearest.Seq)
	require.EqualError(t, err, "mockserver: wanted exactly 2 entries with verb check, object refuse.example, clID REG-A, direction received; there is 1; "+
		"the nearest miss is #12 sent to session 1 (REG-A): domain:check 2201, clTRID CHK-A2\n\tdirection: wanted received, got sent")

	j.Reset()
	require.EqualError(t, j.Expect(1, asked), "mockserver: wanted exactly 1 entry with verb check, object refuse.example, clID REG-A, direction received; there are 0; the journal has nothing else")
	require.NoError(t, j.Expect(0, asked))
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, mockserver.Options{Registry: &toy{}})
		p, _ := pipe(t, s)
		p.login("REG-A")
		asked := mockserver.Query{Match: match.Match{Object: "a.example"}, Direction: mockserver.DirSent}
		p.ask(checkDoc("a.example"))
		got, err := s.Journal().Wait(t.Context(), 1, asked)
		require.NoError(t, err, "it is there already")
		require.Equal(t, []int64{5}, seqs(got))

		done := make(chan error, 1)
		go func() {
			asked := asked
			asked.Since = 5
			got, err := s.Journal().Wait(t.Context(), 2, asked)
			done <- err
			require.Equal(t, []int64{7, 9}, seqs(got))
		}()
		p.ask(checkDoc("a.example"))
		synctest.Wait()
		require.Empty(t, done)
		p.ask(checkDoc("a.example"))
		require.NoError(t, <-done)

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		asked.Object = "b.example"
		_, err = s.Journal().Wait(ctx, 1, asked)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "wanted at least 1 entry with object b.example, direction sent; there are 0 when the time was over; the nearest miss is #9")
		require.ErrorContains(t, err, "object: wanted b.example, got a.example")
	})
}

func TestJournalReset(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{}})
	p, _ := pipe(t, s)
	p.login("REG-A")
	s.Journal().Reset()
	require.Zero(t, s.Journal().Count(mockserver.Any))
	p.ask(checkDoc("a.example"))
	got, err := s.Journal().Search(mockserver.Query{})
	require.NoError(t, err)
	require.Equal(t, []int64{4, 5}, seqs(got))
	require.EqualValues(t, 4, got[1].Answers)
	require.Zero(t, got[0].Answers)
}

// An entry shows a secret to who asks for it, and prints none.
func TestEntrySecrets(t *testing.T) {
	j := history(t)
	e, ok := j.Last(mockserver.And(mockserver.Received, mockserver.Verb("login")))
	require.True(t, ok)
	require.NotContains(t, e.Frame(), password)
	require.Contains(t, e.Unredacted(), password)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		require.Equal(t, "#5 received from session 2: login, clTRID LOG-1", fmt.Sprintf(verb, e))
	}
}

// Searches, waits and resets go on while connections write.
func TestJournalConcurrency(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{profile: mockserver.Profile{MaxSessions: 100}}, JournalSize: 50})
	q := mockserver.Query{Match: match.Match{Object: "a.example", XPath: "//domain:name"}, Direction: mockserver.DirSent}
	var writers, readers sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range 4 {
		p, _ := pipe(t, s)
		p.login("REG-A")
		writers.Go(func() {
			for range 100 {
				p.ask(checkDoc("a.example"))
			}
		})
	}
	for i := range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				_, err := s.Journal().Search(q)
				if err != nil {
					t.Error(err)
				}
				s.Journal().Nearest(q)
				_, _ = s.Journal().Wait(ctx, 1000, q)
				if i == 0 {
					s.Journal().Reset()
				}
			}
		})
	}
	_, err := s.Journal().Wait(ctx, 40, q)
	require.NoError(t, err)
	writers.Wait()
	cancel()
	readers.Wait()
}
