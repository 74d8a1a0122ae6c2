package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/load"
)

// loaded reads the report that a load has written.
func loaded(t *testing.T, path string) *load.Report {
	t.Helper()
	doc, err := os.ReadFile(path)
	require.NoError(t, err)
	var r struct {
		Scenario any `json:"scenario"` // with spans like 90s
		Phases   any `json:"phases"`
		*load.Report
	}
	r.Report = &load.Report{}
	require.NoError(t, json.Unmarshal(doc, &r))
	return r.Report
}

// TestLoadMix puts each command of the mix on each kind of registry.
func TestLoadMix(t *testing.T) {
	for kind, transfer := range map[string]string{"fred": "", "gtld": ",transfer=1"} {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			report, page := filepath.Join(dir, "r.json"), filepath.Join(dir, "r.html")
			r := eppkit(t, nil, "", "load", "--registry", kind, "--rate", "100", "--for", "1s", "--warm-up", "200ms", "--sessions", "2", "--seed", "5",
				"--mix", "check=9,info=5,create=3,update=2,renew=1,delete=1,poll=1,hello=1,login=1"+transfer,
				"--json", report, "--html", page, "--sla", "icann", "--threshold", "errors<1%", "--threshold", "domain:create p50<5s")
			require.Equal(t, exitOK, r.status, r.out+r.err)
			got := loaded(t, report)
			require.Equal(t, got.Total.Due, got.Total.OK, r.out)
			classes := map[string]load.Class{}
			for _, f := range got.Commands {
				classes[f.Name] = f.Class
			}
			want := map[string]load.Class{
				"domain:check": load.ClassQuery, "domain:info": load.ClassQuery, "poll": load.ClassQuery,
				"domain:create": load.ClassTransform, "domain:update": load.ClassTransform, "domain:renew": load.ClassTransform, "domain:delete": load.ClassTransform,
				"hello": load.ClassSession, "login": load.ClassSession, "logout": load.ClassSession,
			}
			if transfer != "" {
				want["domain:transfer"] = load.ClassQuery
			}
			maps.DeleteFunc(want, func(name string, _ load.Class) bool { return classes[name] == "" })
			require.Greater(t, len(want), 7, classes)
			require.Equal(t, want, classes)
			require.Equal(t, 2, got.Sessions.Opened)
			require.Zero(t, got.Sessions.Lost)
			require.Contains(t, r.out, "the figures include both ends")
			html, err := os.ReadFile(page)
			require.NoError(t, err)
			require.Contains(t, string(html), `<section id="percentiles">`)
		})
	}
}

// TestLoadScenario is of a file, against a server of its own, with secrets that must not
// show.
func TestLoadScenario(t *testing.T) {
	mock := serve(t)
	dir := t.TempDir()
	writeFile(t, dir, "names.txt", "sauna.cz\nmydomain.cz\n")
	writeFile(t, dir, "odd.xml", `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><check><domain:check xmlns:domain="http://www.nic.cz/xml/epp/domain-1.4"><domain:name>{{known}}</domain:name></domain:check></check></command></epp>`)
	file := writeFile(t, dir, "rush.yaml", `
name: rush
sessions: 2
names: {known: {file: names.txt}, steam: {list: ["Löyly 'x'.cz", 'a&b.cz']}}
commands:
  - {run: "domain info {{known}} --authinfo s3cret-77", expect: [2202, 2303]}
  - {run: "domain check {{known}} {{steam}}", expect: [2005, 2306]}
  - {frame: odd.xml, name: odd}
  - {run: credit}
phases:
  - {for: 1s, callers: 3, think: 5ms}
thresholds: ["odd p50<1us"]
`)
	report, page := filepath.Join(dir, "r.json"), filepath.Join(dir, "r.html")
	r := eppkit(t, nil, "", "load", file, "--config", filepath.Join(mock, "eppkit.yaml"), "--profile", "REG-MORAVA", "--json", report, "--html", page)
	require.Equal(t, exitRefused, r.status, "a threshold: "+r.out+r.err)
	require.Contains(t, r.out, "FAIL  odd p50<1us")
	require.NotContains(t, r.out, "both ends")
	got := loaded(t, report)
	require.Equal(t, got.Total.Due, got.Total.OK, r.out)
	require.Len(t, got.Commands, 4)
	for _, path := range []string{report, page} {
		doc, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NotContains(t, string(doc), "s3cret-77")
		require.Contains(t, string(doc), "(secret)")
	}
	require.NotContains(t, r.out+r.err, "s3cret-77")
}

// TestLoadRefused: a load goes nowhere by mistake.
func TestLoadRefused(t *testing.T) {
	config := writeFile(t, t.TempDir(), "c.yaml", `default: far
profiles:
  far: {address: "192.0.2.1:700", registry: fred, clID: REG-A, password: {env: PW}}
  near: {address: "127.0.0.1:1", registry: fred, clID: REG-A, password: {env: PW}}
  proxied: {address: "localhost:700", registry: fred, clID: REG-A, password: {env: PW}, proxy: "socks5://127.0.0.1:1"}
`)
	env := map[string]string{"PW": "sauna-pw-1"}
	for _, row := range []struct {
		line, says string
		status     int
	}{
		{"load --config FILE", "--config needs --profile", exitUsage},
		{"load --config FILE --profile far --zone cz", "192.0.2.1:700 is not on this machine", exitUsage},
		{"load --config FILE --profile far --zone cz --i-own-this-target 192.0.2.2", "192.0.2.1:700 is not on this machine", exitUsage},
		{"load --config FILE --profile near --zone cz --i-own-this-target registry.example", "the host of the profile is", exitUsage},
		{"load --config FILE --profile proxied --zone cz", "goes through a proxy", exitUsage},
		{"load --config FILE --profile near", "--zone is missing", exitUsage},
		{"load --config FILE --profile near --zone cz", "refused", exitConnection},
		{"load --mix check,steal", `--mix is "steal"`, exitUsage},
		{"load --mix check=0", "a number above 0", exitUsage},
		{"load --mix transfer", "no query of transfers", exitUsage},
		{"load --rate 5 --callers 3", "--rate and --callers exclude each other", exitUsage},
		{"load --rate -5", "must be from 0", exitUsage},
		{"load --rate 0", "--rate is 0", exitUsage},
		{"load --callers 0", "--callers is 0", exitUsage},
		{"load --sessions 0", "--sessions is 0", exitUsage},
		{"load --depth 0", "--depth is 0", exitUsage},
		{"load --for 0s", "must be more than 0", exitUsage},
		{"load --threshold fast", "is no threshold", exitUsage},
		{"load --sla best", "must be icann", exitUsage},
		{"load --zone ''", "--zone is empty", exitUsage},
		{"load nofile.yaml", "nofile.yaml", exitUsage},
		{"load nofile.yaml --rate 5", "--rate is in the scenario", exitUsage},
		{"load --timeout 5s", "has no use for --timeout", exitUsage},
	} {
		r := eppkit(t, env, "", split(strings.ReplaceAll(row.line, "FILE", config))...)
		require.Equal(t, row.status, r.status, "%s: %s", row.line, r.err)
		require.Contains(t, r.err, row.says, row.line)
	}
}

// TestLoadReports: what can't be written is known before the load, and takes nothing of
// what can.
func TestLoadReports(t *testing.T) {
	dir := t.TempDir()
	names, old := writeFile(t, dir, "names.txt", "sauna.cz\n"), writeFile(t, dir, "old.json", "an older report")
	one := "load --callers 1 --for 100ms --warm-up 0s --mix hello"
	for line, says := range map[string]string{
		"load --for 1h --html nowhere/r.html --json DIR/old.json":  "nowhere/r.html",
		"load --for 1h --html DIR/new.html --json DIR/new.html":    "the report would overwrite",
		"load --for 1h --html - --json -":                          "can't both be on standard output",
		"load --for 1h --json DIR/names.txt --names DIR/names.txt": "the report would overwrite " + names,
	} {
		r := eppkit(t, nil, "", split(strings.ReplaceAll(line, "DIR", dir))...)
		require.Equal(t, exitUsage, r.status, line)
		require.Contains(t, r.err, says)
	}
	for path, was := range map[string]string{names: "sauna.cz\n", old: "an older report"} {
		is, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, was, string(is))
	}
	t.Run("on standard output", func(t *testing.T) {
		r := eppkit(t, nil, "", append(split(one), "--json", "-", "--html", old)...)
		require.Equal(t, exitOK, r.status, r.err)
		require.True(t, json.Valid([]byte(r.out)), r.out)
		page, err := os.ReadFile(old)
		require.NoError(t, err)
		require.Contains(t, string(page), "<!DOCTYPE html>")
		require.NoFileExists(t, "-")
	})
	t.Run("on a full disk", func(t *testing.T) {
		if _, err := os.Stat("/dev/full"); err != nil {
			t.Skip("there is no /dev/full here")
		}
		r := eppkit(t, nil, "", append(split(one), "--json", "/dev/full", "--html", filepath.Join(dir, "r.html"))...)
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, "the report was not written: write /dev/full: ")
		require.Contains(t, r.out, "commands were due")
		require.FileExists(t, filepath.Join(dir, "r.html"))
	})
}

// TestLoadLines: what is no command line for a load is refused before the load begins.
func TestLoadLines(t *testing.T) {
	for line, says := range map[string]string{
		"mock serve":                 "is no command line for a load",
		"poll watch":                 "is no command line for a load",
		"raw x.xml":                  "is no command line for a load",
		"domain":                     "it sends no command",
		"domain check":               "requires at least 1 arg",
		"domain check a.cz --mock":   "--mock can't be used here",
		"domain check a.cz --hurry":  "unknown flag",
		"domain renew a.cz":          "--cur-exp-date is missing",
		"domain info a.cz --help":    "it sends no command",
		"poll ack":                   "accepts 1 arg",
		"domain check a.cz --cltrid": "--cltrid can't be used here",
	} {
		file := writeFile(t, t.TempDir(), "s.yaml", fmt.Sprintf("commands: [{run: %q}]\nphases: [{for: 1h, rate: 1}]", line))
		r := eppkit(t, nil, "", "load", file)
		require.Equal(t, exitUsage, r.status, "%s: %s", line, r.err)
		require.Contains(t, r.err, says, line)
	}
}

// TestLoadInterrupted: there is a report of what was done.
func TestLoadInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	report := filepath.Join(t.TempDir(), "r.json")
	out, errs := newLineLog(), newLineLog()
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, []string{"load", "--rate", "100", "--for", "1h", "--warm-up", "0s", "--json", report}, stdio{
			in: strings.NewReader(""), out: out, err: errs, getenv: func(string) string { return "" },
		})
	}()
	timer := time.AfterFunc(1500*time.Millisecond, cancel)
	defer timer.Stop()
	require.Equal(t, exitTimeout, <-done)
	cancel()
	got := loaded(t, report)
	require.True(t, got.Interrupted)
	require.Positive(t, got.Total.OK)
	require.Equal(t, got.Total.Due, got.Total.OK)
}

// TestCommandOf: a command line is what the command line makes of it.
func TestCommandOf(t *testing.T) {
	a := &app{stdio: stdio{getenv: func(string) string { return "" }}}
	set, err := epp.NewSchema(extensions("fred")...)
	require.NoError(t, err)
	s := client.New(nil, client.Options{Schema: set})
	for line, want := range map[string]string{
		"domain check a.cz b.cz":                      "domain:check",
		"poll req":                                    "poll",
		"credit":                                      "fred:creditInfo",
		"contact send-authinfo CID-A":                 "contact:sendAuthInfo",
		"domain transfer a.cz --authinfo-file -":      "domain:transfer",
		"domain delete a.cz":                          "domain:delete",
		"nsset update NSS-A --report-level 3":         "nsset:update",
		"keyset info KEY-A":                           "keyset:info",
		"domain renew a.cz --cur-exp-date 2031-04-15": "domain:renew",
	} {
		cmd, err := a.commandOf(t.Context(), split(line), "fred", s, newLoadAuthInfo())
		require.NoError(t, err, line)
		require.Empty(t, cmd.ClTRID)
		frame, err := set.Append(nil, cmd)
		require.NoError(t, err)
		m, err := set.Parse(frame)
		require.NoError(t, err)
		require.Equal(t, want, nameOfCommand(m.(*epp.Command)), line)
	}
}

// TestPattern: frames are made of a pattern only where that is what the command line makes.
func TestPattern(t *testing.T) {
	made := 0
	frame := func(v load.Values) ([]byte, error) {
		made++
		name := v["a"]
		if strings.HasPrefix(name, "odd") {
			name = "even"
		}
		return []byte("<x a='1'>" + name + "</x><y>" + v["b"] + "</y>"), nil
	}
	fill := func(p *pattern, a, b string) string {
		v := load.Values{"a": a, "b": b}
		doc, err := p.fill(v, []string{"a", "b"}, func() ([]byte, error) { return frame(v) })
		require.NoError(t, err)
		return string(doc)
	}
	p := &pattern{}
	for i := range 100 {
		a, b := fmt.Sprintf("n-%d.cz", i), fmt.Sprintf("n-%d.cz.b", i)
		require.Equal(t, "<x a='1'>"+a+"</x><y>"+b+"</y>", fill(p, a, b))
	}
	require.Equal(t, 1+enough, made)
	require.Equal(t, "<x a='1'>N-1.cz</x><y>b</y>", fill(p, "N-1.cz", "b"))
	require.Equal(t, 2+enough, made, "capitals are another shape")
	fill(p, "löyly.cz", "b")
	require.Equal(t, 3+enough, made, "what is not plain is always made")

	for _, first := range []string{"1", "odd-1"} { // a value that stands elsewhere, or nowhere, in the frame
		p, made = &pattern{}, 0
		fill(p, first, "b")
		for i := range 10 {
			a := fmt.Sprintf("n%d", i)
			require.Equal(t, "<x a='1'>"+a+"</x><y>b</y>", fill(p, a, "b"))
		}
		require.Equal(t, 11, made, first)
	}
}

// TestLoadHelp: the scenario in the help is one.
func TestLoadHelp(t *testing.T) {
	_, text, _ := strings.Cut((&app{}).loadCommand().Long, "A scenario:\n")
	text, _, _ = strings.Cut(text, "\nrun is what")
	dir := t.TempDir()
	writeFile(t, dir, "names.txt", "sauna.cz\n")
	writeFile(t, dir, "odd.xml", "<hello/>")
	s, err := load.ReadScenario([]byte(text), dir)
	require.NoError(t, err)
	require.Len(t, s.Commands, 6)
	a := &app{stdio: stdio{getenv: func(string) string { return "" }}}
	set, err := epp.NewSchema(extensions("fred")...)
	require.NoError(t, err)
	v := load.Values{"run": "r", "free": "a.cz", "new": "b.cz", "mine": "c.cz", "mine.exDate": "2031-04-15", "known": "d.cz"}
	for _, step := range s.Commands {
		words, err := expand(step.Words(), v)
		require.NoError(t, err)
		if step.Frame == "" && step.Run != "login" {
			_, err := a.commandOf(t.Context(), words, "fred", client.New(nil, client.Options{Schema: set}), "")
			require.NoError(t, err, step.Run)
		}
	}
}
