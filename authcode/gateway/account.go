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
	// ID is the domain's number at Openprovider, of which an account has each
	// once; 0 makes one of the name. One of a domain below a suffix is known only
	// once the domain was looked up by its name, and after a restart not until it
	// is again. Of two such domains whose names make the same number the one that
	// is looked up first has it, and the other none: list domains whose numbers
	// have to be the same for ever.
	ID int32 `yaml:"id"`
}

// A Store knows the accounts. Any number of goroutines may use it at once. How long it
// takes to find a key or a token tells nothing of it.
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
	// ID is the number of a domain that the account has, the same each time it is
	// asked for. The error is a Refused where it can have none.
	ID(who *Account, domain string) (int32, error)
	// Domain is the name of an account's number; "" where there is none.
	Domain(who *Account, id int32) string
}

// Accounts is a Store in memory, made of a list.
type Accounts struct {
	list   []Account
	exact  map[string]*Account // by canonical name
	suffix map[string]*Account // by what follows "*.", and "" for "*"
	// By their hashes, so that to look them up tells nothing of those there are.
	keys, tokens map[[sha256.Size]byte]*Account
	numbers      map[string]*numbers // by the account's name
}

// NewAccounts checks the accounts and makes a Store. The error names an account that
// lacks something or contradicts another.
func NewAccounts(list []Account) (*Accounts, error) {
	a := &Accounts{
		list: list, exact: map[string]*Account{}, suffix: map[string]*Account{},
		keys: map[[sha256.Size]byte]*Account{}, tokens: map[[sha256.Size]byte]*Account{},
		numbers: map[string]*numbers{},
	}
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
		case acc.Key != "" && !enter(a.keys, acc.Key, acc):
			return fail("another account has the same key")
		}
		names[acc.Name] = true
		for _, t := range acc.Tokens {
			if t == "" || !enter(a.tokens, t, acc) {
				return fail("has a token that is empty or another account's")
			}
		}
		given, without := map[string]int32{}, []string(nil)
		for _, h := range acc.Domains {
			name, err := a.hold(acc, h)
			switch {
			case err != nil:
				return fail("%w", err)
			case h.ID != 0:
				given[name] = h.ID
			case !strings.HasPrefix(h.Name, "*"):
				without = append(without, name)
			}
		}
		n, err := newNumbers(given, without)
		if err != nil {
			return fail("%w", err)
		}
		a.numbers[acc.Name] = n
	}
	return a, nil
}

// enter makes a secret an account's, and reports whether it is not another's.
func enter(into map[[sha256.Size]byte]*Account, secret authcode.Secret, acc *Account) bool {
	hash := sha256.Sum256([]byte(secret))
	if other := into[hash]; other != nil {
		return other == acc
	}
	into[hash] = acc
	return true
}

// hold gives an account a domain, or all below a suffix, and returns the canonical name.
func (a *Accounts) hold(acc *Account, h Holding) (string, error) {
	into, name := a.exact, ""
	var err error
	switch suffix, below := strings.CutPrefix(h.Name, "*."); {
	case below:
		into = a.suffix
		name, err = authcode.CanonicalSuffix(suffix)
	case h.Name == "*":
		into = a.suffix
	default:
		name, err = authcode.CanonicalDomain(h.Name)
	}
	switch other := into[name]; {
	case err != nil, name == "" && h.Name != "*":
		return "", fmt.Errorf("%q is not the name of a domain", h.Name)
	case other != nil:
		return "", fmt.Errorf("%s is %s's already", h.Name, other.Name)
	case h.ID < 0, h.ID > 0 && strings.HasPrefix(h.Name, "*"):
		return "", fmt.Errorf("%s can't have the number %d", h.Name, h.ID)
	}
	into[name] = acc
	return name, nil
}

// Format shows how many accounts there are. Package fmt would show their secrets: it
// calls no method of what is in a field that is not exported.
func (a *Accounts) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "%d accounts", len(a.list)) }

// ByUser returns the account of a user name, in any case. It looks at all accounts, so
// that the time taken does not tell which one it was.
func (a *Accounts) ByUser(user string) *Account {
	var found *Account
	for i := range a.list {
		if user != "" && strings.EqualFold(a.list[i].User, user) && found == nil {
			found = &a.list[i]
		}
	}
	return found
}

// ByKey returns the account of an API key.
func (a *Accounts) ByKey(key string) *Account { return a.keys[sha256.Sum256([]byte(key))] }

// ByToken returns the account that has a token from the start.
func (a *Accounts) ByToken(token string) *Account { return a.tokens[sha256.Sum256([]byte(token))] }

// ID is the number of a domain that the account has. The error is a Refused where the
// number that follows from the name is another domain's, or the account had too many.
func (a *Accounts) ID(who *Account, domain string) (int32, error) {
	n := a.numbers[who.Name]
	if n == nil {
		return 0, authcode.Refused{Class: authcode.NotFound, Text: "there is no such account"}
	}
	return n.of(domain)
}

// Domain is the name of an account's number.
func (a *Accounts) Domain(who *Account, id int32) string {
	if n := a.numbers[who.Name]; n != nil {
		return n.domain(id)
	}
	return ""
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
