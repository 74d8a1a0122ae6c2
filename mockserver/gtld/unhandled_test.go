package gtld_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

const unhandledNS = "urn:ietf:params:xml:ns:epp:unhandled-namespaces-1.0"

func TestUnhandledNamespaces(t *testing.T) {
	m := extended(t, gtld.Options{}, "zones: [example]")
	require.Contains(t, m.dial(t).Greeting.All("extURI"), unhandledNS)
	require.NoError(t, m.Change(func(tx *registry.Tx) error {
		m.Queue.Put(tx, registry.Message{
			ClID: "reg-north", Text: "sauna.example was signed.",
			ResData: []epp.Element{&domain.InfData{Name: "sauna.example", ROID: "D9-MOCK", ClID: "reg-north"}},
			Extension: []epp.Element{&secdns.InfData{KeyData: []secdns.KeyData{
				{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="},
			}}},
		})
		return nil
	}))
	all := m.loginX(t)
	all.Do(extCreate("sauna.example", "", secDNS("create", ds(11, "0a")))).Code(1000)
	const poll = `<poll op="req"/>`
	info := func(exts ...string) string {
		return m.with(t, "reg-north", "north-Gate9", []string{domainNS}, exts).Do(infoDomain("sauna.example", "", "")).Code(1000).XML
	}
	reasons := func(t *testing.T, obj, exts []string) ([]string, []string) {
		a := m.with(t, "reg-north", "north-Gate9", obj, exts).Do(poll).Code(1301)
		return a.All("extValue/reason"), a.Names("response")
	}

	t.Run("section 6 a message for who named all", func(t *testing.T) {
		why, parts := reasons(t, []string{domainNS}, []string{secDNSNS, unhandledNS})
		require.Empty(t, why)
		require.Equal(t, []string{"result", "msgQ", "resData", "extension", "trID"}, parts)
	})
	t.Run("R9038-001 R9038-003 R9038-004 3.2 an extension", func(t *testing.T) {
		why, parts := reasons(t, []string{domainNS}, []string{unhandledNS})
		require.Equal(t, []string{secDNSNS + " not in login services"}, why)
		require.Equal(t, []string{"result", "msgQ", "resData", "trID"}, parts)
	})
	t.Run("R9038-002 3.1 an object, also for who knows nothing of the practice", func(t *testing.T) {
		why, parts := reasons(t, []string{contactNS}, nil)
		require.Equal(t, []string{domainNS + " not in login services", secDNSNS + " not in login services"}, why)
		require.Equal(t, []string{"result", "msgQ", "trID"}, parts)
	})
	t.Run("R9038-005 section 5 other answers, for who named the practice", func(t *testing.T) {
		require.Contains(t, info(unhandledNS), secDNSNS+" not in login services")
		require.NotContains(t, info(), "extValue")
	})
	t.Run("section 4 it need not be announced", func(t *testing.T) {
		m := extended(t, gtld.Options{Announce: []string{secDNSNS}}, "zones: [example]")
		require.Equal(t, []string{secDNSNS}, m.dial(t).Greeting.All("extURI"))
	})
}

func TestAnnounceUnknown(t *testing.T) {
	_, err := gtld.New(gtld.Options{Announce: []string{"urn:example:sauna-1.0"}})
	require.ErrorContains(t, err, `no extension "urn:example:sauna-1.0"`)
}
