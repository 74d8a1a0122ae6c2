package gateway

import (
	"cmp"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/authcode"
)

// An Account is a reseller who may use the interfaces. It has the credentials of those
// that it may use.
type Account struct {
	// Name tells accounts from each other, also in the audit.
	Name string `yaml:"name"`
	// User and Secret open Netim's sessions (identifier, secret), Openprovider's
	// (username, password) and sign XCP (reseller's username, private key).
	User   string          `yaml:"user"`
	Secret authcode.Secret `yaml:"secret"`
	// Key is the API key for Mijndomeinreseller.
	Key authcode.Secret `yaml:"key"`
	// Tokens are sessions of Netim and Openprovider that are open from the start
	// and never end, for tests.
	Tokens []authcode.Secret `yaml:"tokens"`
	// Mail is where mail to the reseller goes.
	Mail []authcode.Address `yaml:"mail"`
	// Domains are what the account has.
	Domains []Holding `yaml:"domains"`
}

// A Holding is one domain, or with a "*." before a suffix all domains below it, or with
// "*" all domains.
type Holding struct {
	Name string `yaml:"name"`
	// ID is the domain's number at Openprovider; 0 makes one of the name.
	ID int32 `yaml:"id"`
}

// A Store knows the accounts. Any number of goroutines may use it at once. Secrets are
// compared in constant time.
type Store interface {
	// ByUser returns the account of a user name; nil for none.
	ByUser(user string) *Account
	// ByKey returns the account of an API key; nil for none.
	ByKey(key string) *Account
	// ByToken returns the account of a token that is open from the start; nil
	// for none.
	ByToken(token string) *Account
	// Holder returns the account that has a domain, by its canonical name; nil
	// for none.
	Holder(domain string) *Account
	// ID is the number of a domain, the same each time it is asked for.
	ID(domain string) int32
	// Domain is the name of a number; "" where there is none.
	Domain(id int32) string
}

// Accounts is a Store in memory, made of a list.
type Accounts struct {
	list   []Account
	exact  map[string]*Account // by canonical name
	suffix map[string]*Account // by what follows "*.", and "" for "*"
	numbers
}

// NewAccounts checks the accounts and makes a Store. The error names an account that
// lacks something or contradicts another.
func NewAccounts(list []Account) (*Accounts, error) {
	a := &Accounts{list: list, exact: map[string]*Account{}, suffix: map[string]*Account{}}
	names := map[string]bool{}
	for i := range list {
		acc := &list[i]
		fail := func(format string, args ...any) (*Accounts, error) {
			return nil, fmt.Errorf("account %s: %w", cmp.Or(acc.Name, fmt.Sprint(i+1)), fmt.Errorf(format, args...))
		}
		switch {
		case acc.Name == "":
			return fail("has no name")
		case names[acc.Name]:
			return fail("there are two of that name")
		case (acc.User == "") != (acc.Secret == ""):
			return fail("user and secret go together")
		case acc.User == "" && acc.Key == "":
			return fail("has neither user and secret nor key, so that nobody can use it")
		case acc.User != "" && a.ByUser(acc.User) != acc:
			return fail("there are two users %q", acc.User)
		case acc.Key != "" && a.ByKey(string(acc.Key)) != acc:
			return fail("another account has the same key")
		}
		names[acc.Name] = true
		for _, t := range acc.Tokens {
			if a.ByToken(string(t)) != acc {
				return fail("has a token that is empty or another account's")
			}
		}
		for _, h := range acc.Domains {
			if err := a.hold(acc, h); err != nil {
				return fail("%w", err)
			}
		}
	}
	for _, acc := range list {
		for _, h := range acc.Domains {
			if name, err := authcode.CanonicalDomain(h.Name); err == nil {
				a.ID(name) // after those that are given
			}
		}
	}
	return a, nil
}

// hold gives an account a domain, or all below a suffix.
func (a *Accounts) hold(acc *Account, h Holding) error {
	into, name := a.exact, ""
	var err error
	switch suffix, below := strings.CutPrefix(h.Name, "*."); {
	case below:
		into = a.suffix
		name, err = canonicalSuffix(suffix)
	case h.Name == "*":
		into = a.suffix
	default:
		name, err = authcode.CanonicalDomain(h.Name)
	}
	switch other := into[name]; {
	case err != nil:
		return fmt.Errorf("%q is not the name of a domain", h.Name)
	case other != nil:
		return fmt.Errorf("%s is %s's already", h.Name, other.Name)
	case h.ID < 0, h.ID > 0 && strings.HasPrefix(h.Name, "*"):
		return fmt.Errorf("%s can't have the number %d", h.Name, h.ID)
	}
	into[name] = acc
	if h.ID == 0 {
		return nil
	}
	return a.give(name, h.ID)
}

// canonicalSuffix is CanonicalDomain for what may be a single label.
func canonicalSuffix(name string) (string, error) {
	canonical, err := authcode.CanonicalDomain("x." + name)
	return strings.TrimPrefix(canonical, "x."), err
}

// Format shows how many accounts there are. Package fmt would show their secrets: it
// calls no method of what is in a field that is not exported.
func (a *Accounts) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "%d accounts", len(a.list)) }

// ByUser returns the account of a user name, in any case.
func (a *Accounts) ByUser(user string) *Account {
	if user == "" {
		return nil
	}
	return a.find(func(acc *Account) bool { return strings.EqualFold(acc.User, user) })
}

// ByKey returns the account of an API key.
func (a *Accounts) ByKey(key string) *Account {
	return a.find(func(acc *Account) bool { return Same(acc.Key, key) })
}

// ByToken returns the account that has a token from the start.
func (a *Accounts) ByToken(token string) *Account {
	return a.find(func(acc *Account) bool {
		found := false
		for _, t := range acc.Tokens {
			found = Same(t, token) || found
		}
		return found
	})
}

// find looks at all accounts, so that the time taken does not tell which one it was.
func (a *Accounts) find(is func(*Account) bool) *Account {
	var found *Account
	for i := range a.list {
		if is(&a.list[i]) && found == nil {
			found = &a.list[i]
		}
	}
	return found
}

// Holder returns the account that has a domain: by its name, or else by the longest
// suffix.
func (a *Accounts) Holder(domain string) *Account {
	if acc := a.exact[domain]; acc != nil {
		return acc
	}
	for rest := domain; rest != ""; {
		_, rest, _ = strings.Cut(rest, ".")
		if acc := a.suffix[rest]; acc != nil {
			return acc
		}
	}
	return nil
}

// Same compares a secret in constant time. One that is empty is like nothing.
func Same(secret authcode.Secret, shown string) bool {
	x, y := sha256.Sum256([]byte(secret)), sha256.Sum256([]byte(shown))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1 && secret != ""
}
