package registry

import "time"

// An Object is what a registry keeps of an object of any kind. The names are EPP's
// (RFC 5730 and RFC 5731).
type Object struct {
	// ROID is assigned where it is empty.
	ROID string `yaml:"roid" json:"roid,omitempty"`
	// ClID is the sponsor, CrID who created it (the sponsor, where it is
	// empty) and UpID who updated it last, or "".
	ClID string `yaml:"clID" json:"clID,omitempty"`
	CrID string `yaml:"crID" json:"crID,omitempty"`
	UpID string `yaml:"upID" json:"upID,omitempty"`
	// UpDate and TrDate are zero until the object was updated, transferred.
	CrDate time.Time `yaml:"crDate" json:"crDate,omitzero"`
	UpDate time.Time `yaml:"upDate" json:"upDate,omitzero"`
	TrDate time.Time `yaml:"trDate" json:"trDate,omitzero"`
	// Status holds what was set, without what follows from the state of
	// other objects, such as linked.
	Status []string `yaml:"status" json:"status,omitempty"`
}

// Share names the registrars and the statuses.
func (m *Object) Share(f func(*string)) {
	f(&m.ClID)
	f(&m.CrID)
	f(&m.UpID)
	for i := range m.Status {
		f(&m.Status[i])
	}
}

// NewROID makes a ROID that no object of the registry has, by a letter for its kind and
// form, as in fmt.Sprintf("%s%d-MOCK", letter, n).
func NewROID(tx *Tx, letter string, form func(letter string, n uint64) string) string {
	return form(letter, tx.Count("roid "+letter))
}

// Register completes objects of one kind from fixtures: each gets a ROID unless it has
// one, and its creator. Those that it gives come after those that [NewROID] has made, and
// those that NewROID makes come after all.
func Register(tx *Tx, list []*Object, letter string, form func(letter string, n uint64) string) {
	n := tx.counted("roid " + letter)
	used := make(map[string]bool)
	for _, m := range list {
		if m.ROID != "" {
			used[m.ROID] = true
		}
	}
	// A ROID that was given may be one that NewROID would come to.
	for n, left := uint64(1), len(used); left > 0 && n <= uint64(maxGivenROID); n++ {
		if used[form(letter, n)] {
			tx.StartCount("roid "+letter, n)
			left--
		}
	}
	for _, m := range list {
		for m.ROID == "" {
			n++
			if roid := form(letter, n); !used[roid] {
				m.ROID = roid
				tx.StartCount("roid "+letter, n)
			}
		}
		if m.CrID == "" {
			m.CrID = m.ClID
		}
	}
}

// maxGivenROID is up to which number the ROIDs of fixtures are looked for among those
// that a registry makes.
const maxGivenROID = 100_000

// Validate checks that the registrars exist, for a fixture at the given path.
func (m *Object) Validate(registrar func(clID string) bool, at Path) error {
	for _, id := range []struct{ key, clID string }{{"clID", m.ClID}, {"crID", m.CrID}, {"upID", m.UpID}} {
		switch {
		case id.clID == "" && id.key == "clID":
			return at.Errorf("has no sponsor (clID)")
		case id.clID != "" && !registrar(id.clID):
			return at.With(id.key).Errorf("there is no registrar %q", id.clID)
		}
	}
	if m.CrDate.IsZero() {
		return at.Errorf("has no crDate")
	}
	return nil
}
