package fault

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/match"
)

// A Fault is something that goes wrong, where, and how often. [Kinds] says which
// parameters a kind needs and takes; one that it does not take must be zero.
type Fault struct {
	// ID names the fault in its [Set], which chooses one where it is "".
	ID   string `yaml:"id" json:"id,omitempty"`
	Kind Kind   `yaml:"kind" json:"kind"`
	// Match says where the fault may strike; all of its criteria must hold. The
	// zero Match is everywhere.
	Match Match `yaml:"match" json:"match,omitzero"`

	// Nth is the match that strikes first, counted from 1; 0 means 1.
	Nth int `yaml:"nth" json:"nth,omitempty"`
	// Times is how often the fault strikes; 0 has no limit. Nth 3 with Times 1
	// is the third match alone.
	Times int `yaml:"times" json:"times,omitempty"`
	// Probability is that of striking at a match, from the Nth on; 0 means 1.
	// It is drawn from the seeds of the Set and of the fault.
	Probability float64 `yaml:"probability" json:"probability,omitempty"`
	Seed        uint64  `yaml:"seed" json:"seed,omitempty"`
	// For is how long the fault lives by the registry's clock; 0 is for ever.
	For time.Duration `yaml:"for" json:"-"`

	// Delay is by the machine's clock: how much later something comes, how long
	// an answer is held, or how long a stall lasts, after which the connection
	// is closed. A stall without one lasts until one side closes.
	Delay time.Duration `yaml:"delay" json:"-"`
	Code  epp.Code      `yaml:"code" json:"code,omitempty"`
	// Close says whether the connection ends after the answer; nil leaves it to
	// the code.
	Close *bool `yaml:"close" json:"close,omitempty"`
	// Commit has the command executed before its answer is replaced.
	Commit bool   `yaml:"commit" json:"commit,omitempty"`
	Text   string `yaml:"text" json:"text,omitempty"`
	Size   int    `yaml:"size" json:"size,omitempty"` // octets
	Rate   int    `yaml:"rate" json:"rate,omitempty"` // octets per second
	Framed bool   `yaml:"framed" json:"framed,omitempty"`
	Stale  int    `yaml:"stale" json:"stale,omitempty"` // commits
}

// A Match says where a fault may strike: beside the criteria of package match those
// of a connection.
type Match struct {
	match.Match `yaml:",inline"`
	// Connection is the number of a connection, counted from 1 as they are
	// accepted, also those that become no session.
	Connection int64 `yaml:"connection" json:"connection,omitempty"`
	// Remote is the client's address, as in "127.0.0.1:*".
	Remote string `yaml:"remote" json:"remote,omitempty"`
}

// VerbGreeting is the verb of the greeting at the beginning of a connection. That
// which answers a hello has the verb "hello".
const VerbGreeting = "greeting"

// ofCommand names a criterion that is about a command; "" when there is none.
func (m *Match) ofCommand() string {
	for _, c := range []struct{ name, value string }{
		{"verb", strings.TrimPrefix(m.Verb, VerbGreeting)},
		{"namespace", m.Namespace},
		{"name", m.Name},
		{"object", m.Object},
		{"clTRID", m.ClTRID},
		{"text", m.Text},
		{"xpath", m.XPath},
	} {
		if c.value != "" {
			return c.name
		}
	}
	return ""
}

// An Error is a fault that can't be.
type Error struct {
	// Field is the key in files, such as "match.xpath"; "" for a document that
	// can't be read.
	Field  string
	Reason string
}

func (e *Error) Error() string {
	if e.Field == "" {
		return "fault: " + e.Reason
	}
	return "fault: " + e.Field + ": " + e.Reason
}

// Validate checks that a fault is complete and that it makes sense. The error is an
// *Error, the first that is found.
func (f *Fault) Validate() error {
	_, _, err := f.compile()
	return err
}

// compile checks a fault, and finds out where it strikes.
func (f *Fault) compile() (*match.Matcher, Point, error) {
	info, ok := f.Kind.info()
	switch {
	case f.Kind == "":
		return nil, 0, &Error{"kind", "is missing"}
	case !ok:
		return nil, 0, &Error{"kind", fmt.Sprintf("there is no fault %q", string(f.Kind))}
	}
	if err := f.checkParameters(info); err != nil {
		return nil, 0, err
	}
	m, err := f.Match.Compile()
	if e, ok := err.(*match.Error); ok {
		return nil, 0, &Error{"match." + e.Criterion, e.Reason}
	} else if err != nil {
		return nil, 0, &Error{"match", err.Error()}
	}
	point, err := f.place(info)
	return m, point, err
}

// place finds the point at which a fault strikes.
func (f *Fault) place(info Info) (Point, error) {
	point, criterion := info.point, f.Match.ofCommand()
	greeting := f.Match.Verb == VerbGreeting
	switch {
	case !info.either:
	case greeting:
		point = Connected
	case criterion != "":
		point = Commanded
	}
	refuse := func(criterion, known string) (Point, error) {
		return 0, &Error{"match." + criterion, fmt.Sprintf("%s strikes before %s is known", f.Kind, known)}
	}
	switch {
	case point == Commanded && greeting:
		return 0, &Error{"match.verb", fmt.Sprintf("%s can't strike a greeting", f.Kind)}
	case point == Connecting && greeting:
		return refuse("verb", "what is said")
	case point != Commanded && criterion != "":
		return refuse(criterion, "a command")
	case point == Connecting && f.Match.ClID != "":
		return refuse("clID", "the registrar")
	case point == Connecting && f.Match.Session != 0:
		return refuse("session", "the session")
	}
	return point, nil
}

// checkParameters checks what is beside the match.
func (f *Fault) checkParameters(info Info) error {
	v := reflect.ValueOf(*f)
	for _, field := range reflect.VisibleFields(v.Type()) {
		key, zero := field.Tag.Get("yaml"), v.FieldByIndex(field.Index).IsZero()
		if !slices.Contains(parameters, key) {
			continue
		}
		switch needed := slices.Contains(info.Needs, key); {
		case needed && zero:
			return &Error{key, fmt.Sprintf("%s needs it", f.Kind)}
		case !needed && !zero && !slices.Contains(info.Takes, key):
			return &Error{key, fmt.Sprintf("%s does not take it", f.Kind)}
		}
	}
	for _, n := range []struct {
		key   string
		value int64
	}{
		{"nth", int64(f.Nth)},
		{"times", int64(f.Times)},
		{"for", int64(f.For)},
		{"delay", int64(f.Delay)},
		{"size", int64(f.Size)},
		{"rate", int64(f.Rate)},
		{"stale", int64(f.Stale)},
	} {
		if n.value < 0 {
			return &Error{n.key, "must not be negative"}
		}
	}
	switch {
	case !(f.Probability >= 0 && f.Probability <= 1): // NaN is neither
		return &Error{"probability", "must be between 0 and 1"}
	case f.Size > maxSize:
		return &Error{"size", fmt.Sprintf("must be at most %d", maxSize)}
	case f.Code != 0 && (f.Code < 1000 || f.Code > 9999):
		return &Error{"code", "must have four digits"}
	}
	return nil
}

// parameters are the fields of which [Info] says which kinds take them.
var parameters = []string{"delay", "code", "close", "commit", "text", "size", "rate", "framed", "stale"}

// maxSize bounds what a fault makes a server send.
const maxSize = 16 << 20
