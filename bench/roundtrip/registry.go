package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A registry answers domain:check and domain:info from a map. It has no rules, for
// it is not they that are to be measured.
type registry struct {
	schema  *epp.Schema
	domains map[string]*domain.InfData
	svTRID  atomic.Int64
}

const registered = 10_000

func newRegistry() *registry {
	r := &registry{schema: sample.Schema(), domains: make(map[string]*domain.InfData)}
	r.domains[sample.Name] = sample.InfData(sample.Name)
	for i := range registered {
		name := fmt.Sprintf("name%05d.example", i)
		r.domains[name] = sample.InfData(name)
	}
	return r
}

func (r *registry) Schema() *epp.Schema { return r.schema }
func (r *registry) Now() time.Time      { return time.Now() }
func (r *registry) SvTRID() string      { return fmt.Sprintf("BENCH-%016d", r.svTRID.Add(1)) }

func (r *registry) Profile() mockserver.Profile {
	return mockserver.Profile{MaxSessions: 1000}
}

func (r *registry) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID: "Bench registry", SvDate: r.Now(), Version: []string{"1.0"}, Lang: []string{"en"},
		ObjURI: r.schema.ObjURI(),
		DCP: epp.DCP{Access: "all", Statements: []epp.Statement{{
			Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Ours: []epp.Ours{{}}}, Retention: "stated",
		}}},
	}
}

func (r *registry) Login(*mockserver.Exchange, *epp.Login) error { return nil }

func (r *registry) Routes(m *mockserver.Mux) {
	mockserver.Handle(m, func(_ *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
		d := r.domains[q.Name]
		if d == nil {
			return nil, epp.ObjectDoesNotExist
		}
		return d, nil
	})
	mockserver.Handle(m, func(_ *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
		d := &domain.ChkData{CD: make([]domain.CD, len(q.Names))}
		for i, n := range q.Names {
			d.CD[i] = domain.CD{Name: n, Avail: r.domains[n] == nil}
			if !d.CD[i].Avail {
				d.CD[i].Reason = &epp.Reason{Text: "In use"}
			}
		}
		return d, nil
	})
}
