package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/mail"
	"github.com/eppkit/eppkit/client"
)

// mockProvider starts one mock registry of each kind inside this process, and is the
// router of their zones. What they only show is mailed to an outbox.
func (a *app) mockProvider(why string) (*provider, error) {
	p := &provider{
		reseller: []authcode.Address{{Name: "The mock's reseller", Email: "desk@reseller.example"}},
		outbox:   &mail.Outbox{From: authcode.Address{Name: "eppkit", Email: "eppkit@registrar.example"}},
	}
	router := &authcode.Router{Suffixes: map[string]authcode.Provider{}}
	p.Provider = router
	var words []string
	for _, kind := range registries {
		m, err := a.startMock(kind)
		if err != nil {
			a.closeProvider(context.Background(), p)
			return nil, err
		}
		p.atEnd(func(context.Context) error { return m.Close() })
		t := m.target(a, true)
		link := &eppcode.Link{Dial: func(ctx context.Context) (*client.Session, error) {
			return client.Dial(ctx, t.addr, t.opts)
		}}
		to, err := p.addEPP(link, eppcode.Options{
			Doer: link, ClID: m.reg.registrars[0].ClID, Kind: eppKind(kind), Log: a.log(),
		})
		if err != nil {
			a.closeProvider(context.Background(), p)
			return nil, err
		}
		for _, zone := range m.reg.zones {
			router.Suffixes[zone] = &authcode.Mailing{Provider: to, Courier: p.outbox}
		}
		words = append(words, fmt.Sprintf("%s for %s, on %s", kind, strings.Join(m.reg.zones, " and "), m.Addr()))
	}
	fmt.Fprintf(a.err, "eppkit: %s; these are the mock registries inside eppkit (%s)\n", why, strings.Join(words, "; "))
	return p, nil
}
