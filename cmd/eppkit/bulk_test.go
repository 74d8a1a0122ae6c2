package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/bulk"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// bulkMock is a registry for bulk runs, and the configuration to reach it.
func bulkMock(t *testing.T, dir string) *mockserver.Server {
	t.Helper()
	reg, err := newMock(mockOptions{kind: "gtld", document: []byte(`
zones: [sauna.example]
registrars:
  - {clID: reg-birch, password: birch-Gate9, maxSessions: 100}
contacts:
  - {id: aino-1, clID: reg-birch, crDate: 2024-01-10T08:00:00Z, email: aino@kiuas.example,
     postal: [{type: int, name: Aino Laine, city: Turku, cc: FI}]}
`)})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg.Registry, RequireClientCert: true, JournalSize: 1_000_000, Log: slog.New(slog.DiscardHandler)})
	files := &mockFiles{dir: dir, kind: "gtld", registrars: reg.registrars}
	require.NoError(t, files.prepare())
	require.NoError(t, files.write(srv, ""))
	return srv
}

// bulkResults reads the results of a run.
func bulkResults(t *testing.T, out string) map[int]bulk.Result {
	t.Helper()
	results := map[int]bulk.Result{}
	for line := range strings.Lines(out) {
		var r bulk.Result
		require.NoError(t, json.Unmarshal([]byte(line), &r), line)
		results[r.Row] = r
	}
	return results
}

const twoFormats = `{"name": "birch.sauna.example", "registrant": "aino-1", "period": "2y", "authinfo": "Loyly-9-bucket", "ns": ["ns1.kiuas.example=192.0.2.7", "ns2.kiuas.example=192.0.2.8"]}
{"name": "löyly.sauna.example", "registrant": "aino-1", "authinfo": "Loyly-9-bucket"}
`

const twoFormatsCSV = `name,registrant,period,authinfo,ns
birch.sauna.example,aino-1,2y,Loyly-9-bucket,ns1.kiuas.example=192.0.2.7|ns2.kiuas.example=192.0.2.8
löyly.sauna.example,aino-1,,Loyly-9-bucket,
`

// TestBulkFrames makes of rows what the command line makes of flags.
func TestBulkFrames(t *testing.T) {
	dir := t.TempDir()
	code := writeFile(t, dir, "code.txt", "Loyly-9-bucket\n")
	var want string
	for _, line := range []string{
		"birch.sauna.example --registrant aino-1 --period 2y --ns ns1.kiuas.example=192.0.2.7 --ns ns2.kiuas.example=192.0.2.8",
		"löyly.sauna.example --registrant aino-1",
	} {
		r := eppkit(t, nil, "", split("domain create "+line+" --registry gtld --dry-run --authinfo-file "+code)...)
		require.Equal(t, exitOK, r.status, r.err)
		want += strings.ReplaceAll(r.out, "Loyly-9-bucket", epp.Redacted)
	}
	for name, file := range map[string]string{
		"jsonl": writeFile(t, dir, "rows.jsonl", twoFormats),
		"csv":   writeFile(t, dir, "rows.csv", twoFormatsCSV),
	} {
		r := eppkit(t, nil, "", "bulk", "domain", "create", "--registry", "gtld", "--from", file, "--dry-run")
		require.Equal(t, exitOK, r.status, r.err)
		require.Equal(t, want, r.out, name)
		require.Empty(t, r.err, "a dry run starts no registry")
	}
	t.Run("flags are for rows that don't give them", func(t *testing.T) {
		r := eppkit(t, nil, "name,period,ns\na.sauna.example,3y,ns3.kiuas.example\nb.sauna.example,,\n", split(
			"bulk domain create --registry gtld --from - --format csv --dry-run --period 1y --ns ns1.kiuas.example --ns ns2.kiuas.example")...)
		require.Equal(t, exitOK, r.status, r.err)
		a, b, _ := strings.Cut(r.out, "b.sauna.example")
		require.Contains(t, a, ">3<")
		require.Contains(t, a, "ns3.")
		require.NotContains(t, a, "ns1.")
		require.Contains(t, b, ">1<")
		require.Contains(t, b, "ns1.")
		require.Contains(t, b, "ns2.")
	})
	t.Run("empty values", func(t *testing.T) {
		for _, args := range []string{
			"--format csv --empty NONE", "--format jsonl",
		} {
			in := "name,chg-registrant\na.sauna.example,NONE\n"
			if strings.Contains(args, "jsonl") {
				in = `{"name":"a.sauna.example","chg-registrant":""}`
			}
			r := eppkit(t, nil, in, split("bulk domain update --registry gtld --from - --dry-run "+args)...)
			require.Equal(t, exitOK, r.status, r.err)
			require.Contains(t, r.out, "<domain:registrant/>")
		}
	})
	t.Run("an argument that may be left out", func(t *testing.T) {
		for in, args := range map[string]string{
			"name\na.sauna.example\n":          "query",
			"op,name\nquery,a.sauna.example\n": "",
			"name,op\na.sauna.example,query\n": "reject",
		} {
			r := eppkit(t, nil, in, split("bulk domain transfer "+args+" --registry gtld --from - --format csv --dry-run")...)
			require.Equal(t, exitOK, r.status, r.err)
			require.Contains(t, r.out, `op="query"`)
		}
	})
}

// TestBulkRefuses sends nothing when a row is wrong, and says which.
func TestBulkRefuses(t *testing.T) {
	for _, row := range []struct{ name, args, in, says string }{
		{"a value", "domain create --format csv", "name,period\na.example,1y\nb.example,2\n", `row 2 (line 3): --period is "2"`},
		{"a column", "domain create --format csv", "name,color\na.example,red\n", `row 1 (line 2): there is no column "color"; domain create has: name, admin,`},
		{"a column of FRED's", "domain create --format csv", "name,nsset\na.example,N\n", `there is no column "nsset"`},
		{"no name", "domain create --format jsonl", `{"period":"1y"}`, "row 1 (line 1): name is missing"},
		{"two names", "domain create --format jsonl", `{"name":["a.example","b.example"]}`, "name is given twice"},
		{"two values", "domain create --format jsonl", `{"name":"a.example","period":["1y","2y"]}`, "--period is given twice"},
		{"nothing to change", "domain update --format csv", "name,add-ns\na.example,\n", "row 1 (line 2): there is nothing to change"},
		{"a rule", "domain renew --format csv", "name\na.example\n", "--cur-exp-date is missing"},
		{"a secret twice", "domain create --format csv", "name,authinfo,authinfo-file\na.example,x,y\n", "authinfo and authinfo-file can't be used together"},
		{"standard input", "domain create --format csv", "name,authinfo-file\na.example,-\n", "a row can't read standard input"},
		{"no frame", "domain check --format csv", "name\n" + strings.Repeat("a", 256) + "\n", "row 1 (line 2): "},
		{"no command of this kind of registry", "nsset info --format csv", "id\nN-1\n", "is a command of registries of the kind fred"},
		{"a line", "domain check --format jsonl", "{\n", "line 1: it must be one JSON object"},
		{"no format", "domain check", "name\n", "say with --format"},
		{"no reconciliation of this kind", "domain check --format csv --reconcile=maybe", "name\n", "--reconcile is"},
		{"reconciliation as two words", "domain check --format csv --reconcile retry", "name\n", "write --reconcile=retry"},
		{"semicolons", "domain create --format csv", "name;period\na.example;1y\n", "there has to be a comma"},
		{"an empty flag", "domain check --format csv --resume ''", "name\n", "--resume is empty"},
		{"a flag that bulk has no use for", "domain check --format csv --cltrid ABC-1", "name\n", "has no use for --cltrid"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := eppkit(t, nil, row.in, append(split("bulk "+row.args), "--registry", "gtld", "--from", "-")...)
			require.Equal(t, exitUsage, r.status, r.out+r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "mock registry", "nothing is started")
			require.Empty(t, r.out)
		})
	}
	t.Run("a file with secrets that others can read", func(t *testing.T) {
		path := writeFile(t, t.TempDir(), "rows.csv", twoFormatsCSV)
		require.NoError(t, os.Chmod(path, 0o644))
		r := eppkit(t, nil, "", "bulk", "domain", "create", "--registry", "gtld", "--from", path)
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "the file "+path+" can be read by others (mode 0644); make it 0600, for there are secrets in its column authinfo\n")
		require.NotContains(t, r.err, "Loyly")
	})
	t.Run("rows that change something and can't be remembered", func(t *testing.T) {
		dir := t.TempDir()
		bulkMock(t, dir)
		r := eppkit(t, nil, "name\nbirch.sauna.example\n", "--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "delete", "--from", "-", "--format", "csv")
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "--resume")
	})
}

// TestBulkGoesOn carries a file out once, however often it is run, and gives all results
// each time.
func TestBulkGoesOn(t *testing.T) {
	dir := t.TempDir()
	srv := bulkMock(t, dir)
	all := twoFormats + `{"name": "birch.elsewhere", "registrant": "aino-1", "authinfo": "Loyly-9-bucket"}`
	from := writeFile(t, dir, "rows.jsonl", all)
	out := filepath.Join(dir, "results")
	args := []string{"--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "create", "--from", from, "--results", out}
	var before string
	for range 2 {
		r := eppkit(t, nil, "", args...)
		require.Equal(t, exitRefused, r.status, r.err)
		require.Empty(t, r.out)
		b, err := os.ReadFile(out)
		require.NoError(t, err)
		results := bulkResults(t, string(b))
		require.Len(t, results, 3)
		require.Equal(t, bulk.Refused, results[3].Status)
		require.Equal(t, 3, results[3].Line)
		require.Equal(t, "birch.elsewhere", results[3].Object)
		require.NotContains(t, string(b)+r.err, "Loyly")
		if before != "" {
			require.Contains(t, r.err, "3 settled by earlier runs")
			require.Equal(t, bulkResults(t, before), results)
		}
		before = string(b)
	}
	created := 0
	for _, e := range srv.Journal().All(mockserver.Any) {
		if e.Verb == "create" && !e.Sent {
			created++
		}
	}
	require.Equal(t, 3, created)

	for says, change := range map[string]func() []string{
		"another input":   func() []string { writeFile(t, dir, "rows.jsonl", twoFormats); return args },
		"another default": func() []string { return append(args, "--period", "1y") },
	} {
		t.Run(says, func(t *testing.T) {
			r := eppkit(t, nil, "", change()...)
			writeFile(t, dir, "rows.jsonl", all)
			require.Equal(t, exitUsage, r.status)
			require.Contains(t, r.err, "rows.jsonl.resume: it belongs to other work (domain create): "+says+"; name another with --resume, or remove it")
			require.NotContains(t, r.err, "--help")
		})
	}
	t.Run("its own files", func(t *testing.T) {
		writeFile(t, dir, "rows.jsonl", all)
		for _, path := range []string{from, filepath.Join(dir, "rows.jsonl.resume")} {
			was, err := os.ReadFile(path)
			require.NoError(t, err)
			r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "create", "--from", from, "--results", path)
			require.Equal(t, exitUsage, r.status)
			require.Contains(t, r.err, "--results would overwrite "+path)
			is, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, was, is)
		}
	})
	t.Run("another registrar", func(t *testing.T) {
		bulkMock(t, dir)
		r := eppkit(t, nil, "", args...)
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "it belongs to other work (domain create): another registrar or registry; ")
	})
}

// TestBulkArguments: what all rows share is part of the work, as what a row has is.
func TestBulkArguments(t *testing.T) {
	dir := t.TempDir()
	bulkMock(t, dir)
	from := writeFile(t, dir, "rows.csv", "name\nbirch.sauna.example\n")
	r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "transfer", "reject", "--from", from)
	require.Equal(t, exitRefused, r.status, r.err)
	r = eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "transfer", "approve", "--from", from)
	require.Equal(t, exitUsage, r.status, r.err)
	require.Contains(t, r.err, "it belongs to other work (domain transfer reject): another command; ")
}

// TestBulkFullDisk: an error of the resume file is told once, and is one of a file.
func TestBulkFullDisk(t *testing.T) {
	file := &bulk.JournalError{Path: "rows.resume", Err: syscall.ENOSPC}
	err := joined(outcome(bulk.Counts{Total: 2, Done: 1}, file), asConfig(file))
	require.EqualError(t, err, "the run ended early: the resume file rows.resume: no space left on device; 1 of 2 rows done, 1 not begun")
	require.Equal(t, exitUsage, exitStatus(err))
	err = joined(outcome(bulk.Counts{Total: 2, Done: 1}, context.Canceled), asConfig(file))
	require.EqualError(t, err, "the run was told to end; 1 of 2 rows done, 1 not begun; the resume file rows.resume: no space left on device")
	require.Equal(t, exitTimeout, exitStatus(err))
	require.Equal(t, exitUsage, exitStatus(joined(nil, asConfig(file))))
}

// TestBulkQueries asks again each time, and remembers nothing.
func TestBulkQueries(t *testing.T) {
	dir := t.TempDir()
	from := writeFile(t, dir, "rows.csv", "name\nalpha.example|free.example\nbeta.example\n")
	r := eppkit(t, nil, "", "bulk", "domain", "check", "--registry", "gtld", "--from", from)
	require.Equal(t, exitOK, r.status, r.err)
	results := bulkResults(t, r.out)
	require.Equal(t, "alpha.example free.example", results[1].Object)
	var answer struct {
		Data struct {
			CD []struct {
				Name  string
				Avail bool
			}
		}
	}
	require.NoError(t, json.Unmarshal(results[1].Answer, &answer))
	require.Len(t, answer.Data.CD, 2)
	require.True(t, answer.Data.CD[1].Avail)
	require.NoFileExists(t, from+".resume")
	t.Run("without secrets", func(t *testing.T) {
		r := eppkit(t, nil, "name\nalpha.example\n", "bulk", "domain", "info", "--registry", "gtld", "--from", "-", "--format", "csv")
		require.Equal(t, exitOK, r.status, r.err)
		require.Contains(t, r.out, epp.Redacted)
		require.NotContains(t, r.out, "alpha-Secret7")
	})
}

// TestBulkColumns has no command of which an argument and a flag are one column.
func TestBulkColumns(t *testing.T) {
	for _, o := range objectTypes() {
		for _, v := range o.verbs {
			s := newSheet(o.name, v, additions(), nil, noInput{}, registries...)
			for _, p := range v.params() {
				require.Nil(t, s.field(p.name), "%s %s %s", o.name, v.name(), p.name)
			}
		}
	}
}

// Rows are compiled twice: before anything is sent, and when their turn comes.
func BenchmarkBulkRow(b *testing.B) {
	a := &app{stdio: stdio{getenv: func(string) string { return "" }}}
	for _, o := range objectTypes() {
		for _, v := range o.verbs {
			if o.name != "domain" || v.name() != "create" {
				continue
			}
			x := &rowForm{object: o.name, verb: v, kind: "gtld", defaults: newSheet(o.name, v, additions(), &cobra.Command{}, a.in, registries...).form, adds: additions()}
			var rows strings.Builder
			for i := range b.N {
				fmt.Fprintf(&rows, `{"name": "b%d.sauna.example", "registrant": "aino-1", "period": "2y", "ns": ["ns1.kiuas.example", "ns2.kiuas.example"]}`+"\n", i)
			}
			b.ReportAllocs()
			b.ResetTimer()
			seen, err := checkRows(context.Background(), x, nil, &bulk.Input{Format: bulk.JSONL, Data: []byte(rows.String())}, func(string) bool { return false }, nil)
			require.NoError(b, err)
			require.Equal(b, b.N, seen.total)
		}
	}
}

// TestBulkReconciles looks after rows of unknown outcome where that is asked for, and does
// again only what was not done.
func TestBulkReconciles(t *testing.T) {
	dir := t.TempDir()
	srv := bulkMock(t, dir)
	for kind, object := range map[fault.Kind]string{fault.CommitThenDrop: "done.sauna.example", fault.DropBeforeCommit: "not.sauna.example"} {
		f := fault.Fault{Kind: kind, Times: 1}
		f.Match.Verb, f.Match.Object = "create", object
		_, err := srv.Faults().Add(f)
		require.NoError(t, err)
	}
	from := writeFile(t, dir, "rows.csv", "name\ndone.sauna.example\nnot.sauna.example\nplain.sauna.example\n")
	code := writeFile(t, dir, "code.txt", "Loyly-9-bucket\n")
	args := []string{"--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "create", "--from", from, "--registrant", "aino-1", "--authinfo-file", code}
	run := func(more ...string) (result, map[int]bulk.Result) {
		r := eppkit(t, nil, "", append(args, more...)...)
		return r, bulkResults(t, r.out)
	}
	sent := func() int {
		return srv.Journal().Count(func(e *mockserver.Entry) bool { return e.Verb == "create" && !e.Sent })
	}
	for range 2 {
		r, results := run()
		require.Equal(t, exitUnknown, r.status, r.err)
		require.Equal(t, []bulk.Status{bulk.Unknown, bulk.Unknown, bulk.Done}, []bulk.Status{results[1].Status, results[2].Status, results[3].Status})
		require.Contains(t, r.err, "row 2 (line 3), not.sauna.example, clTRID "+results[2].ClTRID+": its outcome is unknown")
		require.Contains(t, r.err, "--reconcile asks")
		require.Equal(t, 3, sent())
	}
	for range 2 {
		r, results := run("--reconcile")
		require.Equal(t, exitRefused, r.status, r.err)
		require.Equal(t, []bulk.Status{bulk.Done, bulk.NotDone, bulk.Done}, []bulk.Status{results[1].Status, results[2].Status, results[3].Status})
		require.Contains(t, string(results[1].Verdict), `"outcome":"done"`)
		require.Contains(t, r.err, "row 2 (line 3), not.sauna.example, clTRID "+results[2].ClTRID+": it was not done")
		require.NotContains(t, r.out+r.err, "Loyly")
		require.Equal(t, 3, sent())
	}
	r, results := run("--reconcile=retry")
	require.Equal(t, exitOK, r.status, r.err)
	require.Equal(t, bulk.Done, results[2].Status)
	require.Equal(t, 4, sent())
}

// TestBulkLogin begins no row where nobody can log in.
func TestBulkLogin(t *testing.T) {
	dir := t.TempDir()
	srv := bulkMock(t, dir)
	writeFile(t, dir, "reg-birch.password", "wrong-Gate9\n")
	from := writeFile(t, dir, "rows.csv", "name\nbirch.sauna.example\n")
	r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "delete", "--from", from)
	require.Equal(t, exitAuthentication, r.status, r.err)
	require.Contains(t, r.err, "0 of 1 rows done, 1 not begun")
	require.Empty(t, r.out)
	require.NotContains(t, r.err, "wrong-Gate9")
	require.Equal(t, 1, srv.Journal().Count(func(e *mockserver.Entry) bool { return e.Verb == "login" && !e.Sent }))
	t.Run("with what is no password", func(t *testing.T) {
		writeFile(t, dir, "reg-birch.password", "short\n")
		r := eppkit(t, nil, "", "--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "domain", "delete", "--from", from)
		require.Equal(t, exitUsage, r.status, r.err)
		require.Contains(t, r.err, "pw")
		require.NotContains(t, r.err, "--help")
	})
	resume, err := os.ReadFile(from + ".resume")
	require.NoError(t, err)
	require.NotContains(t, string(resume), `"begin"`)
}

// TestBulkExtensions refuses what the registry does not offer before the first row is sent.
func TestBulkExtensions(t *testing.T) {
	s := newScript(t, nil)
	r := eppkit(t, map[string]string{"PW": "sesame-42"}, "name,fee\na.sauna.example,\nb.sauna.example,10\n",
		"--config", s.conf, "bulk", "domain", "create", "--registry", "gtld", "--from", "-", "--format", "csv", "--resume", filepath.Join(t.TempDir(), "r"))
	require.Equal(t, exitUsage, r.status, r.err)
	require.Contains(t, r.err, "row 2 (line 3): the registry offers no fees")
	for len(s.asked) > 0 {
		require.NotEqual(t, "create", (<-s.asked).Verb)
	}
}
