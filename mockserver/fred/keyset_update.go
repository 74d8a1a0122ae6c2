package fred

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) keysetUpdate(x *mockserver.Exchange, q *keyset.Update) (*epp.NoData, error) {
	var add, rem keyset.AddRem
	if q.Add != nil {
		add = *q.Add
	}
	if q.Rem != nil {
		rem = *q.Rem
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old := r.keysets.Get(tx, upper(q.ID))
		if old == nil {
			return nil, unknown(x, keyset.NS, "id", q.ID)
		}
		err := r.changeable(x, &old.Object, keyset.NS, "id", q.ID, updateProhibited, deleteCandidate)
		if err != nil {
			return nil, err
		}
		if err := r.checkKeySet(tx, x.Session.Lang, old, add, rem); err != nil {
			return nil, err
		}
		s := old.clone()
		s.DNSKeys = slices.DeleteFunc(s.DNSKeys, func(k DNSKey) bool { return slices.Contains(keys(rem.DNSKeys), k) })
		s.DNSKeys = append(s.DNSKeys, keys(add.DNSKeys)...)
		s.Techs = changedTechs(old.Techs, add.Techs, rem.Techs)
		if err := s.size(x.Session.Lang, q.ID); err != nil {
			return nil, err
		}
		if q.Chg != nil {
			r.setAuthInfo(tx, x, s.ref(), q.Chg.AuthInfo)
		}
		s.Object = updated(tx, x, s.Object)
		s.IdleAt = r.idleAt(tx, s.ref())
		r.keysets.Put(tx, s)
		r.relink(tx, old.Links(), s.Links())
		if s.ClID != x.ClID() {
			r.tell(tx, s.ClID, &keyset.UpdateData{
				OpTRID: x.SvTRID(), OldData: *keysetData("", &tx.View, old), NewData: *keysetData("", &tx.View, s),
			})
		}
		return nil, nil
	})
}

// checkKeySet checks what is to be added and removed, in FRED's order. A key that is
// removed can't be added by the same command.
func (r *Registry) checkKeySet(rd registry.Reader, lang string, s *KeySet, add, rem keyset.AddRem) error {
	f := refusal{lang: lang}
	f.techs(r, rd, keyset.NS, s.Techs, add.Techs)
	if err := f.err(epp.ParameterPolicyError); err != nil {
		return err
	}
	f.noTechs(keyset.NS, s.Techs, rem.Techs)
	if err := f.err(epp.ParameterPolicyError); err != nil {
		return err
	}
	if err := checkKeys(lang, s.DNSKeys, add.DNSKeys); err != nil {
		return err
	}
	return checkNoKeys(lang, s.DNSKeys, rem.DNSKeys)
}
