package gtld

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
	require.NoError(t, r.Seed([]byte(`
registrars: [{clID: reg-east, password: east-Gate9}]
messages: [{clID: reg-east, text: welcome}]
contacts:
  - {id: sb-9, clID: reg-east, crDate: 2026-01-01T00:00:00Z, email: s@baker.example, postal: [{type: int, name: Su Baker, city: Bath, cc: GB}]}
hosts:
  - {name: ns3.alpha.example, clID: reg-north, crDate: 2026-01-01T00:00:00Z, addrs: [192.0.2.13]}
domains:
  - {name: Sauna.example, clID: reg-east, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01T00:00:00Z,
     registrant: sb-9, contacts: [{type: tech, id: jr-1}], ns: [ns1.alpha.example, ns3.alpha.example]}
tokens: [{token: abc-123, names: ["*.example"]}]
`)))
	v := r.View(nil)
	d := r.domains.Get(v, "sauna.example")
	require.Equal(t, "reg-east", d.CrID)
	for other := range r.domains.All(v) {
		require.True(t, other.Name == d.Name || other.ROID != d.ROID, "%s has the ROID of %s", other.Name, d.Name)
	}
	require.True(t, v.Linked(registry.Ref{Kind: registry.Host, Handle: "ns3.alpha.example"}))
	require.Equal(t, 1, r.Queue.Len("reg-east"))

	// JSON, and a ROID that is given.
	require.NoError(t, r.Seed([]byte(`{"domains": [
		{"name": "steam.example", "clID": "reg-east", "crDate": "2026-01-01T00:00:00Z", "exDate": "2028-01-01T00:00:00Z", "registrant": "sb-9", "roid": "D7-MOCK"},
		{"name": "stove.example", "clID": "reg-east", "crDate": "2026-01-01T00:00:00Z", "exDate": "2028-01-01T00:00:00Z", "registrant": "sb-9"}]}`)))
	v = r.View(nil)
	require.Equal(t, "D6-MOCK", r.domains.Get(v, "stove.example").ROID)
	require.NoError(t, r.Change(func(tx *registry.Tx) error {
		require.Equal(t, "D8-MOCK", registry.NewROID(tx, domainLetter, roid))
		return nil
	}))
}

// TestSeedRefused adds nothing of a document of which one object does not fit.
func TestSeedRefused(t *testing.T) {
	const good = "contacts: [{id: sb-9, clID: reg-north, crDate: 2026-01-01T00:00:00Z, email: s@baker.example, postal: [{type: int, name: Su Baker, city: Bath, cc: GB}]}]\n"
	for _, tt := range []struct {
		name, doc, path, says string
		line                  int
	}{
		{"a registrar that is there", "registrars: [{clID: reg-north, password: other-Gate9}]", "registrars[0].clID", "already", 2},
		{"a message for nobody", "messages: [{clID: reg-west, text: x}]", "messages[0].clID", "no registrar", 2},
		{"a domain that is there", "domains:\n- {name: alpha.example, clID: reg-north, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01T00:00:00Z, registrant: jr-1}", "domains[0]", "alpha.example already", 3},
		{"a domain in no zone", "domains: [{name: alpha.wrong, clID: reg-north, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01T00:00:00Z, registrant: jr-1}]", "domains[0]", "below a zone", 2},
		{"a domain of nobody", "domains: [{name: a.example, clID: reg-north, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01T00:00:00Z, registrant: nobody}]", "domains[0].registrant", "no nobody among the contacts", 2},
		{"a host that is there", "hosts: [{name: ns1.alpha.example, clID: reg-north, crDate: 2026-01-01T00:00:00Z}]", "hosts[0]", "already", 2},
		{"a host below another's domain", "hosts: [{name: ns7.alpha.example, clID: reg-south, crDate: 2026-01-01T00:00:00Z}]", "hosts[0]", "of its sponsor", 2},
		{"a ROID that is taken", "hosts: [{name: ns7.alpha.example, clID: reg-north, crDate: 2026-01-01T00:00:00Z, roid: C1-MOCK}]", "hosts[0].roid", "already", 2},
		{"a registrar of a transfer", "domains: [{name: a.example, clID: reg-north, crDate: 2026-01-01T00:00:00Z, exDate: 2028-01-01T00:00:00Z, registrant: jr-1, status: [pendingTransfer], transfer: {status: pending, reID: reg-west, acID: reg-north, reDate: 2026-02-28T00:00:00Z, acDate: 2026-03-05T00:00:00Z}}]", "domains[0].transfer.reID", "no registrar", 2},
		{"a policy", "zones: [shop]", "zones", "", 2},
		{"no document", "[", "", "", 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := seeded(t)
			var before, after bytes.Buffer
			require.NoError(t, r.WriteSnapshot(&before, ""))
			err := r.Seed([]byte(good + tt.doc + "\n"))
			var bad *registry.FixtureError
			require.ErrorAs(t, err, &bad)
			require.Equal(t, tt.path, bad.Path.String(), err)
			require.Equal(t, tt.line, bad.Line, err)
			require.ErrorContains(t, err, tt.says)
			require.NoError(t, r.WriteSnapshot(&after, ""))
			require.Equal(t, before.String(), after.String())
			require.NoError(t, r.Seed([]byte(good)))
		})
	}
}
