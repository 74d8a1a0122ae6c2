package gtld_test

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

const (
	transferPrefix = "EPP_TRANSFER_"
	transferInfo   = transferPrefix + "INFO_RESPONSE_"
)

// rstTransfer are the cases about transfers.
func rstTransfer() []rstCase {
	const asked = `op="request"`
	// The steps have no effect, but succeed.
	idle := around(func(_ *mockserver.Exchange, q *domain.Transfer, next func() (epp.Element, error)) (epp.Element, error) {
		if q.Op == epp.TransferRequest {
			return next()
		}
		return nil, nil
	})
	shared := []rstWrong{
		{codes: "_ACCEPTS_INCORRECT_", deviate: lenient[*domain.Transfer](epp.InvalidAuthInfo)},
		{codes: "_REJECTS_SECURE", deviate: answering("<update>", epp.InvalidAuthInfo)},
		{codes: "_STATUS_CODE", deviate: lying(`s="pendingTransfer"`, `s="serverHold"`)},
	}
	return []rstCase{
		{id: "epp-19", check: (*rstRun).transfers, wrong: append(shared[:3:3], []rstWrong{
			{codes: "_ACCEPTS_(INCORRECT|INVALID)_", deviate: passing(asked)},
			{codes: "_ACCEPTS_INSECURE", model: "thin objects", deviate: passing("<update>")},
			{codes: "_REQUEST_FAILED", deviate: answering(asked, epp.NotEligibleForTransfer)},
			{codes: "_NOT_PROCESSED", deviate: idle},
			{codes: "_EXPIRY_DATE", deviate: lying("<domain:exDate>2", "<domain:exDate>3")},
			{codes: "_RGP_", deviate: lying(`s="transferPeriod"`, `s="renewPeriod"`)},
			{codes: "_NOT_RESET", model: "thin objects", deviate: rewriteTo("<info>.*<d:authInfo", `code="2202"`, `code="1000"`)},
		}...)},
		{id: "epp-20", check: (*rstRun).rejectedTransfers, wrong: append(shared[:3:3], []rstWrong{
			{codes: "_STATUS_CODE", deviate: idle},
			{codes: "_PROCESSED_", deviate: before(func(_ *mockserver.Exchange, q *domain.Transfer) {
				if q.Op == epp.TransferReject {
					q.Op = epp.TransferApprove
				}
			})},
		}...)},
	}
}

// asked is what both cases begin with: a domain of one tester's for which the other asks,
// with each wrong authInfo first. It is over where the right one can't be set.
func (s *rstSession) asked(name string, other *rstSession) bool {
	if !s.accepts(transferPrefix+"SERVER_REJECTS_SECURE_AUTHINFO", updateDomain(name, chgAuthInfo(pw(rstTransferPW)))) {
		return false
	}
	for _, wrong := range []string{"", "x", rstTransferPW + "!", rstSecret, "loyly-5+vasta?kiuas*kaivo"} {
		other.rejects(transferPrefix+"SERVER_ACCEPTS_INCORRECT_AUTHINFO", transfer("request", name, "", wrong))
	}
	return true
}

const rstTransferPW = "Loyly-5+Vasta?Kiuas*Kaivo"

// pending wants a domain to show whether a transfer waits.
func (s *rstSession) pending(name string, want bool) {
	a := s.must(infoDomain(name, "", ""))
	s.r.want(transferInfo+"MISSING_OR_INVALID_STATUS_CODE", slices.Contains(a.Attrs("infData/status", "s"), "pendingTransfer") == want, "%s", a.XML)
}

// transfers is epp-19.
func (r *rstRun) transfers() {
	s, other := r.one(), r.two()
	for _, tld := range rstTLDs {
		for _, period := range []string{"", years(1), years(3)} {
			name := s.newDomain(tld)
			if r.secure {
				for _, weak := range []string{"kiulu", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "01234567890123456789"} {
					s.rejects(transferPrefix+"SERVER_ACCEPTS_INSECURE_AUTHINFO", updateDomain(name, chgAuthInfo(pw(weak))))
				}
			}
			if !s.asked(name, other) {
				return
			}
			for _, bad := range []string{years(0), years(10), years(11), `<d:period unit="m">7</d:period>`, `<d:period unit="w">1</d:period>`} {
				other.rejects(transferPrefix+"SERVER_ACCEPTS_INVALID_PERIOD", transfer("request", name, bad, rstTransferPW))
			}
			if !other.accepts("EPP_DOMAIN_TRANSFER_REQUEST_FAILED", transfer("request", name, period, rstTransferPW)) {
				return
			}
			s.pending(name, true)
			s.must(transfer("approve", name, "", ""))
			other.transferred(name, map[string]int{"": 2, years(1): 2, years(3): 4}[period])
		}
	}
}

// transferred wants a domain to be the session's registrar's, and to end so many years after
// it was made.
func (s *rstSession) transferred(name string, years int) {
	a := s.must(infoDomain(name, "", ""))
	if !s.r.want("EPP_TRANSFER_NOT_PROCESSED", a.Text("infData/clID") == s.clID, "%s", a.XML) {
		return
	}
	s.r.shows(transferInfo+"UNEXPECTED_EXPIRY_DATE", a, "infData/exDate", s.r.reg.Now().AddDate(years, 0, 0).Format("2006-01-02T15:04:05Z"))
	s.r.want(transferInfo+"MISSING_OR_INVALID_RGP_STATUS", slices.Contains(a.Attrs("rgpStatus", "s"), "transferPeriod"), "%s", a.XML)
	if s.r.secure {
		a := s.do(infoDomain(name, "", pw(rstTransferPW)))
		s.r.want(transferInfo+"AUTHINFO_NOT_RESET", resultOf(a) == "2202", "%s", a.XML)
	}
}

// rejectedTransfers is epp-20.
func (r *rstRun) rejectedTransfers() {
	s, other := r.one(), r.two()
	for _, tld := range rstTLDs {
		name := s.newDomain(tld)
		if !s.asked(name, other) {
			return
		}
		other.must(transfer("request", name, "", rstTransferPW))
		s.pending(name, true)
		s.must(transfer("reject", name, "", ""))
		a := s.must(infoDomain(name, "", ""))
		if r.want("EPP_TRANSFER_SERVER_PROCESSED_REJECTED_TRANSFER", a.Text("infData/clID") == rstOne, "%s", a.XML) {
			s.pending(name, false)
		}
	}
}
