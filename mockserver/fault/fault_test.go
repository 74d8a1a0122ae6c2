package fault_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
)

// An info is a command that a client sent.
func command(object, clTRID string) fault.Event {
	f := match.NewFrame(func() string {
		return `<epp xmlns="` + epp.NS + `"><command><info><d:info xmlns:d="urn:ietf:params:xml:ns:domain-1.0"><d:name>` +
			object + `</d:name></d:info></info><clTRID>` + clTRID + `</clTRID></command></epp>`
	})
	f.Verb, f.Name = "info", epp.Name{Space: "urn:ietf:params:xml:ns:domain-1.0", Local: "info"}
	f.ClID, f.ClTRID, f.Session = "REG-A", clTRID, 5
	return fault.Event{Point: fault.Commanded, Frame: f, Connection: 7, Remote: "192.0.2.1:4321"}
}

func set(t *testing.T, faults ...fault.Fault) *fault.Set {
	t.Helper()
	s := fault.NewSet(fault.Options{Seed: 1})
	require.NoError(t, s.AddAll(faults))
	return s
}

func TestMatch(t *testing.T) {
	for name, row := range map[string]struct {
		match fault.Match
		want  bool
	}{
		"everywhere":        {fault.Match{}, true},
		"verb":              {fault.Match{Match: match.Match{Verb: "info"}}, true},
		"other verb":        {fault.Match{Match: match.Match{Verb: "create"}}, false},
		"prefix":            {fault.Match{Match: match.Match{Namespace: "domain"}}, true},
		"URI":               {fault.Match{Match: match.Match{Namespace: "urn:ietf:params:xml:ns:domain-1.0"}}, true},
		"other prefix":      {fault.Match{Match: match.Match{Namespace: "host"}}, false},
		"object":            {fault.Match{Match: match.Match{Object: "SAUNA.example"}}, true},
		"other object":      {fault.Match{Match: match.Match{Object: "una.example"}}, false},
		"registrar":         {fault.Match{Match: match.Match{ClID: "REG-A"}}, true},
		"other registrar":   {fault.Match{Match: match.Match{ClID: "REG-B"}}, false},
		"clTRID":            {fault.Match{Match: match.Match{ClTRID: "ABC-*"}}, true},
		"other clTRID":      {fault.Match{Match: match.Match{ClTRID: "ABC"}}, false},
		"path":              {fault.Match{Match: match.Match{XPath: "//domain:name[text()='sauna.example']"}}, true},
		"other path":        {fault.Match{Match: match.Match{XPath: "//domain:authInfo"}}, false},
		"session":           {fault.Match{Match: match.Match{Session: 5}}, true},
		"other session":     {fault.Match{Match: match.Match{Session: 6}}, false},
		"connection":        {fault.Match{Connection: 7}, true},
		"other connection":  {fault.Match{Connection: 8}, false},
		"address":           {fault.Match{Remote: "192.0.2.1"}, true},
		"address and port":  {fault.Match{Remote: "192.0.2.*:4321"}, true},
		"other address":     {fault.Match{Remote: "192.0.2.2"}, false},
		"all of them":       {fault.Match{Match: match.Match{Verb: "info", ClID: "REG-A"}, Connection: 7}, true},
		"all of them but 1": {fault.Match{Match: match.Match{Verb: "info", ClID: "REG-A"}, Connection: 8}, false},
	} {
		s := set(t, fault.Fault{Kind: fault.NoAnswer, Match: row.match})
		require.Equal(t, row.want, len(strike(s, command("sauna.example", "ABC-1"))) == 1, name)
		list := s.List()
		require.Equal(t, row.want, list[0].Matched == 1, name)
		require.Equal(t, row.want, list[0].Fired == 1, name)
	}
}

// strike is Strike for a test that resets nothing.
func strike(s *fault.Set, ev fault.Event) []fault.Fault {
	_, struck := s.Strike(ev)
	return struck
}

// strikes tells at which of n events the only fault of a set strikes.
func strikes(s *fault.Set, n int) string {
	var out strings.Builder
	for i := range n {
		c := "."
		if len(strike(s, command("sauna.example", fmt.Sprint("ABC-", i)))) > 0 {
			c = "x"
		}
		out.WriteString(c)
	}
	return out.String()
}

func TestHowOften(t *testing.T) {
	for _, row := range []struct {
		nth, times int
		want       string
		expired    bool
	}{
		{0, 0, "xxxxx", false},
		{1, 0, "xxxxx", false},
		{3, 0, "..xxx", false},
		{3, 1, "..x..", true},
		{0, 2, "xx...", true},
		{9, 1, ".....", false},
	} {
		s := set(t, fault.Fault{Kind: fault.NoAnswer, Nth: row.nth, Times: row.times})
		require.Equal(t, row.want, strikes(s, 5))
		require.Equal(t, row.expired, s.List()[0].Expired)
		require.Equal(t, strings.Count(row.want, "x"), s.List()[0].Fired)
	}
}

func TestProbability(t *testing.T) {
	f := fault.Fault{Kind: fault.NoAnswer, Probability: 0.3}
	first := strikes(set(t, f), 1000)
	require.InDelta(t, 300, strings.Count(first, "x"), 60)
	require.Equal(t, first, strikes(set(t, f), 1000), "the same seed")

	other := fault.NewSet(fault.Options{Seed: 2})
	require.NoError(t, other.AddAll([]fault.Fault{f}))
	require.NotEqual(t, first, strikes(other, 1000), "another seed of the set")
	f.Seed = 1
	require.NotEqual(t, first, strikes(set(t, f), 1000), "another seed of the fault")

	f.Seed, f.ID = 0, "other"
	require.NotEqual(t, first, strikes(set(t, f), 1000), "another fault")

	// What else is in the set changes nothing.
	f = fault.Fault{ID: "mine", Kind: fault.NoAnswer, Probability: 0.3}
	with := set(t, fault.Fault{Kind: fault.Slow, Delay: 1, Probability: 0.5, Match: fault.Match{Connection: 7}}, f)
	alone := strikes(set(t, f), 100)
	var both strings.Builder
	for i := range 100 {
		c := "."
		for _, f := range strike(with, command("sauna.example", fmt.Sprint("ABC-", i))) {
			if f.ID == "mine" {
				c = "x"
			}
		}
		both.WriteString(c)
	}
	require.Equal(t, alone, both.String())
}

func TestLife(t *testing.T) {
	now := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
	s := fault.NewSet(fault.Options{})
	_, err := s.Add(fault.Fault{Kind: fault.NoAnswer, For: time.Minute})
	require.NoError(t, err)
	s.UseClock(func() time.Time { return now })
	s.UseClock(func() time.Time { return now.AddDate(1, 0, 0) }) // too late
	now = now.Add(59 * time.Second)
	require.Equal(t, "x", strikes(s, 1))
	now = now.Add(time.Second)
	require.Equal(t, ".", strikes(s, 1))
	require.True(t, s.List()[0].Expired)
	_, err = s.Add(fault.Fault{Kind: fault.NoAnswer, For: time.Minute})
	require.NoError(t, err)
	require.Equal(t, "x", strikes(s, 1), "its life begins when it is added")
}

func TestSet(t *testing.T) {
	require.False(t, (*fault.Set)(nil).Active())
	s := fault.NewSet(fault.Options{})
	require.False(t, s.Active())
	id, err := s.Add(fault.Fault{Kind: fault.NoAnswer})
	require.NoError(t, err)
	require.Equal(t, "fault-1", id)
	_, err = s.Add(fault.Fault{ID: "fault-1", Kind: fault.Reset})
	require.ErrorContains(t, err, `id: there is a fault "fault-1" already`)
	_, err = s.Add(fault.Fault{ID: "mine", Kind: fault.Slow, Delay: 1})
	require.NoError(t, err)
	got, ok := s.Get("mine")
	require.True(t, ok)
	require.Equal(t, fault.Slow, got.Kind)
	_, struck := s.Strike(command("sauna.example", "ABC-1"))
	require.Len(t, struck, 2, "in the order in which they were added")
	require.Equal(t, fault.NoAnswer, struck[0].Kind)
	require.True(t, s.Remove("fault-1"))
	require.False(t, s.Remove("fault-1"))
	require.True(t, s.Active())
	_, ok = s.Get("fault-1")
	require.False(t, ok)

	err = s.AddAll([]fault.Fault{{Kind: fault.Reset}, {Kind: "rest"}})
	require.EqualError(t, err, `fault: [1].kind: there is no fault "rest"`)
	require.Len(t, s.List(), 1, "all or none")

	ctx, _ := s.Strike(command("sauna.example", "ABC-1"))
	require.NoError(t, ctx.Err())
	s.Reset()
	require.Error(t, ctx.Err())
	ctx, _ = s.Strike(command("sauna.example", "ABC-1"))
	require.NoError(t, ctx.Err())
	require.Empty(t, s.List())
	require.False(t, s.Active())
	id, err = s.Add(fault.Fault{Kind: fault.NoAnswer})
	require.NoError(t, err)
	require.Equal(t, "fault-1", id, "as in a new one")
}

func TestSetByMany(t *testing.T) {
	s := set(t, fault.Fault{ID: "always", Kind: fault.NoAnswer, Times: 100})
	var wg sync.WaitGroup
	var mu sync.Mutex
	struck := 0
	for range 8 {
		wg.Go(func() {
			for range 50 {
				n := len(strike(s, command("sauna.example", "ABC-1")))
				id, err := s.Add(fault.Fault{Kind: fault.OldTLS})
				if err == nil {
					s.Remove(id)
				}
				s.List()
				mu.Lock()
				struck += n
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, 100, struck)
}

func TestValidate(t *testing.T) {
	on := func(m match.Match) fault.Match { return fault.Match{Match: m} }
	for _, row := range []struct {
		fault fault.Fault
		want  string
	}{
		{fault.Fault{}, "kind: is missing"},
		{fault.Fault{Kind: "explode"}, `kind: there is no fault "explode"`},
		{fault.Fault{Kind: fault.Slow}, "delay: slow needs it"},
		{fault.Fault{Kind: fault.Result}, "code: result needs it"},
		{fault.Fault{Kind: fault.Result, Code: 99}, "code: must have four digits"},
		{fault.Fault{Kind: fault.Bandwidth}, "rate: bandwidth needs it"},
		{fault.Fault{Kind: fault.Reset, Rate: 3}, "rate: reset does not take it"},
		{fault.Fault{Kind: fault.Reset, Close: new(false)}, "close: reset does not take it"},
		{fault.Fault{Kind: fault.Reset, Nth: -1}, "nth: must not be negative"},
		{fault.Fault{Kind: fault.Reset, Times: -1}, "times: must not be negative"},
		{fault.Fault{Kind: fault.Reset, For: -1}, "for: must not be negative"},
		{fault.Fault{Kind: fault.Slow, Delay: -1}, "delay: must not be negative"},
		{fault.Fault{Kind: fault.Garbage, Size: 1 << 30}, "size: must be at most 16777216"},
		{fault.Fault{Kind: fault.Reset, Probability: 1.1}, "probability: must be between 0 and 1"},
		{fault.Fault{Kind: fault.Reset, Probability: math.NaN()}, "probability: must be between 0 and 1"},
		{fault.Fault{Kind: fault.Reset, Match: on(match.Match{XPath: "//a["})}, "match.xpath: "},
		{fault.Fault{Kind: fault.OldTLS, Match: on(match.Match{Verb: "info"})}, "match.verb: old-tls strikes before a command is known"},
		{fault.Fault{Kind: fault.OldTLS, Match: on(match.Match{ClID: "REG-A"})}, "match.clID: old-tls strikes before the registrar is known"},
		{fault.Fault{Kind: fault.OldTLS, Match: on(match.Match{Session: 1})}, "match.session: old-tls strikes before the session is known"},
		{fault.Fault{Kind: fault.OldTLS, Match: on(match.Match{Verb: "greeting"})}, "match.verb: old-tls strikes before what is said is known"},
		{fault.Fault{Kind: fault.LateGreeting, Delay: 1, Match: on(match.Match{Object: "x"})}, "match.object: late-greeting strikes before a command is known"},
		{fault.Fault{Kind: fault.Slow, Delay: 1, Match: on(match.Match{Verb: "greeting"})}, "match.verb: slow can't strike a greeting"},
		{fault.Fault{Kind: fault.Length0, Match: on(match.Match{Verb: "greeting", Object: "x"})}, "match.object: length-0 strikes before a command is known"},
		{fault.Fault{Kind: fault.LateGreeting, Delay: 1, Match: on(match.Match{ClID: "REG-A", Session: 2, Verb: "greeting"})}, ""},
		{fault.Fault{Kind: fault.Reset, Match: on(match.Match{ClID: "REG-A"})}, ""},
		{fault.Fault{Kind: fault.Result, Code: 2999, Close: new(false)}, ""},
	} {
		err := row.fault.Validate()
		if row.want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "fault: "+row.want)
		require.IsType(t, new(fault.Error), err)
	}
}

func TestParse(t *testing.T) {
	got, err := fault.Parse([]byte(`
faults:
  - id: lost
    kind: commit-then-drop
    match: {verb: transfer, clID: REG-A, connection: 2, remote: "192.0.2.*"}
    nth: 2
    times: 1
    probability: 0.5
    seed: 9
    for: 10m
  - kind: result
    code: 2500
    close: false
    text: later
  - {kind: slow, delay: 1500ms}
`))
	require.NoError(t, err)
	require.Equal(t, []fault.Fault{
		{
			ID: "lost", Kind: fault.CommitThenDrop, Nth: 2, Times: 1, Probability: 0.5, Seed: 9, For: 10 * time.Minute,
			Match: fault.Match{Match: match.Match{Verb: "transfer", ClID: "REG-A"}, Connection: 2, Remote: "192.0.2.*"},
		},
		{Kind: fault.Result, Code: 2500, Close: new(false), Text: "later"},
		{Kind: fault.Slow, Delay: 1500 * time.Millisecond},
	}, got)

	for doc, want := range map[string]string{
		"":                                   "line 1: the document is empty",
		"fault: []":                          "line 1: fault: there is no such key",
		"faults:\n - knd: reset":             "line 2: faults[0].knd: there is no such key",
		"faults:\n - kind: reset\n   nth: x": "line 3: faults[0].nth: must be a whole number",
		"faults:\n - kind: slow\n   delay: 3 days":                                "line 3: faults[0].delay: must be a duration",
		"faults:\n - kind: reset\n - kind: rest":                                  `line 3: faults[1].kind: there is no fault "rest"`,
		"faults:\n - kind: reset\n   match:\n     verb: info\n     xpath: '//a['": "line 5: faults[0].match.xpath: ",
		"faults:\n - {kind: reset, match: {registrar: x}}":                        "line 2: faults[0].match.registrar: there is no such key",
		"faults:\n - {id: a, kind: reset}\n - {id: a, kind: reset}":               `line 3: faults[1].id: there is a fault "a" already`,
		`{"faults": [{"kind": 3.5}]}`:                                             "faults[0].kind: there is no fault",
	} {
		_, err := fault.Parse([]byte(doc))
		require.ErrorContains(t, err, "fault: ", doc)
		require.ErrorContains(t, err, want, doc)
		require.IsType(t, new(fault.FileError), err, doc)
	}
}

// A fault is the same in Go, in JSON and in YAML.
func TestForms(t *testing.T) {
	for _, f := range []fault.Fault{
		{
			ID: "a", Kind: fault.Result, Nth: 2, Times: 3, Probability: 0.25, Seed: 4, For: 90 * time.Second,
			Code: 2400, Close: new(true), Commit: true, Text: "no <\u2028>",
			Match: fault.Match{Match: match.Match{Verb: "info", ClTRID: "A-*"}, Connection: 1, Remote: "::1"},
		},
		{Kind: fault.Slow, Delay: 1500 * time.Millisecond},
		{Kind: fault.Garbage, Size: 3, Framed: true},
	} {
		doc, err := json.Marshal(f)
		require.NoError(t, err)
		var back fault.Fault
		require.NoError(t, json.Unmarshal(doc, &back))
		require.Equal(t, f, back, "%s", doc)

		doc, err = yaml.Marshal(map[string]any{"faults": []fault.Fault{f}})
		require.NoError(t, err)
		all, err := fault.Parse(doc)
		require.NoError(t, err)
		require.Equal(t, []fault.Fault{f}, all)
	}
	doc, err := json.Marshal(fault.Status{Fault: fault.Fault{ID: "a", Kind: fault.Slow, Delay: time.Second}, Matched: 3, Fired: 2})
	require.NoError(t, err)
	require.JSONEq(t, `{"id":"a","kind":"slow","delay":"1s","matched":3,"fired":2,"expired":false}`, string(doc))

	var f fault.Fault
	err = json.Unmarshal([]byte(`{"kind":"slow","dealy":"1s"}`), &f)
	require.EqualError(t, err, "fault: dealy: there is no such key")
	require.Zero(t, f)
}

var update = flag.Bool("update", false, "write docs/faults.md anew")

// The table in the documentation is the one of the code.
// TestDays has spans in days, as the rest of a mock has them.
func TestDays(t *testing.T) {
	list, err := fault.Parse([]byte("faults: [{kind: slow, delay: 1d, for: 4d12h}, {kind: slow, delay: 36h}]"))
	require.NoError(t, err)
	require.Equal(t, 24*time.Hour, list[0].Delay)
	require.Equal(t, 108*time.Hour, list[0].For)
	require.Equal(t, 36*time.Hour, list[1].Delay)
	doc, err := json.Marshal(list[0])
	require.NoError(t, err)
	require.JSONEq(t, `{"kind":"slow","delay":"1d","for":"108h0m0s"}`, string(doc))
	var back fault.Fault
	require.NoError(t, json.Unmarshal(doc, &back))
	require.Equal(t, list[0], back)
	_, err = fault.Parse([]byte("faults: [{kind: slow, delay: -1d}]"))
	require.ErrorContains(t, err, "must be a duration")
}

func TestTable(t *testing.T) {
	const file = "../../docs/faults.md"
	var b strings.Builder
	b.WriteString("<!-- Generated: go test ./mockserver/fault -run TestTable -update -->\n# Faults of the mock registries\n\n" +
		"What `mockserver/fault` can have a server do wrong. A parameter in brackets may be left out.\n" +
		"A `delay`, and the `for` that any fault may have, is as in `90s`, `36h` or `5d`. In the journal an answer has the\n" +
		"faults that were done to it, and a command those by which it was executed otherwise than others; a query with the\n" +
		"`fault` of `\"+\"` finds them all.\n\n" +
		"| kind | what the client sees | parameters |\n|---|---|---|\n")
	for _, k := range fault.Kinds() {
		require.NotEmpty(t, k.Says)
		require.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, string(k.Kind))
		var params []string
		for _, p := range k.Needs {
			params = append(params, "`"+p+"`")
		}
		for _, p := range k.Takes {
			params = append(params, "[`"+p+"`]")
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Kind, k.Says, strings.Join(params, " "))
	}
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(got), "go test ./mockserver/fault -run TestTable -update")
}
