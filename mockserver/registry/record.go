package registry

import (
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A Record is what a [Table] holds, a pointer to a struct. Once it was put it is never
// changed: who wants it different changes a copy, and puts that. Its JSON is what
// snapshots and the journal on disk keep.
type Record interface {
	// Key is what the record is found by, unique in its table.
	Key() string
}

// A Linked record refers to others, which can't be deleted as long as it does.
type Linked interface {
	// Links are the records that this one refers to, each once or more. They
	// follow from the record alone.
	Links() []Ref
}

// A Timed record is one with which something happens by the clock.
type Timed interface {
	// Due is when the next thing happens, or zero for never. It follows from
	// the record alone, and is another once it happened.
	Due() time.Time
}

// A Sharing record has strings that many others have too, such as who its sponsor is.
type Sharing interface {
	// Share calls f for each of them, which may put an equal one in its place. It is
	// called before the record is put.
	Share(f func(*string))
}

// The kinds of object: the names of their tables.
const (
	Contact = "contact"
	Domain  = "domain"
	Host    = "host"
	NSSet   = "nsset"
	KeySet  = "keyset"
)

// A Ref names a record: its table, and its key. That of an object is its kind, and its
// handle or name in the case in which the registry keeps it.
type Ref struct {
	Kind   string `json:"kind"`
	Handle string `json:"handle"`
}

func (r Ref) String() string { return r.Kind + " " + r.Handle }

func (r Ref) clone() Ref {
	return Ref{Kind: strings.Clone(r.Kind), Handle: strings.Clone(r.Handle)}
}

// A Kept is a secret that a registry must be able to tell, such as an authInfo that an
// info shows. Package fmt and logs show nothing of it; its JSON is the secret itself,
// for snapshots. Whoever shows a record's JSON hides it again.
type Kept string

// Format hides the secret from the verbs of package fmt.
func (k Kept) Format(f fmt.State, c rune) { epp.Secret(k).Format(f, c) }

// String hides it from whatever asks for a text.
func (k Kept) String() string { return epp.Secret(k).String() }

// LogValue hides it from structured logs.
func (k Kept) LogValue() slog.Value { return epp.Secret(k).LogValue() }
