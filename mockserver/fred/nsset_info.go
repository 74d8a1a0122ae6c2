package fred

import (
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// nssetInfo shows everything to every registrar; an authInfo is only tried.
func (r *Registry) nssetInfo(x *mockserver.Exchange, q *nsset.Info) (*nsset.InfData, error) {
	v := r.View(x)
	s := r.nssets.Get(v, upper(q.ID))
	if s == nil {
		return nil, unknown(x, nsset.NS, "id", q.ID)
	}
	if _, err := r.proves(x, s.ref(), nsset.NS, q.AuthInfo); err != nil {
		return nil, err
	}
	return nssetData(x.Session.Lang, v, s), nil
}

func nssetData(lang string, v *registry.View, s *NSSet) *nsset.InfData {
	a := &nsset.InfData{
		ID: s.ID, ROID: s.ROID,
		Status: statuses(lang, withLinked(v, s.ref(), s.Status)...),
		ClID:   s.ClID, CrID: s.CrID, CrDate: s.CrDate,
		UpID: s.UpID, UpDate: s.UpDate, TrDate: s.TrDate,
		Techs: s.Techs, ReportLevel: s.reportLevel(),
	}
	for _, h := range s.Hosts {
		a.NS = append(a.NS, nsset.NameServer{Name: h.Name, Addrs: h.Addrs})
	}
	return a
}
