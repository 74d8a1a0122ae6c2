package mockserver

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// DefaultJournalSize is how many frames a [Journal] keeps unless told otherwise.
const DefaultJournalSize = 10_000

// maxJournalOctets bounds what the kept frames may take together.
const maxJournalOctets = 64 << 20

// A Journal keeps the latest frames that a [Server] received and sent, of all
// connections. It is for tests to read, while the Server runs or after.
type Journal struct {
	size    int
	secrets bool
	set     *epp.Schema // whose secrets are hidden

	mu      sync.Mutex
	entries []Entry // those before first were dropped
	first   int
	octets  int
	total   int64
	wake    chan struct{} // closed by the next entry; nil when nobody waits
}

// An Entry is one frame.
type Entry struct {
	Seq  int64     // counts the entries of a Journal, from 1
	Time time.Time // by the registry's clock
	// Session is the connection's [Session.ID], and ClID its registrar, or ""
	// before the login.
	Session int64
	ClID    string
	// Sent is true for what the Server said. An answer is entered when it
	// has been made, right before it is written.
	Sent bool
	// Name is the payload of the command, such as domain:check or epp:login;
	// in an answer that of the command it answers. A hello and a greeting
	// have their own. It is the zero Name for a frame that was not
	// understood, and for the answer to it.
	Name epp.Name
	// Verb is the command element's name, such as check, as Name is.
	Verb string
	// Code is the first result code of an answer, otherwise 0.
	Code epp.Code
	// ClTRID is the one the frame has, and SvTRID that of an answer.
	ClTRID, SvTRID string

	frame   string
	secrets bool
	set     *epp.Schema
}

// Frame is the document, in which passwords, authInfo and the like are replaced
// (see [epp.Schema.Redact]) unless [Options].JournalSecrets is set.
func (e Entry) Frame() string {
	if e.secrets {
		return e.frame
	}
	return string(e.set.Redact([]byte(e.frame)))
}

func (j *Journal) add(e Entry) {
	if j.size < 0 {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.total++
	e.Seq, e.secrets, e.set = j.total, j.secrets, j.set
	j.entries = append(j.entries, e)
	j.octets += len(e.frame)
	for len(j.entries)-j.first > j.size || j.octets > maxJournalOctets && len(j.entries)-j.first > 1 {
		j.octets -= len(j.entries[j.first].frame)
		j.entries[j.first] = Entry{}
		j.first++
	}
	if j.first >= j.size { // move up once in size entries
		n := copy(j.entries, j.entries[j.first:])
		clear(j.entries[n:])
		j.entries, j.first = j.entries[:n], 0
	}
	if j.wake != nil {
		close(j.wake)
		j.wake = nil
	}
}

// since returns the kept entries after number seq, and a channel that is closed
// when another one comes.
func (j *Journal) since(seq int64) ([]Entry, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.wake == nil {
		j.wake = make(chan struct{})
	}
	kept := j.entries[j.first:]
	from := int64(len(kept)) - (j.total - seq)
	return append([]Entry(nil), kept[max(from, 0):]...), j.wake
}

// All returns the entries that match, oldest first.
func (j *Journal) All(match Match) []Entry {
	all, _ := j.since(0)
	var out []Entry
	for i := range all {
		if match(&all[i]) {
			out = append(out, all[i])
		}
	}
	return out
}

// Count returns how many entries match.
func (j *Journal) Count(match Match) int { return len(j.All(match)) }

// Last returns the latest entry that matches; false when there is none.
func (j *Journal) Last(match Match) (Entry, bool) {
	all, _ := j.since(0)
	for i := len(all) - 1; i >= 0; i-- {
		if match(&all[i]) {
			return all[i], true
		}
	}
	return Entry{}, false
}

// WaitFor waits until n entries match, those that are there already included. The
// error is the context's, with the number that matched.
func (j *Journal) WaitFor(ctx context.Context, n int, match Match) error {
	var seen int
	var seq int64
	for {
		fresh, more := j.since(seq)
		for i := range fresh {
			seq = fresh[i].Seq
			if match(&fresh[i]) {
				seen++
			}
		}
		if seen >= n {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("mockserver: waited for %d frames, %d came: %w", n, seen, ctx.Err())
		}
	}
}
