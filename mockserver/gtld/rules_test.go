package gtld_test

import (
	"crypto/tls"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// These tests are about the requirements of the standards on a server, by their ids in a
// list that is beside the repository. Each is checked twice over the wire: of the honest
// registry, where it must hold, and of one that breaks it, where the check must fail.

const requirements = "../../../shared/reference/requirements.tsv"

// A rule is a requirement that a server meets.
type rule struct {
	id string
	// check wants it to hold. It sees one site, and fails it where it does not.
	check func(s *site)
	// deviate has the registry break it, and nothing else that check relies on.
	deviate deviation
	// given, unless nil, is what the rule is about where the default registry has not
	// got it: policies, limits. It is for both runs, and comes before deviate.
	given func(p *plan)
}

// ruleSets are the rules by document; unseen are the ids that have none, and why. Both
// are filled in files named after the documents.
var (
	ruleSets = map[string][]rule{
		"3915": rules3915,
		"5730": rules5730,
		"5731": rules5731,
		"5732": rules5732,
		"5733": rules5733,
		"5734": rules5734,
		"5910": rules5910,
		"8334": rules8334,
		"8495": rules8495,
		"8590": rules8590,
		"8748": rules8748,
		"8807": rules8807,
		"9038": rules9038,
		"9154": rules9154,
		"9167": rules9167,
		"9803": rules9803,
	}
	unseen = []map[string]string{unseen5730, unseen5731, unseen5734, unseenExtensions}
)

func TestRules(t *testing.T) {
	for document, rules := range ruleSets {
		t.Run(document, func(t *testing.T) {
			for _, r := range rules {
				t.Run(r.id, r.test)
			}
		})
	}
}

func (r rule) test(t *testing.T) {
	t.Parallel()
	require.NotNil(t, r.deviate, "nothing breaks it")
	if broken, why := r.holds(t, nil); broken {
		t.Fatalf("the honest registry breaks it: %s", why)
	}
	broken, why := r.holds(t, r.deviate)
	require.True(t, broken, "the registry that breaks it passes")
	t.Logf("seen: %s", why)
}

// holds checks the rule of a registry that deviates, or of an honest one for nil.
func (r rule) holds(t *testing.T, d deviation) (broken bool, why string) {
	rec := &recorder{TB: t}
	rec.run(func() {
		p := newPlan(rec)
		if r.given != nil {
			r.given(p)
		}
		if d != nil {
			d(p)
		}
		r.check(p.open())
	})
	return rec.failed, rec.said.String()
}

// TestRequirements wants every requirement on a server to have a rule, or a reason why it
// has none.
func TestRequirements(t *testing.T) {
	b, err := os.ReadFile(requirements)
	if err != nil {
		t.Skipf("the list of requirements is not there: %v", err)
	}
	server := make(map[string]bool) // whether it is about a server, by id
	for _, row := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		columns := strings.Split(row, "\t")
		server[columns[0]] = columns[3] != "client"
	}
	times := make(map[string]int)
	for _, rules := range ruleSets {
		for _, r := range rules {
			times[r.id]++
		}
	}
	for _, ids := range unseen {
		for id, why := range ids {
			times[id]++
			require.NotEmpty(t, why, id)
		}
	}
	for id, n := range times {
		require.Contains(t, server, id, "there is no such requirement")
		require.Equal(t, 1, n, "%s is there more than once", id)
	}
	for id, is := range server {
		if is && times[id] == 0 {
			t.Errorf("%s has neither a rule nor a reason", id)
		}
	}
}

// A site is a registry on the wire, for one check. It is what the check fails by.
type site struct {
	testing.TB
	reg *gtld.Registry
	// Where clients connect, and what a registrar, or "", needs for that.
	addr string
	tls  func(clID string) *tls.Config
}

// dial connects without a certificate, and does not log in.
func (s *site) dial() *wiretest.Client { return s.dialAs("") }

// dialAs connects with the certificate of a registrar.
func (s *site) dialAs(clID string) *wiretest.Client {
	return wiretest.DialTLS(s, s.addr, s.tls(clID), "")
}

// north, south and east log in as the registrars of the fixtures.
func (s *site) north() *wiretest.Client { return s.dial().Login("reg-north", "north-Gate9") }
func (s *site) south() *wiretest.Client { return s.dial().Login("reg-south", "south-Gate9") }
func (s *site) east() *wiretest.Client  { return s.dial().Login("reg-east", "east-Gate9") }

// A plan is how a site is made: by default an honest registry with the default fixtures,
// a third registrar, and a clock that stands still.
type plan struct {
	testing.TB
	fixtures *gtld.Fixtures
	registry gtld.Options // Fixtures is set later
	server   mockserver.Options
	deviant  deviant
}

func newPlan(t testing.TB) *plan {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.Registrars = append(f.Registrars, registry.Account{ClID: "reg-east", Password: "east-Gate9"})
	p := &plan{TB: t, fixtures: f}
	p.registry.Clock, p.registry.HashIterations = registry.NewClock(noon), 10
	return p
}

func (p *plan) open() *site {
	p.registry.Fixtures = p.fixtures
	r, err := gtld.New(p.registry)
	require.NoError(p, err)
	p.deviant.Registry = r
	p.server.Registry = &p.deviant
	srv := mockserver.StartTest(p, p.server)
	if p.deviant.tamper != nil {
		front := p.server
		front.Registry = &relay{Registry: r, behind: srv, tamper: p.deviant.tamper}
		srv = mockserver.StartTest(p, front)
	}
	require.NoError(p, srv.Faults().AddAll(p.deviant.faults))
	s := &site{TB: p.TB, reg: r, addr: srv.Addr(), tls: srv.ClientTLS}
	if p.deviant.line != nil {
		s.addr, s.tls = listen(p, srv, p.deviant.line)
	}
	return s
}
