package gtld_test

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

const domainAltered = "EPP_DOMAIN_UPDATE_"

// rstDomainUpdate is the case about changing domains.
func rstDomainUpdate() []rstCase {
	return []rstCase{{
		id: "epp-16", check: (*rstRun).domainUpdates,
		wrong: []rstWrong{
			{codes: "_ACCEPTS_|" + rstSuccess, deviate: passing("<update>")},
			{codes: "_ACCEPTS_|" + rstSuccess, model: "thin attributes", deviate: passing("<update>")},
			{codes: rstFailure, deviate: answering(`<d:add><d:status s="clientRenewProhibited"/></d:add>`, epp.StatusProhibitsOperation)},
			{codes: "_(MISSING|UNEXPECTED)_STATUS_CODE", deviate: lying(`(<domain:status s=")client`, "${1}server")},
			{codes: "_(MISSING|UNEXPECTED)_HOST_OBJECT", deviate: lying(`(<domain:hostObj>)ns3`, "${1}ns4")},
			{codes: "_(MISSING|UNEXPECTED)_HOST_ATTRIBUTE", model: "thick attributes", deviate: lying(`(<domain:hostName>)ns3`, "${1}ns4")},
			{codes: "_(MISSING|UNEXPECTED)_REGISTRANT", deviate: lying(`(<domain:registrant>)`, "${1}k")},
			{codes: "_(MISSING|UNEXPECTED)_DNSSEC_DATA", deviate: lying("<secDNS:alg>13", "<secDNS:alg>15")},
			{codes: "_(MISSING|UNEXPECTED)_DNSSEC_DATA", model: "thin attributes", deviate: lying(`<secDNS:flags>257`, "<secDNS:flags>256")},
			{codes: rstSuccess, deviate: recode(epp.AuthorizationError, epp.ObjectDoesNotExist)},
		},
	}}
}

// exactly wants the members of two lists to be the same: what is missing has one error code,
// what is too much another.
func (r *rstRun) exactly(what string, a *wiretest.Answer, got []string, want ...string) {
	const prefix = domainAltered + "INFO_RESPONSE_"
	for _, w := range want {
		r.want(prefix+"MISSING_"+what, slices.Contains(got, w), "%s: %s", w, a.XML)
	}
	for _, g := range got {
		r.want(prefix+"UNEXPECTED_"+what, slices.Contains(want, g), "%s: %s", g, a.XML)
	}
}

// domainUpdates is epp-16.
func (r *rstRun) domainUpdates() {
	testers := []string{rstOne}
	if r.data == rstPerRegistrar {
		testers = []string{rstOne, rstTwo}
	}
	for _, clID := range testers {
		s := r.session(clID)
		name := r.fresh() + ".example"
		first, second, third := "ns1."+r.fresh()+".nowhere", "ns2."+r.fresh()+".nowhere", "ns3."+r.fresh()+".nowhere"
		s.must(s.domain(name, s.ns(first, second)))
		s.domainStatuses(name)
		s.domainServers(name, first, second, third)
		s.domainHolder(name)
		s.domainSigned(name)
	}
	s, other := r.one(), r.two()
	name := s.newDomain("example")
	for _, content := range []string{addStatus("clientHold"), chgAuthInfo(rstPWElement), add(other.servers())} {
		a := other.do(updateDomain(name, content))
		r.want(rstSuccess, resultOf(a) == "2201", "%s\n%s", content, a.XML)
	}
}

func (s *rstSession) domainStatuses(name string) {
	shown := func(want ...string) {
		a := s.must(infoDomain(name, "", ""))
		s.r.exactly("STATUS_CODE", a, a.Attrs("infData/status", "s"), want...)
	}
	all := []string{"clientHold", "clientDeleteProhibited", "clientRenewProhibited", "clientTransferProhibited", "clientUpdateProhibited"}
	for _, status := range all {
		s.rejects(rstSuccess, updateDomain(name, remStatus(status)))
		if s.accepts(rstFailure, updateDomain(name, addStatus(status))) {
			shown(status)
		}
		s.rejects(rstSuccess, updateDomain(name, addStatus(status)))
		if s.accepts(rstFailure, updateDomain(name, remStatus(status))) {
			shown("ok")
		}
	}
	if s.accepts(rstFailure, updateDomain(name, addStatus(all...))) {
		shown(all...)
		s.rejects(rstSuccess, updateDomain(name, add(s.servers())))
		s.accepts(rstFailure, updateDomain(name, remStatus("clientUpdateProhibited")))
		s.accepts(rstFailure, updateDomain(name, remStatus(all[:4]...)))
		shown("ok")
	}
	for _, status := range []string{"ok", "inactive", "serverHold", "pendingDelete"} {
		s.rejects(rstSuccess, updateDomain(name, addStatus(status)))
	}
	for _, status := range []string{"", "linked", "redemptionPeriod", "clienthold", "client Hold"} {
		s.rejects(domainAltered+"SERVER_ACCEPTS_INVALID_STATUS_CODE", updateDomain(name, addStatus(status)))
	}
}

// domainServers changes the name servers of a domain that has the first and the second.
func (s *rstSession) domainServers(name, first, second, third string) {
	what, path := "HOST_OBJECT", "ns/hostObj"
	if s.r.hosts == gtld.HostAttributes {
		what, path = "HOST_ATTRIBUTE", "hostAttr/hostName"
	}
	shown := func(want ...string) {
		a := s.must(infoDomain(name, "", ""))
		s.r.exactly(what, a, a.All(path), want...)
	}
	if s.accepts(rstFailure, updateDomain(name, add(s.ns(third)))) {
		shown(first, second, third)
	}
	s.rejects(rstSuccess, updateDomain(name, add(s.ns(third))))
	if s.accepts(rstFailure, updateDomain(name, rem(s.ns(first)))) {
		shown(second, third)
	}
	s.rejects(rstSuccess, updateDomain(name, rem(s.ns(first))))
	if s.accepts(rstFailure, updateDomain(name, add(s.ns(first))+rem(s.ns(second, third)))) {
		shown(first)
	}

	const prefix = domainAltered + "SERVER_"
	if s.r.hosts == gtld.HostObjects {
		s.rejects(prefix+"ACCEPTS_NON_EXISTENT_HOST_OBJECT", updateDomain(name, add(hostObjs("ns1."+s.r.fresh()+".nowhere"))))
		s.rejects(prefix+"INCORRECTLY_ACCEPTS_HOST_ATTRIBUTES", updateDomain(name, add(attrs(hostAttr("ns1.kiulu.nowhere")))))
		return
	}
	s.rejects(prefix+"INCORRECTLY_ACCEPTS_HOST_OBJECTS", updateDomain(name, add(hostObjs("ns1.fjord.example"))))
	s.rejects(prefix+"ACCEPTS_HOST_ATTRIBUTES_WITHOUT_GLUE", updateDomain(name, add(attrs(hostAttr("ns1."+name)))))
	for _, l := range badLabels {
		s.rejects(prefix+"ACCEPTS_INVALID_HOST_ATTRIBUTES", updateDomain(name, add(attrs(hostAttr(l+".nowhere")))))
	}
	for version, list := range map[string][]string{"v4": badV4, "v6": badV6} {
		for _, addr := range list {
			glue := `<d:hostAttr><d:hostName>ns1.` + name + `</d:hostName><d:hostAddr ip="` + version + `">` + addr + `</d:hostAddr></d:hostAttr>`
			s.rejects(prefix+"ACCEPTS_INVALID_HOST_ATTRIBUTES", updateDomain(name, add(attrs(glue))))
		}
	}
	if s.accepts(rstFailure, updateDomain(name, add(attrs(hostAttr("ns1."+name, "192.0.2.1", "2001:db8::1"))))) {
		shown(first, "ns1."+name)
		s.accepts(rstFailure, updateDomain(name, rem(attrs(hostAttr("ns1."+name)))))
	}
}

func (s *rstSession) domainHolder(name string) {
	if !s.r.thick(s.clID) {
		s.rejects(rstSuccess, updateDomain(name, chgRegistrant("old-1")))
		return
	}
	const bad = domainAltered + "SERVER_ACCEPTS_NON_EXISTENT_CONTACT_OBJECT"
	id := s.r.fresh()
	s.contact(id)
	if s.accepts(rstFailure, updateDomain(name, chgRegistrant(id))) {
		a := s.must(infoDomain(name, "", ""))
		s.r.exactly("REGISTRANT", a, a.All("infData/registrant"), id)
	}
	s.accepts(rstFailure, updateDomain(name, add(role("tech", id))))
	s.accepts(rstFailure, updateDomain(name, rem(role("tech", id))))
	s.rejects(bad, updateDomain(name, chgRegistrant("nobody-1")))
	for _, kind := range []string{"admin", "tech", "billing"} {
		s.rejects(bad, updateDomain(name, add(role(kind, "nobody-1"))))
	}
}

func (s *rstSession) domainSigned(name string) {
	update := func(content string) string { return extUpdate(name, secDNS("update", content)) }
	added := func(records string) string { return "<s:add>" + records + "</s:add>" }
	removed := func(records string) string { return "<s:rem>" + records + "</s:rem>" }
	shown := func(n ...int) {
		a := s.must(infoDomain(name, "", ""))
		path, want := "secDNS:dsData", []string(nil)
		if s.r.keyData {
			path = "secDNS:keyData"
		}
		for _, i := range n {
			want = append(want, signature(s.r.signed(i)))
		}
		s.r.exactly("DNSSEC_DATA", a, recordsOf(a, path), want...)
	}
	one, two, three := s.r.signed(1), s.r.signed(2), s.r.signed(3)
	for _, step := range []struct {
		update string
		left   []int
	}{
		{added(one), []int{1}},
		{added(two + three), []int{1, 2, 3}},
		{removed(one), []int{2, 3}},
		{removed(three) + added(one), []int{1, 2}},
		{removed("<s:all>true</s:all>"), nil},
		{added(three), []int{3}},
	} {
		if s.accepts(rstFailure, update(step.update)) {
			shown(step.left...)
		}
	}
	for _, bad := range s.r.badSigned() {
		s.rejects(domainAltered+"SERVER_ACCEPTS_INVALID_DNSSEC_DATA", update(added(bad)))
	}
	s.rejects(rstSuccess, update(added(three)))
	s.rejects(rstSuccess, update(removed(one)))
}

// recordsOf are the records of an answer, as signature has them.
func recordsOf(a *wiretest.Answer, tag string) (list []string) {
	for _, el := range a.Root().FindElements("//" + tag) {
		text := ""
		for _, part := range el.ChildElements() {
			text += ">" + part.Text() + "<"
		}
		list = append(list, signature(text))
	}
	return list
}
