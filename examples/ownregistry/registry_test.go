package ownregistry_test

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/examples/ownregistry/office"
	"github.com/eppkit/eppkit/mockserver"
)

const password = "correct horse"

// registry is registry.example, as far as the example needs it: one domain.
type registry struct {
	set    *epp.Schema
	trid   atomic.Int64
	name   string
	office string
}

var opened = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)

func (r *registry) Routes(m *mockserver.Mux) {
	mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Create) (*domain.CreData, error) {
		for _, e := range x.Command.Extension {
			if e, ok := e.(*office.Create); ok {
				r.name, r.office = q.Name, e.Code
				return &domain.CreData{Name: q.Name, CrDate: opened}, nil
			}
		}
		return nil, epp.Refuse(epp.RequiredParameterMissing)
	})
	mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
		if q.Name != r.name {
			return nil, epp.Refuse(epp.ObjectDoesNotExist)
		}
		x.Extension = []epp.Element{&office.InfData{Code: r.office}}
		return &domain.InfData{Name: q.Name, ROID: "SAUNA1-OWN", ClID: x.ClID()}, nil
	})
}

func (r *registry) Login(_ *mockserver.Exchange, q *epp.Login) error {
	if q.PW != password {
		return epp.Refuse(epp.AuthenticationError)
	}
	return nil
}

func (r *registry) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID: "registry.example", SvDate: r.Now(),
		Version: []string{"1.0"}, Lang: []string{"en"},
		ObjURI: r.set.ObjURI(), ExtURI: r.set.ExtURI(),
		DCP: epp.DCP{Access: "all", Statements: []epp.Statement{{
			Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated",
		}}},
	}
}

func (r *registry) Schema() *epp.Schema                         { return r.set }
func (r *registry) Now() time.Time                              { return opened }
func (r *registry) SvTRID() string                              { return fmt.Sprintf("OWN-%d", r.trid.Add(1)) }
func (r *registry) Profile() mockserver.Profile                 { return mockserver.Profile{} }
func (r *registry) SessionLimit(string) int                     { return 0 }
func (r *registry) ResultText(code epp.Code, _ string) epp.Text { return epp.Text{Text: code.Text()} }
