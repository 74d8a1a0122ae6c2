package gtld_test

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// rstChecks are the cases about check commands.
func rstChecks() []rstCase {
	unavailable := rstWrong{codes: "CHECK_VALID_", deviate: rewriteTo("<check>", `avail="1"`, `avail="0"`)}
	available := rstWrong{codes: "CHECK_(INVALID|REGISTERED)_", deviate: rewriteTo("<check>", `avail="0"`, `avail="1"`)}
	refused := rstWrong{codes: rstFailure, deviate: answering("<check>", epp.DataManagementPolicyViolated)}
	return []rstCase{
		{id: "epp-04", check: (*rstRun).domainChecks, wrong: []rstWrong{
			unavailable, available, refused,
			// What any command may have reported is shown once, here.
			{codes: rstLoginFail, deviate: answering("<login>", epp.AuthenticationError)},
			{codes: rstParse, deviate: rewriteTo("<check>", "</response>", "</respond>")},
			{codes: rstSchema, deviate: rewriteTo("<check>", "<svTRID>.*</svTRID>", "")},
			{codes: rstGeneric + "|" + rstFailure, deviate: answering("<check>", epp.CommandFailed)},
		}},
		{id: "epp-05", skip: withoutHosts, check: (*rstRun).hostChecks, wrong: []rstWrong{unavailable, available, refused}},
		{id: "epp-06", skip: withoutContacts, check: (*rstRun).contactChecks, wrong: []rstWrong{
			unavailable, refused,
			{codes: "CHECK_REGISTERED_", deviate: available.deviate},
			{codes: "CHECK_INVALID_", deviate: misread("<c:id>(ab|0123456789abcdefg)?<", "<c:id>new-1<")},
		}},
	}
}

// badLabels can be no part of a name (RFC 1123, section 2.1).
var badLabels = []string{"-kiulu", "kiulu-", "ki_ulu", "ki ulu", "kiulu!", "kiulu..vesi", "", strings.Repeat("k", 64)}

// checks wants each to be available or not. What is not valid may be refused as such.
func (s *rstSession) checks(code string, avail, valid bool, check func(...string) string, local string, names ...string) {
	for _, name := range names {
		a := s.do(check(name))
		if !valid && s.r.want(code, true, "") && slices.Contains([]string{"2001", "2004", "2005"}, resultOf(a)) {
			continue
		}
		if s.r.want(rstFailure, succeeds(a), "%s: %s", name, a.XML) {
			got := strings.Join(a.Attrs("cd/"+local, "avail"), " ")
			s.r.want(code, avail && (got == "1" || got == "true") || !avail && (got == "0" || got == "false"), "%q: %s", name, a.XML)
		}
	}
}

func (r *rstRun) domainChecks() {
	s := r.one()
	for _, tld := range rstTLDs {
		below := func(labels ...string) (list []string) {
			for _, l := range labels {
				list = append(list, l+"."+tld)
			}
			return list
		}
		s.checks("EPP_DOMAIN_CHECK_VALID_DOMAIN_INCORRECT_AVAIL", true, true, checkDomains, "name",
			below("kiulu", "k", "7kauhaa", "a-b", "2026", strings.Repeat("k", 63))...)
		s.checks("EPP_DOMAIN_CHECK_INVALID_DOMAIN_INCORRECT_AVAIL", false, false, checkDomains, "name", below(badLabels...)...)
		s.checks("EPP_DOMAIN_CHECK_REGISTERED_DOMAIN_INCORRECT_AVAIL", false, true, checkDomains, "name", below("fjord", "FJORD")...)
	}
}

func (r *rstRun) hostChecks() {
	s := r.one()
	check := func(names ...string) string {
		return hostCommand("check", "<name>"+strings.Join(names, "</name><name>")+"</name>")
	}
	for _, tld := range rstTLDs {
		s.checks("EPP_HOST_CHECK_VALID_HOST_INCORRECT_AVAIL", true, true, check, "name",
			"ns1.kiulu."+tld, "ns9.fjord."+tld, "a.b.c."+tld, "ns1."+strings.Repeat("k", 63)+".invalid")
		s.checks("EPP_HOST_CHECK_REGISTERED_HOST_INCORRECT_AVAIL", false, true, check, "name", "ns1.fjord."+tld, "NS1.Fjord."+tld)
		for _, l := range badLabels {
			s.checks("EPP_HOST_CHECK_INVALID_HOST_INCORRECT_AVAIL", false, false, check, "name", l+".kiulu."+tld)
		}
	}
}

func (r *rstRun) contactChecks() {
	s, _ := r.thickOnes()
	s.checks("EPP_CONTACT_CHECK_VALID_CONTACT_ID_INCORRECT_AVAIL", true, true, checkContacts, "id", "new-1", "abc", "0123456789abcdef", "OLD-1")
	s.checks("EPP_CONTACT_CHECK_REGISTERED_CONTACT_ID_INCORRECT_AVAIL", false, true, checkContacts, "id", "old-1", "old-2")
	s.checks("EPP_CONTACT_CHECK_INVALID_CONTACT_ID_INCORRECT_AVAIL", false, false, checkContacts, "id", "", "ab", "0123456789abcdefg")
}
