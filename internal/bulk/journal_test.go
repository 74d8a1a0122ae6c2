package bulk

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var theRows = Part{"input", []byte("the rows")}

func openTest(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := OpenJournal(path, "sauna heat", theRows)
	require.NoError(t, err)
	return j
}

func TestJournalRemembers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.resume")
	at := time.Date(2031, 4, 15, 12, 0, 0, 0, time.UTC)
	j := openTest(t, path)
	for row := 1; row <= 4; row++ {
		require.NoError(t, j.begin(Begin{row, fmt.Sprintf("T-%d", row), at}))
	}
	require.NoError(t, j.result(Result{Row: 1, Status: Done, Code: 1000}))
	require.NoError(t, j.notSent(2))
	require.NoError(t, j.result(Result{Row: 4, Status: Unknown}))
	require.NoError(t, j.result(Result{Row: 4, Status: NotDone}))
	require.NoError(t, j.begin(Begin{4, "T-4-2", at}))
	require.NoError(t, j.Close())

	j = openTest(t, path)
	defer j.Close()
	require.Equal(t, map[int]Begin{3: {3, "T-3", at}, 4: {4, "T-4-2", at}}, j.Begun)
	require.Len(t, j.Results, 1)
	require.Equal(t, 1000, j.Results[1].Code)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Zero(t, info.Mode().Perm()&0o077, "it is its owner's alone")
}

// TestTornJournals cuts a journal at each octet: what was written whole before it is kept.
func TestTornJournals(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "whole")
	j := openTest(t, path)
	for row := 1; row <= 3; row++ {
		require.NoError(t, j.begin(Begin{row, "T", time.Time{}}))
		require.NoError(t, j.result(Result{Row: row, Status: Done}))
	}
	require.NoError(t, j.Close())
	whole, err := os.ReadFile(path)
	require.NoError(t, err)
	for n := range len(whole) + 1 {
		path := filepath.Join(dir, "torn")
		require.NoError(t, os.WriteFile(path, whole[:n], 0o600))
		j := openTest(t, path)
		done := max(strings.Count(string(whole[:n]), "\n")-1, 0) / 2
		require.Len(t, j.Results, done, "%d octets", n)
		require.NoError(t, j.begin(Begin{9, "T-9", time.Time{}}))
		require.NoError(t, j.Close())
		j = openTest(t, path)
		require.Len(t, j.Results, done)
		require.Equal(t, "T-9", j.Begun[9].ClTRID, "what is written after it can be read")
		require.NoError(t, j.Close())
	}
}

func TestRefusedJournals(t *testing.T) {
	good := func(t *testing.T, path string) string {
		j := openTest(t, path)
		require.NoError(t, j.begin(Begin{1, "T-1", time.Time{}}))
		require.NoError(t, j.Close())
		b, err := os.ReadFile(path)
		require.NoError(t, err)
		return string(b)
	}
	for name, row := range map[string]struct {
		damage func(string) string
		says   string
	}{
		"a line in the middle": {func(s string) string { return strings.Replace(s, "\n", "\n{\"begin\":\n", 1) }, "line 2 can't be read, and nothing was changed"},
		"an unknown record":    {func(s string) string { return s + "{\"later\":1}\n" }, "line 3 is of a kind"},
		"no head":              {func(s string) string { _, rest, _ := strings.Cut(s, "\n"); return rest }, "it is no such file"},
		"a second head":        {func(s string) string { return s + s }, "it is no such file"},
		"a later version":      {func(s string) string { return strings.Replace(s, `"version":1`, `"version":2`, 1) }, "it is of version 2"},
		"a text":               {func(string) string { return "Dear diary" }, "it is no such file"},
		"a text with lines":    {func(string) string { return "Dear\ndiary\n" }, "line 1 can't be read"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "j")
			damaged := row.damage(good(t, path))
			require.NoError(t, os.WriteFile(path, []byte(damaged), 0o600))
			_, err := OpenJournal(path, "sauna heat", theRows)
			require.ErrorContains(t, err, row.says)
			after, err := os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, damaged, string(after), "it stays as it is")
		})
	}
	t.Run("other work", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "j")
		good(t, path)
		for says, parts := range map[string][]Part{
			"another input":                   {{"input", []byte("other rows")}},
			"another input, another registry": {{"input", []byte("other rows")}, {"registry", nil}},
			"it has more parts":               nil,
		} {
			_, err := OpenJournal(path, "sauna heat", parts...)
			require.ErrorIs(t, err, ErrOtherWork)
			require.EqualError(t, err, "the resume file "+path+": it belongs to other work (sauna heat): "+says)
		}
	})
	t.Run("another run", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "j")
		j := openTest(t, path)
		_, err := OpenJournal(path, "sauna heat", theRows)
		require.ErrorIs(t, err, ErrLocked)
		require.NoError(t, j.Close())
	})
}

// TestJournalsFail does not begin a row whose beginning can't be written.
func TestJournalsFail(t *testing.T) {
	path := filepath.Join(t.TempDir(), "j")
	j := openTest(t, path)
	require.NoError(t, j.f.Close())
	err := j.begin(Begin{1, "T", time.Time{}})
	require.EqualError(t, err, "the resume file "+path+": file already closed")
	require.Same(t, err, j.result(Result{Row: 1}))
	require.Same(t, err, j.Close(), "it is told once")
}

// Rows that begin at once share the writing.
func BenchmarkBegin(b *testing.B) {
	for _, workers := range []int{1, 4, 16, 64} {
		b.Run(fmt.Sprintf("%d at once", workers), func(b *testing.B) {
			j, err := OpenJournal(filepath.Join(b.TempDir(), "j"), "sauna heat")
			require.NoError(b, err)
			defer j.Close()
			var all sync.WaitGroup
			rows := make(chan int)
			for range workers {
				all.Go(func() {
					for row := range rows {
						if err := j.begin(Begin{row, "eppkit-bulk-ABCDEFGHIJKLM-123", time.Now()}); err != nil {
							b.Error(err)
						}
						if err := j.result(Result{Row: row, Status: Done, Code: 1000, Message: "Command completed successfully"}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for i := range b.N {
				rows <- i
			}
			close(rows)
			all.Wait()
		})
	}
}
