package gtld_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// extensionFixtures are what the tests of the extensions start with: no objects but the
// contact that domains need, and policies of the test's.
const extensionFixtures = `
registrars:
  - {clID: reg-north, password: north-Gate9, credit: {USD: "100.00"}}
  - {clID: reg-south, password: south-Gate9}
contacts:
  - id: jr-1
    clID: reg-north
    crDate: 2024-01-10T08:00:00Z
    postal: [{type: int, name: Jil Rombach, city: Leeds, cc: GB}]
    email: jil@rombach.example
`

// extended starts a registry with these fixtures and more of them.
func extended(t *testing.T, o gtld.Options, more string) *mock {
	t.Helper()
	f, err := gtld.ParseFixtures("test.yaml", []byte(extensionFixtures+more))
	require.NoError(t, err)
	o.Fixtures = f
	return startWith(t, o)
}

// ext is a command's extension.
func ext(content string) string { return "<extension>" + content + "</extension>" }

// extCreate is a create with a contact for years, "" for the default, with an extension.
func extCreate(name, years, extension string) string {
	if years != "" {
		years = `<d:period unit="y">` + years + `</d:period>`
	}
	if extension != "" {
		extension = ext(extension)
	}
	return `<create><d:create xmlns:d="` + domainNS + `"><d:name>` + name + `</d:name>` + years +
		`<d:registrant>jr-1</d:registrant><d:authInfo><d:pw>Sauna-Kiulu-7</d:pw></d:authInfo></d:create></create>` + extension
}

// extUpdate is an update that is an extension's alone.
func extUpdate(name, extension string) string {
	return `<update><d:update xmlns:d="` + domainNS + `"><d:name>` + name + `</d:name><d:chg/></d:update></update>` + ext(extension)
}

// with connects and logs in with these services alone.
func (m *mock) with(t *testing.T, clID, pw string, obj, exts []string) *wiretest.Client {
	t.Helper()
	c := m.dial(t)
	login(c, clID, pw, obj, exts)
	return c
}

// login logs in with these services alone.
func login(c *wiretest.Client, clID, pw string, obj, exts []string) {
	s := "<login><clID>" + clID + "</clID><pw>" + pw + "</pw><options><version>1.0</version><lang>en</lang></options><svcs>"
	for _, uri := range obj {
		s += "<objURI>" + uri + "</objURI>"
	}
	if len(exts) > 0 {
		s += "<svcExtension>"
		for _, uri := range exts {
			s += "<extURI>" + uri + "</extURI>"
		}
		s += "</svcExtension>"
	}
	c.Do(s + "</svcs></login>").Code(1000)
}

func TestExtendedFixtures(t *testing.T) {
	domain := "zones: [example]\ndomains:\n  - {name: sauna.example, clID: reg-north, crDate: 2024-01-10T08:00:00Z, exDate: 2030-01-10T08:00:00Z, registrant: jr-1, "
	for _, tt := range []struct{ yaml, error string }{
		{"secDNS: {ds: [{keyTag: 1, alg: 13, digestType: 2, digest: 0g}]}}", "is not hexadecimal"},
		{"secDNS: {keys: [{flags: 257, protocol: 3, alg: 13, pubKey: '*'}]}}", "is not base64"},
		{"secDNS: {maxSigLife: 60}}", "ds or keys"},
		{"ttl: {MX: 60}}", "MX"},
		{"idn: {table: ''}}", "at least 1"},
		{"launchPhase: dusk}", "dusk"},
	} {
		_, err := gtld.ParseFixtures("test.yaml", []byte(extensionFixtures+domain+tt.yaml))
		require.ErrorContains(t, err, tt.error)
	}
	m := extended(t, gtld.Options{}, domain+`secDNS: {ds: [{keyTag: 1, alg: 13, digestType: 2, digest: 0a}]}, ttl: {NS: 3600}, idn: {table: fi}, launchPhase: sunrise, allocationToken: vesi-5}`)
	x := m.loginX(t)
	require.Equal(t, "0a", x.Do(infoDomain("sauna.example", "", "")).Code(1000).Text("digest"))
	x.Do(extUpdate("sauna.example", secDNS("update", "<s:rem>"+"<s:dsData><s:keyTag>1</s:keyTag><s:alg>13</s:alg><s:digestType>2</s:digestType><s:digest>0A</s:digest></s:dsData>"+"</s:rem>"))).Code(1000)
}
