package fred_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	cznic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/match"
)

// FRED quotes a wrong authInfo. Who has sent it knows it; the journal, and what a client
// logs, do not show it.
func TestQuotedAuthInfo(t *testing.T) {
	const wrong = "hush-Hush77"
	m := start(t, fred.Options{})
	c := m.loginB(t)
	for kind, handle := range map[string]string{"contact": "CID-MYOWN", "domain": "mydomain.cz", "nsset": "NID-MYNSSET", "keyset": "KID-MYKEYSET"} {
		a := c.Do(info(kind, handle, wrong)).Code(2202)
		require.Equal(t, wrong, a.Text("extValue/value/authInfo"), "as the real one does")
		name := tag(namespaces[kind].id, handle)
		c.Do(command("transfer", kind, name+tag("authInfo", wrong))).Code(2202)
	}
	all, err := m.srv.Journal().Search(mockserver.Query{})
	require.NoError(t, err)
	require.Greater(t, len(all), 16)
	for _, e := range all {
		require.NotContains(t, e.Frame()+fmt.Sprintf("%v %+v %#v", e, e, e), wrong)
	}
	for _, q := range []match.Match{{XPath: "//authInfo[text()='other']"}, {XPath: "//authInfo/@other"}, {Text: "no such text"}, {Object: "mydomain.cz", Verb: "delete"}} {
		err := m.srv.Journal().Expect(1, mockserver.Query{Match: q})
		require.Error(t, err)
		require.NotContains(t, err.Error(), wrong)
	}

	schema, err := epp.NewSchema(cznic.Extensions()...)
	require.NoError(t, err)
	s, err := client.Dial(t.Context(), m.srv.Addr(), client.Options{
		Schema: schema, TLS: m.srv.ClientTLS("REG-SLEZSKO"), Credentials: &client.Credentials{ClID: "REG-SLEZSKO", PW: "halda-Vrch58"},
	})
	require.NoError(t, err)
	defer s.Close()
	_, err = client.Do(t.Context(), s, &domain.Info{Name: "mydomain.cz", AuthInfo: new(epp.Secret(wrong))})
	require.ErrorIs(t, err, epp.InvalidAuthInfo)
	require.NotContains(t, fmt.Sprintf("%v %+v %q", err, err, err), wrong)
}
