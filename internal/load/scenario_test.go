package load

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const rush = `name: rush
seed: 3
sessions: 5
names:
  free: {random: "free-{{n}}.example", of: 10}
  new:  {sequence: "load-{{run}}-{{n}}.example", from: 5}
  mine: {made: [create]}
commands:
  - {run: "domain check {{free}}", weight: 3}
  - {name: create, run: "domain create {{new}} --registrant 'jr 1' --authinfo s3cret-77"}
phases:
  - {warmUp: true, for: 10s, rate: 5}
  - {for: 1m, rate: 5, to: 50, arrival: even}
  - {name: callers, for: 90s, callers: 3, think: 10ms}
thresholds: [errors<1%]
`

func TestReadScenario(t *testing.T) {
	s, err := ReadScenario([]byte(rush), "")
	require.NoError(t, err)
	require.Equal(t, 5, s.Sessions)
	require.Equal(t, 1, s.Depth)
	require.Equal(t, 10*time.Second, s.AnswerTime)
	require.Equal(t, "warm-up", s.Phases[0].Name)
	require.Equal(t, "phase 2", s.Phases[1].Name)
	require.Equal(t, Poisson, s.Phases[0].Arrival)
	require.Equal(t, []string{"new"}, s.Commands[1].Values())
	require.Len(t, s.Commands[1].Words(), 7)

	doc, err := json.Marshal(s.shown())
	require.NoError(t, err)
	require.NotContains(t, string(doc), "s3cret-77")
	require.Contains(t, string(doc), `"for":"1m0s"`)
	var keys map[string]any
	require.NoError(t, json.Unmarshal(doc, &keys))
	require.Equal(t, "--authinfo (secret)", keys["commands"].([]any)[1].(map[string]any)["run"].(string)[len("domain create {{new}} --registrant 'jr 1' "):])
	require.Contains(t, s.Commands[1].Run, "s3cret-77", "what is sent is not changed")
}

func TestScenarioRefused(t *testing.T) {
	commands, phases := "commands: [{run: hello}]\n", "phases: [{for: 1s, rate: 1}]\n"
	for doc, want := range map[string]string{
		phases:                              "line 1: commands: there is nothing to send",
		commands:                            "line 1: phases: there is no phase",
		commands + "phases: [{}]":           "line 2: phases[0].for: must be more than 0",
		commands + "phases:\n  - {for: 1s}": "line 3: phases[0]: must have a rate or callers",
		commands + "phases: [{for: 1s, rate: 1, callers: 2}]":                              "line 2: phases[0]: rate and callers exclude each other",
		commands + "phases: [{for: 1s, rate: -1, to: 2}]":                                  "line 2: phases[0].rate: must be from 0 to 1000000 a second",
		commands + "phases: [{for: 1s, rate: 1, think: 1s}]":                               "line 2: phases[0].think: is for callers",
		commands + "phases: [{for: 1s, rate: 1, arrival: late}]":                           "line 2: phases[0].arrival: must be poisson or even",
		commands + "phases: [{for: 1s, rate: 1, warmUp: true}]":                            "line 2: phases: all are warm-up; there would be no figures",
		commands + phases + "sessions: -1":                                                 "line 3: sessions: must be from 1 to 1000000",
		commands + phases + "sla: verisign":                                                "line 3: sla: must be icann",
		commands + phases + "speed: 1":                                                     "line 3: speed: there is no such key",
		commands + phases + "thresholds: [fast]":                                           `line 3: thresholds[0]: "fast" is no threshold; write one like 'domain:check p95<500ms', 'query within 2s>=90%', 'errors<1%' or 'rate>=95%'`,
		commands + phases + "names: {a: {made: [b]}}":                                      `line 3: names.a.made[0]: no command has the name "b"`,
		commands + phases + "names: {a: {list: [b], random: c}}":                           "line 3: names.a: must have one of sequence, random, and list, file or made",
		commands + phases + "names: {a: {random: c}}":                                      "line 3: names.a: the pattern has no {{n}}",
		commands + phases + "names: {a: {random: \"{{n}}{{m}}\"}}":                         "line 3: names.a: there is no value for {{m}}; a pattern may have {{n}} and {{run}}",
		commands + phases + "names: {a: {file: gone.txt}}":                                 "line 3: names.a: open gone.txt: no such file or directory",
		phases + "commands:\n  - {run: a, weight: -1}":                                     "line 3: commands[0].weight: must be more than 0",
		phases + "commands:\n  - {weight: 1}":                                              "line 3: commands[0]: must have one of run and frame",
		phases + "commands:\n  - {run: \"domain check {{a}}\"}":                            `line 3: commands[0]: there is a place for {{a}}, but names has no "a"`,
		phases + "commands:\n  - {run: \"domain check {{a\"}\nnames: {a: {list: [sauna]}}": `line 3: commands[0].run: "{{a" is no place for a value; it is written as {{NAME}}, {{NAME.FACT}} or {{take NAME}}`,
		phases + "commands:\n  - {run: \"domain 'check\"}":                                 "line 3: commands[0].run: a quotation mark is not closed",
		phases + "commands:\n  - {frame: gone.xml}":                                        "line 3: commands[0].frame: open gone.xml: no such file or directory",
	} {
		_, err := ReadScenario([]byte(doc), "")
		require.EqualError(t, err, want, doc)
	}
}

// TestFiles: files are looked for where the scenario is.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"names.txt": "# ours\n\na.example\n b.example \n", "odd.xml": "<hello>{{known}}</hello>"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	s, err := ReadScenario([]byte("names: {known: {file: names.txt}}\ncommands: [{frame: odd.xml}]\nphases: [{for: 1s, rate: 1}]"), dir)
	require.NoError(t, err)
	n, err := newNames(s.Names["known"], "")
	require.NoError(t, err)
	require.Equal(t, []record{{name: "a.example"}, {name: "b.example"}}, n.list)
	text, err := s.Commands[0].Document().Expand(Values{"known": "x"})
	require.NoError(t, err)
	require.Equal(t, "<hello>x</hello>", text)
}

// TestArrivals: commands come when the rate says, on average or exactly.
func TestArrivals(t *testing.T) {
	for _, row := range []struct {
		p    Phase
		due  int // in all
		half int // in the first half
	}{
		{Phase{For: 10 * time.Second, Rate: 100, Arrival: Even}, 1000, 500},
		{Phase{For: 10 * time.Second, Rate: 0, To: new(200.0), Arrival: Even}, 1000, 250},
		{Phase{For: 10 * time.Second, Rate: 200, To: new(0.0), Arrival: Even}, 1000, 750},
		{Phase{For: 10 * time.Second, Rate: 100, To: new(300.0), Arrival: Even}, 2000, 750},
		{Phase{For: 10 * time.Second, Rate: 0.1, Arrival: Even}, 1, 1},
		{Phase{For: 100 * time.Second, Rate: 100, Arrival: Poisson}, 10000, 5000},
		{Phase{For: 100 * time.Second, Rate: 0, To: new(200.0), Arrival: Poisson}, 10000, 2500},
	} {
		x := newArrivals(&row.p, rand.New(rand.NewPCG(1, 1)))
		n, half, last := 0, 0, time.Duration(-1)
		for at, more := x.next(); more; at, more = x.next() {
			require.Greater(t, at, last)
			last = at
			n++
			if at < row.p.For/2 {
				half++
			}
		}
		tolerance := 1.0
		if row.p.Arrival == Poisson {
			tolerance = 4 * math.Sqrt(float64(row.due))
		}
		require.InDelta(t, row.due, n, tolerance, row.p)
		require.InDelta(t, row.half, half, tolerance, row.p)
		require.InDelta(t, row.half, row.p.dueBetween(0, row.p.For/2), 1)
	}
}
