package match

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// A Match is a set of criteria, of which a zero one holds always.
type Match struct {
	// Verb is the command, such as "create", "login" or "hello".
	Verb string `yaml:"verb" json:"verb,omitempty"`
	// Namespace is that of the command's payload: its URI, or the prefix that
	// is usual for it, such as "domain".
	Namespace string `yaml:"namespace" json:"namespace,omitempty"`
	// Name is the payload's name, as in "domain:check" or "check".
	Name string `yaml:"name" json:"name,omitempty"`
	// Object is the name, the handle or the number of an object that the
	// command is about. The case of its letters does not matter.
	Object string `yaml:"object" json:"object,omitempty"`
	// ClID is the registrar whose session it is.
	ClID string `yaml:"clID" json:"clID,omitempty"`
	// ClTRID is the client's transaction identifier.
	ClTRID string `yaml:"clTRID" json:"clTRID,omitempty"`
	// Session is the number of the connection.
	Session int64 `yaml:"session" json:"session,omitempty"`
	// Text is contained in the frame.
	Text string `yaml:"text" json:"text,omitempty"`
	// XPath finds something in the frame.
	XPath string `yaml:"xpath" json:"xpath,omitempty"`
}

// A Mismatch is a criterion that did not hold.
type Mismatch struct {
	Criterion string `json:"criterion"` // its key in YAML, such as "clID"
	Wanted    string `json:"wanted"`
	Got       string `json:"got"` // for people
}

func (m Mismatch) String() string {
	return fmt.Sprintf("%s: wanted %s, got %s", m.Criterion, m.Wanted, m.Got)
}

// An Error is a criterion that can't be used.
type Error struct {
	Criterion string // its key in YAML
	Reason    string
}

func (e *Error) Error() string { return "match: " + e.Criterion + ": " + e.Reason }

// A Matcher is a Match that is ready for use, by any number of goroutines.
type Matcher struct {
	want Match
	path Path
}

// Compile makes a Matcher. The error is an *Error: a path that can't be read.
func (m Match) Compile() (*Matcher, error) {
	c := &Matcher{want: m}
	if m.XPath != "" {
		var err error
		if c.path, err = ParsePath(m.XPath); err != nil {
			return nil, &Error{Criterion: "xpath", Reason: err.Error()}
		}
	}
	return c, nil
}

// Matches reports whether all criteria hold.
func (c *Matcher) Matches(f *Frame) bool {
	for range c.misses(f) {
		return false
	}
	return true
}

// Mismatches returns the criteria that do not hold, in the order of Match's fields.
func (c *Matcher) Mismatches(f *Frame) []Mismatch { return slices.Collect(c.misses(f)) }

// misses goes through the criteria that do not hold, the cheap ones first.
func (c *Matcher) misses(f *Frame) iter.Seq[Mismatch] {
	return func(yield func(Mismatch) bool) {
		w := &c.want
		miss := func(criterion, wanted, got string) bool {
			if got == "" {
				got = "none"
			}
			return yield(Mismatch{criterion, wanted, got})
		}
		_ = (Glob(w.Verb, f.Verb) || miss("verb", w.Verb, f.Verb)) &&
			(fitsSpace(w.Namespace, f.Name.Space) || miss("namespace", w.Namespace, f.Name.Space)) &&
			(fitsName(w.Name, f.Name) || miss("name", w.Name, f.Name.Qualified())) &&
			(w.Object == "" || f.names(w.Object) || miss("object", w.Object, strings.Join(f.Objects(), ", "))) &&
			(Glob(w.ClID, f.ClID) || miss("clID", w.ClID, f.ClID)) &&
			(Glob(w.ClTRID, f.ClTRID) || miss("clTRID", w.ClTRID, f.ClTRID)) &&
			(w.Session == 0 || w.Session == f.Session ||
				miss("session", strconv.FormatInt(w.Session, 10), strconv.FormatInt(f.Session, 10))) &&
			(w.Text == "" || strings.Contains(f.Doc(), w.Text) || miss("text", strconv.Quote(w.Text), "a frame without it")) &&
			(w.XPath == "" || f.has(c.path) || miss("xpath", w.XPath, "a frame without it"))
	}
}

// fitsSpace compares a namespace with its URI or its usual prefix.
func fitsSpace(want, space string) bool {
	return want == "" || Glob(want, space) || epp.PrefixOf(space) == want
}

// fitsName compares a name with or without a prefix.
func fitsName(want string, n epp.Name) bool {
	return want == "" || Glob(want, n.Local) || Glob(want, n.Qualified())
}

// Glob reports whether a text is what a pattern says, in which "*" stands for
// anything. The empty pattern is that of all texts.
func Glob(pattern, s string) bool {
	if pattern == "" {
		return true
	}
	parts := strings.Split(pattern, "*")
	first, last := parts[0], parts[len(parts)-1]
	if len(parts) == 1 {
		return s == pattern
	}
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}
