package gtld_test

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// rstDomainLife are the cases about what is linked, about renewals, and about deletions.
func rstDomainLife() []rstCase {
	doNothing := around(func(*mockserver.Exchange, *domain.Delete, func() (epp.Element, error)) (epp.Element, error) {
		return nil, nil
	})
	return []rstCase{
		{
			id: "epp-15",
			skip: func(m rstModel) string {
				if withoutHosts(m) != "" && withoutContacts(m) != "" {
					return "there are neither contacts nor hosts"
				}
				return ""
			},
			check: (*rstRun).integrity,
			wrong: []rstWrong{
				{codes: "_CONTACT_", deviate: lenient[*contact.Delete](epp.AssociationProhibitsOp)},
				{codes: "_HOST_", deviate: lenient[*host.Delete](epp.AssociationProhibitsOp)},
			},
		},
		{id: "epp-18", check: (*rstRun).renewals, wrong: []rstWrong{
			{codes: "_ACCEPTS_", deviate: passing("<renew>")},
			{codes: "_ACCEPTS_INVALID_PERIOD", deviate: func(p *plan) {
				for i := range p.fixtures.TLDs {
					p.fixtures.TLDs[i].Periods.Total = 20
				}
			}},
			{codes: "_EXPIRY_DATE", deviate: before(func(_ *mockserver.Exchange, q *domain.Renew) {
				if q.Period != nil && q.Period.N == 2 {
					q.Period.N = 3
				}
			})},
			{codes: "_RGP_", deviate: lying(`s="renewPeriod"`, `s="autoRenewPeriod"`)},
			{codes: "_UNEXPECTED_EXPIRY_", deviate: around(func(*mockserver.Exchange, *domain.Renew, func() (epp.Element, error)) (epp.Element, error) {
				return nil, epp.Refuse(epp.NotEligibleForRenewal)
			})},
		}},
		{id: "epp-21", check: (*rstRun).deletions, wrong: []rstWrong{
			{codes: "_PENDING_|_STILL_", deviate: doNothing},
			{codes: "_PENDING_", deviate: lying(`s="pendingDelete"`, `s="ok"`)},
			{codes: "_PENDING_|_STILL_", deviate: answering("<delete><d:", epp.StatusProhibitsOperation)},
		}},
	}
}

// integrity is epp-15.
func (r *rstRun) integrity() {
	s := r.one()
	if withoutContacts(r.rstModel) == "" {
		s, _ = r.thickOnes()
		id, admin := r.fresh(), r.fresh()
		s.contact(id)
		s.contact(admin)
		s.must(s.domainOf(r.fresh()+".example", "<d:registrant>"+id+"</d:registrant>"+role("admin", admin), rstPWElement))
		for _, id := range []string{id, admin} {
			s.rejects("EPP_INTEGRITY_SERVER_ACCEPTS_DELETE_FOR_LINKED_CONTACT_OBJECT", contactCommand("delete", "<id>"+id+"</id>"))
		}
	}
	if withoutHosts(r.rstModel) == "" {
		outside := "ns1." + r.fresh() + ".nowhere"
		s.must(createHost(outside))
		name := r.fresh() + ".test"
		s.must(s.domain(name, hostObjs(outside)))
		inside := "ns1." + name
		s.must(createHost(inside, "192.0.2.1"))
		s.must(updateDomain(name, add(hostObjs(inside))))
		for _, host := range []string{outside, inside} {
			s.rejects("EPP_INTEGRITY_SERVER_ACCEPTS_DELETE_FOR_LINKED_HOST_OBJECT", hostCommand("delete", "<name>"+host+"</name>"))
		}
	}
}

// renewals is epp-18.
func (r *rstRun) renewals() {
	const prefix = "EPP_RENEW_"
	s := r.one()
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	for _, tld := range rstTLDs {
		name := s.newDomain(tld)
		ends := r.reg.Now().AddDate(1, 0, 0)
		for _, step := range []struct {
			period string
			years  int
		}{{"", 1}, {years(1), 1}, {years(2), 2}} {
			a := s.do(renewDomain(name, day(ends), step.period))
			ends = ends.AddDate(step.years, 0, 0)
			info := s.must(infoDomain(name, "", ""))
			const expiry = prefix + "INFO_RESPONSE_UNEXPECTED_EXPIRY_DATE"
			want := ends.Format("2006-01-02T15:04:05Z")
			if !r.shows(expiry, info, "infData/exDate", want) || !r.shows(expiry, a, "renData/exDate", want) {
				break
			}
			r.want(prefix+"INFO_RESPONSE_MISSING_OR_INVALID_RGP_STATUS", slices.Contains(info.Attrs("rgpStatus", "s"), "renewPeriod"), "%s", info.XML)
		}
		for _, period := range []string{years(0), years(6), years(11), years(99), `<d:period unit="m">7</d:period>`, `<d:period unit="w">1</d:period>`, `<d:period unit="y"/>`} {
			s.rejects(prefix+"SERVER_ACCEPTS_INVALID_PERIOD", renewDomain(name, day(ends), period))
		}
		for _, date := range []string{day(ends.AddDate(0, 0, 1)), day(ends.AddDate(0, 0, -1)), day(ends.AddDate(1, 0, 0)), day(r.reg.Now()), "2030-02-30", ""} {
			s.rejects(prefix+"SERVER_ACCEPTS_INVALID_CURRENT_EXPIRY_DATE", renewDomain(name, date, years(1)))
		}
	}
}

// deletions is epp-21. A domain may be gone at once, or later: it is old enough for the
// second after some days.
func (r *rstRun) deletions() {
	const prefix = "EPP_DOMAIN_DELETE_INFO_RESPONSE_"
	s := r.one()
	for _, age := range []time.Duration{0, registry.Day.D() * 6} {
		holders := s.holders()
		server := "ns1." + r.fresh() + ".nowhere"
		name := r.fresh() + ".example"
		s.must(s.domainOf(name, s.ns(server)+holders, rstPWElement))
		r.reg.Advance(age)
		a := s.do(deleteDomain(name))
		info := s.do(infoDomain(name, "", ""))
		gone := resultOf(info) == "2303"
		if age > 0 {
			r.want(prefix+"OBJECT_NOT_PENDING_DELETE", resultOf(a) == "1001" && (gone || slices.Contains(info.Attrs("infData/status", "s"), "pendingDelete")), "%s\n%s", a.XML, info.XML)
			continue
		}
		const still = prefix + "OBJECT_STILL_EXISTS"
		if !r.want(still, resultOf(a) == "1000" && gone, "%s\n%s", a.XML, info.XML) {
			continue
		}
		if holders != "" {
			id := between(holders, "<d:registrant>", "<")
			s.must(contactCommand("delete", "<id>"+id+"</id>"))
			r.want(still, resultOf(s.do(infoContact(id, ""))) == "2303", "%s", id)
		}
		if withoutHosts(r.rstModel) == "" {
			s.must(hostCommand("delete", "<name>"+server+"</name>"))
			r.want(still, resultOf(s.do(hostInfo(server))) == "2303", "%s", server)
		}
	}
}
