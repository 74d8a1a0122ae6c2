package gtld_test

import (
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// request asks for alpha.example, of which reg-north is the sponsor.
var request = transfer("request", "alpha.example", "", "alpha-Secret7")

func requested(s *site) (losing, gaining *wiretest.Client) {
	losing, gaining = s.north(), s.south()
	drain(losing)
	gaining.Do(request).Code(1001)
	return losing, gaining
}

func wantTrnData(s *site, a *wiretest.Answer) {
	require.Equal(s, []string{"name", "trStatus", "reID", "reDate", "acID", "acDate", "exDate"}, a.Names("trnData"))
	for el, want := range map[string]string{
		"name": "alpha.example", "trStatus": "pending", "reID": "reg-south", "acID": "reg-north",
		"reDate": "2026-03-01T12:00:00Z", "acDate": "2026-03-06T12:00:00Z",
	} {
		require.Equal(s, want, a.Text("trnData/"+el), el)
	}
}

// rules5730Transfer are about transfers (sections 2.9.2.4 and 2.9.3.4).
var rules5730Transfer = []rule{
	{id: "R5730-066", deviate: rewriteTo(`op="query"`, `<\w+:acDate>.*</\w+:acDate>`, ""), check: func(s *site) {
		losing, gaining := requested(s)
		wantTrnData(s, losing.Do(transfer("query", "alpha.example", "", "")).Code(1000))
		wantTrnData(s, gaining.Do(transfer("query", "alpha.example", "", "")).Code(1000))
	}},
	{id: "R5730-068", deviate: misdelivered("reg-north", "reg-east"), check: func(s *site) {
		losing, _ := requested(s)
		a := losing.Do(pollReq).Code(1301)
		require.Equal(s, "alpha.example", a.Text("trnData/name"))
		require.Equal(s, "pending", a.Text("trnData/trStatus"))
	}},
	{id: "R5730-069", deviate: finish(func(x *mockserver.Exchange, m *epp.Response) {
		if _, ok := x.Command.Request.(*epp.Poll); ok {
			m.ResData = nil
		}
	}), check: func(s *site) {
		losing, _ := requested(s)
		wantTrnData(s, losing.Do(pollReq).Code(1301))
	}},
	{id: "R5730-070", deviate: before(func(_ *mockserver.Exchange, q *domain.Transfer) {
		q.AuthInfo = &epp.AuthInfo{PW: "alpha-Secret7"}
	}), check: func(s *site) {
		c := s.south()
		c.Do(transfer("request", "alpha.example", "", "")).Code(2003)
		c.Do(transfer("request", "alpha.example", "", "alpha-secret7")).Code(2202)
		require.NotContains(s, status(s.north(), "alpha.example"), "pendingTransfer")
		c.Do(request).Code(1001)
	}},
	{id: "R5730-071", deviate: lenient[*domain.Transfer](epp.ObjectNotPendingTransfer), check: func(s *site) {
		cancel := transfer("cancel", "alpha.example", "", "")
		losing, gaining := requested(s)
		losing.Do(transfer("reject", "alpha.example", "", "")).Code(1000)
		gaining.Do(cancel).Code(2301)
		gaining.Do(request).Code(1001)
		losing.Do(transfer("approve", "alpha.example", "", "")).Code(1000)
		gaining.Do(cancel).Code(2301)
		third := s.east()
		third.Do(request).Code(1001)
		s.reg.Advance(6 * day) // it is approved by the clock
		third.Do(cancel).Code(2301)
	}},
	{id: "R5730-072", deviate: lenient[*domain.Transfer](epp.ObjectNotPendingTransfer), check: func(s *site) {
		losing := s.north()
		for _, op := range []string{"approve", "reject", "cancel"} {
			losing.Do(transfer(op, "alpha.example", "", "")).Code(2301)
		}
	}},
	{id: "R5730-073", deviate: lenient[*domain.Transfer](epp.ObjectPendingTransfer), check: func(s *site) {
		_, gaining := requested(s)
		gaining.Do(request).Code(2300)
		s.east().Do(request).Code(2300)
	}},
	{id: "R5730-074", deviate: lenient[*domain.Transfer](epp.AuthorizationError), check: func(s *site) {
		losing, gaining := requested(s)
		other := s.east()
		for c, ops := range map[*wiretest.Client][]string{other: {"approve", "reject", "cancel"}, gaining: {"approve", "reject"}, losing: {"cancel"}} {
			for _, op := range ops {
				c.Do(transfer(op, "alpha.example", "", "")).Code(2201)
			}
		}
		gaining.Do(transfer("cancel", "alpha.example", "", "")).Code(1000)
		gaining.Do(request).Code(1001)
		losing.Do(transfer("approve", "alpha.example", "", "")).Code(1000)
	}},
	{id: "R5730-075", deviate: rewriteTo(`op="request"`, "<(.*trStatus)>pending<", "<$1>clientApproved<"), check: func(s *site) {
		wantTrnData(s, s.south().Do(request).Code(1001))
	}},
}

// misdelivered has the messages for a registrar come to another.
func misdelivered(from, to string) deviation {
	return around(func(x *mockserver.Exchange, _ *epp.Poll, next func() (epp.Element, error)) (epp.Element, error) {
		was := x.Session.ClID
		defer func() { x.Session.ClID = was }()
		switch was {
		case from:
			x.Session.ClID = to
		case to:
			x.Session.ClID = from
		}
		return next()
	})
}
