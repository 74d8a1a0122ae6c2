package fred_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const schema = "../../../shared/reference/fred/xsd/all-2.4.7.xsd"

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// A mock is a FRED on the wire whose clock stands still.
type mock struct {
	*fred.Registry
	srv *mockserver.Server
}

func start(t *testing.T, o fred.Options) *mock {
	t.Helper()
	if o.Clock == nil {
		o.Clock = registry.NewClock(noon)
	}
	o.HashIterations = 10
	r, err := fred.New(o)
	require.NoError(t, err)
	return &mock{Registry: r, srv: mockserver.StartTest(t, mockserver.Options{Registry: r, RequireClientCert: true})}
}

// dial connects without a login.
func (m *mock) dial(t *testing.T, clID string) *wiretest.Client {
	t.Helper()
	return wiretest.Dial(t, m.srv, clID, schema)
}

func (m *mock) loginA(t *testing.T) *wiretest.Client {
	t.Helper()
	return m.dial(t, "REG-MORAVA").Login("REG-MORAVA", "vinice-Sklep73")
}

func (m *mock) loginB(t *testing.T) *wiretest.Client {
	t.Helper()
	return m.dial(t, "REG-SLEZSKO").Login("REG-SLEZSKO", "halda-Vrch58")
}

const nic = "http://www.nic.cz/xml/epp/"

// namespaces are FRED's kinds of object, and the element that names one.
var namespaces = map[string]struct{ uri, id string }{
	"contact": {nic + "contact-1.6", "id"},
	"domain":  {nic + "domain-1.4", "name"},
	"nsset":   {nic + "nsset-1.2", "id"},
	"keyset":  {nic + "keyset-1.3", "id"},
}

// object is an object's element with handles, as in <d:info><d:name>…</d:name></d:info>.
func object(verb, kind string, handles ...string) string {
	ns := namespaces[kind]
	s := `<o:` + verb + ` xmlns:o="` + ns.uri + `">`
	for _, h := range handles {
		s += `<o:` + ns.id + `>` + h + `</o:` + ns.id + `>`
	}
	return s + `</o:` + verb + `>`
}

func check(kind string, handles ...string) string {
	return "<check>" + object("check", kind, handles...) + "</check>"
}

// info asks for an object, with the authInfo element given, if any.
func info(kind, handle string, authInfo ...string) string {
	el := object("info", kind, handle)
	const end = "</o:info>"
	for _, a := range authInfo {
		el = el[:len(el)-len(end)] + "<o:authInfo>" + a + "</o:authInfo>" + end
	}
	return "<info>" + el + "</info>"
}

// extcommand is a frame of FRED's protocol extension.
func extcommand(command, clTRID string) string {
	return `<extension><fred:extcommand xmlns:fred="` + nic + `fred-1.5">` + command +
		`<fred:clTRID>` + clTRID + `</fred:clTRID></fred:extcommand></extension>`
}

func sendAuthInfo(kind, handle string) string {
	return extcommand("<fred:sendAuthInfo>"+object("sendAuthInfo", kind, handle)+"</fred:sendAuthInfo>", "send-1")
}

// lastCode is the authInfo in the newest mail.
func (m *mock) lastCode(t *testing.T) string {
	t.Helper()
	mail, ok := m.Outbox.Last()
	require.True(t, ok, "no mail")
	return string(mail.AuthInfo)
}
