package gtld_test

import (
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// secure has the registry keep to RFC 9154. Names below swift are transferred at once.
func secure(p *plan) {
	p.registry.SecureAuthInfo = true
	p.registry.Policies = append(p.registry.Policies, gtld.Policy{
		Name: "swift", Contacts: gtld.ContactPolicy{Model: gtld.ThinModel}, Transfer: gtld.TransferPolicy{Pending: new(registry.Duration(0))},
	})
}

// steamy is an authInfo that nobody guesses.
const steamy = "Birch+Steam-42:Kiuas!7"

// rules9154 are those of secure transfers (RFC 9154).
var rules9154 = []rule{
	{
		id: "R9154-001", given: secure,
		deviate: func(p *plan) {
			p.deviant.greeting = func(g *epp.Greeting) {
				g.ExtURI = slices.DeleteFunc(g.ExtURI, func(uri string) bool { return uri == secureNS })
			}
		},
		check: func(s *site) { require.Contains(s, s.dial().Greeting.All("extURI"), secureNS) },
	},
	{id: "R9154-002", given: secure, deviate: lenient[*domain.Update](epp.InvalidAuthInfo), check: func(s *site) {
		c := s.north()
		for _, weak := range []string{"Birch+Steam-42", "12345678901234567890123456", "kiuaskiuaskiuaskiuas", strings.Repeat("a", 60)} {
			c.Do(updateDomain("alpha.example", chgAuthInfo(pw(weak)))).Code(2202)
		}
		c.Do(updateDomain("alpha.example", chgAuthInfo(pw(steamy)))).Code(1000)
	}},
	unlogged("R9154-003"),
	{id: "R9154-004", given: secure, deviate: lenient[epp.Element](epp.InvalidAuthInfo), check: func(s *site) {
		c := s.north() // delta.test has none, and gamma.test has one
		c.Do(transfer("request", "delta.test", "", steamy)).Code(2202)
		for _, name := range []string{"delta.test", "gamma.test"} {
			c.Do(strings.Replace(transfer("request", name, "", steamy), steamy, "", 1)).Code(2202)
			c.Do(infoDomain(name, "", "<d:pw/>")).Code(2202)
		}
	}},
	{
		id: "R9154-005", given: secure,
		deviate: around(func(_ *mockserver.Exchange, q *domain.Create, next func() (epp.Element, error)) (epp.Element, error) {
			if q.AuthInfo.PW == "" {
				return nil, epp.InvalidAuthInfo
			}
			return next()
		}),
		check: func(s *site) {
			c := s.north()
			c.Do(makeDomain("moss.example", holder+"<d:authInfo><d:pw/></d:authInfo>")).Code(1000)
			s.south().Do(infoDomain("moss.example", "", "<d:pw/>")).Code(2202)
		},
	},
	{
		id: "R9154-006", given: secure,
		deviate: before(func(_ *mockserver.Exchange, q *domain.Update) {
			if q.Chg.AuthInfo.Unsets() {
				q.Chg.AuthInfo = nil
			}
		}),
		check: func(s *site) {
			north, south := s.north(), s.south()
			for _, unset := range []string{"<d:pw/>", "<d:null/>"} {
				north.Do(updateDomain("alpha.example", chgAuthInfo(pw(steamy)))).Code(1000)
				south.Do(infoDomain("alpha.example", "", pw(steamy))).Code(1000)
				north.Do(updateDomain("alpha.example", chgAuthInfo(unset))).Code(1000)
				south.Do(infoDomain("alpha.example", "", pw(steamy))).Code(2202)
				south.Do(infoDomain("alpha.example", "", "<d:pw/>")).Code(2202)
			}
		},
	},
	{id: "R9154-008", given: secure, deviate: lenient[*domain.Info](epp.InvalidAuthInfo), check: func(s *site) {
		c := s.south()
		require.Equal(s, "alpha.example", c.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(1000).Text("infData/name"))
		c.Do(infoDomain("alpha.example", "", pw("alpha-secret7"))).Code(2202)
		s.north().Do(infoDomain("delta.test", "", pw("alpha-Secret7"))).Code(2202)
	}},
	{id: "R9154-009", given: secure, deviate: result(func(d *domain.InfData) { d.AuthInfo = new(epp.AuthInfo) }), check: func(s *site) {
		a := s.north().Do(infoDomain("alpha.example", "", "")).Code(1000)
		require.Empty(s, a.Text("authInfo/pw"))
		c := s.south()
		for _, name := range []string{"alpha.example", "beta.example"} {
			require.NotContains(s, c.Do(infoDomain(name, "", "")).Code(1000).XML, "authInfo")
		}
		require.NotContains(s, c.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(1000).XML, "authInfo")
	}},
	{id: "R9154-010", given: secure, deviate: recode(1001, 1000), check: func(s *site) {
		north, south := s.north(), s.south()
		north.Do(makeDomain("bird.swift", "<d:authInfo>"+pw(steamy)+"</d:authInfo>")).Code(1000)
		require.Equal(s, "serverApproved", south.Do(transfer("request", "bird.swift", "", steamy)).Code(1000).Text("trnData/trStatus"))
		require.Equal(s, "pending", south.Do(request).Code(1001).Text("trnData/trStatus"))
	}},
	{id: "R9154-011", given: secure, deviate: lenient[*domain.Transfer](epp.InvalidAuthInfo), check: func(s *site) {
		s.south().Do(transfer("request", "alpha.example", "", "alpha-secret7")).Code(2202)
		s.north().Do(transfer("request", "delta.test", "", "alpha-Secret7")).Code(2202)
	}},
	{id: "R9154-012", given: secure, deviate: misdelivered("reg-north", "reg-east"), check: func(s *site) {
		losing, _ := requested(s)
		a := losing.Do(pollReq).Code(1301)
		require.Equal(s, "alpha.example", a.Text("trnData/name"))
		require.Equal(s, "reg-south", a.Text("trnData/reID"))
	}},
	{
		id: "R9154-013", given: secure, // the authInfo stays
		deviate: func(p *plan) {
			around(func(_ *mockserver.Exchange, q *domain.Transfer, next func() (epp.Element, error)) (epp.Element, error) {
				a, err := next()
				if q.Op != epp.TransferApprove || err != nil {
					return a, err
				}
				return a, p.deviant.ChangeDomain(q.Name, gtld.Change{}, func(d *gtld.Domain) error {
					d.AuthInfo = "alpha-Secret7"
					return nil
				})
			})(p)
		},
		check: func(s *site) {
			losing, gaining := requested(s)
			losing.Do(transfer("approve", "alpha.example", "", "")).Code(1000)
			for _, c := range []*wiretest.Client{losing, gaining, s.east()} {
				c.Do(infoDomain("alpha.example", "", pw("alpha-Secret7"))).Code(2202)
			}
			s.east().Do(request).Code(2202)
		},
	},
}

// unlogged is a rule that what the server notes, in its log and its journal, has no authInfo.
func unlogged(id string) rule {
	var said chan string // of the run that is on
	return rule{
		id: id,
		given: func(p *plan) {
			secure(p)
			said = make(chan string, 1000)
			p.server.Log = slog.New(slog.NewTextHandler(lines(said), &slog.HandlerOptions{Level: slog.LevelDebug}))
			p.server.Trace = func(e mockserver.Entry) { said <- e.Frame() }
		},
		deviate: func(p *plan) { p.server.JournalSecrets = true },
		check: func(s *site) {
			north, south := s.north(), s.south()
			north.Do(updateDomain("beta.example", chgAuthInfo(pw(steamy)))).Code(1000)
			north.Do(updateDomain("beta.example", chgAuthInfo(pw("too-weak-77")))).Code(2202)
			south.Do(infoDomain("beta.example", "", pw(steamy))).Code(1000)
			south.Do(infoDomain("beta.example", "", pw("wrong-Guess-8"))).Code(2202)
			south.Do(request).Code(1001)
			south.Send(commandOf(logout, "the-last-1"))
			late := time.After(10 * time.Second)
			for text, n := "", 0; n < 2; { // the command and its answer
				select {
				case text = <-said:
				case <-late:
					s.Fatal("the journal does not come to its end")
				}
				for _, secret := range []string{steamy, "too-weak-77", "wrong-Guess-8", "alpha-Secret7"} {
					require.NotContains(s, text, secret)
				}
				if strings.Contains(text, "the-last-1") {
					n++
				}
			}
		},
	}
}

// lines are what a log says.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}
