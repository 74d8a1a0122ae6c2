package bulk

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/eppkit/eppkit/internal/filelock"
)

// A Journal is a file that holds how far a run came. It is appended to alone, one process
// at a time; see [OpenJournal].
type Journal struct {
	// Results are those of earlier runs, by row, and Begun are the rows that had begun
	// and have none.
	Results map[int]Result
	Begun   map[int]Begin

	f       *os.File
	wake    chan struct{}
	stopped chan struct{} // closed when the writer has ended

	mu   sync.Mutex
	next *batch
	err  error // the first; nothing is written after it
}

// A batch is what is written together.
type batch struct {
	lines []byte
	sync  bool          // it has to be on the disk
	done  chan struct{} // closed when it has been written
}

// A record is a line of a journal: one of its fields.
type record struct {
	Journal *head   `json:"journal,omitempty"`
	Begin   *Begin  `json:"begin,omitempty"`
	NotSent int     `json:"notSent,omitempty"` // the row that had begun was not sent after all
	Result  *Result `json:"result,omitempty"`
}

// A head says which work a journal is about. Print is a hash with Salt, for in what is
// hashed there may be secrets.
type head struct {
	Version int    `json:"version"`
	Work    string `json:"work"`
	Salt    string `json:"salt"`
	Print   string `json:"print"`
}

// A Begin is that a row begins.
type Begin struct {
	Row    int       `json:"row"`
	ClTRID string    `json:"clTRID"`
	Sent   time.Time `json:"sent"`
}

const journalVersion = 1

// headStart is how every journal begins.
const headStart = `{"journal":{"version":`

// ErrOtherWork is that a journal is about another input, or another command, than the run
// that it was opened for.
var ErrOtherWork = errors.New("it belongs to other work: another input, command, default or registry")

// ErrLocked is that another process has a journal open.
var ErrLocked = errors.New("another run is using it")

// OpenJournal opens the journal at a path, or makes one, for some work: work says in words
// what it is, and content is all that makes it this work and no other.
//
// A last line that was not written whole, as a crash leaves it, is taken away. Any other
// line that can't be read is an error, and the file stays as it is.
func OpenJournal(path, work string, content ...[]byte) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	x := &Journal{
		f: f, wake: make(chan struct{}, 1), stopped: make(chan struct{}),
		Results: make(map[int]Result), Begun: make(map[int]Begin),
	}
	if err := x.open(work, content); err != nil {
		f.Close()
		return nil, fmt.Errorf("the resume file %s: %w", path, err)
	}
	go x.write()
	return x, nil
}

func (x *Journal) open(work string, content [][]byte) error {
	if ok, err := filelock.TryLock(x.f); err != nil {
		return err
	} else if !ok {
		return ErrLocked
	}
	whole, err := x.read(content)
	if err != nil {
		return err
	}
	if err := x.f.Truncate(whole); err != nil {
		return err
	}
	if _, err := x.f.Seek(whole, io.SeekStart); err != nil {
		return err
	}
	if whole > 0 {
		return nil
	}
	salt := rand.Text()
	line, err := json.Marshal(record{Journal: &head{journalVersion, work, salt, fingerprint(salt, content)}})
	if err != nil {
		return err
	}
	if _, err := x.f.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := x.f.Sync(); err != nil {
		return err
	}
	return syncDir(filepath.Dir(x.f.Name()))
}

// syncDir has the name of a new file survive a crash, where the system can do that.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func fingerprint(salt string, content [][]byte) string {
	h := hmac.New(sha256.New, []byte(salt))
	for _, b := range content {
		fmt.Fprintf(h, "%d\n", len(b))
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// read reads what there is, and returns how much of it is whole lines.
func (x *Journal) read(content [][]byte) (whole int64, err error) {
	r := bufio.NewReaderSize(x.f, 1<<16)
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		switch {
		case err == io.EOF && n == 1 && !bytes.HasPrefix([]byte(headStart), line) && !bytes.HasPrefix(line, []byte(headStart)):
			return 0, errors.New("it is no such file")
		case err == io.EOF:
			return whole, nil
		case err != nil:
			return 0, err
		}
		var rec record
		if err := json.Unmarshal(line, &rec); err != nil {
			return 0, fmt.Errorf("line %d can't be read, and nothing was changed: %w", n, err)
		}
		if err := x.take(rec, n, content); err != nil {
			return 0, err
		}
		whole += int64(len(line))
	}
}

// take takes in line n.
func (x *Journal) take(rec record, n int, content [][]byte) error {
	switch h := rec.Journal; {
	case (h != nil) != (n == 1):
		return errors.New("it is no such file")
	case h != nil && h.Version != journalVersion:
		return fmt.Errorf("it is of version %d; this program writes %d", h.Version, journalVersion)
	case h != nil && h.Print != fingerprint(h.Salt, content):
		return fmt.Errorf("%w; it is about: %s", ErrOtherWork, h.Work)
	case h != nil:
	case rec.Begin != nil:
		x.Begun[rec.Begin.Row] = *rec.Begin
		delete(x.Results, rec.Begin.Row)
	case rec.NotSent != 0:
		delete(x.Begun, rec.NotSent)
	case rec.Result != nil:
		x.Results[rec.Result.Row] = *rec.Result
		delete(x.Begun, rec.Result.Row)
	default:
		return fmt.Errorf("line %d is of a kind that this program does not know", n)
	}
	return nil
}

// begin returns when it is on the disk that a row begins. Rows that begin at the same time
// share the writing.
func (x *Journal) begin(r Begin) error {
	b, err := x.add(record{Begin: &r}, true)
	if err != nil {
		return err
	}
	<-b.done
	return x.failed()
}

// notSent has it written soon that a row that had begun was not done.
func (x *Journal) notSent(row int) error {
	_, err := x.add(record{NotSent: row}, false)
	return err
}

// result has a result written soon. Where a crash comes before that, the outcome of its
// row is unknown.
func (x *Journal) result(r Result) error {
	_, err := x.add(record{Result: &r}, false)
	return err
}

func (x *Journal) failed() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err
}

func (x *Journal) add(rec record, sync bool) (*batch, error) {
	line, err := json.Marshal(rec)
	if err != nil {
		return nil, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil {
		return nil, x.err
	}
	if x.next == nil {
		x.next = &batch{done: make(chan struct{})}
	}
	x.next.lines = append(append(x.next.lines, line...), '\n')
	x.next.sync = x.next.sync || sync
	select {
	case x.wake <- struct{}{}:
	default:
	}
	return x.next, nil
}

// write writes one batch after another, until the journal is closed.
func (x *Journal) write() {
	defer close(x.stopped)
	for range x.wake {
		x.mu.Lock()
		b, err := x.next, x.err
		x.next = nil
		x.mu.Unlock()
		if b == nil {
			continue
		}
		if err == nil {
			_, err = x.f.Write(b.lines)
		}
		if err == nil && b.sync {
			err = x.f.Sync()
		}
		x.mu.Lock()
		x.err = err
		x.mu.Unlock()
		close(b.done)
	}
}

// Close writes what is not written yet, and lets others have the file. Nothing may be
// added any more.
func (x *Journal) Close() error {
	close(x.wake)
	<-x.stopped
	err := x.failed()
	if err == nil {
		err = x.f.Sync()
	}
	return errors.Join(err, x.f.Close())
}
