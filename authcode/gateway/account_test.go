package gateway_test

import (
	"fmt"
	"hash/fnv"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// one and two are accounts without a contradiction.
func one() gateway.Account {
	return gateway.Account{
		Name: "one", User: "ONE1", Secret: "s3cret-1", Key: "key-1", Tokens: []authcode.Secret{"t0ken-1", "t0ken-1b"},
		Mail:    []authcode.Address{{Email: "desk@one.example"}},
		Domains: []gateway.Holding{{Name: "Alpha.Example."}, {Name: "*.one.example"}, {Name: "*.čára"}, {Name: "numbered.example", ID: 77}},
	}
}

func two() gateway.Account {
	return gateway.Account{
		Name: "two", User: "TWO2", Secret: "s3cret-2", Tokens: []authcode.Secret{"t0ken-2"},
		Domains: []gateway.Holding{{Name: "beta.example"}, {Name: "*.sub.one.example"}, {Name: "held.one.example"}},
	}
}

func accounts(t *testing.T, list ...gateway.Account) *gateway.Accounts {
	t.Helper()
	a, err := gateway.NewAccounts(list)
	require.NoError(t, err)
	return a
}

// TestNewAccounts refuses accounts that lack something or contradict each other, and
// says which, without a secret.
func TestNewAccounts(t *testing.T) {
	accounts(t)
	accounts(t, one(), two())
	for want, change := range map[string]func(a, b *gateway.Account){
		"account 2: has no name":                                  func(_, b *gateway.Account) { b.Name = "" },
		"account one: there are two of that name":                 func(_, b *gateway.Account) { b.Name = "one" },
		"account two: user and secret go together":                func(_, b *gateway.Account) { b.User = "" },
		"account one: user and secret go together":                func(a, _ *gateway.Account) { a.Secret = "" },
		"account two: has neither user and secret nor key, so th": func(_, b *gateway.Account) { b.User, b.Secret = "", "" },
		`account two: there are two users "one1"`:                 func(_, b *gateway.Account) { b.User = "one1" },
		"account two: another account has the same key":           func(a, b *gateway.Account) { b.Key = a.Key },
		"account two: has a token that is empty or another ac":    func(_, b *gateway.Account) { b.Tokens = []authcode.Secret{"t0ken-1b"} },
		"account one: has a token that is empty or another ac":    func(a, _ *gateway.Account) { a.Tokens = []authcode.Secret{""} },
		"account two: Alpha.example is one's already":             func(_, b *gateway.Account) { b.Domains[0].Name = "Alpha.example" },
		"account two: beta.example is two's already":              func(_, b *gateway.Account) { b.Domains[1].Name = "beta.example" },
		"account two: *.ONE.example is one's already":             func(_, b *gateway.Account) { b.Domains[1].Name = "*.ONE.example" },
		`account two: "a b.example" is not the name of a domain`:  func(_, b *gateway.Account) { b.Domains[0].Name = "a b.example" },
		`account two: "" is not the name of a domain`:             func(_, b *gateway.Account) { b.Domains[0].Name = "" },
		`account two: "example" is not the name of a domain`:      func(_, b *gateway.Account) { b.Domains[0].Name = "example" },
		`account two: "*." is not the name of a domain`:           func(_, b *gateway.Account) { b.Domains[0].Name = "*." },
		`account two: "*.*.cz" is not the name of a domain`:       func(_, b *gateway.Account) { b.Domains[0].Name = "*.*.cz" },
		`account two: "a.*.cz" is not the name of a domain`:       func(_, b *gateway.Account) { b.Domains[0].Name = "a.*.cz" },
		"account two: beta.example and held.one.example have the": func(_, b *gateway.Account) { b.Domains[0].ID, b.Domains[2].ID = 77, 77 },
		"account two: beta.example can't have the number -1":      func(_, b *gateway.Account) { b.Domains[0].ID = -1 },
		"account two: *.sub.one.example can't have the number 5":  func(_, b *gateway.Account) { b.Domains[1].ID = 5 },
	} {
		a, b := one(), two()
		change(&a, &b)
		_, err := gateway.NewAccounts([]gateway.Account{a, b})
		require.ErrorContains(t, err, want)
		for _, secret := range []string{"s3cret", "t0ken", "key-"} {
			require.NotContains(t, err.Error(), secret)
		}
	}
}

// TestPrinted has no secret in what package fmt and a log make of accounts.
func TestPrinted(t *testing.T) {
	a := accounts(t, one(), two())
	g, err := gateway.New(gateway.Options{Provider: &authcode.Router{}, Accounts: a})
	require.NoError(t, err)
	log := new(strings.Builder)
	for _, v := range []any{a, g, g.NewSessions(time.Hour, false), a.ByUser("ONE1"), *a.ByUser("ONE1")} {
		fmt.Fprintf(log, "%v %+v %#v\n", v, v, v)
		slog.New(slog.NewTextHandler(log, nil)).Info("printed", "value", v)
	}
	for _, secret := range []string{"s3cret", "key-1", "t0ken"} {
		require.NotContains(t, log.String(), secret)
	}
	require.Equal(t, "2 accounts", fmt.Sprint(a))
}

// TestHolder finds an account by the domain's name, or else by the longest suffix.
func TestHolder(t *testing.T) {
	a := accounts(t, one(), two(), gateway.Account{Name: "rest", Key: "k", Domains: []gateway.Holding{{Name: "*"}}})
	for domain, want := range map[string]string{
		"alpha.example": "one", "beta.example": "two", "x.one.example": "one", "held.one.example": "two",
		"x.sub.one.example": "two", "y.x.sub.one.example": "two", "sub.one.example": "one",
		"one.example": "rest", "xone.example": "rest", "other.test": "rest", "x.xn--ra-lia9o": "one", "label": "rest",
	} {
		require.NotNil(t, a.Holder(domain), domain)
		require.Equal(t, want, a.Holder(domain).Name, domain)
	}
	a = accounts(t, one(), two())
	for _, domain := range []string{"one.example", "example", "gamma.example", "", "ALPHA.example"} {
		require.Nil(t, a.Holder(domain), domain)
	}
}

// TestCredentials finds accounts by what they show, and none by nothing.
func TestCredentials(t *testing.T) {
	a := accounts(t, gateway.Account{Name: "without a user", Key: "key-0"}, one(), two())
	name := func(acc *gateway.Account) string {
		if acc == nil {
			return ""
		}
		return acc.Name
	}
	for user, want := range map[string]string{"ONE1": "one", "one1": "one", "TWO2": "two", "": "", "ONE": "", "ONE12": ""} {
		require.Equal(t, want, name(a.ByUser(user)), user)
	}
	for key, want := range map[string]string{"key-1": "one", "KEY-1": "", "": "", "key-": "", "key-11": "", "s3cret-1": ""} {
		require.Equal(t, want, name(a.ByKey(key)), key)
	}
	for token, want := range map[string]string{"t0ken-1": "one", "t0ken-1b": "one", "t0ken-2": "two", "": "", "t0ken": "", "key-1": ""} {
		require.Equal(t, want, name(a.ByToken(token)), token)
	}
	require.True(t, gateway.Same("a", "a"))
	require.False(t, gateway.Same("", ""))
	require.False(t, gateway.Same("a", ""))
	require.False(t, gateway.Same("", "a"))
}

// TestNumbers gives each domain of an account one number, the same in each run.
func TestNumbers(t *testing.T) {
	a, b := accounts(t, one(), two()), accounts(t, two(), one())
	who, other := a.ByUser("ONE1"), a.ByUser("TWO2")
	require.EqualValues(t, 77, number(t, a, who, "numbered.example"))
	require.Equal(t, "numbered.example", a.Domain(who, 77))
	require.Empty(t, a.Domain(other, 77), "another account's")
	require.Empty(t, a.Domain(who, 78))
	require.Empty(t, a.Domain(who, 0))
	for _, name := range []string{"alpha.example", "x.one.example"} {
		id := number(t, a, who, name)
		require.Positive(t, id)
		require.Equal(t, name, a.Domain(who, id))
		require.Equal(t, id, number(t, a, who, name))
		require.Equal(t, id, number(t, b, who, name))
	}
	// The names in the list have theirs before anybody asks.
	require.Equal(t, "alpha.example", accounts(t, one()).Domain(who, number(t, a, who, "alpha.example")))

	// Another account may have the same number.
	id := number(t, a, who, "alpha.example")
	c := accounts(t, one(), gateway.Account{Name: "two", Key: "k", Domains: []gateway.Holding{{Name: "beta.example", ID: id}}})
	require.Equal(t, "beta.example", c.Domain(c.ByKey("k"), id))
	require.Equal(t, "alpha.example", c.Domain(who, id))

	nobody := &gateway.Account{Name: "nobody"}
	_, err := a.ID(nobody, "alpha.example")
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.NotFound})
	require.Empty(t, a.Domain(nobody, id))
}

func number(t *testing.T, a *gateway.Accounts, who *gateway.Account, domain string) int32 {
	t.Helper()
	id, err := a.ID(who, domain)
	require.NoError(t, err)
	return id
}

// TestNumbersCollide asks for names of which the same number would follow. Whoever asks
// first, and in whatever order they are listed, none gets another's.
func TestNumbersCollide(t *testing.T) {
	first, second := alike()
	holding := func(list ...gateway.Holding) (*gateway.Accounts, *gateway.Account) {
		a := accounts(t, gateway.Account{Name: "one", User: "one", Secret: "s", Domains: list})
		return a, a.ByUser("one")
	}
	none := func(a *gateway.Accounts, who *gateway.Account, name string) {
		t.Helper()
		_, err := a.ID(who, name)
		no, refused := authcode.AsRefused(err)
		require.True(t, refused)
		require.Contains(t, no.Text, "is that of another domain too")
	}

	a, who := holding(gateway.Holding{Name: first}, gateway.Holding{Name: second})
	none(a, who, first)
	none(a, who, second)
	require.Empty(t, a.Domain(who, made(first)))

	a, who = holding(gateway.Holding{Name: second}, gateway.Holding{Name: first, ID: 7})
	require.EqualValues(t, 7, number(t, a, who, first))
	require.Equal(t, made(second), number(t, a, who, second))

	a, who = holding(gateway.Holding{Name: second}, gateway.Holding{Name: "given.example", ID: made(second)})
	none(a, who, second)
	require.Equal(t, "given.example", a.Domain(who, made(second)))

	a, who = holding(gateway.Holding{Name: second}, gateway.Holding{Name: "*"})
	none(a, who, first)
	require.Equal(t, second, a.Domain(who, made(first)))

	a, who = holding(gateway.Holding{Name: "*"})
	var all sync.WaitGroup
	got := make([]int32, 8)
	for i := range got {
		all.Go(func() { got[i], _ = a.ID(who, []string{first, second}[i%2]) })
	}
	all.Wait()
	require.ElementsMatch(t, []int32{0, 0, 0, 0, made(first), made(first), made(first), made(first)}, got)
	require.Equal(t, got[0] != 0, a.Domain(who, made(first)) == first)
}

func made(name string) int32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return int32(h.Sum32() >> 1)
}

// alike are two names of which the same number follows.
func alike() (string, string) {
	seen := map[int32]string{}
	for i := 0; ; i++ {
		name := fmt.Sprintf("d%d.example", i)
		if first, collides := seen[made(name)]; collides {
			return first, name
		}
		seen[made(name)] = name
	}
}

// TestNumbersAreEnough: what one account asks for costs no other one its numbers.
func TestNumbersAreEnough(t *testing.T) {
	a := accounts(t,
		gateway.Account{Name: "greedy", User: "greedy", Secret: "s", Domains: []gateway.Holding{{Name: "*"}, {Name: "listed.example"}}},
		gateway.Account{Name: "other", User: "other", Secret: "s", Domains: []gateway.Holding{{Name: "*.other.example"}}},
	)
	greedy, other := a.ByUser("greedy"), a.ByUser("other")
	var err error
	for i := 0; i < 1<<19 && err == nil; i++ {
		if _, err = a.ID(greedy, fmt.Sprintf("n%d.example", i)); err != nil && !strings.Contains(err.Error(), "too many") {
			err = nil // two alike
		}
	}
	require.ErrorContains(t, err, "too many")
	number(t, a, greedy, "listed.example")
	require.Equal(t, "x.other.example", a.Domain(other, number(t, a, other, "x.other.example")))
}
