package gtld_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A mock is a registry on the wire whose clock stands still.
type mock struct {
	*gtld.Registry
	srv *mockserver.Server
}

func start(t *testing.T) *mock {
	t.Helper()
	return startWith(t, gtld.Options{})
}

// startWith sets the clock of the options.
func startWith(t *testing.T, o gtld.Options) *mock {
	t.Helper()
	o.Clock, o.HashIterations = registry.NewClock(noon), 10
	r, err := gtld.New(o)
	require.NoError(t, err)
	return &mock{Registry: r, srv: mockserver.StartTest(t, mockserver.Options{Registry: r})}
}

func (m *mock) dial(t *testing.T) *wiretest.Client {
	t.Helper()
	return wiretest.Dial(t, m.srv, "", schema)
}

func (m *mock) loginX(t *testing.T) *wiretest.Client {
	t.Helper()
	return m.dial(t).Login("reg-north", "north-Gate9")
}

func (m *mock) loginY(t *testing.T) *wiretest.Client {
	t.Helper()
	return m.dial(t).Login("reg-south", "south-Gate9")
}

const (
	domainNS  = "urn:ietf:params:xml:ns:domain-1.0"
	contactNS = "urn:ietf:params:xml:ns:contact-1.0"
	hostNS    = "urn:ietf:params:xml:ns:host-1.0"
)

func checkDomains(names ...string) string {
	s := `<check><d:check xmlns:d="` + domainNS + `">`
	for _, n := range names {
		s += "<d:name>" + n + "</d:name>"
	}
	return s + "</d:check></check>"
}

func checkContacts(ids ...string) string {
	s := `<check><c:check xmlns:c="` + contactNS + `">`
	for _, id := range ids {
		s += "<c:id>" + id + "</c:id>"
	}
	return s + "</c:check></check>"
}

// infoDomain takes the attributes of name and the pw element, either of which may
// be "".
func infoDomain(name, attr, pw string) string {
	if pw != "" {
		pw = "<d:authInfo>" + pw + "</d:authInfo>"
	}
	return `<info><d:info xmlns:d="` + domainNS + `"><d:name` + attr + `>` + name + "</d:name>" + pw + "</d:info></info>"
}

func infoContact(id, pw string) string {
	if pw != "" {
		pw = "<c:authInfo><c:pw>" + pw + "</c:pw></c:authInfo>"
	}
	return `<info><c:info xmlns:c="` + contactNS + `"><c:id>` + id + "</c:id>" + pw + "</c:info></info>"
}

func TestGreeting(t *testing.T) {
	g := start(t).dial(t).Greeting
	require.Equal(t, "2026-03-01T12:00:00Z", g.Text("svDate"))
	require.Equal(t, []string{"1.0"}, g.All("version"))
	require.Equal(t, []string{"en"}, g.All("lang"))
	require.Equal(t, []string{domainNS, contactNS, hostNS, maintenance.NS}, g.All("objURI"))
}

func TestLogin(t *testing.T) {
	m := start(t)
	t.Run("R5730-042 R5730-113 wrong, then right", func(t *testing.T) {
		c := m.dial(t)
		c.Do(c.LoginXML("reg-north", "NORTH-gATE9", "")).Code(2200)
		c.Do(c.LoginXML("reg-west", "north-Gate9", "")).Code(2200)
		c.Login("reg-north", "north-Gate9")
	})
	t.Run("R5730-110 at the third failure it closes", func(t *testing.T) {
		c := m.dial(t)
		c.Do(c.LoginXML("reg-north", "wrong-1", "")).Code(2200)
		c.Do(c.LoginXML("reg-north", "wrong-2", "")).Code(2200)
		c.Do(c.LoginXML("reg-north", "wrong-3", "")).Code(2501)
		c.Closed()
	})
	t.Run("R5730-043 newPW", func(t *testing.T) {
		c := m.dial(t)
		c.Do(c.LoginXML("reg-south", "south-Gate9", "changed-7")).Code(1000)
		c = m.dial(t)
		c.Do(c.LoginXML("reg-south", "south-Gate9", "")).Code(2200)
		c.Login("reg-south", "changed-7")
	})
	t.Run("blocked", func(t *testing.T) {
		require.NoError(t, m.Accounts.SetBlocked("reg-north", true))
		c := m.dial(t)
		c.Do(c.LoginXML("reg-north", "north-Gate9", "")).Code(2201)
	})
}

func TestCertificates(t *testing.T) {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.Registrars[0].Certificates = []string{registry.CertIssued}
	r, err := gtld.New(gtld.Options{Fixtures: f})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: r})
	login := func(cert string) *wiretest.Answer {
		c := wiretest.Dial(t, srv, cert, schema)
		return c.Do(c.LoginXML("reg-north", "north-Gate9", ""))
	}
	login("").Code(2200)
	login("reg-south").Code(2200)
	login("reg-north").Code(1000)
}

func TestCheck(t *testing.T) {
	c := start(t).loginY(t)
	t.Run("R5731-022 R5730-054 each name, also a stranger's", func(t *testing.T) {
		a := c.Do(checkDomains("free.example", "Alpha.Example", "-bad.example", "a.b.example", "free.invalid", "free.test.")).Code(1000)
		require.Equal(t, []string{"free.example", "Alpha.Example", "-bad.example", "a.b.example", "free.invalid", "free.test."}, a.All("cd/name"))
		require.Equal(t, []string{"1", "0", "0", "0", "0", "0"}, a.Attrs("cd/name", "avail"))
		require.Equal(t, []string{
			"In use", "Not a valid name", "Not directly below a zone here",
			"Not directly below a zone here", "Not a valid name",
		}, a.All("cd/reason"))
		for _, reason := range a.All("cd/reason") {
			require.LessOrEqual(t, len(reason), 32, "R5730-053")
		}
	})
	t.Run("letters that have one of ASCII's as their other case", func(t *testing.T) {
		a := c.Do(checkDomains("\u212aappa.example", "free.te\u017ft")).Code(1000)
		require.Equal(t, []string{"Not a valid name", "Not a valid name"}, a.All("cd/reason"))
	})
	t.Run("R5733-010 contacts", func(t *testing.T) {
		a := c.Do(checkContacts("jr-1", "JR-1", "free-7")).Code(1000)
		require.Equal(t, []string{"jr-1", "JR-1", "free-7"}, a.All("cd/id"))
		require.Equal(t, []string{"0", "1", "1"}, a.Attrs("cd/id", "avail"))
		require.Equal(t, []string{"In use"}, a.All("cd/reason"))
	})
	t.Run("R5733-001 an id of two characters", func(t *testing.T) { c.Do(checkContacts("ab")).Code(2001) })
}

func TestDomainInfo(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	all := []string{
		"name", "roid", "status", "registrant", "contact", "contact", "ns", "host", "host", "host",
		"clID", "crID", "crDate", "upID", "upDate", "exDate", "trDate", "authInfo",
	}
	reduced := []string{"name", "roid", "clID"}

	t.Run("R5731-023 R5731-030 the sponsor sees all", func(t *testing.T) {
		a := x.Do(infoDomain("ALPHA.example", "", "")).Code(1000)
		require.Equal(t, all, a.Names("infData"))
		require.Equal(t, "alpha.example", a.Text("infData/name"))
		require.Equal(t, []string{"ok"}, a.Attrs("status", "s"))
		require.Equal(t, []string{"admin", "tech"}, a.Attrs("infData/contact", "type"))
		require.Equal(t, "alpha-Secret7", a.Text("authInfo/pw"))
		require.Equal(t, "2031-01-12T07:00:00Z", a.Text("exDate"))
	})
	t.Run("R5731-002 R5731-003 name servers are objects, for host-1.0 is announced", func(t *testing.T) {
		a := x.Do(infoDomain("alpha.example", "", ""))
		require.Equal(t, []string{"hostObj", "hostObj"}, a.Names("ns"))
		require.Equal(t, []string{"ns1.alpha.example", "ns2.alpha.example"}, a.All("hostObj"))
	})
	t.Run("R5731-002 R5731-003 name servers are attributes, where host-1.0 is not announced", func(t *testing.T) {
		x := startWith(t, gtld.Options{HostModel: gtld.HostAttributes}).loginX(t)
		require.Equal(t, []string{domainNS, contactNS, maintenance.NS}, x.Greeting.All("objURI"))
		a := x.Do(infoDomain("alpha.example", "", ""))
		require.Equal(t, []string{"hostAttr", "hostAttr"}, a.Names("ns"))
		require.Equal(t, []string{"ns1.alpha.example", "ns2.alpha.example"}, a.All("hostName"))
		require.Equal(t, []string{"192.0.2.11", "2001:db8::11", "192.0.2.12"}, a.All("hostAddr"))
		require.Equal(t, []string{"v4", "v6", "v4"}, a.Attrs("hostAddr", "ip"), "R5731-004")
	})
	t.Run("R5731-029 a stranger sees little", func(t *testing.T) {
		require.Equal(t, reduced, y.Do(infoDomain("alpha.example", "", "")).Code(1000).Names("infData"))
	})
	t.Run("R5731-024 a stranger with the authInfo sees all", func(t *testing.T) {
		require.Equal(t, all, y.Do(infoDomain("alpha.example", "", "<d:pw>alpha-Secret7</d:pw>")).Code(1000).Names("infData"))
	})
	for name, pw := range map[string]string{
		"wrong":                           `<d:pw>alpha-secret7</d:pw>`,
		"empty":                           `<d:pw/>`,
		"another domain's":                `<d:pw>beta-Secret7</d:pw>`,
		"a contact's without its roid":    `<d:pw>jil-Secret7</d:pw>`,
		"a contact's with another roid":   `<d:pw roid="C2-MOCK">jil-Secret7</d:pw>`,
		"the domain's with its own roid":  `<d:pw roid="D1-MOCK">alpha-Secret7</d:pw>`,
		"the domain's with a contact's":   `<d:pw roid="C1-MOCK">alpha-Secret7</d:pw>`,
		"a roid of nobody's":              `<d:pw roid="C99-MOCK">jil-Secret7</d:pw>`,
		"of a contact that is not linked": `<d:pw roid="C4-MOCK"/>`,
	} {
		t.Run("R5730-098 2202: "+name, func(t *testing.T) {
			y.Do(infoDomain("alpha.example", "", pw)).Code(2202)
			x.Do(infoDomain("alpha.example", "", pw)).Code(2202)
		})
	}
	t.Run("an unset authInfo matches nothing, also not an empty one", func(t *testing.T) {
		x.Do(infoDomain("delta.test", "", "<d:pw/>")).Code(2202)
		require.NotContains(t, y.Do(infoDomain("delta.test", "", "")).Names("infData"), "authInfo")
	})
	t.Run("R5731-026 a linked contact's authInfo, named by its roid", func(t *testing.T) {
		for _, pw := range []string{
			`<d:pw roid="C1-MOCK">jil-Secret7</d:pw>`, // registrant
			`<d:pw roid="C2-MOCK">kim-Secret7</d:pw>`, // admin
			`<d:pw roid="C3-MOCK">lucja-Secret7</d:pw>`,
		} {
			require.Equal(t, all, y.Do(infoDomain("alpha.example", "", pw)).Code(1000).Names("infData"))
		}
		y.Do(infoDomain("beta.example", "", `<d:pw roid="C2-MOCK">kim-Secret7</d:pw>`)).Code(2202)
	})
	t.Run("R5731-025 hosts", func(t *testing.T) {
		for _, tt := range []struct {
			hosts   string
			ns, sub bool
		}{{"all", true, true}, {"del", true, false}, {"sub", false, true}, {"none", false, false}} {
			names := x.Do(infoDomain("alpha.example", ` hosts="`+tt.hosts+`"`, "")).Code(1000).Names("infData")
			for el, want := range map[string]bool{"ns": tt.ns, "host": tt.sub} {
				if want {
					require.Contains(t, names, el, tt.hosts)
				} else {
					require.NotContains(t, names, el, tt.hosts)
				}
			}
		}
		a := x.Do(infoDomain("alpha.example", ` hosts="sub"`, ""))
		require.Equal(t, []string{"mail.alpha.example", "ns1.alpha.example", "ns2.alpha.example"}, a.All("infData/host"))
	})
	t.Run("R5731-027 R5731-028 what never happened is absent", func(t *testing.T) {
		names := x.Do(infoDomain("beta.example", "", "")).Names("infData")
		for _, el := range []string{"upID", "upDate", "trDate"} {
			require.NotContains(t, names, el)
		}
	})
	t.Run("R5731-007 R5731-014 statuses", func(t *testing.T) {
		require.Equal(t, []string{"clientTransferProhibited"}, x.Do(infoDomain("beta.example", "", "")).Attrs("status", "s"))
		require.Equal(t, []string{"inactive"}, y.Do(infoDomain("gamma.test", "", "")).Attrs("status", "s"))
	})
	t.Run("R5730-037 roid", func(t *testing.T) {
		seen := make(map[string]bool)
		for _, name := range []string{"alpha.example", "beta.example", "gamma.test", "delta.test"} {
			roid := x.Do(infoDomain(name, "", "")).Text("roid")
			require.Regexp(t, `^\w{1,80}-MOCK$`, roid)
			require.False(t, seen[roid])
			seen[roid] = true
		}
	})
	t.Run("R5730-102 R5730-035 unknown", func(t *testing.T) {
		require.Equal(t, "no.example", x.Do(infoDomain("no.example", "", "")).Code(2303).Text("result/value/name"))
	})
}

func TestContactInfo(t *testing.T) {
	m := start(t)
	x, y := m.loginX(t), m.loginY(t)
	all := []string{
		"id", "roid", "status", "status", "postalInfo", "postalInfo", "voice", "fax", "email",
		"clID", "crID", "crDate", "upID", "upDate", "authInfo", "disclose",
	}
	t.Run("R5733-011 the sponsor sees all", func(t *testing.T) {
		a := x.Do(infoContact("jr-1", "")).Code(1000)
		require.Equal(t, all, a.Names("infData"))
		require.Equal(t, []string{"ok", "linked"}, a.Attrs("status", "s"))
		require.Equal(t, []string{"int", "loc"}, a.Attrs("postalInfo", "type"))
		require.Equal(t, []string{"12"}, a.Attrs("voice[@x]", "x"))
		require.Equal(t, "jil-Secret7", a.Text("authInfo/pw"))
		require.Equal(t, []string{"name", "addr", "addr", "voice"}, a.Names("disclose"))
		require.Equal(t, "2025-02-14T10:20:30.5Z", a.Text("upDate"))
	})
	t.Run("a stranger is refused", func(t *testing.T) {
		y.Do(infoContact("jr-1", "")).Code(2201)
	})
	t.Run("R5733-013 a stranger with the authInfo sees all but the authInfo", func(t *testing.T) {
		a := y.Do(infoContact("jr-1", "jil-Secret7")).Code(1000)
		require.NotContains(t, a.XML, "jil-Secret7")
		require.NotContains(t, a.Names("infData"), "authInfo")
		require.Len(t, a.Names("infData"), len(all)-1)
	})
	t.Run("R5730-098 2202", func(t *testing.T) {
		y.Do(infoContact("jr-1", "Jil-Secret7")).Code(2202)
		x.Do(infoContact("jr-1", "Jil-Secret7")).Code(2202)
		x.Do(infoContact("mv-4", "anything")).Code(2202)
	})
	t.Run("R5733-002 statuses", func(t *testing.T) {
		require.Equal(t, []string{"clientDeleteProhibited", "linked"}, x.Do(infoContact("kt-2", "")).Attrs("status", "s"))
		require.Equal(t, []string{"ok"}, y.Do(infoContact("mv-4", "")).Attrs("status", "s"))
	})
	t.Run("R5733-014 R5733-011 what there is not is absent", func(t *testing.T) {
		require.Equal(t, []string{"id", "roid", "status", "postalInfo", "email", "clID", "crID", "crDate"},
			y.Do(infoContact("mv-4", "")).Names("infData"))
	})
	t.Run("R5733-012 int is ASCII", func(t *testing.T) {
		for _, id := range []string{"jr-1", "kt-2"} {
			for _, text := range x.Do(infoContact(id, "")).All("postalInfo[@type='int']/*") {
				require.Regexp(t, `^[ -~]*$`, text)
			}
		}
	})
	t.Run("R5730-102 unknown", func(t *testing.T) { x.Do(infoContact("nobody", "")).Code(2303) })
}

func TestPoll(t *testing.T) {
	m := start(t)
	c := m.loginX(t)
	const req = `<poll op="req"/>`
	ack := func(id string) string { return `<poll op="ack" msgID="` + id + `"/>` }

	t.Run("the fixtures' messages", func(t *testing.T) {
		a := c.Do(req).Code(1301)
		require.Equal(t, []string{"2"}, a.Attrs("msgQ", "count"))
		require.Equal(t, []string{"1"}, a.Attrs("msgQ", "id"))
		require.Equal(t, "2025-03-01T09:00:02Z", a.Text("qDate"))
		require.Contains(t, a.Text("msgQ/msg"), "alpha.example")
		require.Equal(t, []string{"1"}, c.Do(ack("1")).Code(1000).Attrs("msgQ", "id"))
		c.Do(ack("2")).Code(1000)
		m.loginY(t).Do(req).Code(1300)
	})
	t.Run("R5730-080 empty", func(t *testing.T) {
		require.NotContains(t, c.Do(req).Code(1300).XML, "msgQ")
		c.Do(ack("1")).Code(2303)
	})
	data, err := epp.NewRaw([]byte(`<d:creData xmlns:d="` + domainNS + `"><d:name>new.example</d:name>` +
		`<d:crDate>2026-03-01T12:00:00Z</d:crDate></d:creData>`))
	require.NoError(t, err)
	first := m.Queue.Add("reg-north", "Created", data)
	second := m.Queue.Add("reg-north", "Second", nil)
	other := m.Queue.Add("reg-south", "For another", nil)

	t.Run("R5730-058 R5730-029 the first, until it is acknowledged", func(t *testing.T) {
		for range 2 {
			a := c.Do(req).Code(1301)
			require.Equal(t, []string{"2"}, a.Attrs("msgQ", "count"))
			require.Equal(t, []string{first}, a.Attrs("msgQ", "id"))
			require.Equal(t, "2026-03-01T12:00:00Z", a.Text("qDate"))
			require.Equal(t, "Created", a.Text("msgQ/msg"))
			require.Equal(t, []string{"creData"}, a.Names("resData"))
		}
	})
	t.Run("R5730-059 ids are unique on the server", func(t *testing.T) {
		require.NotEqual(t, first, other)
		require.NotEqual(t, second, other)
	})
	t.Run("R5730-065 another's message", func(t *testing.T) { c.Do(ack(other)).Code(2303) })
	t.Run("R5730-061 ack without msgID", func(t *testing.T) { c.Do(`<poll op="ack"/>`).Code(2003) })
	t.Run("R5730-060 R5730-063 ack names what is gone", func(t *testing.T) {
		a := c.Do(ack(first)).Code(1000)
		require.Equal(t, []string{"1"}, a.Attrs("msgQ", "count"))
		require.Equal(t, []string{first}, a.Attrs("msgQ", "id"))
		require.Empty(t, a.Names("msgQ"), "R5730-030")
		require.Equal(t, []string{second}, c.Do(req).Attrs("msgQ", "id"))
	})
	t.Run("R5730-062 ack again", func(t *testing.T) { c.Do(ack(first)).Code(2303) })
	t.Run("R5730-063 the last ack has no msgQ", func(t *testing.T) {
		require.NotContains(t, c.Do(ack(second)).Code(1000).XML, "msgQ")
	})
}

// TestXMLLint skips where the other tests pass without validating their answers.
func TestXMLLint(t *testing.T) {
	if err := wiretest.HasXMLLint(schema); err != nil {
		t.Skip(err)
	}
	m := start(t)
	for _, c := range []*wiretest.Client{m.loginX(t), m.loginY(t)} {
		for _, name := range []string{"alpha.example", "beta.example", "gamma.test", "delta.test", "no.example"} {
			c.Do(checkDomains(name, "--", "free.example"))
			c.Do(infoDomain(name, "", ""))
		}
		for _, id := range []string{"jr-1", "kt-2", "lu-3", "mv-4", "nobody"} {
			c.Do(checkContacts(id))
			c.Do(infoContact(id, ""))
		}
		wiretest.Validate(t, schema, c.Docs())
	}
}
