package fred

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var (
	reasonKeyNumbers = phrase{"There must be one to ten keys", "Klíčů musí být jeden až deset"}
	reasonKeyTwice   = phrase{"The key is there twice", "Klíč je uveden dvakrát"}
	reasonKeyNot     = phrase{"The key is not in the keyset", "Klíč v sadě není"}
)

// keysetCreate takes no notice of the authInfo: there is none until it is sent.
func (r *Registry) keysetCreate(x *mockserver.Exchange, q *keyset.Create) (*keyset.CreData, error) {
	lang := x.Session.Lang
	if len(q.DNSKeys) == 0 {
		return nil, refuse(lang, epp.RequiredParameterMissing, keyset.NS, "id", q.ID, reasonKeyNumbers)
	}
	return registry.Do(r.State, func(tx *registry.Tx) (*keyset.CreData, error) {
		s := &KeySet{ID: strings.Clone(upper(q.ID)), Techs: keptUpper(q.Techs), DNSKeys: keys(q.DNSKeys)}
		if err := s.size(lang, q.ID); err != nil {
			return nil, err
		}
		if r.keysets.Has(tx, s.ID) {
			return nil, exists(x, keyset.NS, "id", q.ID)
		}
		if r.protected.Has(tx, protectedKey(s.ref())) {
			return nil, refuse(lang, epp.ParameterPolicyError, keyset.NS, "id", q.ID, reasonProtected)
		}
		f := refusal{lang: lang}
		f.techs(r, tx, keyset.NS, nil, q.Techs)
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		if err := checkKeys(lang, nil, q.DNSKeys); err != nil {
			return nil, err
		}
		s.Object = r.created(tx, x, keysetLetter)
		s.IdleAt = r.idleAt(tx, s.ref())
		r.keysets.Put(tx, s)
		r.relink(tx, nil, s.Links())
		return &keyset.CreData{ID: s.ID, CrDate: s.CrDate}, nil
	})
}

// size refuses a keyset with too few or too many of something.
func (s *KeySet) size(lang, id string) error {
	if len(s.Techs) < 1 || len(s.Techs) > maxTechs {
		return refuse(lang, epp.ParameterPolicyError, keyset.NS, "id", id, reasonTechNumbers)
	}
	if len(s.DNSKeys) < 1 || len(s.DNSKeys) > maxKeys {
		return refuse(lang, epp.ParameterPolicyError, keyset.NS, "id", id, reasonKeyNumbers)
	}
	return nil
}

// checkKeys checks keys that are to be added to those that are there. As in FRED, a
// refusal has faults of one kind: the first of which there are any.
func checkKeys(lang string, there []DNSKey, add []keyset.DNSKey) error {
	fresh := keys(add)
	for _, fault := range keyFaults {
		f := refusal{lang: lang}
		for i, k := range fresh {
			if fault.in(k, fresh[:i], there) {
				f.addValue(registry.Part(keyset.NS, "dnskey", &add[i]), fault.why)
			}
		}
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return err
		}
	}
	return nil
}

// checkNoKeys checks keys that are to be removed.
func checkNoKeys(lang string, there []DNSKey, rem []keyset.DNSKey) error {
	gone := keys(rem)
	twice, not := refusal{lang: lang}, refusal{lang: lang}
	for i, k := range gone {
		if slices.Contains(gone[:i], k) {
			twice.addValue(registry.Part(keyset.NS, "dnskey", &rem[i]), reasonKeyTwice)
		}
		if !slices.Contains(there, k) {
			not.addValue(registry.Part(keyset.NS, "dnskey", &rem[i]), reasonKeyNot)
		}
	}
	if err := twice.err(epp.ParameterPolicyError); err != nil {
		return err
	}
	return not.err(epp.ParameterPolicyError)
}
