package spool_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/spool"
)

func entry(text string) spool.Entry {
	return spool.Entry{XML: []byte("<" + text + "/>"), JSON: []byte(`"` + text + `"`)}
}

func put(t *testing.T, d *spool.Dir, sub, id, text string) (name string, repeat bool) {
	t.Helper()
	e := entry(text)
	path, repeat, err := d.Put(sub, id, e, func(old spool.Entry) bool { return bytes.Equal(old.JSON, e.JSON) })
	require.NoError(t, err)
	for ext, want := range map[string][]byte{".xml": e.XML, ".json": e.JSON} {
		got, err := os.ReadFile(path + ext)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	return filepath.Base(path), repeat
}

func TestName(t *testing.T) {
	long := strings.Repeat("kiuas", 100)
	seen := map[string]string{}
	for id, want := range map[string]string{
		"":                      "%",
		"17":                    "17",
		"MSG-17_a.b":            "MSG-17_a.b",
		"..":                    "%2E.",
		".lock":                 "%2Elock",
		".tmp-1":                "%2Etmp-1",
		"../../etc/passwd":      "%2E.%2F..%2Fetc%2Fpasswd",
		`a\b`:                   "a%5Cb",
		"a b":                   "a%20b",
		"%":                     "%25",
		"%2F":                   "%252F",
		"a~2":                   "a%7E2",
		"löyly":                 "l%C3%B6yly",
		"nul":                   "%6Eul",
		"COM1.txt":              "%43OM1.txt",
		"console":               "console",
		"unreadable":            "unreadable",
		strings.Repeat("a", 9):  "aaaaaaaaa",
		long:                    "",
		long + "2":              "",
		strings.Repeat("/", 99): "",
	} {
		name := spool.Name(id)
		if want != "" {
			require.Equal(t, want, name)
		}
		require.LessOrEqual(t, len(name), 150, id)
		require.Regexp(t, regexp.MustCompile(`^[A-Za-z0-9_%-][A-Za-z0-9._%-]*$`), name)
		require.NotContains(t, seen, name, "%q and %q", id, seen[name])
		seen[name] = id
	}
}

func FuzzName(f *testing.F) {
	f.Add("a", "%61")
	f.Add("con", "%63on")
	f.Add(strings.Repeat("a", 200), strings.Repeat("a", 201))
	f.Fuzz(func(t *testing.T, a, b string) {
		if x, y := spool.Name(a), spool.Name(b); (x == y) != (a == b) || x != filepath.Base(x) || len(x) > 150 {
			t.Errorf("%q is %q, %q is %q", a, x, b, y)
		}
	})
}

func TestPut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "queue")
	d, err := spool.Open(dir)
	require.NoError(t, err)
	defer d.Close()
	for _, step := range []struct {
		what, id, text, name string
		repeat               bool
	}{
		{"the first", "7", "steam", "7", false},
		{"again", "7", "steam", "7", true},
		{"another of the same id", "7", "smoke", "7~2", false},
		{"that again", "7", "smoke", "7~2", true},
		{"a third", "7", "fire", "7~3", false},
		{"the first again", "7", "steam", "7", true},
		{"an id that looks like one of them", "7~2", "steam", "7%7E2", false},
		{"without an id", "", "steam", "%", false},
	} {
		name, repeat := put(t, d, "", step.id, step.text)
		require.Equal(t, step.name, name, step.what)
		require.Equal(t, step.repeat, repeat, step.what)
	}
	name, repeat := put(t, d, spool.Unreadable, "7", "steam")
	require.Equal(t, "7", name)
	require.False(t, repeat)
	require.FileExists(t, filepath.Join(dir, spool.Unreadable, "7.xml"))

	if runtime.GOOS == "windows" {
		return
	}
	for name, mode := range map[string]os.FileMode{
		"": 0o700, spool.Unreadable: 0o700, ".lock": 0o600, "7.xml": 0o600, "7.json": 0o600, "unreadable/7.xml": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, mode, info.Mode().Perm(), name)
	}
}

// What a crash leaves is put right by the next run.
func TestAfterACrash(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	write(".tmp-1", "<ste")
	write("unreadable/.tmp-2", "<ste")
	write("other", "not ours")
	write("7.xml", "<half/>")
	write("8.json", `"steam"`)
	d, err := spool.Open(dir)
	require.NoError(t, err)
	defer d.Close()
	require.NoFileExists(t, filepath.Join(dir, ".tmp-1"))
	require.NoFileExists(t, filepath.Join(dir, "unreadable", ".tmp-2"))
	require.FileExists(t, filepath.Join(dir, "other"))

	name, repeat := put(t, d, "", "7", "steam")
	require.Equal(t, "7", name, "a document without a description was never put")
	require.False(t, repeat)
	name, repeat = put(t, d, "", "8", "steam")
	require.Equal(t, "8", name)
	require.True(t, repeat)
}

func TestOneProcess(t *testing.T) {
	dir := t.TempDir()
	d, err := spool.Open(dir)
	require.NoError(t, err)
	_, err = spool.Open(dir)
	require.ErrorIs(t, err, spool.ErrInUse)
	require.ErrorContains(t, err, dir)
	require.NoError(t, d.Close())
	d, err = spool.Open(dir)
	require.NoError(t, err)
	require.NoError(t, d.Close())
}

func TestCannotOpen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := spool.Open(file)
	require.Error(t, err)
	_, err = spool.Open(filepath.Join(file, "in"))
	require.Error(t, err)
}
