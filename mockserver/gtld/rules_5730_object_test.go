package gtld_test

import (
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// rules5730Object are about queries, the queue and updates (sections 2.9.2 and 2.9.3.5).
var rules5730Object = []rule{
	{id: "R5730-051", deviate: rewrite(`<\w+:cd>.*</\w+:cd>`, ""), check: func(s *site) {
		a := s.south().Do(checkDomains("free.example", "alpha.example")).Code(1000)
		require.Equal(s, []string{"chkData"}, a.Names("resData"))
		require.Equal(s, domainNS, a.Root().FindElement("//chkData").NamespaceURI())
		require.Equal(s, []string{"cd", "cd"}, a.Names("chkData"))
	}},
	{id: "R5730-052", deviate: result(func(r *domain.ChkData) { r.CD = r.CD[1:] }), check: func(s *site) {
		a := s.south().Do(checkDomains("free.example", "alpha.example", badName)).Code(1000)
		require.Equal(s, []string{"free.example", "alpha.example", badName}, a.All("cd/name"))
		for _, avail := range a.Attrs("cd/name", "avail") {
			require.Regexp(s, `^(0|1|true|false)$`, avail)
		}
	}},
	{id: "R5730-053", deviate: rewrite("In use", "Somebody else has registered this name"), check: func(s *site) {
		a := s.south().Do(checkDomains("alpha.example", badName, "a.b.example")).Code(1000)
		require.Len(s, a.All("cd/reason"), 3)
		for _, reason := range a.All("cd/reason") {
			require.LessOrEqual(s, len([]rune(reason)), 32)
		}
		for _, lang := range a.Attrs("cd/reason", "lang") {
			require.Contains(s, []string{"absent", "en"}, lang)
		}
	}},
	{
		id: "R5730-054",
		deviate: around(func(x *mockserver.Exchange, _ *domain.Check, next func() (epp.Element, error)) (epp.Element, error) {
			if x.ClID() != "reg-north" {
				return nil, epp.AuthorizationError
			}
			return next()
		}),
		check: func(s *site) {
			for _, c := range []*wiretest.Client{s.north(), s.south(), s.east()} {
				require.Equal(s, []string{"0"}, c.Do(checkDomains("alpha.example")).Code(1000).Attrs("cd/name", "avail"))
			}
		},
	},
	{id: "R5730-055", deviate: rewrite(`<\w+:roid>.*?</\w+:roid>`, ""), check: func(s *site) {
		c := s.north()
		for q, ns := range map[string]string{
			infoDomain("alpha.example", "", ""):                   domainNS,
			infoContact("jr-1", ""):                               contactNS,
			hostCommand("info", "<name>ns1.alpha.example</name>"): hostNS,
		} {
			a := c.Do(q).Code(1000)
			require.Equal(s, []string{"infData"}, a.Names("resData"))
			require.Equal(s, ns, a.Root().FindElement("//infData").NamespaceURI())
			require.NotEmpty(s, a.Text("infData/roid"))
		}
	}},

	{
		id: "R5730-058", // what is returned is gone
		deviate: tampering(func(frame []byte, honest func([]byte) []byte) []byte {
			answer := honest(frame)
			if strings.Contains(string(frame), pollReq) {
				honest([]byte(whole("<command>" + ack("1") + "</command>")))
			}
			return answer
		}),
		check: func(s *site) {
			c := s.north()
			for range 3 {
				count, id := queueOf(c.Do(pollReq).Code(1301))
				require.Equal(s, "2", count)
				require.Equal(s, "1", id)
			}
		},
	},
	{id: "R5730-059", deviate: rewrite(`(<msgQ.* id=)"\d+"`, `$1"1"`), check: func(s *site) {
		s.reg.Queue.Add("reg-south", "The sauna is warm.", nil)
		seen := make(map[string]bool)
		north, south := s.north(), s.south()
		for range 2 {
			_, id := queueOf(north.Do(pollReq).Code(1301))
			require.False(s, seen[id])
			seen[id] = true
			north.Do(ack(id)).Code(1000)
		}
		_, id := queueOf(south.Do(pollReq).Code(1301))
		require.False(s, seen[id])
	}},
	{
		id: "R5730-060", // nothing is removed
		deviate: around(func(_ *mockserver.Exchange, q *epp.Poll, next func() (epp.Element, error)) (epp.Element, error) {
			if q.Op == epp.PollAck {
				return nil, nil
			}
			return next()
		}),
		check: func(s *site) {
			c := s.north()
			count, id := queueOf(c.Do(pollReq).Code(1301))
			require.Equal(s, "2", count)
			c.Do(ack(id)).Code(1000)
			count, next := queueOf(c.Do(pollReq).Code(1301))
			require.Equal(s, "1", count)
			require.NotEqual(s, id, next)
		},
	},
	{id: "R5730-061", deviate: misread(`op="ack"/`, `op="ack" msgID="1"/`), check: func(s *site) {
		s.north().Do(`<poll op="ack"/>`).Code(2003)
	}},
	{id: "R5730-062", deviate: lenient[*epp.Poll](epp.ObjectDoesNotExist), check: func(s *site) {
		c := s.north()
		c.Do(ack("1")).Code(1000)
		c.Do(ack("1")).Code(2303)
		c.Do(ack("777")).Code(2303)
	}},
	{id: "R5730-063", deviate: rewriteTo(`op="ack"`, `count="1"`, `count="2"`), check: func(s *site) {
		c := s.north()
		_, id := queueOf(c.Do(pollReq).Code(1301))
		count, named := queueOf(c.Do(ack(id)).Code(1000))
		require.Equal(s, "1", count)
		require.Equal(s, id, named)
		_, id = queueOf(c.Do(pollReq).Code(1301))
		require.NotContains(s, c.Do(ack(id)).Code(1000).Names("response"), "msgQ")
	}},
	{
		id: "R5730-064", // an answer has what waits in the queue
		deviate: tampering(func(frame []byte, honest func([]byte) []byte) []byte {
			answer := honest(frame)
			if strings.Contains(string(frame), "<transfer") {
				return honest([]byte(whole(commandOf(pollReq, "wire-1"))))
			}
			return answer
		}),
		check: func(s *site) {
			s.reg.Queue.Add("reg-south", "The sauna is warm.", nil)
			a := s.south().Do(transfer("request", "alpha.example", "", "alpha-Secret7")).Code(1001)
			require.Equal(s, "alpha.example", a.Text("trnData/name"))
			require.NotContains(s, a.XML, "sauna")
		},
	},
	{
		id: "R5730-065", // one queue for all
		deviate: around(func(x *mockserver.Exchange, _ *epp.Poll, next func() (epp.Element, error)) (epp.Element, error) {
			was := x.Session.ClID
			defer func() { x.Session.ClID = was }()
			x.Session.ClID = "reg-north"
			return next()
		}),
		check: func(s *site) {
			c := s.south()
			c.Do(pollReq).Code(1300)
			c.Do(ack("1")).Code(2303)
			count, _ := queueOf(s.north().Do(pollReq).Code(1301))
			require.Equal(s, "2", count)
		},
	},
	{
		id: "R5730-076", // the values to add are not looked at
		deviate: before(func(_ *mockserver.Exchange, q *domain.Update) {
			if q.Add != nil {
				q.Add.Status = nil
			}
		}),
		check: func(s *site) {
			c := s.north()
			a := c.Do(updateDomain("alpha.example", "<d:add>"+hostObjs("ns1.hosting.invalid")+`<d:status s="clientHold"/></d:add>`+
				"<d:rem>"+hostObjs("ns2.alpha.example")+"</d:rem>"+chgAuthInfo(pw("renewed-Secret7")))).Code(1000)
			require.NotContains(s, a.Names("response"), "resData")
			a = c.Do(infoDomain("alpha.example", "", "")).Code(1000)
			require.ElementsMatch(s, []string{"ns1.alpha.example", "ns1.hosting.invalid"}, a.All("hostObj"))
			require.Equal(s, []string{"clientHold"}, a.Attrs("infData/status", "s"))
			require.Equal(s, "renewed-Secret7", a.Text("authInfo/pw"))
		},
	},
	{id: "R5730-077", deviate: rewrite("<msg>([^<]*)</msg>", `<msg>"$1"</msg>`), check: func(s *site) {
		for _, a := range several(s) {
			require.NotRegexp(s, `^["'“]|["'”]$`, a.All("response/result/msg")[0])
		}
	}},
}
