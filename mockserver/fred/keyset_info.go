package fred

import (
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// keysetInfo shows everything to every registrar; an authInfo is only tried.
func (r *Registry) keysetInfo(x *mockserver.Exchange, q *keyset.Info) (*keyset.InfData, error) {
	v := r.View(x)
	s := r.keysets.Get(v, upper(q.ID))
	if s == nil {
		return nil, unknown(x, keyset.NS, "id", q.ID)
	}
	if _, err := r.proves(x, s.ref(), keyset.NS, q.AuthInfo); err != nil {
		return nil, err
	}
	return keysetData(x.Session.Lang, v, s), nil
}

func keysetData(lang string, v *registry.View, s *KeySet) *keyset.InfData {
	a := &keyset.InfData{
		ID: s.ID, ROID: s.ROID,
		Status: statuses(lang, withLinked(v, s.ref(), s.Status)...),
		ClID:   s.ClID, CrID: s.CrID, CrDate: s.CrDate,
		UpID: s.UpID, UpDate: s.UpDate, TrDate: s.TrDate,
		Techs: s.Techs,
	}
	for _, k := range s.DNSKeys {
		a.DNSKeys = append(a.DNSKeys, k.wire())
	}
	return a
}
