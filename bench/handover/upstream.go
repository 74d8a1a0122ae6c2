package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	fredmock "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// An upstream is what hands the codes over, with all that is behind it.
type upstream struct {
	authcode.Provider
	closers []func() error // in this order
}

// instant is the floor: it hands over one code without any work. What it can do is what
// a registry by the RFCs can.
type instant struct{}

var handedOver = authcode.Code{
	Value: "QmVuY2g-3xampl3_C0de.", Expires: time.Date(2031, 4, 9, 12, 0, 0, 0, time.UTC), Scope: authcode.External,
}

func (instant) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{
		Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
		Regenerate: authcode.Ability{Outcomes: authcode.KindCode, NewCode: true, Chosen: true},
	}, nil
}

func (instant) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	out := handedOver
	if r.Value != "" {
		out.Value = r.Value
	}
	return out, nil
}

func atOnce(options) (*upstream, error) { return &upstream{Provider: instant{}}, nil }

const (
	clID       = "REG-BENCH"
	clPassword = "metronome-4"
	holder     = "HOLDER-1"
)

// name is one of the domains that the registries have.
func name(i int) string { return fmt.Sprintf("name%05d.example", i) }

// registrars have as many sessions as are wanted.
func registrars(o options) []registry.Account {
	return []registry.Account{{ClID: clID, Password: clPassword, MaxSessions: o.sessions}}
}

func object() registry.Object {
	return registry.Object{ClID: clID, CrDate: time.Date(2025, 1, 8, 10, 0, 0, 0, time.UTC)}
}

var exDate = time.Date(2035, 1, 8, 0, 0, 0, 0, time.UTC)

// gtldMock is EPP to a registry by the RFCs, which keeps codes in clear text.
func gtldMock(o options) (*upstream, error) {
	f := &gtld.Fixtures{
		Zones: []string{"example"}, Registrars: registrars(o),
		Contacts: []gtld.Contact{{
			ID: holder, Object: object(), Email: "holder@post.example",
			Postal: []gtld.Postal{{Type: "int", Name: "Olga Tam", City: "Riga", CC: "LV"}},
		}},
	}
	for i := range o.domains {
		f.Domains = append(f.Domains, gtld.Domain{Name: name(i), Object: object(), Registrant: holder, ExDate: exDate})
	}
	reg, err := gtld.New(gtld.Options{Fixtures: f})
	if err != nil {
		return nil, err
	}
	return overEPP(o, reg, eppcode.RFC, domain.Extension(), contact.Extension())
}

// fredMock is EPP to a FRED, which keeps codes as hashes and mails them.
func fredMock(iterations int) func(options) (*upstream, error) {
	return func(o options) (*upstream, error) {
		f := &fredmock.Fixtures{
			Zones: []string{"example"}, Registrars: registrars(o),
			Contacts: []fredmock.Contact{{
				ID: holder, Object: object(), Name: "Olga Tam", Address: fredmock.Address{City: "Riga", CC: "LV"}, Email: "holder@post.example",
			}},
		}
		for i := range o.domains {
			f.Domains = append(f.Domains, fredmock.Domain{Name: name(i), Object: object(), Registrant: holder, ExDate: exDate})
		}
		reg, err := fredmock.New(fredmock.Options{
			Options: registry.Options{HashIterations: iterations}, Fixtures: f, PartiallyDiscloseContactEmails: true,
		})
		if err != nil {
			return nil, err
		}
		return overEPP(o, reg, eppcode.FRED, fred.Extensions()...)
	}
}

// depth is how many commands of a session may be on their way: those of all callers.
const depth = 64

// overEPP serves a registry over TLS, and connects to it.
func overEPP(o options, reg mockserver.Registry, kind eppcode.Kind, exts ...epp.Extension) (*upstream, error) {
	opts := mockserver.Options{Registry: reg, Unvalidated: true}
	if o.noJournal {
		opts.JournalSize = -1
	}
	srv, err := mockserver.New(opts)
	if err != nil {
		return nil, err
	}
	if err := srv.Start(); err != nil {
		return nil, err
	}
	schema, err := epp.NewSchema(exts...)
	if err != nil {
		return nil, errors.Join(err, srv.Close())
	}
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: schema, TLS: srv.ClientTLS(clID), Credentials: &client.Credentials{ClID: clID, PW: clPassword},
		},
		Addresses: []string{srv.Addr()}, MaxSessions: o.sessions, MinSessions: o.sessions, Depth: depth,
	})
	if err != nil {
		return nil, errors.Join(err, srv.Close())
	}
	p, err := eppcode.New(eppcode.Options{Doer: pool, ClID: clID, Kind: kind})
	if err != nil {
		return nil, errors.Join(err, pool.Close(), srv.Close())
	}
	// As in a gateway, it waits for the ends of the codes.
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { _ = p.Run(ctx) })
	stop := func() error {
		cancel()
		wg.Wait()
		return nil
	}
	logOut := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return pool.Shutdown(ctx)
	}
	return &upstream{Provider: p, closers: []func() error{stop, logOut, srv.Close}}, nil
}
