package fred

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var (
	reasonNoNSSet      = phrase{"There is no such nsset", "Taková sada jmenných serverů neexistuje"}
	reasonNoKeySet     = phrase{"There is no such keyset", "Taková sada klíčů neexistuje"}
	reasonNoRegistrant = phrase{"There is no such contact to hold the domain", "Kontakt držitele neexistuje"}
	reasonNoAdmin      = phrase{"There is no such contact to administer the domain", "Administrativní kontakt neexistuje"}
	reasonPeriodRange  = phrase{"The period is too short, or too long", "Období je příliš krátké nebo dlouhé"}
	reasonPeriodWhole  = phrase{"The period is not a multiple of the shortest", "Období není násobkem nejkratšího"}
)

// domainCreate checks in FRED's order. What speaks against the values of several
// elements is told together (2306). An authInfo is ignored: FRED makes one when it is
// asked to.
func (r *Registry) domainCreate(x *mockserver.Exchange, q *domain.Create) (*domain.CreData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*domain.CreData, error) {
		z, f, err := r.newName(tx, x, q.Name)
		if err != nil {
			return nil, err
		}
		r.checkSets(tx, f, q.Nsset, q.Keyset)
		r.checkRegistrant(tx, f, q.Registrant)
		months, err := z.newPeriod(f, q.Period)
		if err != nil {
			return nil, err
		}
		today := r.life.today(tx.Now())
		val, err := r.firstValidation(x, f, z, today)
		if err != nil {
			return nil, err
		}
		r.checkAdmins(tx, f, nil, q.Admins)
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		if err := r.billCreate(tx, x, z, months); err != nil {
			return nil, err
		}
		d := &Domain{
			Name: lower(strings.Clone(q.Name)), Object: r.created(tx, x, domainLetter),
			Registrant: upper(strings.Clone(q.Registrant)), Admins: keptUpper(q.Admins),
			NSSet: upper(strings.Clone(q.Nsset)), KeySet: upper(strings.Clone(q.Keyset)),
			ExDate: addMonths(today, months), ValExDate: val.ValExDate, Publish: val.Publish,
		}
		r.putDomain(tx, nil, d)
		r.auctions.Delete(tx, d.Name) // its winner has it
		return &domain.CreData{Name: d.Name, CrDate: d.CrDate, ExDate: d.ExDate}, nil
	})
}

// newName is the zone of a name that is to be registered. The zone must be known
// (2306), the name must have the right form (2005) and be free (2302), and the
// registrar must have access (2201). What else speaks against it is in the refusal.
func (r *Registry) newName(tx *registry.Tx, x *mockserver.Exchange, fqdn string) (*Zone, *refusal, error) {
	f := &refusal{lang: x.Session.Lang}
	z := r.zoneOf(tx, lower(fqdn))
	switch {
	case z == nil:
		f.add(domain.NS, "name", fqdn, reasonNoZone)
		return nil, nil, f.err(epp.ParameterPolicyError)
	case !validName(lower(fqdn)):
		f.add(domain.NS, "name", fqdn, reasonInvalid)
		return nil, nil, f.err(epp.ParameterSyntaxError)
	case r.domains.Has(tx, lower(fqdn)):
		return nil, nil, exists(x, domain.NS, "name", fqdn)
	case !r.mayUse(tx, x.ClID(), z):
		return nil, nil, epp.Refuse(epp.AuthorizationError)
	}
	if why := r.withheld(tx, x, lower(fqdn), registrantOf(x)); why != (phrase{}) {
		f.add(domain.NS, "name", fqdn, why)
	}
	return z, f, nil
}

// checkSets checks the nsset and the keyset that a domain is to have; "" is none.
func (r *Registry) checkSets(tx *registry.Tx, f *refusal, nsset, keyset string) {
	if nsset != "" && !r.nssets.Has(tx, upper(nsset)) {
		f.add(domain.NS, "nsset", nsset, reasonNoNSSet)
	}
	if keyset != "" && !r.keysets.Has(tx, upper(keyset)) {
		f.add(domain.NS, "keyset", keyset, reasonNoKeySet)
	}
}

// checkAdmins checks contacts that are to administer a domain, beside those that do.
func (r *Registry) checkAdmins(tx *registry.Tx, f *refusal, there, add []string) {
	for i, id := range add {
		switch c := r.contacts.Get(tx, upper(id)); {
		case c == nil:
			f.add(domain.NS, "admin", id, reasonNoAdmin)
		case has(c.Status, linkLocked):
			f.add(domain.NS, "admin", id, reasonNoLinks)
		case slices.Contains(there, upper(id)):
			f.add(domain.NS, "admin", id, reasonAdminThere)
		case named(add[:i], id):
			f.add(domain.NS, "admin", id, reasonTwice)
		}
	}
}

// named reports whether a list has a handle, in whatever case.
func named(list []string, id string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return upper(s) == upper(id) })
}

// checkRegistrant checks the contact that is to hold a domain.
func (r *Registry) checkRegistrant(tx *registry.Tx, f *refusal, id string) {
	switch c := r.contacts.Get(tx, upper(id)); {
	case c == nil:
		f.add(domain.NS, "registrant", id, reasonNoRegistrant)
	case has(c.Status, linkLocked):
		f.add(domain.NS, "registrant", id, reasonNoLinks)
	}
}

// newPeriod is for how many months a domain is to be registered. One that the zone does
// not allow is 2004.
func (z *Zone) newPeriod(f *refusal, p *epp.Period) (months int, err error) {
	months = z.months(p)
	if months < z.MinPeriod || months > z.MaxPeriod {
		out := refusal{lang: f.lang}
		out.addPeriod(p, reasonPeriodRange)
		return 0, out.err(epp.ParameterRangeError)
	}
	if months%z.MinPeriod != 0 {
		f.addPeriod(p, reasonPeriodWhole)
	}
	return months, nil
}

// addPeriod names the period, or the frame where it has none.
func (f *refusal) addPeriod(p *epp.Period, why phrase) {
	if p == nil {
		f.add(epp.NS, "epp", "", why)
	} else {
		f.addValue(registry.Part(domain.NS, "period", p), why)
	}
}

// firstValidation is the validation that an ENUM domain must be created with (2003,
// 2004), and another can't be (2306).
func (r *Registry) firstValidation(x *mockserver.Exchange, f *refusal, z *Zone, today time.Time) (enumval.Create, error) {
	val := extension[*enumval.Create](x)
	switch {
	case val == nil && z.enum():
		return enumval.Create{}, epp.Refuse(epp.RequiredParameterMissing)
	case val == nil:
		return enumval.Create{}, nil
	case !z.enum():
		f.addValExDate(val.ValExDate, reasonNotENUM)
	case !r.validExDate(z, val.ValExDate, time.Time{}, today):
		return enumval.Create{}, refuseValExDate(x, epp.ParameterRangeError, val.ValExDate, reasonValidation)
	}
	m := *val
	if m.Publish == nil {
		m.Publish = new(bool)
	}
	return m, nil
}
