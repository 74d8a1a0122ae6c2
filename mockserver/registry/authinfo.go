package registry

import (
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// AuthInfos are the authInfos that were handed out, as FRED keeps them: hashed, each
// with its end, and one for each pair of object and registrar that asked. Several
// registrars' authInfos for one object are valid side by side. Its methods may be
// called by any number of goroutines.
type AuthInfos struct {
	TTL time.Duration // how long one is valid

	state *State
	table *Table[*authInfo]
}

// NewAuthInfos adds their table to a registry that is being made.
func NewAuthInfos(s *State, ttl time.Duration) *AuthInfos {
	a := &AuthInfos{TTL: ttl, state: s}
	a.table = NewTable(s, "authInfo", func(tx *Tx, it *authInfo) { a.table.Delete(tx, it.Key()) })
	return a
}

type authInfo struct {
	Of      Ref       `json:"of"`
	ClID    string    `json:"clID"`
	Expires time.Time `json:"expires"`
	Uses    int       `json:"uses,omitempty"`
	Hash    Hash      `json:"authInfoHash"`
}

func (it *authInfo) Key() string    { return prefixOf(it.Of) + it.ClID }
func (it *authInfo) Due() time.Time { return it.Expires }

// prefixOf has a character that neither a handle nor a clID has.
func prefixOf(obj Ref) string { return obj.Kind + "\t" + obj.Handle + "\t" }

// Issued is what can be known of an authInfo that is valid.
type Issued struct {
	ClID    string    // who asked for it
	Expires time.Time // the first moment when it is not valid any more
	Uses    int       // how often it was shown and found valid
}

// Set makes value the authInfo that clID has for an object. It ends the one that
// clID had before, and touches nobody else's.
func (a *AuthInfos) Set(obj Ref, clID string, value epp.Secret) {
	_ = a.state.Change(func(tx *Tx) error {
		a.Put(tx, obj, clID, value)
		return nil
	})
}

// Put is [AuthInfos.Set] as a part of a change.
func (a *AuthInfos) Put(tx *Tx, obj Ref, clID string, value epp.Secret) {
	a.table.Put(tx, &authInfo{
		Of: obj.clone(), ClID: strings.Clone(clID),
		Expires: tx.Now().Add(a.TTL), Hash: a.state.Hasher.Hash(value),
	})
}

// Use reports whether value is valid for an object, whoever asked for it, and
// counts that it was used. It stays valid.
func (a *AuthInfos) Use(obj Ref, value epp.Secret) bool {
	// All are compared, and not within a change, so that the time taken does not
	// tell which one it was and nobody waits for it.
	clID, ok := a.Find(a.state.View(nil), obj, value)
	if !ok {
		return false
	}
	_ = a.state.Change(func(tx *Tx) error {
		a.Used(tx, obj, clID)
		return nil
	})
	return true
}

// Find looks for an authInfo that is valid for an object, and says who asked for it.
func (a *AuthInfos) Find(rd Reader, obj Ref, value epp.Secret) (clID string, ok bool) {
	for it := range a.table.Prefix(rd, prefixOf(obj)) {
		if it.Hash.Matches(value) {
			clID, ok = it.ClID, true
		}
	}
	return clID, ok
}

// Used counts that an authInfo was shown and found valid, as a part of a change.
func (a *AuthInfos) Used(tx *Tx, obj Ref, clID string) {
	if it := a.table.Get(tx, prefixOf(obj)+clID); it != nil {
		used := *it
		used.Uses++
		a.table.Put(tx, &used)
	}
}

// Cancel ends all authInfos of an object, as a part of a change.
func (a *AuthInfos) Cancel(tx *Tx, obj Ref) {
	var keys []string
	for it := range a.table.Prefix(tx, prefixOf(obj)) {
		keys = append(keys, it.Key())
	}
	for _, key := range keys {
		a.table.Delete(tx, key)
	}
}

// Active returns what is valid for an object now, ordered by who asked for it.
func (a *AuthInfos) Active(obj Ref) []Issued {
	var list []Issued
	for it := range a.table.Prefix(a.state.View(nil), prefixOf(obj)) {
		list = append(list, Issued{ClID: it.ClID, Expires: it.Expires, Uses: it.Uses})
	}
	return list
}
