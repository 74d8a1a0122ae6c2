package main

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/mail"
	"github.com/eppkit/eppkit/client"
	fredmock "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func newOutbox() *mail.Outbox {
	return &mail.Outbox{From: authcode.Address{Name: "eppkit", Email: "eppkit@registrar.example"}}
}

// mockProvider starts one mock registry of each kind inside this process, and is the
// router of their zones. What they only show is mailed to an outbox; nil is one in
// memory. fixtures are files, by kind.
func (a *app) mockProvider(why string, outbox *mail.Outbox, fixtures map[string]string) (*provider, error) {
	if outbox == nil {
		outbox = newOutbox()
	}
	p := &provider{
		reseller: []authcode.Address{{Name: "The mock's reseller", Email: "desk@reseller.example"}},
		outbox:   outbox,
		mails:    true,
	}
	router := &authcode.Router{Suffixes: map[string]authcode.Provider{}}
	p.Provider = router
	var words []string
	for _, kind := range registries {
		m, err := a.startMock(kind, fixtures[kind])
		if err == nil {
			p.atEnd(func(context.Context) error { return m.Close() })
			err = a.addMock(p, router, m, kind)
		}
		if err != nil {
			a.closeProvider(context.Background(), p, closeTimeout)
			return nil, err
		}
		words = append(words, fmt.Sprintf("%s for %s, on %s", kind, strings.Join(m.reg.zones, " and "), m.Addr()))
	}
	fmt.Fprintf(a.err, "eppkit: %s; these are the mock registries inside eppkit (%s)\n", why, strings.Join(words, "; "))
	return p, nil
}

// addMock routes the zones of a mock registry to it.
func (a *app) addMock(p *provider, router *authcode.Router, m *startedMock, kind string) error {
	t := m.target(a, true)
	pool := a.newRegistryPool(p, "mock "+kind, func(context.Context) (client.PoolOptions, error) { return t.pool(), nil })
	over, err := p.addEPP(pool, eppcode.Options{
		ClID: m.reg.registrars[0].ClID, Kind: eppKind(kind), Log: a.log(),
		Limits: authcode.Limits{Min: 1}, // what a caller may choose is the mock's to say
	})
	if err != nil {
		return err
	}
	var to authcode.Provider = over
	if fred, ok := m.reg.Registry.(*fredmock.Registry); ok {
		to = &forwarding{Provider: over, from: fred.Outbox, holders: m.reg.holders, to: p.outbox}
	}
	for _, zone := range m.reg.zones {
		if router.Suffixes[zone] != nil {
			return &configError{fmt.Errorf("the fixtures of both registries have the zone %s", zone)}
		}
		router.Suffixes[zone] = &authcode.Mailing{Provider: to, Courier: p.outbox}
	}
	return nil
}

// A forwarding is a provider whose registry mails the codes itself, into an outbox of
// its own, from where they go on into ours.
type forwarding struct {
	authcode.Provider
	from    *registry.Outbox
	holders map[string]string // as in mockRegistry
	to      *mail.Outbox

	mu   sync.Mutex
	seen int
}

// Choose lets what else the provider is be found.
func (f *forwarding) Choose(context.Context, string) (authcode.Provider, error) {
	return f.Provider, nil
}

// HandOver forwards what the registry has mailed.
func (f *forwarding) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	out, err := f.Provider.HandOver(ctx, r)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.from.All()[f.seen:] {
		f.seen++
		for _, address := range m.To {
			// The registry has sent it, whatever becomes of this copy.
			_ = f.to.Deliver(context.WithoutCancel(ctx), authcode.Letter{
				To: authcode.Address{Email: address}, Role: f.role(m.About.Handle, address), Domain: m.About.Handle, Code: m.AuthInfo,
			})
		}
	}
	return out, err
}

// role is why FRED writes to an address: as to the registrant, or else to an
// administrative contact.
func (f *forwarding) role(domain, address string) authcode.Recipient {
	for holder := range strings.SplitSeq(f.holders[domain], ",") {
		if strings.TrimSpace(holder) == address {
			return authcode.Registrant
		}
	}
	return authcode.Admin
}

// holders are the addresses of each domain's registrant, as a comma list.
func holders(f *fredmock.Fixtures) map[string]string {
	emails := map[string]string{}
	for _, c := range f.Contacts {
		emails[strings.ToUpper(c.ID)] = c.Email
	}
	of := map[string]string{}
	for _, d := range f.Domains {
		of[d.Name] = emails[strings.ToUpper(d.Registrant)]
	}
	return of
}
