package registry

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/eppkit/eppkit/internal/filelock"
)

// KeepOptions are how a registry is kept on disk. The zero value works.
type KeepOptions struct {
	// Sync has each change wait until the disk has it, so that it survives the
	// machine's end too, and not only the process's.
	Sync bool
}

// What there is in a directory that a registry is kept in.
const (
	baseFile    = "base.jsonl"    // a snapshot file
	journalFile = "journal.jsonl" // a line for each change since
	lockFile    = "lock"
)

var errInUse = errors.New("another process uses it")

// keptCommit is a change as a line of the journal on disk.
type keptCommit struct {
	Commit   uint64       `json:"commit"`
	Time     time.Time    `json:"time"`
	Commands uint64       `json:"commands"`
	Records  []keptRecord `json:"records"`
}

// keptRecord is a record, or that it is gone.
type keptRecord struct {
	Table string          `json:"t"`
	Key   string          `json:"k,omitempty"` // of one that is gone
	Value json.RawMessage `json:"v,omitempty"`
	err   error
}

// keepable makes the journal's line of a change to a View.
func (s *State) keepable(v *View, changes []Ref) *keptCommit {
	k := &keptCommit{Commit: v.commit, Time: v.now, Commands: s.commands.Load(), Records: make([]keptRecord, 0, len(changes))}
	for _, ref := range changes {
		t := s.byName[ref.Kind]
		r, ok := v.tables[t.n].Get(ref.Handle)
		if !ok {
			k.Records = append(k.Records, keptRecord{Table: t.name, Key: ref.Handle})
			continue
		}
		doc, err := json.Marshal(r)
		k.Records = append(k.Records, keptRecord{Table: t.name, Value: doc, err: err})
	}
	return k
}

// keepTime writes that the clock was moved.
func (s *State) keepTime() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keep == nil {
		return
	}
	c := &keptCommit{Commit: s.current.Load().commit, Time: s.Clock.Now(), Commands: s.commands.Load()}
	if err := s.keep(c); err != nil {
		s.opts.Log.Error("registry: that the clock was moved is not kept", "error", err)
	}
}

// epochCommands is how far the numbers of commands jump when a registry is opened again:
// not all that were given are on disk, and none may be given twice.
const epochCommands = 1_000_000_000

// A Keeper keeps a registry on disk: see [State.KeepIn].
type Keeper struct {
	state *State
	dir   string
	opts  KeepOptions

	lock *os.File

	mu   sync.Mutex
	file *os.File
	size int64 // of the journal
	err  error // what broke the journal
}

// maxJournal is how many octets a journal has before a new base is made.
const maxJournal = 256 << 20

// KeepIn keeps the registry in a directory, made where it is not there. What is there
// from an earlier run is taken over, with its time where the clock stands still, or where
// it had been moved beyond what it shows now. From then on each change is written before anybody sees it, so that no command whose answer
// was sent is lost when the process is killed; a line that was cut off by that is a
// command that nobody has an answer to, and is dropped. The files hold secrets, and
// nobody else can read them.
//
// Only one process can use a directory. Call it before the registry is served.
func (s *State) KeepIn(dir string, o KeepOptions) (*Keeper, error) {
	k := &Keeper{state: s, dir: dir, opts: o}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("registry: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keep != nil {
		return nil, errors.New("registry: it is kept already")
	}
	var err error
	if k.lock, err = os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, fmt.Errorf("registry: %w", err)
	}
	var locked bool
	locked, err = filelock.TryLock(k.lock)
	switch {
	case err == nil && !locked:
		err = errInUse
	case err == nil:
		err = k.open()
	}
	if err != nil {
		k.lock.Close()
		return nil, fmt.Errorf("registry: what is kept in %s: %w", dir, err)
	}
	s.keep, s.compact = k.append, k.compact
	return k, nil
}

// open takes over what is there, and begins a new base.
func (k *Keeper) open() error {
	s := k.state
	base, err := os.Open(filepath.Join(k.dir, baseFile))
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	default:
		v, h, err := s.read(base)
		base.Close()
		if err != nil {
			return err
		}
		if v, err = k.replay(v, &h); err != nil {
			return err
		}
		s.epoch = h.Epoch + 1
		s.commands.Store(s.epoch * epochCommands)
		s.publish(v)
		s.past = nil
		if s.Clock.Scale() == 0 || v.now.After(s.Clock.Now()) {
			s.Clock.Set(v.now)
		}
	}
	return k.rebase(s.current.Load())
}

// replay does again what the journal says was done since the base.
func (k *Keeper) replay(v *View, h *fileHeader) (*View, error) {
	f, err := os.Open(filepath.Join(k.dir, journalFile))
	if errors.Is(err, fs.ErrNotExist) {
		return v, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	tx := &Tx{View: *v}
	tx.tables = append(tx.tables[:0:0], v.tables...)
	tx.owned = make([]bool, len(tx.tables))
	in := bufio.NewReaderSize(f, 1<<16)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			break // also where the last line is cut off
		} else if err != nil {
			return nil, err
		}
		var c keptCommit
		if err := json.Unmarshal(line, &c); err != nil {
			if _, more := in.Peek(1); more == io.EOF {
				break // cut off, in a block that was not written
			}
			return nil, fmt.Errorf("line %d of the journal can't be read: %w", n, err)
		}
		if len(c.Records) == 0 && c.Commit == tx.commit {
			tx.now = c.Time.UTC() // the clock was moved
		}
		if c.Commit <= tx.commit {
			continue // the base has it
		}
		if err := tx.redo(&c); err != nil {
			return nil, fmt.Errorf("line %d of the journal: %w", n, err)
		}
	}
	if err := tx.check(); err != nil {
		return nil, err
	}
	return &tx.View, nil
}

// redo does what a line of the journal says.
func (tx *Tx) redo(c *keptCommit) error {
	for _, kept := range c.Records {
		t := tx.state.byName[kept.Table]
		if t == nil {
			return fmt.Errorf("there is no table %q", kept.Table)
		}
		if kept.Value == nil {
			tx.delete(t, kept.Key)
			continue
		}
		r, err := t.decode(kept.Value)
		if err != nil {
			return fmt.Errorf("a record of table %s: %w", t.name, err)
		}
		tx.put(t, r)
	}
	tx.commit, tx.now = c.Commit, c.Time.UTC()
	return nil
}

// rebase writes a View as the base, and begins an empty journal. Both files are replaced
// at once each, and a base with a journal from before it is understood.
func (k *Keeper) rebase(v *View) error {
	now := *v
	now.now = k.state.Clock.Now()
	if err := replaceFile(filepath.Join(k.dir, baseFile), func(w io.Writer) error { return k.state.write(w, &now) }); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(k.dir, journalFile), os.O_WRONLY|os.O_CREATE|os.O_TRUNC|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if k.file != nil {
		k.file.Close()
	}
	k.file, k.size = f, 0
	return nil
}

// compact begins a new base where the journal has become long. The State's lock is held.
func (k *Keeper) compact() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.size <= maxJournal || k.err != nil {
		return
	}
	if err := k.rebase(k.state.current.Load()); err != nil {
		k.size = 0 // it is tried again after as much
		k.state.opts.Log.Error("registry: the journal on disk can't be made short", "error", err)
	}
}

// replaceFile writes a file that only the owner can read, all of it or nothing.
func replaceFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".tmp-") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// append writes a change. One that could not be written whole ends the journal: what
// comes after half a line could not be read.
func (k *Keeper) append(c *keptCommit) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	var line bytes.Buffer
	for _, r := range c.Records {
		if r.err != nil {
			return fmt.Errorf("a record of table %s: %w", r.Table, r.err)
		}
	}
	if err := json.NewEncoder(&line).Encode(c); err != nil {
		return err
	}
	n, err := k.file.Write(line.Bytes())
	if err != nil {
		k.err = err
		return err
	}
	k.size += int64(n)
	if k.opts.Sync {
		if err := k.file.Sync(); err != nil {
			k.err = err
			return err
		}
	}
	return nil
}

// Close ends the keeping, with a base of what the registry is now. Changes after it are
// not kept.
func (k *Keeper) Close() error {
	s := k.state
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep, s.compact = nil, nil
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == nil {
		return nil
	}
	err := k.rebase(s.current.Load())
	err = errors.Join(err, k.file.Close(), k.lock.Close())
	k.file = nil
	return err
}
