package fred

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/registry"
)

func seeded(t *testing.T) *Registry {
	r, err := New(Options{Options: registry.Options{
		Clock: registry.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)), HashIterations: 10,
	}})
	require.NoError(t, err)
	return r
}

func TestSeed(t *testing.T) {
	r := seeded(t)
	require.False(t, r.contacts.Get(r.View(nil), "CID-LOCKED").IdleAt.IsZero())
	require.NoError(t, r.Seed([]byte(`
registrars: [{clID: REG-JIH, password: lipa-Dvur31}]
contacts:
  - {id: cid-new, clID: REG-JIH, crDate: 2026-01-01T00:00:00Z, name: Jan Nový, street: [Nová 1], city: Brno, pc: "60200", cc: CZ, email: jan@novy.example}
domains:
  - {name: sauna.cz, clID: REG-JIH, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01, registrant: CID-NEW, admins: [cid-locked], nsset: NID-MYNSSET}
prohibited: [peklo.cz]
`)))
	v := r.View(nil)
	d := r.domains.Get(v, "sauna.cz")
	for other := range r.domains.All(v) {
		require.True(t, other.Name == d.Name || other.ROID != d.ROID, "%s has the ROID of %s", other.Name, d.Name)
	}
	require.Zero(t, r.contacts.Get(v, "CID-LOCKED").IdleAt, "it is referred to now")
	require.Zero(t, r.contacts.Get(v, "CID-NEW").IdleAt)
	require.True(t, r.prohibited.Has(v, "peklo.cz"))
	r.Advance(400 * 24 * time.Hour)
	require.True(t, r.contacts.Has(r.View(nil), "CID-LOCKED"))
}

// TestSeedRefused adds nothing of a document of which one object does not fit.
func TestSeedRefused(t *testing.T) {
	const good = "prohibited: [peklo.cz]\n"
	for _, tt := range []struct {
		name, doc, path, says string
	}{
		{"a registrar that is there", "registrars: [{clID: REG-MORAVA, password: jina-Brana9}]", "registrars[0].clID", "already"},
		{"a domain that is there", "domains: [{name: mydomain.cz, clID: REG-MORAVA, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01, registrant: CID-MYOWN}]", "domains[0]", "mydomain.cz already"},
		{"a domain in no zone", "domains: [{name: sauna.sk, clID: REG-MORAVA, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01, registrant: CID-MYOWN}]", "domains[0]", "none of the zones"},
		{"a domain of nobody", "domains: [{name: sauna.cz, clID: REG-MORAVA, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01, registrant: CID-NOBODY}]", "domains[0].registrant", "no CID-NOBODY among the contacts"},
		{"an nsset that is there", "nssets: [{id: nid-mynsset, clID: REG-MORAVA, crDate: 2026-01-01T00:00:00Z, hosts: [{name: ns1.lesy.example}, {name: ns2.lesy.example}], techs: [CID-TECH1]}]", "nssets[0]", "already"},
		{"a ROID that is taken", "keysets: [{id: KID-NEW, roid: C0000000001-CZ, clID: REG-MORAVA, crDate: 2026-01-01T00:00:00Z, dnsKeys: [{flags: 257, protocol: 3, alg: 13, pubKey: bG9ja2VkIGtleSBvbmU=}], techs: [CID-TECH1]}]", "keysets[0].roid", "already"},
		{"a zone", "zones: [sk]", "zones", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := seeded(t)
			var before, after bytes.Buffer
			require.NoError(t, r.WriteSnapshot(&before, ""))
			err := r.Seed([]byte(good + tt.doc + "\n"))
			var bad *registry.FixtureError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, tt.path, bad.Path.String(), err)
			require.Equal(t, 2, bad.Line, err)
			require.ErrorContains(t, err, tt.says)
			require.NoError(t, r.WriteSnapshot(&after, ""))
			require.Equal(t, before.String(), after.String())
		})
	}
}
