package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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

// ErrCredit is when a registrar can't pay.
var ErrCredit = errors.New("the registrar's credit does not suffice")

// An Account is a registrar.
type Account struct {
	ClID string `yaml:"clID" json:"clID"`
	// Password has 6 to 16 characters, or more where the registry has loginSec (RFC
	// 8807). A registry keeps its hash alone.
	Password epp.Secret `yaml:"password" json:"-"`
	// Certificates are those of which the registrar must present one: SHA-256
	// fingerprints in hex, with or without colons, or issued (CertIssued). When
	// there are none, any certificate will do, and none at all.
	Certificates []string `yaml:"certificates" json:"certificates,omitempty"`
	Blocked      bool     `yaml:"blocked" json:"blocked,omitempty"`
	// MaxSessions is how many sessions may be open; 0 leaves it to the
	// registry's profile.
	MaxSessions int `yaml:"maxSessions" json:"maxSessions,omitempty"`
	// Credit is by zone.
	Credit map[string]Amount `yaml:"credit" json:"credit,omitempty"`

	// Hash is the password's, and PasswordSet when it was set.
	Hash        Hash      `yaml:"-" json:"passwordHash"`
	PasswordSet time.Time `yaml:"-" json:"passwordSet,omitzero"`
	// Failed are when logins failed that knew the clID and not the password, the
	// last maxFailed of the last day.
	Failed []time.Time `yaml:"-" json:"failed,omitempty"`
}

// Key is the clID.
func (a *Account) Key() string { return a.ClID }

// Clone is a copy that can be changed.
func (a *Account) Clone() *Account {
	c := *a
	c.Certificates, c.Credit = slices.Clone(a.Certificates), maps.Clone(a.Credit)
	c.Failed = slices.Clone(a.Failed)
	return &c
}

// Accounts are the registrars of a registry. Its methods may be called by any
// number of goroutines.
type Accounts struct {
	Table *Table[*Account]
	// MaxPassword is how many characters a password may have; 0 is 16, which is as
	// many as a login has room for (RFC 5730, section 4.1).
	MaxPassword int

	state  *State
	nobody Hash
}

func newAccounts(s *State) *Accounts {
	return &Accounts{state: s, nobody: s.Hasher.Hash(""), Table: NewTable[*Account](s, "registrar", nil)}
}

// Load stores registrars beside those there are, with their passwords hashed. The error is
// a *FixtureError.
func (a *Accounts) Load(tx *Tx, list []Account) error {
	v := Validator{MaxPassword: a.MaxPassword}
	if a.Table.Len(tx) > 0 {
		v.Known = func(_, clID string) bool { return a.Table.Has(tx, clID) }
	}
	if v.Registrars(list); v.Err != nil {
		return v.Err
	}
	for i := range list {
		acc := list[i].Clone()
		acc.Hash, acc.PasswordSet = a.state.Hasher.Hash(acc.Password), tx.Now()
		acc.Password = ""
		for k, c := range acc.Certificates {
			acc.Certificates[k] = fingerprint(c)
		}
		a.Table.Put(tx, acc)
	}
	return nil
}

// fingerprint brings a fingerprint into the form in which they are compared.
func fingerprint(s string) string { return strings.ToLower(strings.ReplaceAll(s, ":", "")) }

// Login checks who logs in, and changes the password when asked. The error is
// ErrCredentials, ErrCertificate or ErrBlocked, in that order: only who knows the
// password learns more.
func (a *Accounts) Login(s *mockserver.Session, q *epp.Login) error {
	acc := a.Table.Get(a.state.View(nil), q.ClID)
	pw := a.nobody // takes as long to compare
	if acc != nil {
		pw = acc.Hash
	}
	// The hashing is done outside of any change: it is slow on purpose.
	switch matches := pw.Matches(q.PW); {
	case acc == nil || !matches:
		return ErrCredentials
	case !acc.presents(s):
		return ErrCertificate
	case acc.Blocked:
		return ErrBlocked
	case q.NewPW == "":
		return nil
	}
	fresh := a.state.Hasher.Hash(q.NewPW)
	return a.change(acc.ClID, func(tx *Tx, acc *Account) { acc.Hash, acc.PasswordSet = fresh, tx.Now() })
}

// maxFailed is how many failed logins an account remembers.
const maxFailed = 1000

// CountFailure remembers a failed login of a registrar, who need not exist, for a day.
func (a *Accounts) CountFailure(clID string) {
	if a.Table.Get(a.state.View(nil), clID) == nil {
		return
	}
	_ = a.change(clID, func(tx *Tx, acc *Account) {
		acc.Failed = append(acc.FailedSince(tx.Now().AddDate(0, 0, -1)), tx.Now())
		if n := len(acc.Failed); n > maxFailed {
			acc.Failed = acc.Failed[n-maxFailed:]
		}
	})
}

// FailedSince are the failed logins after a time. The list is a new one.
func (a *Account) FailedSince(t time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(a.Failed), func(f time.Time) bool { return !f.After(t) })
}

// change changes an account.
func (a *Accounts) change(clID string, f func(*Tx, *Account)) error {
	return a.state.Change(func(tx *Tx) error {
		acc := a.Table.Get(tx, clID)
		if acc == nil {
			return fmt.Errorf("registry: there is no registrar %q", clID)
		}
		acc = acc.Clone()
		f(tx, acc)
		a.Table.Put(tx, acc)
		return nil
	})
}

// presents reports whether the session has one of the account's certificates.
func (a *Account) presents(s *mockserver.Session) bool {
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
	if acc := a.Table.Get(a.state.View(nil), clID); acc != nil {
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
func (a *Accounts) Credit(clID string) []ZoneCredit { return a.CreditAt(a.state.View(nil), clID) }

// CreditAt is Credit as a View, or a Tx, has it.
func (a *Accounts) CreditAt(rd Reader, clID string) []ZoneCredit {
	acc := a.Table.Get(rd, clID)
	if acc == nil {
		return nil
	}
	var list []ZoneCredit
	for _, zone := range slices.Sorted(maps.Keys(acc.Credit)) {
		list = append(list, ZoneCredit{Zone: zone, Credit: acc.Credit[zone]})
	}
	return list
}

// Charge takes an amount from a registrar's credit in a zone, as a part of a change,
// and returns what is left. A negative amount is a refund. The error is ErrCredit where
// the credit does not suffice; an account that has no credit in that zone pays nothing
// and has no limit.
func (a *Accounts) Charge(tx *Tx, clID, zone string, amount Amount) (left Amount, err error) {
	acc := a.Table.Get(tx, clID)
	if acc == nil {
		return 0, fmt.Errorf("registry: there is no registrar %q", clID)
	}
	credit, counted := acc.Credit[zone]
	switch {
	case !counted || amount == 0:
		return credit, nil
	case amount > credit:
		return credit, ErrCredit
	}
	acc = acc.Clone()
	acc.Credit[zone] = credit - amount
	a.Table.Put(tx, acc)
	return credit - amount, nil
}

// SetBlocked blocks a registrar, or lets it in again. Sessions that are open stay.
// It is an error when there is no such registrar.
func (a *Accounts) SetBlocked(clID string, blocked bool) error {
	return a.change(clID, func(_ *Tx, acc *Account) { acc.Blocked = blocked })
}
