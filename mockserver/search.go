package mockserver

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/match"
)

// Directions of an entry, for a [Query].
const (
	DirReceived = "received"
	DirSent     = "sent"
)

// AnyFault is the Fault of a [Query] for what any fault was done to.
const AnyFault = "+"

// A Query says by data which entries of a [Journal] are meant: those for which all
// criteria that are given hold. See package match for those it shares with others;
// Text and XPath look at what [Entry.Frame] shows. An answer counts as being about the
// objects of its command.
type Query struct {
	match.Match `yaml:",inline"`

	// Direction is DirReceived or DirSent; "" for both.
	Direction string `yaml:"direction" json:"direction,omitempty"`
	// Code is an answer's first result code.
	Code epp.Code `yaml:"code" json:"code,omitempty"`
	// SvTRID is an answer's.
	SvTRID string `yaml:"svTRID" json:"svTRID,omitempty"`
	// Fault is what was done to the frame, see [Entry]: AnyFault, or a pattern,
	// of which "*" means anything and nothing.
	Fault string `yaml:"fault" json:"fault,omitempty"`
	// Since leaves out the entries up to this Seq.
	Since int64 `yaml:"since" json:"since,omitempty"`
	// From and To are times by the registry's clock; From is included, To is not.
	From time.Time `yaml:"from" json:"from,omitzero"`
	To   time.Time `yaml:"to" json:"to,omitzero"`

	// Limit is how many entries [Journal.Search] returns at most; 0 for all.
	Limit int `yaml:"limit" json:"limit,omitempty"`
	// Newest has them begin with the newest. Without it, a Limit leaves the
	// oldest.
	Newest bool `yaml:"newest" json:"newest,omitempty"`
}

// String writes the criteria that are given, as in "verb create, code 2302".
func (q Query) String() string {
	var out []string
	say := func(name, value string) {
		if value != "" {
			out = append(out, name+" "+value)
		}
	}
	number := func(n int64) string {
		if n == 0 {
			return ""
		}
		return strconv.FormatInt(n, 10)
	}
	say("verb", q.Verb)
	say("namespace", q.Namespace)
	say("name", q.Name)
	say("object", q.Object)
	say("clID", q.ClID)
	say("clTRID", q.ClTRID)
	say("session", number(q.Session))
	if q.Text != "" {
		say("text", strconv.Quote(q.Text))
	}
	say("xpath", q.XPath)
	say("direction", q.Direction)
	say("code", number(int64(q.Code)))
	say("svTRID", q.SvTRID)
	say("fault", q.Fault)
	say("since", number(q.Since))
	say("from", instant(q.From))
	say("to", instant(q.To))
	if len(out) == 0 {
		return "anything"
	}
	return strings.Join(out, ", ")
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// A Mismatch is a criterion of a [Query] that did not hold.
type Mismatch = match.Mismatch

// A search is a Query that is ready for use.
type search struct {
	Query
	match *match.Matcher
	j     *Journal
}

func (j *Journal) search(q Query) (*search, error) {
	bad := func(criterion, format string, args ...any) (*search, error) {
		return nil, fmt.Errorf("mockserver: a query that can't be: %w",
			&match.Error{Criterion: criterion, Reason: fmt.Sprintf(format, args...)})
	}
	switch {
	case q.Direction != "" && q.Direction != DirReceived && q.Direction != DirSent:
		return bad("direction", "%q is neither %s nor %s", q.Direction, DirReceived, DirSent)
	case q.Limit < 0:
		return bad("limit", "%d is less than none", q.Limit)
	}
	m, err := q.Compile()
	if err != nil {
		return nil, fmt.Errorf("mockserver: a query that can't be: %w", err)
	}
	return &search{Query: q, match: m, j: j}, nil
}

// fits reports whether an entry is meant.
func (s *search) fits(e *Entry) bool {
	return len(s.outside(e)) == 0 && s.match.Matches(s.frame(e))
}

// misses returns the criteria that an entry does not fulfil.
func (s *search) misses(e *Entry) []Mismatch {
	return append(s.match.Mismatches(s.frame(e)), s.outside(e)...)
}

// outside returns those that are not package match's. They need no look at the frame.
func (s *search) outside(e *Entry) []Mismatch {
	var out []Mismatch
	miss := func(ok bool, criterion, wanted, got string) {
		if !ok {
			out = append(out, Mismatch{Criterion: criterion, Wanted: wanted, Got: got})
		}
	}
	way := DirReceived
	if e.Sent {
		way = DirSent
	}
	miss(s.Direction == "" || s.Direction == way, "direction", s.Direction, way)
	miss(s.Code == 0 || s.Code == e.Code, "code", code(s.Code), code(e.Code))
	miss(match.Glob(s.SvTRID, e.SvTRID), "svTRID", s.SvTRID, orNone(e.SvTRID))
	if s.Fault == AnyFault {
		miss(e.Fault != "", "fault", "any", "none")
	} else {
		miss(match.Glob(s.Fault, e.Fault), "fault", s.Fault, orNone(e.Fault))
	}
	miss(e.Seq > s.Since, "since", "after "+strconv.FormatInt(s.Since, 10), strconv.FormatInt(e.Seq, 10))
	miss(s.From.IsZero() || !e.Time.Before(s.From), "from", instant(s.From), instant(e.Time))
	miss(s.To.IsZero() || e.Time.Before(s.To), "to", "before "+instant(s.To), instant(e.Time))
	return out
}

// frame is the entry as package match sees it.
func (s *search) frame(e *Entry) *match.Frame {
	f := match.NewFrame(e.Frame)
	f.Verb, f.Name, f.ClID, f.ClTRID, f.Session = e.Verb, e.Name, e.ClID, e.ClTRID, e.Session
	if s.Object != "" && e.Answers != 0 {
		if asked, ok := s.j.at(e.Answers); ok {
			f.Also = match.NewFrame(asked.Frame)
		}
	}
	return f
}

func code(c epp.Code) string {
	if c == 0 {
		return "none"
	}
	return fmt.Sprintf("%04d", uint16(c))
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// Search returns the entries that a query means, oldest first unless it says
// otherwise. The error says which criterion can't be used; it wraps a *match.Error.
func (j *Journal) Search(q Query) ([]Entry, error) {
	s, err := j.search(q)
	if err != nil {
		return nil, err
	}
	all, _ := j.since(q.Since)
	if q.Newest {
		slices.Reverse(all)
	}
	var out []Entry
	for i := range all {
		if q.Limit > 0 && len(out) == q.Limit {
			break
		}
		if s.fits(&all[i]) {
			out = append(out, all[i])
		}
	}
	return out, nil
}

// Wait waits until at least n entries are what a query means, those that are there
// already included, and returns them, oldest first. Limit and Newest have no meaning
// here. The error is an [*ExpectError] around the context's, or that of a query that
// can't be used.
func (j *Journal) Wait(ctx context.Context, n int, q Query) ([]Entry, error) {
	s, err := j.search(q)
	if err != nil {
		return nil, err
	}
	var got []Entry
	seq := q.Since
	for {
		fresh, more := j.since(seq)
		for i := range fresh {
			seq = fresh[i].Seq
			if s.fits(&fresh[i]) {
				got = append(got, fresh[i])
			}
		}
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return got, s.unmet(n, len(got), true, ctx.Err())
		}
	}
}

// Expect checks that exactly n entries are what a query means. The error is an
// [*ExpectError], or that of a query that can't be used. Limit and Newest have no
// meaning here.
func (j *Journal) Expect(n int, q Query) error {
	q.Limit = 0
	got, err := j.Search(q)
	if err != nil || len(got) == n {
		return err
	}
	s, _ := j.search(q)
	return s.unmet(n, len(got), false, nil)
}

// Nearest returns the entry that fits a query best, the latest of several, and the
// criteria that it does not fulfil, in the order of Query's fields. With an empty
// journal, and with a query that can't be used, the entry's Seq is 0.
func (j *Journal) Nearest(q Query) (Entry, []Mismatch) {
	s, err := j.search(q)
	if err != nil {
		return Entry{}, nil
	}
	return s.nearest(0)
}

// nearest is the best entry of those that miss more than so many criteria.
func (s *search) nearest(atLeast int) (best Entry, lacks []Mismatch) {
	all, _ := s.j.since(0)
	for i := range slices.Backward(all) {
		m := s.misses(&all[i])
		if len(m) >= atLeast && (best.Seq == 0 || len(m) < len(lacks)) {
			best, lacks = all[i], m
		}
		if best.Seq != 0 && len(lacks) == atLeast {
			break
		}
	}
	return best, lacks
}

// An ExpectError is an expectation of the journal that was not met. Its text says what
// came nearest to it.
type ExpectError struct {
	Query Query
	// Wanted is how many entries there should have been, exactly or, where
	// AtLeast is true, at least, and Got how many there are.
	Wanted, Got int
	AtLeast     bool
	// Nearest is the entry that comes nearest without being what is meant, the
	// latest of several, and Mismatches what it lacks. Its Seq is 0 when there
	// is none, or when there were more entries than wanted.
	Nearest    Entry
	Mismatches []Mismatch
	// Err is why the wait ended, or nil where there was none.
	Err error
}

func (s *search) unmet(wanted, got int, atLeast bool, cause error) error {
	e := &ExpectError{Query: s.Query, Wanted: wanted, Got: got, AtLeast: atLeast, Err: cause}
	if got < wanted {
		e.Nearest, e.Mismatches = s.nearest(1)
	}
	return e
}

func (e *ExpectError) Error() string {
	var b strings.Builder
	exactly := "exactly"
	if e.AtLeast {
		exactly = "at least"
	}
	entries, are := "entries", "are"
	if e.Wanted == 1 {
		entries = "entry"
	}
	if e.Got == 1 {
		are = "is"
	}
	fmt.Fprintf(&b, "mockserver: wanted %s %d %s with %s; there %s %d", exactly, e.Wanted, entries, e.Query, are, e.Got)
	switch {
	case errors.Is(e.Err, context.DeadlineExceeded):
		b.WriteString(" when the time was over")
	case errors.Is(e.Err, context.Canceled):
		b.WriteString(" when the wait was ended")
	case e.Err != nil:
		fmt.Fprintf(&b, " (%v)", e.Err)
	}
	switch {
	case e.Nearest.Seq != 0:
		fmt.Fprintf(&b, "; the nearest miss is %s", e.Nearest.line())
		for _, m := range e.Mismatches {
			fmt.Fprintf(&b, "\n\t%s", m)
		}
	case e.Got < e.Wanted:
		b.WriteString("; the journal has nothing else")
	}
	return b.String()
}

func (e *ExpectError) Unwrap() error { return e.Err }
