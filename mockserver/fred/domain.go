package fred

import (
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) domainCheck(_ *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a := new(domain.ChkData)
	for _, name := range q.Names {
		why := r.nameTaken(lower(name))
		a.CD = append(a.CD, domain.CD{Name: name, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}

// domainInfo shows everything to every registrar; an authInfo is only tried.
func (r *Registry) domainInfo(_ *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	d := r.domains[lower(q.Name)]
	if d == nil {
		return nil, unknown(domain.NS, "name", q.Name, "There is no such domain")
	}
	if _, err := r.proves(registry.Ref{Kind: registry.Domain, Handle: d.Name}, domain.NS, q.AuthInfo); err != nil {
		return nil, err
	}
	return &domain.InfData{
		Name: d.Name, ROID: d.ROID,
		Status:     statuses(d.Status...),
		Registrant: d.Registrant, Admins: d.Admins, Nsset: d.NSSet, Keyset: d.KeySet,
		ClID: d.ClID, CrID: d.CrID, CrDate: d.CrDate,
		UpID: d.UpID, UpDate: d.UpDate, ExDate: d.ExDate, TrDate: d.TrDate,
	}, nil
}
