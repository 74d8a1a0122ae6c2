package fred

import (
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/mockserver"
)

// domainInfo shows everything to every registrar; an authInfo is only tried.
func (r *Registry) domainInfo(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
	d := r.domains.Get(r.View(x), lower(q.Name))
	if d == nil {
		return nil, unknown(x, domain.NS, "name", q.Name)
	}
	if _, err := r.proves(x, d.ref(), domain.NS, q.AuthInfo); err != nil {
		return nil, err
	}
	if !d.ValExDate.IsZero() || d.Publish != nil {
		x.Extension = append(x.Extension, &enumval.InfData{ValExDate: d.ValExDate, Publish: d.Publish})
	}
	return domainData(x.Session.Lang, d), nil
}

// domainData is what everybody sees of a domain.
func domainData(lang string, d *Domain) *domain.InfData {
	return &domain.InfData{
		Name: d.Name, ROID: d.ROID,
		Status:     statuses(lang, d.states()...),
		Registrant: d.Registrant, Admins: d.Admins, Nsset: d.NSSet, Keyset: d.KeySet,
		ClID: d.ClID, CrID: d.CrID, CrDate: d.CrDate,
		UpID: d.UpID, UpDate: d.UpDate, ExDate: d.ExDate, TrDate: d.TrDate,
	}
}
