package registry

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// storied is a registry in which something has happened.
func storied(t testing.TB) *things {
	r := newThings(t, NewClock(noon))
	r.put(t, &thing{Name: "a", Ring: noon.Add(time.Hour)}, &thing{Name: "b"}, &thing{Name: `ü "quoted" <&>`})
	r.put(t, &thing{Name: "c", On: []string{"a", "b"}})
	r.Advance(90 * time.Minute)
	return r
}

// dump is all that a registry holds.
func (r *things) dump(t testing.TB) string {
	var b bytes.Buffer
	require.NoError(t, r.WriteSnapshot(&b, ""))
	_, records, _ := strings.Cut(b.String(), "\n") // the header counts
	return records
}

func TestSnapshotFile(t *testing.T) {
	r := storied(t)
	var doc bytes.Buffer
	require.NoError(t, r.WriteSnapshot(&doc, ""))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(doc.Bytes())
	require.NoError(t, err)
	require.NoError(t, z.Close())
	for name, rd := range map[string]io.Reader{"plain": &doc, "packed": &packed} {
		t.Run(name, func(t *testing.T) {
			other := newThings(t, NewClock(time.Time{}))
			require.NoError(t, other.ReadSnapshot(rd, "from a file"))
			require.Equal(t, "", other.names(other.View(nil)), "reading changes nothing")
			require.NoError(t, other.Restore("from a file"))
			require.Equal(t, r.dump(t), other.dump(t))
			require.Equal(t, noon.Add(90*time.Minute), other.Clock.Now())
			require.True(t, other.View(nil).Linked(Ref{"thing", "b"}))
			other.Advance(time.Hour)
			require.Equal(t, 2, other.Get(other.View(nil), "a").Rings, "what was due is due")
		})
	}
}

func TestLoad(t *testing.T) {
	r := storied(t)
	var doc bytes.Buffer
	require.NoError(t, r.WriteSnapshot(&doc, ""))
	other := newThings(t, NewClock(noon))
	require.NoError(t, other.Load(bytes.NewReader(doc.Bytes())))
	require.Equal(t, r.dump(t), other.dump(t))
	require.Equal(t, noon.Add(90*time.Minute), other.Now())
	other.Advance(time.Hour)
	require.NoError(t, other.Reset())
	require.Equal(t, r.dump(t), other.dump(t))
	require.Equal(t, noon.Add(90*time.Minute), other.Now())

	k, err := other.KeepIn(t.TempDir(), KeepOptions{})
	require.NoError(t, err)
	require.ErrorContains(t, other.Load(bytes.NewReader(doc.Bytes())), "kept")
	require.NoError(t, k.Close())
	require.ErrorContains(t, other.Load(strings.NewReader("{}")), "not a snapshot")
}

func TestResetBringsBackThePace(t *testing.T) {
	clock := NewClock(noon)
	clock.SetScale(60)
	r := newThings(t, clock)
	clock.SetScale(0)
	require.NoError(t, r.Reset())
	require.InDelta(t, 60, clock.Scale(), 0)
}

func TestSnapshotFileRefused(t *testing.T) {
	const header = `{"form":"eppkit registry","version":1,"kind":"","time":"2026-03-01T12:00:00Z","commit":1,"commands":1}` + "\n"
	for _, tt := range []struct{ name, doc, want string }{
		{"empty", "", "line 1 of the snapshot: the file is empty"},
		{"something else", "registrars: []\n", "line 1 of the snapshot: this is not a snapshot"},
		{"other JSON", "{}\n", "line 1 of the snapshot: this is not a snapshot"},
		{"a later version", strings.Replace(header, `"version":1`, `"version":2`, 1), "its version is 2, and this program reads 1"},
		{"another kind", strings.Replace(header, `"kind":""`, `"kind":"fred"`, 1), `of kind "fred", and this is one of kind ""`},
		{"another table", header + `{"thing":{"name":"a"}}` + "\n" + `{"secret":{}}`, "line 3 of the snapshot: it is no record of a table"},
		{"half a record", header + `{"thing":{"name":"hush"`, "line 2 of the snapshot: it is no record of"},
		{"a record without a key", header + `{"thing":{}}`, "line 2 of the snapshot: thing: it has no name"},
		{"a record twice", header + strings.Repeat(`{"thing":{"name":"hush"}}`+"\n", 2), "line 3 of the snapshot: a record of table thing is there twice"},
		{"a field that there is not", header + `{"thing":{"name":"a","bell":"hush"}}`, "line 2 of the snapshot: thing.bell: there is no such field"},
		{"cut off after a line", strings.Replace(header, "{", `{"records":3,`, 1) + strings.Repeat(`{"thing":{"name":"a"}}`+"\n", 1), "line 3 of the snapshot: it ends here, with 1 of 3 records"},
		{"a dangling link", header + `{"thing":{"name":"a","on":["b"]}}`, "thing a refers to thing b, which is not there"},
		{"packed, and cut off", "\x1f\x8b\x08\x00", "the snapshot: unexpected EOF"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newThings(t, NewClock(noon))
			err := r.ReadSnapshot(strings.NewReader(tt.doc), "x")
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "hush")
			require.Empty(t, r.Snapshots())
		})
	}
	t.Run("many lines, with a bad one", func(t *testing.T) {
		var b strings.Builder
		b.WriteString(header)
		for i := range 5000 {
			fmt.Fprintf(&b, `{"thing":{"name":"t%d"}}`+"\n", i)
		}
		bad := strings.Replace(b.String(), `{"thing":{"name":"t4000"}}`, "oops", 1)
		require.ErrorContains(t, newThings(t, NewClock(noon)).ReadSnapshot(strings.NewReader(bad), "x"), "line 4002")
		require.NoError(t, newThings(t, NewClock(noon)).ReadSnapshot(strings.NewReader(b.String()), "x"))
	})
}

func TestDiff(t *testing.T) {
	r := storied(t)
	r.Save("before")
	r.put(t, &thing{Name: "c", On: []string{"a"}}, &thing{Name: "d"}, &thing{Name: "b"}) // b as it was
	require.NoError(t, r.Change(func(tx *Tx) error {
		r.Delete(tx, `ü "quoted" <&>`)
		return nil
	}))
	list, err := r.Diff("before", "")
	require.NoError(t, err)
	var got []string
	for _, d := range list {
		got = append(got, fmt.Sprintf("%s: %s -> %s", d.Ref, d.Before, d.After))
	}
	require.Equal(t, []string{
		`thing c: {"name":"c","on":["a","b"]} -> {"name":"c","on":["a"]}`,
		`thing d: null -> {"name":"d"}`,
		`thing ü "quoted" <&>: {"name":"ü \"quoted\" \u003c\u0026\u003e"} -> null`,
	}, got)
	list, err = r.Diff("before", "before")
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = r.Diff("never", "")
	require.ErrorIs(t, err, ErrNoSnapshot)
}

func TestKeepIn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	r := storied(t)
	k, err := r.KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	_, err = r.KeepIn(dir, KeepOptions{})
	require.ErrorContains(t, err, "kept already")
	r.put(t, &thing{Name: "d", On: []string{"c"}})
	require.NoError(t, r.Change(func(tx *Tx) error {
		r.Delete(tx, `ü "quoted" <&>`)
		return nil
	}))
	r.Save("here")
	r.put(t, &thing{Name: "e"})
	require.NoError(t, r.Restore("here"))
	r.Advance(time.Hour) // something rings
	last := r.NextCommand()
	var doc bytes.Buffer
	require.NoError(t, r.WriteSnapshot(&doc, ""))
	loaded := newThings(t, NewClock(noon))
	require.NoError(t, loaded.Load(&doc))
	require.Greater(t, loaded.NextCommand(), last, "no number is given twice")

	again := func(t *testing.T) (*things, *Keeper) {
		other := newThings(t, NewClock(time.Time{}))
		k, err := other.KeepIn(dir, KeepOptions{Sync: true})
		require.NoError(t, err)
		require.Equal(t, r.dump(t), other.dump(t))
		require.Equal(t, r.View(nil).Commit(), other.View(nil).Commit())
		require.Greater(t, other.NextCommand(), last)
		return other, k
	}
	t.Run("without an end", func(t *testing.T) {
		require.NoError(t, k.lock.Close()) // as when it is killed
		other, k := again(t)
		require.Equal(t, r.Clock.Now(), other.Clock.Now())
		require.NoError(t, k.Close())
		require.NoError(t, k.Close())
	})
	t.Run("after an orderly end", func(t *testing.T) {
		other, k := again(t)
		require.Greater(t, other.NextCommand(), uint64(2*epochCommands), "no number is given twice")
		require.NoError(t, k.Close())
	})
	for _, name := range []string{baseFile, journalFile} {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
	require.ErrorIs(t, k.Close(), os.ErrClosed) // its lock, above
}

// TestKeptByOne is about a second process, or a second registry of one.
func TestKeptByOne(t *testing.T) {
	dir := t.TempDir()
	k, err := newThings(t, NewClock(noon)).KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	_, err = newThings(t, NewClock(noon)).KeepIn(dir, KeepOptions{})
	require.ErrorContains(t, err, "another process uses it")
	require.NoError(t, k.Close())
	k, err = newThings(t, NewClock(noon)).KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	require.NoError(t, k.Close())
}

// TestTimeIsKept is about time that passed without a change.
func TestTimeIsKept(t *testing.T) {
	dir := t.TempDir()
	for i, end := range []func(*Keeper){
		func(k *Keeper) { require.NoError(t, k.lock.Close()) }, // as when it is killed
		func(k *Keeper) { require.NoError(t, k.Close()) },
		func(k *Keeper) { require.NoError(t, k.Close()) },
	} {
		r := newThings(t, NewClock(noon))
		k, err := r.KeepIn(dir, KeepOptions{})
		require.NoError(t, err)
		require.Equal(t, noon.Add(time.Duration(i)*24*time.Hour), r.Clock.Now())
		r.Advance(24 * time.Hour)
		end(k)
	}
	running := newThings(t, SystemClock())
	k, err := running.KeepIn(t.TempDir(), KeepOptions{})
	require.NoError(t, err)
	running.Advance(60 * 24 * time.Hour)
	later := running.Clock.Now()
	require.NoError(t, k.Close())
	again := newThings(t, SystemClock())
	k, err = again.KeepIn(k.dir, KeepOptions{})
	require.NoError(t, err)
	require.False(t, again.Clock.Now().Before(later), "no time comes twice")
	require.NoError(t, k.Close())
}

// TestJournalIsMadeShort is about one that has grown: what it says is in the base then.
func TestJournalIsMadeShort(t *testing.T) {
	dir := t.TempDir()
	r := newThings(t, NewClock(noon))
	k, err := r.KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	r.put(t, &thing{Name: "a"})
	k.size = maxJournal
	r.put(t, &thing{Name: "b"})
	info, err := os.Stat(filepath.Join(dir, journalFile))
	require.NoError(t, err)
	require.Zero(t, info.Size())
	r.put(t, &thing{Name: "c"})
	require.NoError(t, k.lock.Close()) // as when it is killed
	other := newThings(t, NewClock(noon))
	_, err = other.KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	require.Equal(t, "a b c", other.names(other.View(nil)))
}

// TestJournalCutOff is about a process that was killed while it wrote: every place in the
// last line at which it can be cut off.
func TestJournalCutOff(t *testing.T) {
	dir := t.TempDir()
	r := newThings(t, NewClock(noon))
	k, err := r.KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	r.put(t, &thing{Name: "a"})
	file := filepath.Join(dir, journalFile)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	r.put(t, &thing{Name: "b"})
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	base, err := os.ReadFile(filepath.Join(dir, baseFile))
	require.NoError(t, err)
	for n := len(before); n <= len(after); n++ {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, baseFile), base, 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, journalFile), after[:n], 0o600))
		other := newThings(t, NewClock(noon))
		k, err := other.KeepIn(dir, KeepOptions{})
		require.NoError(t, err)
		want := "a"
		if n == len(after) {
			want = "a b"
		}
		require.Equal(t, want, other.names(other.View(nil)), n)
		require.NoError(t, k.Close())
	}
	require.NoError(t, k.lock.Close())
	bad := bytes.Replace(after, []byte(`"a"`), []byte(`"a`), 1)
	require.NoError(t, os.WriteFile(file, bad, 0o600))
	_, err = newThings(t, NewClock(noon)).KeepIn(dir, KeepOptions{})
	require.ErrorContains(t, err, "line 1 of the journal can't be read", "in the middle it is no cut")
}

// TestKilled kills a process while it changes a registry, and looks for every change
// that it had said was made.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("EPPKIT_TEST_KEPT"); dir != "" {
		changeUntilKilled(t, dir)
		return
	}
	dir := t.TempDir()
	for round := range 3 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilled$")
		cmd.Env = append(os.Environ(), "EPPKIT_TEST_KEPT="+dir, "EPPKIT_TEST_ROUND="+strconv.Itoa(round))
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		lines := bufio.NewScanner(out)
		n := 0
		for n < 200*(round+1) && lines.Scan() {
			n++
		}
		require.NoError(t, cmd.Process.Kill())
		for lines.Scan() { // what it said before it died
			if strings.HasPrefix(lines.Text(), "made ") {
				n++
			}
		}
		_ = cmd.Wait()
		r := newThings(t, NewClock(noon))
		k, err := r.KeepIn(dir, KeepOptions{})
		require.NoError(t, err)
		for i := range n {
			require.True(t, r.Has(r.View(nil), fmt.Sprintf("%d-%d", round, i)), "change %d of %d in round %d", i, n, round)
		}
		require.NoError(t, k.Close())
	}
}

func changeUntilKilled(t *testing.T, dir string) {
	r := newThings(t, NewClock(noon))
	_, err := r.KeepIn(dir, KeepOptions{})
	require.NoError(t, err)
	for i := 0; ; i++ {
		r.put(t, &thing{Name: fmt.Sprintf("%s-%d", os.Getenv("EPPKIT_TEST_ROUND"), i)})
		if _, err := fmt.Println("made", i); err != nil {
			return // the parent is gone
		}
	}
}

// TestDiskFull is about a disk that takes no more: changes are refused, what falls due is
// put off, and reading goes on.
func TestDiskFull(t *testing.T) {
	r := newThings(t, NewClock(noon))
	r.put(t, &thing{Name: "a", Ring: noon.Add(time.Hour)})
	k, err := r.KeepIn(t.TempDir(), KeepOptions{})
	require.NoError(t, err)
	require.NoError(t, k.file.Close())
	require.ErrorIs(t, r.Change(func(tx *Tx) error {
		r.Put(tx, &thing{Name: "b"})
		return nil
	}), os.ErrClosed)
	r.Advance(2 * time.Hour)
	require.Equal(t, "a", r.names(r.View(nil)))
	require.Zero(t, r.Get(r.View(nil), "a").Rings)
	require.ErrorIs(t, r.Reset(), os.ErrClosed)
}
