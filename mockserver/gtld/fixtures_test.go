package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
)

const small = `zones: [example]
registrars: [{clID: reg-north, password: hush-hush}, {clID: reg-south, password: hush-hush}]
contacts:
- {id: abc, clID: reg-north, crDate: 2026-01-02, email: a@one.example, postal: [{type: int, name: A, city: B, cc: CZ}]}
hosts:
- {name: ns.one.example, clID: reg-north, crDate: 2026-01-02, addrs: [192.0.2.1]}
domains:
- name: one.example
  clID: reg-north
  crDate: 2026-01-02
  exDate: 2027-01-02
  registrant: abc
  ns: [ns.one.example]
`

func TestFixtures(t *testing.T) {
	_, err := gtld.ParseFixtures("f.yaml", []byte(small))
	require.NoError(t, err)
	for _, tt := range []struct{ name, old, fresh, want string }{
		{"unknown key", "exDate:", "exdate:", "f.yaml:11: domains[0].exdate: there is no such key"},
		{"no such registrant", "registrant: abc", "registrant: abd", "f.yaml:12: domains[0].registrant: there is no abd among the contacts"},
		{"no such host", "ns: [ns.one", "ns: [ns2.one", "f.yaml:13: domains[0].ns[0]: there is no ns2.one.example among the hosts"},
		{"no such zone", "zones: [example]", "zones: [test]", "f.yaml:8: domains[0]: \"one.example\" is not a name directly below a zone"},
		{"a host of nobody's domain", "name: ns.one", "name: ns.two", "f.yaml:13: "},
		{"a host of another's domain", "ns.one.example, clID: reg-north", "ns.one.example, clID: reg-south", "f.yaml:6: hosts[0]: ns.one.example is not below a domain of its sponsor"},
		{"R5733-012 int that is not ASCII", "city: B", "city: Č", "f.yaml:4: contacts[0].postal[0]: type int must be ASCII"},
		{"a status that follows from others", "registrant:", "status: [inactive]\n  registrant:", "f.yaml:12: domains[0].status[0]: there is no status"},
		{"no address", "192.0.2.1", "192.0.2.300", "f.yaml:6: hosts[0].addrs[0]: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, small, tt.old)
			_, err := gtld.ParseFixtures("f.yaml", []byte(strings.Replace(small, tt.old, tt.fresh, 1)))
			require.ErrorContains(t, err, tt.want)
		})
	}
}
