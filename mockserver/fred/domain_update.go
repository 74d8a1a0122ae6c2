package fred

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var (
	reasonAdminThere  = phrase{"The contact administers the domain already", "Kontakt již doménu administruje"}
	reasonAdminAbsent = phrase{"The contact does not administer the domain", "Kontakt doménu neadministruje"}
	reasonTemporary   = phrase{"Temporary contacts are discontinued", "Dočasné kontakty již nejsou"}
)

// domainUpdate checks in FRED's order. What speaks against the values of several
// elements is told together (2306).
func (r *Registry) domainUpdate(x *mockserver.Exchange, q *domain.Update) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old, z, err := r.registered(tx, x, q.Name)
		if err != nil {
			return nil, err
		}
		f := &refusal{lang: x.Session.Lang}
		val, err := r.changedValidation(tx, x, f, old, z)
		if err != nil {
			return nil, err
		}
		if err := r.changeable(x, old.object(), domain.NS, "name", q.Name, updateProhibited, deleteCandidate); err != nil {
			return nil, err
		}
		d, err := r.changed(tx, x, f, old, q)
		if err != nil {
			return nil, err
		}
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		if val != nil {
			d.validated(val.Chg.ValExDate, val.Chg.Publish)
		}
		r.updateDomain(tx, x, old, d)
		if q.Chg != nil && q.Chg.AuthInfo != nil && *q.Chg.AuthInfo != "" {
			r.AuthInfos.Put(tx, d.ref(), x.ClID(), *q.Chg.AuthInfo)
		}
		return nil, nil
	})
}

// changedValidation is the validation that an update sets, or nil. Its range is looked
// at first (2004).
func (r *Registry) changedValidation(
	tx *registry.Tx, x *mockserver.Exchange, f *refusal, d *Domain, z *Zone,
) (*enumval.Update, error) {
	val := extension[*enumval.Update](x)
	switch {
	case val == nil:
	case !z.enum():
		f.addValExDate(val.Chg.ValExDate, reasonNotENUM)
	case val.Chg.ValExDate.IsZero() && val.Chg.Publish != nil: // of the directory alone
		m := *val
		m.Chg.ValExDate = d.ValExDate
		return &m, nil
	case !r.validExDate(z, val.Chg.ValExDate, d.ValExDate, r.life.today(tx.Now())):
		return nil, refuseValExDate(x, epp.ParameterRangeError, val.Chg.ValExDate, reasonValidation)
	}
	return val, nil
}

// changed is a domain as an update wants it.
func (r *Registry) changed(
	tx *registry.Tx, x *mockserver.Exchange, f *refusal, old *Domain, q *domain.Update,
) (*Domain, error) {
	d := old.clone()
	if q.Add != nil {
		r.checkAdmins(tx, f, old.Admins, q.Add.Admins)
		d.Admins = append(d.Admins, keptUpper(q.Add.Admins)...)
	}
	if q.Rem != nil {
		r.checkRemoved(tx, f, old.Admins, q.Rem)
		d.Admins = slices.DeleteFunc(d.Admins, func(id string) bool { return named(q.Rem.Admins, id) })
	}
	if q.Chg != nil {
		if err := r.replace(tx, x, f, d, q.Chg); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// checkRemoved checks what an update removes.
func (r *Registry) checkRemoved(tx *registry.Tx, f *refusal, there []string, rem *domain.Rem) {
	for i, id := range rem.Admins {
		switch {
		case !r.contacts.Has(tx, upper(id)):
			f.add(domain.NS, "admin", id, reasonNoAdmin)
		case !slices.Contains(there, upper(id)):
			f.add(domain.NS, "admin", id, reasonAdminAbsent)
		case named(rem.Admins[:i], id):
			f.add(domain.NS, "admin", id, reasonTwice)
		}
	}
	for _, id := range rem.TempContacts {
		f.add(domain.NS, "tempcontact", id, reasonTemporary)
	}
}

// replace gives a domain another nsset, keyset and registrant. That the registrant may
// not change is 2304, whatever else is wrong.
func (r *Registry) replace(tx *registry.Tx, x *mockserver.Exchange, f *refusal, d *Domain, chg *domain.Chg) error {
	was, nsset, keyset := d.NSSet, "", ""
	if chg.Nsset != nil {
		nsset = *chg.Nsset
		d.NSSet = upper(strings.Clone(nsset))
	}
	if chg.Keyset != nil {
		keyset = *chg.Keyset
		d.KeySet = upper(strings.Clone(keyset))
	} else if r.opts.NSSetClearsKeySet && d.NSSet != "" && d.NSSet != was {
		d.KeySet = ""
	}
	r.checkSets(tx, f, nsset, keyset)
	if chg.Registrant == "" {
		return nil
	}
	if has(d.Status, registrantProhibited) && !r.system(x) {
		return locked(x, domain.NS, "registrant", chg.Registrant)
	}
	r.checkRegistrant(tx, f, chg.Registrant)
	d.Registrant = upper(strings.Clone(chg.Registrant))
	return nil
}
