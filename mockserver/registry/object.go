package registry

import (
	"strings"
	"time"
)

// The kinds of object.
const (
	Contact = "contact"
	Domain  = "domain"
	Host    = "host"
	NSSet   = "nsset"
	KeySet  = "keyset"
)

// A Ref names an object: its kind, and its handle or name in the case in which the
// registry keeps it.
type Ref struct{ Kind, Handle string }

func (r Ref) String() string { return r.Kind + " " + r.Handle }

func (r Ref) clone() Ref {
	return Ref{Kind: strings.Clone(r.Kind), Handle: strings.Clone(r.Handle)}
}

// An Object is what a registry keeps of an object of any kind. The names are EPP's
// (RFC 5730 and RFC 5731).
type Object struct {
	// ROID is assigned where it is empty.
	ROID string `yaml:"roid"`
	// ClID is the sponsor, CrID who created it (the sponsor, where it is
	// empty) and UpID who updated it last, or "".
	ClID string `yaml:"clID"`
	CrID string `yaml:"crID"`
	UpID string `yaml:"upID"`
	// UpDate and TrDate are zero until the object was updated, transferred.
	CrDate time.Time `yaml:"crDate"`
	UpDate time.Time `yaml:"upDate"`
	TrDate time.Time `yaml:"trDate"`
	// Status holds what was set, without what follows from the state of
	// other objects, such as linked.
	Status []string `yaml:"status"`
}

// Register completes objects of one kind: each gets a ROID unless it has one, made by
// form of a number, and its creator.
func Register(list []*Object, form func(n int) string) {
	used := make(map[string]bool)
	for _, m := range list {
		used[m.ROID] = true
	}
	n := 0
	for _, m := range list {
		for m.ROID == "" {
			n++
			if roid := form(n); !used[roid] {
				m.ROID = roid
			}
		}
		if m.CrID == "" {
			m.CrID = m.ClID
		}
	}
}

// Validate checks that the registrars exist, for a fixture at the given path.
func (m *Object) Validate(accounts map[string]bool, at Path) error {
	for _, id := range []struct{ key, clID string }{{"clID", m.ClID}, {"crID", m.CrID}, {"upID", m.UpID}} {
		switch {
		case id.clID == "" && id.key == "clID":
			return at.Errorf("has no sponsor (clID)")
		case id.clID != "" && !accounts[id.clID]:
			return at.With(id.key).Errorf("there is no registrar %q", id.clID)
		}
	}
	if m.CrDate.IsZero() {
		return at.Errorf("has no crDate")
	}
	return nil
}
