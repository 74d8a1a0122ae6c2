package gtld_test

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// rstSubordinate are the cases about hosts below domains, which their names are of.
func rstSubordinate() []rstCase {
	narrow := func(m rstModel) string {
		if !m.wide {
			return "nobody can make hosts below another's domain"
		}
		return ""
	}
	return []rstCase{
		{id: "epp-23", skip: withoutHosts, check: (*rstRun).renames, wrong: []rstWrong{
			{codes: "_ACCEPTS_(INVALID|RENAME)|_INCORRECTLY_", deviate: passing("<update>")},
			{codes: "_INCORRECTLY_", deviate: recode(epp.AssociationProhibitsOp, epp.ParameterPolicyError)},
			{codes: "_REJECTS_", deviate: answering("<update><update", epp.AssociationProhibitsOp)},
			{codes: "_NOT_RENAMED", deviate: answering("<info>", epp.ObjectDoesNotExist)},
		}},
		{id: "epp-25", skip: withoutHosts, check: (*rstRun).subordinates, wrong: []rstWrong{
			{codes: "_SUCCESS", deviate: passing(createsHost)},
			{codes: "_INCORRECT_CLID", model: "both", deviate: lying("<host:clID>"+rstOne, "<host:clID>"+rstTwo)},
			{codes: rstFailure, deviate: answering("<create><d:create", epp.StatusProhibitsOperation)},
		}},
		{id: "epp-26", skip: narrow, check: (*rstRun).wideGlue, wrong: []rstWrong{
			{codes: "_WITH_GLUE", deviate: wide(true)},
			{codes: rstFailure, deviate: answering("<create><d:create", epp.StatusProhibitsOperation)},
		}},
		{id: "epp-27", skip: withoutHosts, check: (*rstRun).glueless, wrong: []rstWrong{
			{codes: "_GLUELESS_", model: "both", deviate: func(p *plan) {
				for i := range p.fixtures.TLDs {
					p.fixtures.TLDs[i].NS.Glueless = true
				}
			}},
			{codes: rstFailure, deviate: answering("<create><d:create", epp.StatusProhibitsOperation)},
		}},
	}
}

// wide lets anybody make hosts below any domain, which belong to the domain's sponsor: those
// without addresses, or also with. The registry itself has no such policy.
func wide(glue bool) deviation {
	return func(p *plan) {
		around(func(x *mockserver.Exchange, q *host.Create, next func() (epp.Element, error)) (epp.Element, error) {
			e, err := next()
			if !errors.Is(err, epp.AuthorizationError) || len(q.Addr) > 0 && !glue {
				return e, err
			}
			_, above, _ := strings.Cut(q.Name, ".")
			doc, err := p.deviant.Record(registry.Domain, above)
			if err != nil {
				return nil, err
			}
			var d struct {
				ClID string `json:"clID"`
			}
			if err := json.Unmarshal(doc.Value, &d); err != nil {
				return nil, err
			}
			asks := x.Session.ClID
			defer func() { x.Session.ClID = asks }()
			x.Session.ClID = d.ClID
			return next()
		})(p)
	}
}

// renames is epp-23.
func (r *rstRun) renames() {
	s, other := r.one(), r.two()
	const prefix = "EPP_HOST_RENAME_"
	own, others := s.newDomain("example"), other.newDomain("test")
	rename := func(from, to string) string { return alterHost(from, "chg", "<name>"+to+"</name>") }
	renamed := func(code, from, to string) bool {
		ok := s.accepts(code, rename(from, to))
		if ok {
			a := s.do(hostInfo(to))
			r.want(prefix+"OBJECT_NOT_RENAMED", resultOf(a) == "1000" && a.Text("infData/name") == to, "%s", a.XML)
		}
		return ok
	}
	name := "ns1." + own
	s.must(createHost(name, "192.0.2.1"))
	for _, l := range badLabels {
		s.rejects(prefix+"SERVER_ACCEPTS_INVALID_HOSTNAME", rename(name, l+"."+own))
	}
	for _, tld := range rstTLDs {
		s.rejects(prefix+"SERVER_ACCEPTS_RENAME_TO_NONEXISTENT_DOMAIN", rename(name, "ns1."+r.fresh()+"."+tld))
		require.Equal(r, []string{"0"}, s.do(checkDomains("fjord."+tld)).Attrs("cd/name", "avail"))
		s.rejects(prefix+"SERVER_ACCEPTS_RENAME_TO_ANOTHER_REGISTRARS_DOMAIN", rename(name, "ns5.fjord."+tld))
	}
	s.rejects(prefix+"SERVER_ACCEPTS_RENAME_TO_ANOTHER_REGISTRARS_DOMAIN", rename(name, "ns5."+others))
	const unexpectedly = prefix + "SERVER_UNEXPECTEDLY_REJECTS_RENAME"
	if renamed(unexpectedly, name, "ns2."+own) {
		name = "ns2." + own
	}
	if far := "ns1." + r.fresh() + ".nowhere"; renamed(prefix+"SERVER_REJECTS_EXTERNAL_NAME", name, far) {
		renamed(unexpectedly, far, "ns3."+own)
	}

	outside := "ns2." + r.fresh() + ".nowhere"
	s.must(createHost(outside))
	other.must(updateDomain(others, add(hostObjs(outside))))
	a := s.do(rename(outside, "ns3."+r.fresh()+".nowhere"))
	r.want(prefix+"SERVER_INCORRECTLY_ACCEPTS_RENAME", resultOf(a) == "2305", "%s", a.XML)
}

// subordinates is epp-25.
func (r *rstRun) subordinates() {
	s, other := r.one(), r.two()
	for _, tld := range rstTLDs {
		above := r.fresh() + "." + tld
		if !s.accepts(rstFailure, s.domain(above, s.servers())) {
			return
		}
		other.rejects("EPP_UNEXPECTED_HOST_CREATE_SUCCESS", createHost("ns1."+above, "192.0.2.66"))
		other.rejects("EPP_UNEXPECTED_HOST_CREATE_SUCCESS", createHost("ns2."+above, "192.0.2.66", "2001:db8::66"))
		if !r.wide {
			continue
		}
		if name := "ns3." + above; succeeds(other.do(createHost(name))) {
			a := other.must(hostInfo(name))
			r.shows("EPP_HOST_CREATE_INCORRECT_CLID", a, "infData/clID", rstOne)
		}
	}
}

// wideGlue is epp-26.
func (r *rstRun) wideGlue() {
	s, other := r.one(), r.two()
	for _, tld := range rstTLDs {
		above := r.fresh() + "." + tld
		if s.accepts(rstFailure, s.domain(above, s.servers())) {
			other.rejects("EPP_SERVER_ACCEPTS_INTERNAL_HOST_WITH_GLUE", createHost("ns1."+above, "192.0.2.66"))
			other.rejects("EPP_SERVER_ACCEPTS_INTERNAL_HOST_WITH_GLUE", createHost("ns2."+above, "2001:db8::66"))
		}
	}
}

// glueless is epp-27.
func (r *rstRun) glueless() {
	s, other := r.one(), r.two()
	for _, tld := range rstTLDs {
		above := r.fresh() + "." + tld
		if !s.accepts(rstFailure, s.domain(above, s.servers())) {
			return
		}
		name := "ns1." + above
		if !succeeds(other.do(createHost(name))) {
			require.False(r, r.wide)
			continue
		}
		s.rejects("EPP_SERVER_ALLOWS_DELEGATION_TO_GLUELESS_HOST", updateDomain(above, add(hostObjs(name))))
	}
}
