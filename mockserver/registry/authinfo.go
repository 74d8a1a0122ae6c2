package registry

import (
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// AuthInfos are the authInfos that were handed out, as FRED keeps them: hashed, each
// with its end, and one for each pair of object and registrar that asked. Several
// registrars' authInfos for one object are valid side by side. Its methods may be
// called by any number of goroutines.
type AuthInfos struct {
	Clock  *Clock
	Hasher *Hasher
	TTL    time.Duration // how long one is valid

	mu    sync.Mutex
	byObj map[Ref][]*authInfo
}

type authInfo struct {
	Issued
	value Hash
}

// Issued is what can be known of an authInfo that is valid.
type Issued struct {
	ClID    string    // who asked for it
	Expires time.Time // the first moment when it is not valid any more
	Uses    int       // how often it was shown and found valid
}

// Set makes value the authInfo that clID has for an object. It ends the one that
// clID had before, and touches nobody else's.
func (a *AuthInfos) Set(obj Ref, clID string, value epp.Secret) {
	it := &authInfo{
		Issued: Issued{ClID: strings.Clone(clID), Expires: a.Clock.Now().Add(a.TTL)},
		value:  a.Hasher.Hash(value),
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byObj == nil {
		a.byObj = make(map[Ref][]*authInfo)
	}
	var keep []*authInfo
	for _, old := range a.valid(obj) {
		if old.ClID != clID {
			keep = append(keep, old)
		}
	}
	a.byObj[obj.clone()] = append(keep, it)
}

// Use reports whether value is valid for an object, whoever asked for it, and
// counts that it was used. It stays valid.
func (a *AuthInfos) Use(obj Ref, value epp.Secret) bool {
	a.mu.Lock()
	valid := a.valid(obj)
	a.mu.Unlock()

	// All are compared, outside the lock, so that the time taken does not
	// tell which one it was and nobody waits for it.
	var found *authInfo
	for _, it := range valid {
		if it.value.Matches(value) {
			found = it
		}
	}
	if found == nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	found.Uses++
	return true
}

// Active returns what is valid for an object now, oldest first.
func (a *AuthInfos) Active(obj Ref) []Issued {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []Issued
	for _, it := range a.valid(obj) {
		list = append(list, it.Issued)
	}
	return list
}

func (a *AuthInfos) valid(obj Ref) []*authInfo {
	now := a.Clock.Now()
	var list []*authInfo
	for _, it := range a.byObj[obj] {
		if now.Before(it.Expires) {
			list = append(list, it)
		}
	}
	return list
}
