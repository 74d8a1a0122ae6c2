package mockserver

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// DefaultJournalSize is how many frames a [Journal] keeps unless told otherwise.
const DefaultJournalSize = 10_000

// maxJournalOctets bounds what the kept frames may take together.
const maxJournalOctets = 64 << 20

// A Journal keeps the latest frames that a [Server] received and sent, of all
// connections. It is for tests to read, while the Server runs or after: by a [Query],
// which is data, or by a [Match], which is code.
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
	// Answers is the Seq of the command that an answer is to, otherwise 0.
	Answers int64
	// Fault says what was done to an answer that did not leave as its frame
	// has it, or to a command that was not executed as others are: not at all,
	// not for an answer, twice, on an older state. Otherwise it is "".
	Fault string
	// Stub is the ID of the script's stub that made an answer, or "".
	Stub string

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

// Unredacted is the document with all its secrets, whatever Options.JournalSecrets
// says. It is for a reader who asked for them.
func (e Entry) Unredacted() string { return e.frame }

// Format writes a line about the entry, whatever the verb. It leaves out the frame.
func (e Entry) Format(f fmt.State, _ rune) {
	io.WriteString(f, e.line())
}

func (e *Entry) line() string {
	var b strings.Builder
	way := "received from"
	if e.Sent {
		way = "sent to"
	}
	fmt.Fprintf(&b, "#%d %s session %d", e.Seq, way, e.Session)
	if e.ClID != "" {
		fmt.Fprintf(&b, " (%s)", e.ClID)
	}
	fmt.Fprintf(&b, ": %s", cmp.Or(e.Name.Qualified(), "what is no command"))
	if e.Code != 0 {
		fmt.Fprintf(&b, " %04d", uint16(e.Code))
	}
	if e.ClTRID != "" {
		fmt.Fprintf(&b, ", clTRID %s", e.ClTRID)
	}
	if e.Fault != "" {
		fmt.Fprintf(&b, ", fault %s", e.Fault)
	}
	return b.String()
}

// add enters a frame, and returns its number; 0 when nothing is kept.
func (j *Journal) add(e Entry) int64 {
	if j.size < 0 {
		return 0
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
	return e.Seq
}

// Reset drops all entries. The numbers go on, so that whoever reads what is new
// misses nothing and sees nothing twice.
func (j *Journal) Reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.first, j.octets = nil, 0, 0
}

// at returns the entry of a number; false when it is not kept.
func (j *Journal) at(seq int64) (Entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	kept := j.entries[j.first:]
	i := int64(len(kept)) - 1 - (j.total - seq)
	if i < 0 || i >= int64(len(kept)) {
		return Entry{}, false
	}
	return kept[i], true
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
// error is the context's, with the number that matched and the latest entry. That of
// [Journal.Wait] says more.
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
			latest := "the journal is empty"
			if e, ok := j.Last(Any); ok {
				latest = "the latest entry is " + e.line()
			}
			return fmt.Errorf("mockserver: waited for %d frames, %d came; %s: %w", n, seen, latest, ctx.Err())
		}
	}
}
