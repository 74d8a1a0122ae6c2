package gtld_test

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
)

// rstHosts are the cases about host objects.
func rstHosts() []rstCase {
	cases := []rstCase{
		{id: "epp-11", check: (*rstRun).hostCreates, wrong: []rstWrong{
			{codes: "_ACCEPTS_|" + rstSuccess, deviate: passing(createsHost)},
			{codes: rstFailure, deviate: answering(createsHost+".*192", epp.StatusProhibitsOperation)},
			{codes: "_DOES_NOT_EXIST", deviate: answering("<info>", epp.ObjectDoesNotExist)},
			{codes: "_MISSING_OBJECT_PROPERTIES", deviate: lying(`<host:addr ip="v6">[^<]*</host:addr>`, "")},
			{codes: "_MISSING_OBJECT_PROPERTIES", deviate: lying("<host:name>", "<host:name>www.")},
		}},
		{id: "epp-12", check: (*rstRun).hostAccess, wrong: []rstWrong{
			{codes: "_AUTHZ_", deviate: lenient[*host.Update](epp.AuthorizationError)},
			{codes: "_AUTHZ_", deviate: recode(epp.AuthorizationError, epp.ObjectDoesNotExist)},
		}},
		{id: "epp-13", check: (*rstRun).hostUpdates, wrong: []rstWrong{
			{codes: "_ACCEPTS_|" + rstSuccess, deviate: passing("<update>")},
			{codes: rstFailure, deviate: answering("<update>", epp.StatusProhibitsOperation)},
			{codes: "_DOES_NOT_EXIST", deviate: answering("<info>", epp.ObjectDoesNotExist)},
			{codes: "_MISSING_OBJECT_PROPERTIES", deviate: lying(`<host:addr ip="v6">[^<]*</host:addr>`, "")},
			{codes: "_MISSING_OBJECT_PROPERTIES", deviate: lying(`s="client\w*"`, `s="ok"`)},
		}},
		{id: "epp-24", check: (*rstRun).hostDeletes, wrong: []rstWrong{
			{codes: "_NOT_1000", deviate: answering("<delete>", epp.StatusProhibitsOperation)},
			{codes: "_STILL_", deviate: around(func(*mockserver.Exchange, *host.Delete, func() (epp.Element, error)) (epp.Element, error) {
				return nil, nil
			})},
			{codes: rstFailure, deviate: answering(createsHost+".*192", epp.StatusProhibitsOperation)},
		}},
	}
	for i := range cases {
		cases[i].skip = withoutHosts
	}
	return cases
}

const createsHost = `<create><create xmlns="` + hostNS

func createHost(name string, addrs ...string) string {
	return createHostWith(name, addrElements(addrs...))
}

func createHostWith(name, addrs string) string {
	return hostCommand("create", "<name>"+name+"</name>"+addrs)
}

func hostInfo(name string) string { return hostCommand("info", "<name>"+name+"</name>") }

func alterHost(name, local, content string) string {
	return hostCommand("update", "<name>"+name+"</name><"+local+">"+content+"</"+local+">")
}

// The addresses of hosts that are no addresses, by their versions.
var (
	badV4 = []string{"192.0.2.256", "192.0.2", "192.0.2.1.5", "192.0.2.01", "198.51.100.7/24", "vesi", "2001:db8::7", "-1.0.0.1", ""}
	badV6 = []string{"2001:db8::g", "2001:db8", "1:2:3:4:5:6:7:8:9", "2001::db8::1", "2001:db8::12345", "192.0.2.1", "fe80::1%eth0", "[2001:db8::1]"}
)

// badAddrs tries what are no addresses in a command.
func (s *rstSession) badAddrs(prefix string, command func(addr string) string) {
	for _, a := range badV4 {
		s.rejects(prefix+"SERVER_ACCEPTS_INVALID_IPV4_ADDRESS", command(`<addr ip="v4">`+a+`</addr>`))
	}
	for _, a := range badV6 {
		s.rejects(prefix+"SERVER_ACCEPTS_INVALID_IPv6_ADDRESS", command(`<addr ip="v6">`+a+`</addr>`))
	}
}

// hostShown wants an info to show a host with addresses and statuses.
func (s *rstSession) hostShown(prefix, name string, addrs []string, status ...string) {
	a := s.do(hostInfo(name))
	prefix += "INFO_RESPONSE_"
	if !s.r.want(prefix+"OBJECT_DOES_NOT_EXIST", resultOf(a) == "1000", "%s", a.XML) {
		return
	}
	s.r.shows(prefix+"MISSING_OBJECT_PROPERTIES", a, "infData/name", name)
	s.r.shows(prefix+"MISSING_OBJECT_PROPERTIES", a, "infData/addr", addrs...)
	for i, ip := range a.Attrs("infData/addr", "ip") {
		s.r.want(prefix+"MISSING_OBJECT_PROPERTIES", strings.Contains(a.All("infData/addr")[i], ":") == (ip == "v6"), "%s", a.XML)
	}
	s.r.attrs(prefix+"MISSING_OBJECT_PROPERTIES", a, "infData/status", "s", status...)
}

// hostCreates is epp-11.
func (r *rstRun) hostCreates() {
	s := r.one()
	const prefix = "EPP_HOST_CREATE_"
	for _, tld := range rstTLDs {
		above := s.newDomain(tld)
		for name, addrs := range map[string][]string{
			"ns4." + above:                 {"192.0.2.4"},
			"ns6." + above:                 {"2001:db8::6"},
			"a.b.ns." + above:              {"192.0.2.8", "192.0.2.9", "2001:db8::8", "2001:db8::9"},
			"ns." + r.fresh() + ".nowhere": nil,
		} {
			if s.accepts(rstFailure, createHost(name, addrs...)) {
				s.hostShown(prefix, name, addrs, "ok")
				s.rejects(rstSuccess, createHost(name, addrs...))
			}
		}
		for _, l := range badLabels {
			s.rejects(prefix+"SERVER_ACCEPTS_INVALID_HOSTNAME", createHost(l+"."+above, "192.0.2.5"))
			s.rejects(prefix+"SERVER_ACCEPTS_INVALID_HOSTNAME", createHost(l+".nowhere"))
		}
		s.badAddrs(prefix, func(addr string) string { return createHostWith(r.fresh()+"."+above, addr) })
		s.rejects(rstSuccess, createHost("ns1."+r.fresh()+"."+tld, "192.0.2.5"))
		s.rejects(rstSuccess, createHost("ns7."+above, "192.0.2.7", "192.0.2.7"))
	}
	s.rejects(prefix+"SERVER_ACCEPTS_INVALID_HOSTNAME", createHost("nowhere"))
	s.rejects(prefix+"SERVER_ACCEPTS_INVALID_HOSTNAME", createHost(strings.Repeat("kiulu.", 43)+"nowhere")) // 265 characters
}

// hostAccess is epp-12.
func (r *rstRun) hostAccess() {
	s, other := r.one(), r.two()
	inside, outside := "ns1."+s.newDomain("example"), "ns1."+r.fresh()+".nowhere"
	s.must(createHost(inside, "192.0.2.1"))
	s.must(createHost(outside))
	for _, name := range []string{inside, outside} {
		for _, update := range []string{
			alterHost(name, "add", `<status s="clientDeleteProhibited"/>`),
			alterHost(name, "add", addrElements("192.0.2.9")),
			alterHost(name, "rem", addrElements("192.0.2.1")),
			alterHost(name, "chg", "<name>ns2."+r.fresh()+".nowhere</name>"),
		} {
			a := other.do(update)
			r.want("EPP_HOST_UPDATE_AUTHZ_ERROR", resultOf(a) == "2201", "%s\n%s", update, a.XML)
		}
	}
}

// hostUpdates is epp-13.
func (r *rstRun) hostUpdates() {
	s := r.one()
	const prefix = "EPP_HOST_UPDATE_"
	name := "ns1." + s.newDomain("test")
	s.must(createHost(name, "192.0.2.1"))
	status := func(local, st string) string { return alterHost(name, local, `<status s="`+st+`"/>`) }
	addr := func(local, ip string) string { return alterHost(name, local, addrElements(ip)) }

	if s.accepts(rstFailure, addr("add", "2001:db8::1")) {
		s.hostShown(prefix, name, []string{"192.0.2.1", "2001:db8::1"}, "ok")
	}
	if s.accepts(rstFailure, addr("rem", "192.0.2.1")) {
		s.hostShown(prefix, name, []string{"2001:db8::1"}, "ok")
	}
	if s.accepts(rstFailure, hostCommand("update", "<name>"+name+"</name><add>"+addrElements("192.0.2.2")+"</add><rem>"+addrElements("2001:DB8:0::1")+"</rem>")) {
		s.hostShown(prefix, name, []string{"192.0.2.2"}, "ok")
	}
	s.rejects(rstSuccess, addr("add", "192.0.2.2"))
	s.rejects(rstSuccess, addr("rem", "192.0.2.77"))
	s.badAddrs(prefix, func(addr string) string { return alterHost(name, "add", addr) })

	for _, st := range []string{"clientDeleteProhibited", "clientUpdateProhibited"} {
		s.rejects(rstSuccess, status("rem", st))
		if s.accepts(rstFailure, status("add", st)) {
			s.hostShown(prefix, name, []string{"192.0.2.2"}, st)
		}
		s.rejects(rstSuccess, status("add", st))
		s.accepts(rstFailure, status("rem", st))
	}
	s.accepts(rstFailure, status("add", "clientUpdateProhibited"))
	s.rejects(rstSuccess, addr("add", "192.0.2.3"))
	s.accepts(rstFailure, status("rem", "clientUpdateProhibited"))
	for _, st := range []string{"ok", "linked", "serverUpdateProhibited", "pendingDelete"} {
		s.rejects(rstSuccess, status("add", st))
	}
	for _, st := range []string{"", "clientHold", "clientTransferProhibited", "ClientUpdateProhibited"} {
		s.rejects(prefix+"SERVER_ACCEPTS_INVALID_STATUS_CODE", status("add", st))
	}
}

// hostDeletes is epp-24.
func (r *rstRun) hostDeletes() {
	s := r.one()
	above := s.newDomain("example")
	for _, host := range []struct {
		name  string
		addrs []string
	}{{"ns1." + above, []string{"192.0.2.1"}}, {"ns1." + r.fresh() + ".nowhere", nil}} {
		if !s.accepts(rstFailure, createHost(host.name, host.addrs...)) {
			continue
		}
		a := s.do(hostCommand("delete", "<name>"+host.name+"</name>"))
		if r.want("EPP_HOST_DELETE_RESPONSE_NOT_1000_OR_1001", resultOf(a) == "1000" || resultOf(a) == "1001", "%s", a.XML) && resultOf(a) == "1000" {
			a := s.do(hostInfo(host.name))
			r.want("EPP_HOST_DELETE_INFO_RESPONSE_OBJECT_STILL_EXISTS", resultOf(a) == "2303", "%s", a.XML)
		}
	}
}
