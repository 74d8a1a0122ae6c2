package bulk

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/internal/durable"
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

// A head says which work a journal is about. Prints are hashes with Salt of the parts of
// the work, by their names, for in what is hashed there may be secrets.
type head struct {
	Version int               `json:"version"`
	Work    string            `json:"work"`
	Salt    string            `json:"salt"`
	Prints  map[string]string `json:"prints"`
}

// A Part is something that makes work the work that it is and no other: such as the
// input, by that name.
type Part struct {
	Name    string
	Content []byte
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

// ErrOtherWork is that a journal is about other work than the run that it was opened for:
// not all its parts are the same.
var ErrOtherWork = errors.New("it belongs to other work")

// ErrLocked is that another process has a journal open.
var ErrLocked = errors.New("another run is using it")

// OpenJournal opens the journal at a path, or makes one, for some work: work says in words
// what it is. The error is a *JournalError, of [ErrOtherWork] where a part is another than
// that of the journal; it names those parts.
//
// A last line that was not written whole, as a crash leaves it, is taken away. Any other
// line that can't be read is an error, and the file stays as it is.
func OpenJournal(path, work string, parts ...Part) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &JournalError{path, err}
	}
	x := &Journal{
		f: f, wake: make(chan struct{}, 1), stopped: make(chan struct{}),
		Results: make(map[int]Result), Begun: make(map[int]Begin),
	}
	if err := x.open(work, parts); err != nil {
		f.Close()
		return nil, x.wrong(err)
	}
	go x.write()
	return x, nil
}

// A JournalError is that the file of a journal can't be used.
type JournalError struct {
	Path string
	Err  error
}

func (e *JournalError) Error() string {
	err := e.Err
	if file := new(fs.PathError); errors.As(err, &file) && file.Path == e.Path {
		err = file.Err
	}
	return fmt.Sprintf("the resume file %s: %v", e.Path, err)
}

func (e *JournalError) Unwrap() error { return e.Err }

// wrong is an error of the journal, or nil.
func (x *Journal) wrong(err error) error {
	if err == nil {
		return nil
	}
	return &JournalError{x.f.Name(), err}
}

func (x *Journal) open(work string, parts []Part) error {
	if ok, err := filelock.TryLock(x.f); err != nil {
		return err
	} else if !ok {
		return ErrLocked
	}
	whole, err := x.read(parts)
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
	line, err := json.Marshal(record{Journal: &head{journalVersion, work, salt, fingerprints(salt, parts)}})
	if err != nil {
		return err
	}
	if _, err := x.f.Write(append(line, '\n')); err != nil {
		return err
	}
	if err := x.f.Sync(); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(x.f.Name()))
}

func fingerprints(salt string, parts []Part) map[string]string {
	prints := make(map[string]string, len(parts))
	for _, p := range parts {
		h := hmac.New(sha256.New, []byte(salt))
		h.Write(p.Content)
		prints[p.Name] = hex.EncodeToString(h.Sum(nil))
	}
	return prints
}

// same is nil where a head is about work with these parts.
func (h *head) same(parts []Part) error {
	var others []string
	is := fingerprints(h.Salt, parts)
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if is[name] != h.Prints[name] {
			others = append(others, "another "+name)
		}
	}
	if len(others) == 0 && len(h.Prints) == len(is) {
		return nil
	}
	return fmt.Errorf("%w (%s): %s", ErrOtherWork, h.Work, cmp.Or(strings.Join(others, ", "), "it has more parts"))
}

// read reads what there is, and returns how much of it is whole lines.
func (x *Journal) read(parts []Part) (whole int64, err error) {
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
		if err := x.take(rec, n, parts); err != nil {
			return 0, err
		}
		whole += int64(len(line))
	}
}

// take takes in line n.
func (x *Journal) take(rec record, n int, parts []Part) error {
	switch h := rec.Journal; {
	case (h != nil) != (n == 1):
		return errors.New("it is no such file")
	case h != nil && h.Version != journalVersion:
		return fmt.Errorf("it is of version %d; this program writes %d", h.Version, journalVersion)
	case h != nil:
		return h.same(parts)
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
			if err == nil && b.sync {
				err = x.f.Sync()
			}
			err = x.wrong(err)
		}
		x.mu.Lock()
		x.err = err
		x.mu.Unlock()
		close(b.done)
	}
}

// Close writes what is not written yet, and lets others have the file. Nothing may be
// added any more. Where writing failed, the error is the one that ended the run.
func (x *Journal) Close() error {
	close(x.wake)
	<-x.stopped
	err := x.failed()
	if err == nil {
		err = x.wrong(x.f.Sync())
	}
	if cerr := x.f.Close(); err == nil {
		err = x.wrong(cerr)
	}
	return err
}
