package fred_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fred"
)

const small = `zones: [cz]
registrars: [{clID: REG-A, password: hush-hush}]
contacts:
- {id: CID-A, clID: REG-A, crDate: 2026-01-02, name: A, email: "a@one.example"}
nssets:
- {id: NID-A, clID: REG-A, crDate: 2026-01-02, techs: [CID-A]}
domains:
- name: one.cz
  clID: REG-A
  crDate: 2026-01-02
  exDate: 2027-01-02
  registrant: cid-a
  nsset: NID-A
`

func TestFixtures(t *testing.T) {
	file := filepath.Join(t.TempDir(), "own.yaml")
	read := func(old, fresh string) (*fred.Fixtures, error) {
		require.Contains(t, small, old)
		require.NoError(t, os.WriteFile(file, []byte(strings.Replace(small, old, fresh, 1)), 0o600))
		return fred.ReadFixtures(file)
	}
	t.Run("a file of one's own", func(t *testing.T) {
		f, err := read("one.cz", "ONE.cz")
		require.NoError(t, err)
		f.Registrars[0].Certificates = nil
		m := start(t, fred.Options{Fixtures: f})
		a := m.dial(t, "REG-A").Login("REG-A", "hush-hush").Do(info("domain", "one.cz")).Code(1000)
		require.Equal(t, "CID-A", a.Text("registrant"))
	})
	for _, tt := range []struct{ name, old, fresh, want string }{
		{"unknown key", "exDate:", "exdate:", ":11: domains[0].exdate: there is no such key"},
		{"no such registrant", "cid-a", "CID-B", ":12: domains[0].registrant: there is no CID-B among the contacts"},
		{"no such nsset", "nsset: NID-A", "nsset: NID-B", ":13: domains[0].nsset: there is no NID-B among the nssets"},
		{"no such tech", "techs: [CID-A]", "techs: [CID-B]", ":6: nssets[0].techs[0]: there is no CID-B"},
		{"no such zone", "zones: [cz]", "zones: [sk]", ":8: domains[0]: one.cz is in none of the zones"},
		{"no email list", "a@one.example", "a b", ":4: contacts[0].email: is not a comma list"},
		{"no such status", "name: A", "status: [ok]", `:4: contacts[0].status[0]: there is no status "ok"`},
		{"no handle", "id: NID-A", "id: NID--A", `:6: nssets[0]: "NID--A" is not a handle`},
		{"no name", "one.cz", "-.cz", `:8: domains[0]: "-.cz" is not a domain name`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := read(tt.old, tt.fresh)
			require.ErrorContains(t, err, file+tt.want)
		})
	}
	t.Run("no such file", func(t *testing.T) {
		_, err := fred.ReadFixtures(filepath.Join(t.TempDir(), "none.yaml"))
		require.ErrorIs(t, err, os.ErrNotExist)
	})
	t.Run("made in Go", func(t *testing.T) {
		_, err := fred.New(fred.Options{Fixtures: &fred.Fixtures{Zones: []string{"cz"}, Domains: []fred.Domain{{Name: "one.cz"}}}})
		require.EqualError(t, err, "registry: registrars: there must be at least one registrar")
	})
}
