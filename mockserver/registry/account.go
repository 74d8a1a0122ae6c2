package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
)

// CertIssued stands in an Account's Certificates for any certificate that the
// mock's own CA issued to that registrar.
const CertIssued = "issued"

// Why a login fails.
var (
	ErrCredentials = errors.New("the registrar is unknown or the password is wrong")
	ErrCertificate = errors.New("the certificate is not the registrar's")
	ErrBlocked     = errors.New("the registrar is blocked")
)

// An Account is a registrar.
type Account struct {
	ClID     string     `yaml:"clID"`
	Password epp.Secret `yaml:"password"` // 6 to 16 characters
	// Certificates are those of which the registrar must present one: SHA-256
	// fingerprints in hex, with or without colons, or CertIssued. When there
	// are none, any certificate will do, and none at all.
	Certificates []string `yaml:"certificates"`
	Blocked      bool     `yaml:"blocked"`
	// MaxSessions is how many sessions may be open; 0 leaves it to the
	// registry's profile.
	MaxSessions int `yaml:"maxSessions"`
	// Credit is by zone.
	Credit map[string]Amount `yaml:"credit"`
}

// Accounts are the registrars of a registry. Its methods may be called by any
// number of goroutines.
type Accounts struct {
	hasher *Hasher
	nobody Hash

	mu   sync.RWMutex
	byID map[string]*account
}

type account struct {
	Account // without its password
	pw      Hash
}

// NewAccounts stores accounts, with their passwords hashed.
func NewAccounts(h *Hasher, list []Account) (*Accounts, error) {
	a := &Accounts{hasher: h, nobody: h.Hash(""), byID: make(map[string]*account)}
	var v Validator
	if v.Registrars(list); v.Err != nil {
		return nil, v.Err
	}
	for _, it := range list {
		pw := h.Hash(it.Password)
		it.Password = ""
		it.Credit = maps.Clone(it.Credit)
		it.Certificates = slices.Clone(it.Certificates)
		for i, c := range it.Certificates {
			it.Certificates[i] = fingerprint(c)
		}
		a.byID[it.ClID] = &account{Account: it, pw: pw}
	}
	return a, nil
}

// fingerprint brings a fingerprint into the form in which they are compared.
func fingerprint(s string) string { return strings.ToLower(strings.ReplaceAll(s, ":", "")) }

// Login checks who logs in, and changes the password when asked. The error is
// ErrCredentials, ErrCertificate or ErrBlocked, in that order: only who knows the
// password learns more.
func (a *Accounts) Login(s *mockserver.Session, q *epp.Login) error {
	acc, known := a.get(q.ClID)
	// The hashing is done outside the lock: it is slow on purpose.
	switch matches := acc.pw.Matches(q.PW); {
	case !known || !matches:
		return ErrCredentials
	case !acc.presents(s):
		return ErrCertificate
	case acc.Blocked:
		return ErrBlocked
	case q.NewPW == "":
		return nil
	}
	pw := a.hasher.Hash(q.NewPW)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.byID[acc.ClID].pw = pw
	return nil
}

// get returns an account, or one whose password takes as long to compare.
func (a *Accounts) get(clID string) (acc account, known bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if acc := a.byID[clID]; acc != nil {
		return *acc, true
	}
	return account{pw: a.nobody}, false
}

// presents reports whether the session has one of the account's certificates.
func (a *account) presents(s *mockserver.Session) bool {
	if len(a.Certificates) == 0 {
		return true
	}
	if s.Cert == nil {
		return false
	}
	sum := sha256.Sum256(s.Cert.Raw)
	return slices.Contains(a.Certificates, hex.EncodeToString(sum[:])) ||
		slices.Contains(a.Certificates, CertIssued) && s.CertFor == a.ClID
}

// SessionLimit is how many sessions a registrar may have open, or 0 where its
// account leaves that to the registry's profile.
func (a *Accounts) SessionLimit(clID string) int {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if acc := a.byID[clID]; acc != nil {
		return acc.MaxSessions
	}
	return 0
}

// A ZoneCredit is what a registrar has left in a zone.
type ZoneCredit struct {
	Zone   string
	Credit Amount
}

// Credit returns a registrar's credit, in the order of the zones' names.
func (a *Accounts) Credit(clID string) []ZoneCredit {
	a.mu.RLock()
	defer a.mu.RUnlock()
	acc := a.byID[clID]
	if acc == nil {
		return nil
	}
	var list []ZoneCredit
	for _, zone := range slices.Sorted(maps.Keys(acc.Credit)) {
		list = append(list, ZoneCredit{Zone: zone, Credit: acc.Credit[zone]})
	}
	return list
}

// SetBlocked blocks a registrar, or lets it in again. Sessions that are open stay.
// It is an error when there is no such registrar.
func (a *Accounts) SetBlocked(clID string, blocked bool) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	acc := a.byID[clID]
	if acc == nil {
		return fmt.Errorf("registry: there is no registrar %q", clID)
	}
	acc.Blocked = blocked
	return nil
}
