package gtld_test

import (
	"regexp"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

const domainCreate = "EPP_DOMAIN_CREATE_"

// rstDomainCreate is the case about making domains.
func rstDomainCreate() []rstCase {
	const create = "<create><d:create"
	wrong := []rstWrong{
		{codes: "_ACCEPTS_", model: "thick objects", deviate: passing(create)},
		{codes: "_ACCEPTS_", model: "thick attributes", deviate: passing(create)},
		{codes: "_ACCEPTS_", model: "thin attributes", deviate: passing(create)},
		{codes: "_ACCEPTS_", model: "both", deviate: passing(create)},
		{codes: rstFailure, deviate: answering(create, epp.StatusProhibitsOperation)},
		{codes: "_ROID|SCHEMA", deviate: lying("<domain:roid>[^<]*", "<domain:roid>D-7-MOCK")},
	}
	for _, lie := range []deviation{
		lying("<domain:crDate>[^<]*</domain:crDate>", ""),
		lying("<domain:exDate>[^<]*</domain:exDate>", ""),
		lying("<domain:exDate>2", "<domain:exDate>3"),
		lying("<domain:crID>"+rstOne, "<domain:crID>"+rstTwo),
		lying("<domain:clID>"+rstOne, "<domain:clID>"+rstTwo),
		lying("<secDNS:alg>13", "<secDNS:alg>15"),
		lying("<domain:registrant>[^<]*</domain:registrant>", ""),
		lying("<domain:hostObj>ns1", "<domain:hostObj>ns3"),
	} {
		wrong = append(wrong, rstWrong{codes: "_MISSING_OBJECT_PROPERTIES", deviate: lie})
	}
	return []rstCase{{id: "epp-14", check: (*rstRun).domainCreates, wrong: wrong}}
}

const rstPWElement = "<d:pw>" + rstSecret + "</d:pw>"

// domain is a create of a domain with what the registrar's domains need: its contacts are
// made before.
func (s *rstSession) domain(name, content string) string {
	return s.domainOf(name, content+s.holders(), rstPWElement)
}

func (s *rstSession) domainOf(name, content, pw string) string {
	return makeDomain(name, content+"<d:authInfo>"+pw+"</d:authInfo>")
}

// newDomain makes one that is delegated.
func (s *rstSession) newDomain(tld string) string {
	name := s.r.fresh() + "." + tld
	s.must(s.domain(name, s.servers()))
	return name
}

// holders are the contacts of a new domain, which they are made for, or none.
func (s *rstSession) holders() string {
	if !s.r.thick(s.clID) {
		return ""
	}
	id := s.r.fresh()
	s.contact(id)
	return "<d:registrant>" + id + "</d:registrant>" + role("admin", id)
}

// servers are two name servers elsewhere, which are made where they are objects.
func (s *rstSession) servers() string {
	first, second := "ns1."+s.r.fresh()+".nowhere", "ns2."+s.r.fresh()+".nowhere"
	return s.ns(first, second)
}

// ns are name servers elsewhere.
func (s *rstSession) ns(names ...string) string {
	if s.r.hosts == gtld.HostAttributes {
		list := make([]string, len(names))
		for i, name := range names {
			list[i] = hostAttr(name)
		}
		return attrs(list...)
	}
	for _, name := range names {
		if !s.r.made[name] { // a case may name one again
			s.must(createHost(name))
			s.r.made[name] = true
		}
	}
	return hostObjs(names...)
}

// signed is a record of the kind that the registry takes: DS, or a key.
func (m rstModel) signed(n int) string {
	if m.keyData {
		return key(257, strings.Repeat("AwEAAag"+string(rune('A'+n)), 4))
	}
	return ds(10000+n, "c"+string(rune('0'+n)))
}

// badSigned are records of the kind that the registry takes with something wrong, and one
// of the other kind.
func (m rstModel) badSigned() []string {
	data := func(tag, alg, kind, digest string) string {
		return "<s:dsData><s:keyTag>" + tag + "</s:keyTag><s:alg>" + alg + "</s:alg><s:digestType>" + kind + "</s:digestType><s:digest>" + digest + "</s:digest></s:dsData>"
	}
	keyed := func(flags, protocol, alg, pubKey string) string {
		return "<s:keyData><s:flags>" + flags + "</s:flags><s:protocol>" + protocol + "</s:protocol><s:alg>" + alg + "</s:alg><s:pubKey>" + pubKey + "</s:pubKey></s:keyData>"
	}
	whole := strings.Repeat("3f", 32)
	if !m.keyData {
		return []string{
			data("65536", "13", "2", whole), data("-1", "13", "2", whole), data("", "13", "2", whole),
			data("1", "0", "2", whole), data("1", "256", "2", whole), data("1", "99", "2", whole),
			data("1", "13", "0", whole), data("1", "13", "99", whole),
			data("1", "13", "2", whole[2:]), data("1", "13", "2", whole+"3f"), data("1", "13", "2", whole[1:]),
			data("1", "13", "2", "zz"+whole[2:]), data("1", "13", "1", whole), data("1", "13", "2", ""),
			keyed("257", "3", "13", "AwEAAagK"),
		}
	}
	return []string{
		keyed("65536", "3", "13", "AwEAAagK"), keyed("0", "3", "13", "AwEAAagK"), keyed("257", "2", "13", "AwEAAagK"),
		keyed("257", "3", "0", "AwEAAagK"), keyed("257", "3", "99", "AwEAAagK"), keyed("257", "3", "13", "AwEAAag"),
		keyed("257", "3", "13", "%"), keyed("257", "3", "13", ""), data("1", "13", "2", whole),
	}
}

// domainCreates is epp-14.
func (r *rstRun) domainCreates() {
	for _, clID := range []string{rstOne, rstTwo} {
		s := r.session(clID)
		holders := s.holders()
		for _, tld := range rstTLDs {
			s.created(tld, holders)
		}
		s.notCreated(r.fresh()+".example", holders)
	}
}

// notCreated tries to make a domain that can't be.
func (s *rstSession) notCreated(name, holders string) {
	const accepts = domainCreate + "SERVER_ACCEPTS_"
	whole := func(name, content string) string { return s.domainOf(name, content+holders, rstPWElement) }
	for _, l := range badLabels {
		s.rejects(accepts+"INVALID_DOMAIN_NAME", whole(l+".example", ""))
	}
	for _, period := range []string{
		years(0), years(11), years(99), years(100), `<d:period unit="m">5</d:period>`, `<d:period unit="m">13</d:period>`,
		`<d:period unit="d">1</d:period>`, `<d:period unit="y"/>`,
	} {
		s.rejects(accepts+"INVALID_PERIOD", whole(name, period))
	}
	for _, bad := range s.r.badSigned() {
		s.rejects(accepts+"INVALID_DNSSEC_DATA", whole(name, "")+ext(secDNS("create", bad)))
	}
	s.badServers(name, whole)
	s.badHolders(name)
	if !s.r.secure {
		s.rejects(accepts+"AUTHINFO", s.domainOf(name, holders, "<d:pw/>"))
		return
	}
	s.rejects(accepts+"AUTHINFO", s.domainOf(name, holders, "<d:pw>kiulu</d:pw>"))
	s.rejects(accepts+"AUTHINFO", s.domainOf(name, holders, "<d:pw>"+strings.Repeat("a", 30)+"</d:pw>"))
	s.accepts(rstFailure, s.domainOf(name, holders, "<d:pw/>"))
}

// created makes domains that may be, and wants them to be shown.
func (s *rstSession) created(tld, holders string) {
	first, second := "ns1."+s.r.fresh()+".nowhere", "ns2."+s.r.fresh()+".nowhere"
	for years, content := range map[int]string{
		0:  s.ns(first, second),
		1:  years(1) + s.ns(first, second),
		10: years(10) + s.ns(first, second),
	} {
		name := s.r.fresh() + "." + tld
		if !s.accepts(rstFailure, s.domainOf(name, content+holders, rstPWElement)+ext(secDNS("create", s.r.signed(1)+s.r.signed(2)))) {
			continue
		}
		const missing = domainCreate + "INFO_RESPONSE_MISSING_OBJECT_PROPERTIES"
		a := s.must(infoDomain(name, "", ""))
		// Which identifiers IANA knows is not looked at: a mock's is none of those.
		s.r.want(domainCreate+"INFO_RESPONSE_INVALID_ROID", regexp.MustCompile(`^\w{1,80}-\w{1,8}$`).MatchString(a.Text("infData/roid")), "%s", a.XML)
		now := s.r.reg.Now()
		s.r.shows(missing, a, "infData/crDate", now.Format("2006-01-02T15:04:05Z"))
		s.r.shows(missing, a, "infData/exDate", now.AddDate(max(years, 1), 0, 0).Format("2006-01-02T15:04:05Z"))
		s.r.shows(missing, a, "infData/crID", s.clID)
		s.r.shows(missing, a, "infData/clID", s.clID)
		if s.r.hosts == gtld.HostObjects {
			s.r.shows(missing, a, "ns/hostObj", first, second)
		} else {
			s.r.shows(missing, a, "hostAttr/hostName", first, second)
		}
		if holders != "" {
			id := between(holders, "<d:registrant>", "<")
			s.r.shows(missing, a, "infData/registrant", id)
			s.r.shows(missing, a, "infData/contact", id)
		}
		s.r.want(missing, s.r.signedAs(a) == signature(s.r.signed(1)+s.r.signed(2)), "%s", a.XML)
	}
}

// between is what is in a text between two others.
func between(s, from, to string) string {
	_, rest, _ := strings.Cut(s, from)
	part, _, _ := strings.Cut(rest, to)
	return part
}

// signature is what records say, and signedAs what an answer says of them.
func signature(records string) string {
	return strings.ToLower(strings.Join(regexp.MustCompile(`>[^<]+<`).FindAllString(records, -1), ""))
}

func (r *rstRun) signedAs(a *wiretest.Answer) string {
	return signature(between(a.XML, "<secDNS:infData", "</secDNS:infData>"))
}

// badServers tries what no domain can be delegated to.
func (s *rstSession) badServers(name string, whole func(name, content string) string) {
	accepts := domainCreate + "SERVER_ACCEPTS_"
	incorrectly := domainCreate + "SERVER_INCORRECTLY_ACCEPTS_"
	if s.r.hosts == gtld.HostObjects {
		for _, l := range badLabels {
			s.rejects(accepts+"INVALID_HOST_OBJECT", whole(name, hostObjs(l+".nowhere")))
		}
		s.rejects(accepts+"NON_EXISTENT_HOST_OBJECT", whole(name, hostObjs("ns1."+s.r.fresh()+".nowhere")))
		s.rejects(incorrectly+"HOST_ATTRIBUTES", whole(name, attrs(hostAttr("ns1.kiulu.nowhere"))))
		s.rejects(incorrectly+"HOST_ATTRIBUTES", whole(name, attrs(hostAttr("ns1."+name, "192.0.2.1"))))
		return
	}
	s.rejects(incorrectly+"HOST_OBJECTS", whole(name, hostObjs("ns1.fjord.example")))
	s.rejects(accepts+"HOST_ATTRIBUTES_WITHOUT_GLUE", whole(name, attrs(hostAttr("ns1."+name))))
	s.rejects(accepts+"HOST_ATTRIBUTES_WITHOUT_GLUE", whole(name, attrs(hostAttr("ns1."+name, "192.0.2.1"), hostAttr("ns2."+name))))
	for version, list := range map[string][]string{"v4": badV4, "v6": badV6} {
		for _, addr := range list {
			glue := `<d:hostAttr><d:hostName>ns1.` + name + `</d:hostName><d:hostAddr ip="` + version + `">` + addr + `</d:hostAddr></d:hostAttr>`
			s.rejects(accepts+"HOST_ATTRIBUTES_WITH_INVALID_GLUE", whole(name, attrs(glue)))
		}
	}
}

// badHolders tries contacts that the registrar's domains can't have, and none where they
// must.
func (s *rstSession) badHolders(name string) {
	accepts := domainCreate + "SERVER_ACCEPTS_"
	registrant := func(id string) string { return "<d:registrant>" + id + "</d:registrant>" }
	if !s.r.thick(s.clID) {
		s.rejects(accepts+"REGISTRANT_FOR_THIN_REGISTRY", s.domainOf(name, registrant("old-1"), rstPWElement))
		return
	}
	s.rejects(accepts+"NON_EXISTENT_REGISTRANT", s.domainOf(name, registrant("nobody-1")+role("admin", "old-1"), rstPWElement))
	s.rejects(accepts+"NON_EXISTENT_REGISTRANT", s.domainOf(name, registrant("old-1")+role("admin", "nobody-1"), rstPWElement))
	s.rejects(accepts+"MISSING_REGISTRANT", s.domainOf(name, "<d:registrant/>"+role("admin", "old-1"), rstPWElement))
	s.rejects(accepts+"NO_REGISTRANT_FOR_THICK_REGISTRY", s.domainOf(name, role("admin", "old-1"), rstPWElement))
}
