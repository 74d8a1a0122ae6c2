package script_test

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
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/script"
)

var at = time.Date(2031, 12, 31, 23, 30, 0, 0, time.UTC)

// command is a check of a name in a session.
func command(session int64, verb, name string) *script.Command {
	f := match.NewFrame(func() string {
		return `<e:epp xmlns:e="` + epp.NS + `"><e:command><e:` + verb + `><d:` + verb + ` xmlns:d="` + domain.NS + `"><d:name hosts="a&amp;b">` + name +
			`</d:name></d:` + verb + `></e:` + verb + `></e:command></e:epp>`
	})
	f.Verb, f.ClTRID, f.Session, f.ClID = verb, "ABC-1", session, "REG-A"
	return &script.Command{Frame: f, Now: at, SvTRID: func() string { return "SV-9" }}
}

// says is a stub that answers a document.
func says(document string, change ...func(*script.Stub)) script.Stub {
	s := script.Stub{Answer: script.Answer{Document: document}}
	for _, f := range change {
		f(&s)
	}
	return s
}

func setOf(t *testing.T, stubs ...script.Stub) *script.Set {
	s := new(script.Set)
	_, err := s.Add(stubs...)
	require.NoError(t, err)
	return s
}

// ask returns the document that a set answers, "" for none, and settles it.
func ask(t *testing.T, s *script.Set, c *script.Command, sent bool) string {
	t.Helper()
	r, err := s.Answer(t.Context(), c)
	require.NoError(t, err)
	if r == nil {
		return ""
	}
	r.Settle(sent)
	return string(r.Document)
}

func TestOrder(t *testing.T) {
	s := setOf(t,
		says("first"),
		says("second"),
		says("third", func(s *script.Stub) { s.Priority = 5; s.Match.Object = "lake.example" }),
		says("fourth", func(s *script.Stub) { s.Priority = 5; s.Match.Verb = "info" }),
	)
	require.Equal(t, "first", ask(t, s, command(1, "check", "sauna.example"), true))
	require.Equal(t, "third", ask(t, s, command(1, "info", "lake.example"), true))
	require.Equal(t, "fourth", ask(t, s, command(1, "info", "sauna.example"), true))
	require.True(t, s.Remove("stub-1"))
	require.False(t, s.Remove("stub-1"))
	require.Equal(t, "second", ask(t, s, command(1, "check", "sauna.example"), true))
	var ids []string
	for _, st := range s.List() {
		ids = append(ids, st.ID)
	}
	require.Equal(t, []string{"stub-3", "stub-4", "stub-2"}, ids)
	require.False(t, s.Empty())
	s.Reset()
	require.True(t, s.Empty())
	require.Empty(t, s.List())
	require.Empty(t, ask(t, s, command(1, "check", "sauna.example"), true))
}

func TestNthAndTimes(t *testing.T) {
	s := setOf(t, says("a", func(s *script.Stub) { s.Nth, s.Times = 2, 2 }), says("b"))
	var got []string
	for i := range 5 {
		got = append(got, ask(t, s, command(1, "check", "x.example"), i%2 == 0))
	}
	require.Equal(t, []string{"b", "a", "a", "b", "b"}, got)
	list := s.List()
	require.Equal(t, []int{5, 2, 1}, []int{list[0].Matched, list[0].Answered, list[0].Sent})
	require.Equal(t, []int{3, 3, 2}, []int{list[1].Matched, list[1].Answered, list[1].Sent})
	s.Rewind()
	require.Zero(t, s.List()[0].Matched)
	require.Equal(t, "b", ask(t, s, command(1, "check", "x.example"), true))
}

// A login and a hello are shown to those alone who name them.
func TestVerbs(t *testing.T) {
	any := says("any")
	star := says("star", func(s *script.Stub) { s.Match.Verb = "*" })
	hello := says("hi", func(s *script.Stub) { s.Match.Verb = "hello" })
	login := says("in", func(s *script.Stub) { s.Match.Verb = "login" })
	s := setOf(t, any, star)
	require.Empty(t, ask(t, s, command(1, "hello", ""), true))
	require.Empty(t, ask(t, s, command(1, "login", ""), true))
	s = setOf(t, any, star, hello, login)
	require.Equal(t, "hi", ask(t, s, command(1, "hello", ""), true))
	require.Equal(t, "in", ask(t, s, command(1, "login", ""), true))
	require.Equal(t, "any", ask(t, s, command(1, "logout", ""), true))
}

func TestPlaceholders(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                          "plain",
		"<a>${clTRID}/${svTRID}</a>":     "<a>ABC-1/SV-9</a>",
		"${now} ${today}":                "2031-12-31T23:30:00Z 2031-12-31",
		"${now+1h}":                      "2032-01-01T00:30:00Z",
		"${now-30m}":                     "2031-12-31T23:00:00Z",
		"${today+2M}":                    "2032-03-02",
		"${today+1y}${today-1d}":         "2032-12-312031-12-30",
		"${//domain:name}":               "x&lt;y&gt;.example",
		"${//domain:name/@hosts}|":       "a&amp;b|",
		"${//host:name}|":                "|",
		"$${clTRID} $$ ${clTRID}$ {now}": "${clTRID} $$ ABC-1$ {now}",
	} {
		require.Equal(t, want, ask(t, setOf(t, says(text)), command(1, "check", "x&lt;y&gt;.example"), true), text)
	}
}

func TestResponse(t *testing.T) {
	set := setOf(t, script.Stub{Answer: script.Answer{
		Code: epp.Success, Msg: "Hei, ${//domain:name}",
		ResData:   []string{`<domain:chkData xmlns:domain="` + domain.NS + `"><domain:cd><domain:name>${//domain:name}</domain:name></domain:cd></domain:chkData>`},
		Extension: []string{`<x:y xmlns:x="urn:example:x-1.0"/>`},
	}})
	r, err := set.Answer(t.Context(), command(1, "check", "a&amp;b.example"))
	require.NoError(t, err)
	require.Nil(t, r.Document)
	require.Equal(t, "stub-1", r.Stub)
	doc, err := epp.Append(nil, r.Response)
	require.NoError(t, err)
	m, err := (*epp.Schema)(nil).Parse(doc)
	require.NoError(t, err)
	got := m.(*epp.Response)
	require.Equal(t, epp.Success, got.Code())
	require.Equal(t, "Hei, a&b.example", got.Results[0].Msg.Text)
	require.Equal(t, epp.TrID{ClTRID: "ABC-1", SvTRID: "SV-9"}, got.TrID)
	require.Contains(t, got.Frame, "<domain:name>a&amp;b.example</domain:name>")
	require.Len(t, got.Extension, 1)

	r, err = setOf(t, script.Stub{Answer: script.Answer{Code: epp.ObjectExists}}).Answer(t.Context(), command(1, "check", "a"))
	require.NoError(t, err)
	require.Equal(t, epp.ObjectExists.Text(), r.Response.Results[0].Msg.Text)
}

func scenario(name, state, next string) func(*script.Stub) {
	return func(s *script.Stub) { s.Scenario, s.State, s.Next = name, state, next }
}

func TestScenario(t *testing.T) {
	s := setOf(t,
		says("order it", scenario("pay", script.Start, "ordered")),
		says("paid", scenario("pay", "ordered", "paid")),
		says("again", scenario("pay", "paid", script.Start)),
	)
	c := func() *script.Command { return command(1, "check", "x.example") }
	require.Equal(t, map[string]string{"pay": script.Start}, s.States())
	require.Equal(t, "order it", ask(t, s, c(), false), "its write failed")
	require.Equal(t, map[string]string{"pay": script.Start}, s.States())
	require.Equal(t, "order it", ask(t, s, c(), true))
	require.Equal(t, map[string]string{"pay": "ordered"}, s.States())
	require.Equal(t, "paid", ask(t, s, c(), false))
	require.Equal(t, "paid", ask(t, s, c(), true))
	require.Equal(t, "again", ask(t, s, c(), true))
	require.Equal(t, map[string]string{"pay": script.Start}, s.States())

	s.SetState("pay", "paid")
	require.Equal(t, "again", ask(t, s, c(), true))
	s.SetState("pay", "nowhere")
	require.Empty(t, ask(t, s, c(), true))
	s.Rewind()
	require.Equal(t, "order it", ask(t, s, c(), true))
	s.Reset()
	require.Empty(t, s.States())
}

// Another session waits until it is known whether the state moved; the same one sees
// the state of before.
func TestScenarioWaits(t *testing.T) {
	for _, sent := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := setOf(t,
				says("one", scenario("pay", script.Start, "two")),
				says("two", scenario("pay", "two", "")),
				says("apart", func(s *script.Stub) { s.Match.Verb = "info"; s.Priority = 1 }),
			)
			first, err := s.Answer(t.Context(), command(1, "check", "x.example"))
			require.NoError(t, err)
			again, err := s.Answer(t.Context(), command(1, "check", "x.example"))
			require.NoError(t, err)
			quiet := make(chan error, 1)
			go func() { quiet <- s.Settled(t.Context()) }()
			require.Equal(t, "one", string(again.Document))
			require.Equal(t, "apart", ask(t, s, command(2, "info", "x.example"), true), "no state matters to it")

			got := make(chan string, 1)
			go func() { got <- ask(t, s, command(2, "check", "x.example"), false) }()
			synctest.Wait()
			require.Empty(t, got)
			first.Settle(sent)
			synctest.Wait()
			require.Empty(t, got, "the second is on its way still")
			require.Empty(t, quiet)
			again.Settle(false)
			require.NoError(t, <-quiet)
			want := map[bool]string{true: "two", false: "one"}[sent]
			require.Equal(t, want, <-got)

			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			s.SetState("pay", script.Start)
			_, err = s.Answer(t.Context(), command(1, "check", "x.example"))
			require.NoError(t, err)
			_, err = s.Answer(ctx, command(2, "check", "x.example"))
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorIs(t, s.Settled(ctx), context.DeadlineExceeded)
		})
	}
}

// Reset and Rewind while an answer is on its way.
func TestResetOnTheWay(t *testing.T) {
	for name, forget := range map[string]func(*script.Set){"Reset": (*script.Set).Reset, "Rewind": (*script.Set).Rewind} {
		s := setOf(t, says("one", scenario("pay", script.Start, "two")))
		r, err := s.Answer(t.Context(), command(1, "check", "x.example"))
		require.NoError(t, err, name)
		forget(s)
		r.Settle(true)
		require.NotContains(t, s.States(), "two")
		for _, st := range s.List() {
			require.Zero(t, st.Sent, name)
		}
	}
}

func TestConcurrency(t *testing.T) {
	s := setOf(t, says("one", scenario("pay", script.Start, "two")), says("two", scenario("pay", "two", script.Start)))
	var wg sync.WaitGroup
	counts := make([]map[string]int, 8)
	for i := range counts {
		counts[i] = make(map[string]int)
		wg.Go(func() {
			for range 200 {
				r, err := s.Answer(t.Context(), command(int64(i+1), "check", "x.example"))
				if err != nil || r == nil {
					t.Error(r, err)
					return
				}
				counts[i][string(r.Document)]++
				s.List()
				r.Settle(true)
			}
		})
	}
	wg.Wait()
	total := make(map[string]int)
	for _, c := range counts {
		for k, n := range c {
			total[k] += n
		}
	}
	require.Equal(t, map[string]int{"one": 800, "two": 800}, total, "they alternate")
}

const file = `
stubs:
  - id: broken
    match: {verb: create, object: sauna.example, clTRID: "A-*"}
    priority: 3
    nth: 2
    times: 1
    answer: {code: 2400, msg: "no ${clTRID}"}
  - match:
      xpath: //domain:name
    scenario: pay
    state: start
    next: paid
    answer:
      document: |
        <epp/>
`

func TestParse(t *testing.T) {
	want := []script.Stub{
		{
			ID: "broken", Match: match.Match{Verb: "create", Object: "sauna.example", ClTRID: "A-*"}, Priority: 3, Nth: 2, Times: 1,
			Answer: script.Answer{Code: epp.CommandFailed, Msg: "no ${clTRID}"},
		},
		{Match: match.Match{XPath: "//domain:name"}, Scenario: "pay", State: "start", Next: "paid", Answer: script.Answer{Document: "<epp/>\n"}},
	}
	got, err := script.Parse("a.yaml", []byte(file))
	require.NoError(t, err)
	require.Equal(t, want, got)

	b, err := json.Marshal(map[string]any{"stubs": want})
	require.NoError(t, err)
	got, err = script.Parse("a.json", b)
	require.NoError(t, err)
	require.Equal(t, want, got)

	one, err := json.Marshal(want[0])
	require.NoError(t, err)
	stub, err := script.ParseStub(one)
	require.NoError(t, err)
	require.Equal(t, want[0], stub)

	_, err = script.Read("no-such-file.yaml")
	require.Error(t, err)
}

func TestParseRefuses(t *testing.T) {
	for stub, want := range map[string]string{
		"{answer: {code: 2400}, time: 3}":                        "a.yaml:3: stubs[1].time: there is no such key",
		"{match: {verbs: x}, answer: {code: 2400}}":              "a.yaml:3: stubs[1].match.verbs: there is no such key",
		"{match: {session: x}, answer: {code: 2400}}":            "a.yaml:3: stubs[1].match.session: must be a whole number",
		"{match: {xpath: \"//a[@x='y]\"}, answer: {code: 2400}}": "a.yaml:3: stubs[1].match.xpath: \"//a[@x='y]\" is not a path: path has mismatched filter quotes.",
		"{id: x}":                                                                     "a.yaml:3: stubs[1].answer: needs a document or a code",
		"{id: one, answer: {code: 2400}}":                                             "a.yaml:3: stubs[1].id: another stub has this one",
		"{nth: -1, answer: {code: 2400}}":                                             "a.yaml:3: stubs[1].nth: must not be negative",
		"{times: -1, answer: {code: 2400}}":                                           "a.yaml:3: stubs[1].times: must not be negative",
		"{state: x, answer: {code: 2400}}":                                            "a.yaml:3: stubs[1].state: is nothing without a scenario",
		"{next: x, answer: {code: 2400}}":                                             "a.yaml:3: stubs[1].next: is nothing without a scenario",
		"{scenario: x, answer: {code: 2400}}":                                         "a.yaml:3: stubs[1].scenario: needs a state or a next",
		"{match: {verb: hello}, answer: {code: 2400}}":                                "a.yaml:3: stubs[1].answer.document: is missing: a hello is answered with a document, a greeting",
		"{answer: {code: 2999}}":                                                      "a.yaml:3: stubs[1].answer.code: 2999 is not a result code of the standard",
		"{answer: {code: 1000, document: x}}":                                         "a.yaml:3: stubs[1].answer.document: is exact: there can be nothing beside it",
		"{answer: {code: 2400, resData: [<a/>]}}":                                     "a.yaml:3: stubs[1].answer.resData: a failure, 2400, has none",
		"{answer: {code: 1000, resData: [\"<a/>\", \"<b\"]}}":                         "a.yaml:3: stubs[1].answer.resData[1]: xml: line 1, column 3: the document ends inside a tag",
		"{answer: {code: 1000, resData: [\"<p:a/>\"]}}":                               "",
		"{answer: {document: \"${clTRID\"}}":                                          "a.yaml:3: stubs[1].answer.document: \"${clTRID\" is not closed by a }",
		"{answer: {document: \"${name}\"}}":                                           "a.yaml:3: stubs[1].answer.document: ${name} stands for nothing",
		"{answer: {document: \"${now+1}\"}}":                                          "a.yaml:3: stubs[1].answer.document: ${now+1} stands for nothing",
		"{answer: {code: 2400, msg: \"${//a[}\"}}":                                    "",
		"{answer:\n     {code: 1000,\n      resData: [\"<a/>\"],\n      reData: []}}": "a.yaml:6: stubs[1].answer.reData: there is no such key",
		"{answer:\n     {code: 1000,\n      resData: [\"<a/>\",\n        \"<a>\"]}}":  "",
	} {
		_, err := script.Parse("a.yaml", []byte("stubs:\n  - {id: one, answer: {code: 2400}}\n  - "+stub+"\n"))
		var bad *script.Error
		require.ErrorAs(t, err, &bad, stub)
		if want != "" {
			require.Equal(t, "script: "+want, err.Error(), stub)
		}
		require.NotZero(t, bad.Line)
		require.Equal(t, "a.yaml", bad.File)
	}
	_, err := script.ParseStub([]byte(`{"nth": -1, "answer": {"code": 2400}}`))
	require.EqualError(t, err, "script: 1: nth: must not be negative")
	require.EqualError(t, script.Stub{Nth: -1}.Validate(), "script: nth: must not be negative")
	_, err = new(script.Set).Add(script.Stub{Answer: script.Answer{Code: 2400}}, script.Stub{})
	require.EqualError(t, err, "script: stubs[1].answer: needs a document or a code")
}

func Example() {
	stubs, err := script.Parse("taken.yaml", []byte(`
stubs:
  - match: {verb: create, object: sauna.example}
    times: 1
    answer: {code: 2400, msg: "Try ${clTRID} again"}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var set script.Set // for mockserver.Options.Scripts
	ids, err := set.Add(stubs...)
	fmt.Println(ids, err, set.List()[0].Answered)
	// Output: [stub-1] <nil> 0
}
