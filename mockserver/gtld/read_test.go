package gtld_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// What is read can be changed, and the registry is as it was.
func TestRead(t *testing.T) {
	m := startWith(t, gtld.Options{})
	y := m.loginY(t)
	y.Do(`<transfer op="request"><d:transfer xmlns:d="` + domainNS + `"><d:name>alpha.example</d:name><d:authInfo><d:pw>alpha-Secret7</d:pw></d:authInfo></d:transfer></transfer>`).Code(1001)
	d, ok := m.Domain("Alpha.EXAMPLE")
	require.True(t, ok)
	require.Equal(t, []string{"reg-north", "pending", "reg-south"}, []string{d.ClID, d.Transfer.Status, d.Transfer.ReID})
	require.Equal(t, registry.Kept("alpha-Secret7"), d.AuthInfo)
	d.NS[0], d.Contacts[0].ID, d.Transfer.Status = "x", "x", "x"
	again, _ := m.Domain("alpha.example")
	require.Equal(t, []string{"ns1.alpha.example", "kt-2", "pending"}, []string{again.NS[0], again.Contacts[0].ID, again.Transfer.Status})
	m.Advance(5 * day)
	again, _ = m.Domain("alpha.example")
	require.Equal(t, "reg-south", again.ClID, "what was due has happened")

	h, ok := m.Host("NS1.alpha.example")
	require.True(t, ok)
	require.Equal(t, "alpha.example", h.Superordinate)
	c, ok := m.Contact("jr-1")
	require.True(t, ok)
	require.Equal(t, "Jil Rombach", c.Postal[0].Name)
	for _, found := range []bool{
		func() bool { _, ok := m.Domain("none.example"); return ok }(),
		func() bool { _, ok := m.Host("none.example"); return ok }(),
		func() bool { _, ok := m.Contact("JR-1"); return ok }(),
	} {
		require.False(t, found)
	}
}
