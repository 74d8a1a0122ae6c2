package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/bulk"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// frameOf is what a command line would send, with the secret of a file in it.
func frameOf(t *testing.T, line string) string {
	t.Helper()
	r := eppkit(t, nil, "", split(line+" --registry gtld --dry-run -o raw")...)
	require.Equal(t, exitOK, r.status, r.err)
	return r.out
}

// frameRows are rows of JSON with a document in each.
func frameRows(t *testing.T, frames ...string) string {
	t.Helper()
	var b strings.Builder
	for _, frame := range frames {
		row, err := json.Marshal(map[string]string{"frame": frame})
		require.NoError(t, err)
		b.Write(append(row, '\n'))
	}
	return b.String()
}

// TestBulkRaw sends documents once, as they are, and gives all results each time.
func TestBulkRaw(t *testing.T) {
	dir := t.TempDir()
	srv := bulkMock(t, dir)
	code := writeFile(t, dir, "code.txt", birchSecret+"\n")
	create := "domain create --registrant aino-1 --authinfo-file " + code + " --cltrid "
	f := fault.Fault{Kind: fault.CommitThenDrop, Times: 1}
	f.Match.Verb, f.Match.Object = "create", "lost.sauna.example"
	_, err := srv.Faults().Add(f)
	require.NoError(t, err)
	from := writeFile(t, dir, "frames.jsonl", frameRows(t,
		frameOf(t, create+"LOYLY-1 birch.sauna.example"),
		frameOf(t, create+"LOYLY-2 lost.sauna.example"),
		frameOf(t, "domain check birch.sauna.example --cltrid LOYLY-3"),
		"<epp><no",
		frameOf(t, "hello"),
	)+`{"file": "`+writeFile(t, dir, "odd.xml", frameOf(t, create+"LOYLY-6 odd.elsewhere"))+`"}`)
	args := []string{"--config", filepath.Join(dir, "eppkit.yaml"), "bulk", "raw", "--from", from}
	sent := func(clTRID string) int {
		return srv.Journal().Count(func(e *mockserver.Entry) bool { return e.ClTRID == clTRID && !e.Sent })
	}

	require.NoError(t, os.Chmod(from, 0o644))
	r := eppkit(t, nil, "", args...)
	require.Equal(t, exitUsage, r.status, r.err)
	require.Contains(t, r.err, "for there are secrets in its column frame")
	require.NoError(t, os.Chmod(from, 0o600))

	for i, how := range []string{"", "", "--reconcile", "--reconcile"} {
		r := eppkit(t, nil, "", append(args, strings.Fields(how)...)...)
		lost := bulk.Unknown
		if i >= 2 {
			lost = bulk.Done
		}
		results := bulkResults(t, r.out)
		require.Len(t, results, 6)
		for row, want := range []bulk.Result{
			{Status: bulk.Done, Code: 1000, ClTRID: "LOYLY-1", Object: "domain:create"},
			{Status: lost, ClTRID: "LOYLY-2", Object: "domain:create"},
			{Status: bulk.Done, Code: 1000, ClTRID: "LOYLY-3", Object: "domain:check"},
			{Status: bulk.Refused, Code: 2001, ClTRID: results[4].ClTRID, Object: "a frame"},
			{Status: bulk.Done, ClTRID: results[5].ClTRID, Object: "a frame"},
			{Status: bulk.Refused, Code: 2306, ClTRID: "LOYLY-6", Object: filepath.Join(dir, "odd.xml")},
		} {
			got := results[row+1]
			require.Equal(t, want, bulk.Result{Status: got.Status, Code: got.Code, ClTRID: got.ClTRID, Object: got.Object}, "%d: %s", row+1, r.out)
		}
		require.NotContains(t, r.out+r.err, birchSecret)
		require.Equal(t, []int{1, 1, 1, 1}, []int{sent("LOYLY-1"), sent("LOYLY-2"), sent("LOYLY-3"), sent("LOYLY-6")})
	}

	t.Run("a document that is another now", func(t *testing.T) {
		writeFile(t, dir, "odd.xml", frameOf(t, "domain delete birch.sauna.example"))
		r := eppkit(t, nil, "", args...)
		require.Equal(t, exitUsage, r.status)
		require.Contains(t, r.err, "it belongs to other work (raw): another document; ")
	})
}

// TestBulkRawQueries needs no resume file for documents that are queries.
func TestBulkRawQueries(t *testing.T) {
	check := frameOf(t, "domain check birch.sauna.example")
	from := writeFile(t, t.TempDir(), "frames.jsonl", frameRows(t, check, check))
	r := eppkit(t, nil, "", "bulk", "raw", "--registry", "gtld", "--from", from)
	require.Equal(t, exitOK, r.status, r.err)
	require.Len(t, bulkResults(t, r.out), 2)
	r = eppkit(t, nil, frameRows(t, check), "bulk", "raw", "--registry", "gtld", "--from", "-", "--format", "jsonl", "--dry-run")
	require.Equal(t, exitOK, r.status, r.err)
	require.Contains(t, r.out, "birch.sauna.example")
}

// TestBulkRawRefuses sends nothing when a row has no document, or another column.
func TestBulkRawRefuses(t *testing.T) {
	for in, says := range map[string]string{
		`{"name":"birch.sauna.example"}`:         `row 1 (line 1): there is no column "name"; raw has: frame, file`,
		`{"frame":""}`:                           "there is nothing to send",
		`{}`:                                     "there is nothing to send",
		`{"frame":"<a/>","file":"x"}`:            "there is more than one document",
		`{"frame":["<a/>","<b/>"]}`:              "there is more than one document",
		"{\"frame\":\"<a/>\"}\n{\"file\":\"n\"}": "row 2 (line 2): open n: ",
	} {
		r := eppkit(t, nil, in, "bulk", "raw", "--registry", "gtld", "--from", "-", "--format", "jsonl")
		require.Equal(t, exitUsage, r.status, in)
		require.Contains(t, r.err, says)
		require.NotContains(t, r.err, "mock registry", "nothing is started")
	}
}
