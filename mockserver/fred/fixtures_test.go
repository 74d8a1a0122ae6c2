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

// long is as long as a line of an address may be.
var long = strings.Repeat("é", 255)

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
		{"rules of no zone", "zones: [cz]", "zones: [cz]\nzoneRules: {sk: {}}", ":2: zoneRules.sk: sk is not among the zones"},
		{"rules nobody knows", "zones: [cz]", "zones: [cz]\nzoneRules: {cz: {price: 1}}", ":2: zoneRules.cz.price: there is no such key"},
		{"a longest period before the shortest", "zones: [cz]", "zones: [cz]\nzoneRules: {cz: {maxPeriod: 6}}", ":2: zoneRules.cz: minPeriod must be"},
		{"a negative price", "zones: [cz]", "zones: [cz]\nzoneRules: {cz: {renewPrice: -1.00}}", ":2: zoneRules.cz: an amount can't be negative"},
		{"a limit that no message can tell", "zones: [cz]", "zones: [cz]\nzoneRules: {cz: {lowCredit: 100000000.00}}", ":2: zoneRules.cz.lowCredit: may be 99999999.99 at most"},
		{"a validation without ENUM", "exDate:", "valExDate: 2026-05-01\n  exDate:", ":8: domains[0]: one.cz is no ENUM domain"},
		{"an auction that nobody won", "zones: [cz]", "zones: [cz]\nauctions: [{name: two.cz, winner: CID-B}]", ":2: auctions[0].winner: there is no CID-B among the contacts"},
		{"no email list", "a@one.example", "a b", ":4: contacts[0].email: is not a comma list"},
		{"no such status", "name: A", "status: [ok]", `:4: contacts[0].status[0]: there is no status "ok"`},
		{"a name of 256", "name: A", "name: " + long + "x", ":4: contacts[0].name: must have 1 to 255 characters"},
		{"no name of a contact", "name: A", "org: A", ":4: contacts[0].name: must have 1 to 255 characters"},
		{"an org of 256", "name: A", "name: A, org: " + long + "x", ":4: contacts[0].org: must have 0 to 255 characters"},
		{"a street of 256", "name: A", "name: A, street: [a, " + long + "x]", ":4: contacts[0].street[1]: must have 0 to 255 characters"},
		{"four streets", "name: A", "name: A, street: [a, b, c, d]", ":4: contacts[0].street: may have three lines at most"},
		{"a city of 256", "name: A", "name: A, city: " + long + "x", ":4: contacts[0].city: must have 0 to 255 characters"},
		{"a city of two lines", "name: A", `name: A, city: "B\nC"`, ":4: contacts[0].city: holds a line break"},
		{"an sp of 256", "name: A", "name: A, sp: " + long + "x", ":4: contacts[0].sp: must have 0 to 255 characters"},
		{"a pc of 17", "name: A", "name: A, pc: a234567890123456x", ":4: contacts[0].pc: must have 0 to 16 characters"},
		{"a cc in lower case", "name: A", "name: A, cc: cz", ":4: contacts[0].cc: is not a country code"},
		{"a cc of no country", "name: A", "name: A, cc: XX", ":4: contacts[0].cc: is not a country code"},
		{"a cc of digits", "name: A", "name: A, cc: C2", ":4: contacts[0].cc: is not a country code of two letters"},
		{"a vat of 21", "name: A", "name: A, vat: CZ345678901234567890x", ":4: contacts[0].vat: must have 0 to 20 characters"},
		{"an ident of 33", "name: A", "name: A, ident: {type: op, text: a2345678901234567890123456789012x}", ":4: contacts[0].ident.text: must have 0 to 32 characters"},
		{"an ident of no type", "name: A", "name: A, ident: {type: ip, text: a}", ":4: contacts[0].ident.type: must be one of op"},
		{"an email with a line break", "a@one.example", `a@one.example,b\x0B@one.example`, ":4: contacts[0].email: holds a line break"},
		{"a status twice", "name: A", "status: [mojeidContact, mojeidContact]", ":4: contacts[0].status[1]: mojeidContact is there twice"},
		{"no handle", "id: NID-A", "id: NID--A", `:6: nssets[0]: "NID--A" is not a handle`},
		{"eleven techs", "techs: [CID-A]", "techs: [CID-A, CID-A, CID-A, CID-A, CID-A, CID-A, CID-A, CID-A, CID-A, CID-A, CID-A]", ":6: nssets[0].techs: may have 10 techs at most"},
		{"no host name", "techs: [CID-A]", "techs: [CID-A], hosts: [{name: ns1.one.cz}, {name: ns}]", `:6: nssets[0].hosts[1]: "ns" is not a host name`},
		{"no IP address", "techs: [CID-A]", "techs: [CID-A], hosts: [{name: ns1.one.cz, addrs: [192.0.2.300]}]", `:6: nssets[0].hosts[0]: "192.0.2.300" is not an IP address`},
		{"a level of 11", "techs: [CID-A]", "techs: [CID-A], reportLevel: 11", ":6: nssets[0].reportLevel: must be 0 to 10"},
		{"a key of no algorithm", "domains:", "keysets: [{id: KID-A, clID: REG-A, crDate: 2026-01-02, techs: [CID-A], dnsKeys: [{flags: 257, protocol: 3, alg: 0, pubKey: YQ==}]}]\ndomains:", ":7: keysets[0].dnsKeys[0]: is not a key that FRED takes"},
		{"letters to nowhere", "name: A", "name: A, mailing: {city: B, cc: CZ}", ":4: contacts[0].mailing.street: must have one to three lines"},
		{"letters to no country", "name: A", "name: A, mailing: {street: [a], city: B}", ":4: contacts[0].mailing.cc: is not a country code"},
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

// The first of several mistakes is the same each time.
func TestFixturesFirstError(t *testing.T) {
	doc := strings.Replace(small, `email: "a@one.example"`, `voice: "1", fax: "2", email: b, notifyEmail: c`, 1)
	for range 50 {
		_, err := fred.ParseFixtures("f.yaml", []byte(doc))
		require.ErrorContains(t, err, "contacts[0].voice: ")
	}
	doc = strings.Replace(doc, `voice: "1", fax: "2"`, "cc: CZ", 1)
	for range 50 {
		_, err := fred.ParseFixtures("f.yaml", []byte(doc))
		require.ErrorContains(t, err, "contacts[0].email: ")
	}
}

// What fixtures may be at most is what an answer may be at most.
func TestFixturesOfTheLimits(t *testing.T) {
	doc := strings.NewReplacer(
		"password: hush-hush", "password: hush-hush, credit: {cz: 99999999.99}",
		"name: A", "name: "+long+", org: "+long+", street: ["+long+", '', "+long+"], city: "+long+", sp: "+long+", pc: a23456789012345x, cc: CZ, "+
			"vat: CZ34567890123456789x, ident: {type: op, text: a234567890123456789012345678901x}, "+
			"status: [serverTransferProhibited, serverDeleteProhibited, serverUpdateProhibited, deleteCandidate, conditionallyIdentifiedContact, "+
			"identifiedContact, validatedContact, mojeidContact, serverContactNameChangeProhibited, serverContactOrganizationChangeProhibited, "+
			"serverContactIdentChangeProhibited, serverContactPermanentAddressChangeProhibited, serverLinkProhibited, serverBlocked]",
		"  nsset: NID-A", "  status: [serverDeleteProhibited, serverRenewProhibited, serverTransferProhibited, serverUpdateProhibited, "+
			"serverRegistrantChangeProhibited, serverBlocked, serverOutzoneManual, serverInzoneManual, expired, outzone, notValidated, deleteCandidate, premiumDomain]",
	).Replace(small)
	f, err := fred.ParseFixtures("f.yaml", []byte(doc))
	require.NoError(t, err)
	c := start(t, fred.Options{Fixtures: f}).dial(t, "REG-A").Login("REG-A", "hush-hush")
	c.Do(info("contact", "CID-A")).Code(1000)
	c.Do(info("domain", "one.cz")).Code(1000)
	require.Equal(t, "99999999.99", c.Send(extcommand("<fred:creditInfo/>", "credit-1")).Code(1000).Text("credit"))
}
