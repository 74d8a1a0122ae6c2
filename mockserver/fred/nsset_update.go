package fred

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) nssetUpdate(x *mockserver.Exchange, q *nsset.Update) (*epp.NoData, error) {
	var add nsset.Add
	if q.Add != nil {
		add = *q.Add
	}
	var rem nsset.Rem
	if q.Rem != nil {
		rem = *q.Rem
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old := r.nssets.Get(tx, upper(q.ID))
		if old == nil {
			return nil, unknown(x, nsset.NS, "id", q.ID)
		}
		err := r.changeable(x, &old.Object, nsset.NS, "id", q.ID, updateProhibited, deleteCandidate)
		if err != nil {
			return nil, err
		}
		s := old.clone()
		s.Hosts = slices.DeleteFunc(s.Hosts, func(h Host) bool { return amongHosts(h.Name, rem.Names) })

		f := refusal{lang: x.Session.Lang}
		f.techs(r, tx, nsset.NS, old.Techs, add.Techs)
		f.noTechs(nsset.NS, old.Techs, rem.Techs)
		f.hosts(r, tx, s.Hosts, add.NS) // what is removed may come again
		f.noHosts(old.Hosts, rem.Names)
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		s.Hosts = append(s.Hosts, hosts(add.NS)...)
		s.Techs = changedTechs(old.Techs, add.Techs, rem.Techs)
		if q.Chg != nil {
			if q.Chg.ReportLevel != nil {
				s.ReportLevel = q.Chg.ReportLevel
			}
			r.setAuthInfo(tx, x, s.ref(), q.Chg.AuthInfo)
		}
		if err := s.size(x.Session.Lang, q.ID); err != nil {
			return nil, err
		}
		s.Object = updated(tx, x, s.Object)
		s.IdleAt = r.idleAt(tx, s.ref())
		r.nssets.Put(tx, s)
		r.relink(tx, old.Links(), s.Links())
		if s.ClID != x.ClID() {
			r.tell(tx, s.ClID, &nsset.UpdateData{
				OpTRID: x.SvTRID(), OldData: *nssetData("", &tx.View, old), NewData: *nssetData("", &tx.View, s),
			})
		}
		return nil, nil
	})
}

// noHosts checks name servers that are to be removed.
func (f *refusal) noHosts(there []Host, rem []string) {
	for i, name := range rem {
		if !slices.ContainsFunc(there, func(h Host) bool { return h.Name == lower(name) }) {
			f.add(nsset.NS, "name", name, reasonHostNot)
		}
		if amongHosts(lower(name), rem[:i]) {
			f.add(nsset.NS, "name", name, reasonHostTwice)
		}
	}
}

// amongHosts reports whether a name in lower case is in a list in any case.
func amongHosts(name string, list []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return lower(s) == name })
}
