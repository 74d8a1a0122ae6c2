//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/bulk"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// A killedBulk is a series of bulk runs that are killed.
type killedBulk struct {
	t      *testing.T
	srv    *mockserver.Server
	dir    string
	random *rand.Rand
	kills  int
	faults bool
}

// TestKilledBulkRuns kills the program at random points, 200 times, and holds what its
// results say to what the registry has seen: no command that changes something was sent
// twice, every row is accounted for, and an outcome is unknown only where an attempt has
// no result.
func TestKilledBulkRuns(t *testing.T) {
	const series, kills = 4, 50
	for i := range series {
		t.Run(fmt.Sprintf("series %d", i), func(t *testing.T) {
			t.Parallel()
			x := &killedBulk{t: t, dir: t.TempDir(), random: rand.New(rand.NewPCG(6, uint64(i))), faults: i%2 == 1}
			x.srv = bulkMock(t, x.dir)
			for round := 0; x.kills < kills; round++ {
				var names []string
				for n := range 60 {
					names = append(names, fmt.Sprintf("birch%d-%d.sauna.example", round, n))
				}
				created := x.carryOut("create", fmt.Sprintf("c%d.csv", round), creates(names))
				x.carryOut("renew", fmt.Sprintf("r%d.csv", round), renews(names, created))
				x.carryOut("update", fmt.Sprintf("u%d.jsonl", round), updates(names))
			}
			t.Logf("%d kills, %d frames", x.kills, x.srv.Journal().Count(mockserver.Any))
		})
	}
}

// birchSecret is the authInfo of all domains.
const birchSecret = "Loyly-9-bucket"

func creates(names []string) string {
	var b strings.Builder
	b.WriteString("name,registrant,period,authinfo\n")
	for _, name := range names {
		fmt.Fprintf(&b, "%s,aino-1,1y,%s\n", name, birchSecret)
	}
	return b.String()
}

// renews has two for each name, of which the second needs the first.
func renews(names []string, created map[int]bulk.Result) string {
	var b strings.Builder
	b.WriteString("name,cur-exp-date,period\n")
	for i, name := range names {
		day := time.Now().AddDate(1, 0, 0)
		var answer struct {
			Data struct{ ExDate time.Time }
		}
		if json.Unmarshal(created[i+1].Answer, &answer) == nil && !answer.Data.ExDate.IsZero() {
			day = answer.Data.ExDate
		}
		for more := range 2 {
			fmt.Fprintf(&b, "%s,%s,1y\n", name, day.AddDate(more, 0, 0).Format(time.DateOnly))
		}
	}
	return b.String()
}

// updates has three for each name, which undo one another.
func updates(names []string) string {
	var b strings.Builder
	for _, name := range names {
		for _, way := range []string{"add-status", "rem-status", "add-status"} {
			fmt.Fprintf(&b, "{%q: %q, %q: [%q]}\n", "name", name, way, "clientHold")
		}
	}
	return b.String()
}

// carryOut carries out a file by runs that are killed, but the last, and checks it.
func (x *killedBulk) carryOut(verb, file, rows string) map[int]bulk.Result {
	t := x.t
	path := writeFile(t, x.dir, file, rows)
	from := x.lastSeq()
	if x.faults {
		for kind, times := range map[fault.Kind]int{fault.CommitThenDrop: 2, fault.DropBeforeCommit: 2, fault.NoAnswer: 1} {
			f := fault.Fault{Kind: kind, Times: times, Probability: 0.1, Seed: x.random.Uint64()}
			f.Match.Verb = verb
			_, err := x.srv.Faults().Add(f)
			require.NoError(t, err)
		}
		defer x.srv.Faults().Reset()
	}
	cuts := 0
	for {
		out, cut := x.run(verb, path)
		if !cut {
			return x.check(verb, path, out, from, cuts)
		}
		cuts++
	}
}

func (x *killedBulk) lastSeq() int64 {
	e, _ := x.srv.Journal().Last(mockserver.Any)
	return e.Seq
}

// run runs the program until it ends, or until the registry has seen or answered some of
// its commands: then it is killed. cut says that there is more to do.
func (x *killedBulk) run(verb, path string) (out string, cut bool) {
	t := x.t
	since, n, answers := x.lastSeq(), 1+x.random.IntN(20), x.random.IntN(2) == 0
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(os.Args[0], "--config", filepath.Join(x.dir, "eppkit.yaml"), "bulk", "domain", verb,
		"--from", path, "--workers", "4", "--timeout", "1s", "--quiet")
	cmd.Env = append(os.Environ(), "EPPKIT_TEST_PROCESS=1", "EPPKIT_PROFILE=")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Start())
	ctx, ended := context.WithTimeout(t.Context(), time.Minute)
	defer ended()
	go func() {
		defer ended()
		_ = cmd.Wait()
	}()
	err := x.srv.Journal().WaitFor(ctx, n, func(e *mockserver.Entry) bool {
		return e.Seq > since && e.Verb == verb && e.Sent == answers
	})
	if err == nil {
		_ = cmd.Process.Kill()
	}
	<-ctx.Done()
	require.ErrorIs(t, ctx.Err(), context.Canceled, "it does not end: %s", &stderr)
	status := cmd.ProcessState.ExitCode()
	if status == -1 {
		x.kills++
		return "", true
	}
	require.Contains(t, []int{exitOK, exitRefused, exitUnknown, exitConnection}, status, "%s", &stderr)
	return stdout.String(), strings.Contains(stderr.String(), "the same command goes on")
}

// check holds the results of a file to what the registry has seen.
func (x *killedBulk) check(verb, path, out string, from int64, cuts int) map[int]bulk.Result {
	t := x.t
	total := 0
	in := &bulk.Input{Format: bulk.Format(strings.TrimPrefix(filepath.Ext(path), "."))}
	in.Data, _ = os.ReadFile(path)
	for range in.Rows() {
		total++
	}
	results := map[int]bulk.Result{}
	for line := range strings.Lines(out) {
		var r bulk.Result
		require.NoError(t, json.Unmarshal([]byte(line), &r), line)
		results[r.Row] = r
	}
	require.Len(t, results, total, "every row is accounted for")
	require.NotContains(t, out, birchSecret)
	resume, err := os.ReadFile(path + ".resume")
	require.NoError(t, err)
	require.NotContains(t, string(resume), birchSecret)
	asked, answered := map[int]int{}, map[int]mockserver.Entry{}
	for _, e := range x.srv.Journal().All(func(e *mockserver.Entry) bool { return e.Seq > from && e.Verb == verb }) {
		row, err := strconv.Atoi(e.ClTRID[strings.LastIndex(e.ClTRID, "-")+1:])
		require.NoError(t, err)
		if e.Sent {
			answered[row] = e
		} else {
			asked[row]++
		}
	}
	begun := begunRows(t, resume)
	done, unknown := 0, 0
	for row, r := range results {
		require.LessOrEqual(t, asked[row], 1, "row %d was sent twice: %v", row, r)
		switch r.Status {
		case bulk.Done, bulk.Refused:
			e := answered[row]
			require.Equal(t, r.Status == bulk.Done, e.Code.OK(), "%v", r)
			if r.Status == bulk.Done {
				done++
			}
			require.Equal(t, []any{epp.Code(r.Code), r.SvTRID, r.ClTRID}, []any{e.Code, e.SvTRID, e.ClTRID})
		case bulk.Unknown:
			unknown++
			require.True(t, begun[row], "row %d is of unknown outcome and was not attempted", row)
		default:
			t.Errorf("row %d is left: %v", row, r)
		}
	}
	most := (cuts + 5) * 4 // the workers at each end of a run, and at each fault
	require.LessOrEqual(t, unknown, most)
	require.Greater(t, done, total/10)
	t.Logf("%s: %d rows, %d runs cut off, %d done, %d of unknown outcome", verb, total, cuts, done, unknown)
	return results
}

// begunRows are the rows that have begun and have no result, but that their outcome is
// unknown.
func begunRows(t *testing.T, resume []byte) map[int]bool {
	begun := map[int]bool{}
	for line := range strings.Lines(string(resume)) {
		var rec struct {
			Begin, Result struct {
				Row    int
				Status bulk.Status
			}
			NotSent int
		}
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			require.False(t, strings.HasSuffix(line, "\n"))
			continue
		}
		if rec.Begin.Row != 0 {
			begun[rec.Begin.Row] = true
		}
		if rec.Result.Row != 0 && rec.Result.Status != bulk.Unknown {
			delete(begun, rec.Result.Row)
		}
		delete(begun, rec.NotSent)
	}
	return begun
}

// TestBulkSignals ends a run in good order: what is under way is answered, the rest stays
// to be done by the next run.
func TestBulkSignals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	srv := bulkMock(t, dir)
	f := fault.Fault{Kind: fault.Slow, Delay: 100 * time.Millisecond}
	f.Match.Verb = "create"
	_, err := srv.Faults().Add(f)
	require.NoError(t, err)
	var names []string
	for n := range 100 {
		names = append(names, fmt.Sprintf("birch%d.sauna.example", n))
	}
	from := writeFile(t, dir, "rows.csv", creates(names))
	args := []string{"--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "create", "--from", from, "--results", filepath.Join(dir, "results")}
	p := start(t, args...)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, srv.Journal().WaitFor(ctx, 5, func(e *mockserver.Entry) bool { return e.Verb == "create" && !e.Sent }))
	require.NoError(t, p.Process.Signal(os.Interrupt))
	require.Equal(t, exitTimeout, p.status(), p.err.String())
	require.Contains(t, p.err.String(), "the same command goes on where this run ended")
	require.Regexp(t, `the run was told to end; \d+ of 100 rows done, \d+ not begun`, p.err.String())
	b, err := os.ReadFile(filepath.Join(dir, "results"))
	require.NoError(t, err)
	results := bulkResults(t, string(b))
	require.Len(t, results, srv.Journal().Count(func(e *mockserver.Entry) bool { return e.Verb == "create" && e.Sent }))
	require.Less(t, len(results), 20)
	srv.Faults().Reset()
	r := eppkit(t, nil, "", args...)
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, 100, srv.Journal().Count(func(e *mockserver.Entry) bool { return e.Verb == "create" && !e.Sent }))
	b, err = os.ReadFile(filepath.Join(dir, "results"))
	require.NoError(t, err)
	require.Len(t, bulkResults(t, string(b)), 100)
}
