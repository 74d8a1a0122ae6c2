package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
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

// long is as long as a line of an address may be.
var long = strings.Repeat("a", 255)

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
		{"an id of 17", "id: abc,", "id: a234567890123456x,", "f.yaml:4: contacts[0].id: must have 3 to 16 characters"},
		{"an id with a line break", "id: abc,", `id: "ab\nc",`, "f.yaml:4: contacts[0].id: holds a line break"},
		{"R5733 a name of 256", "name: A,", "name: " + long + "x,", "f.yaml:4: contacts[0].postal[0].name: must have 1 to 255 characters"},
		{"R5733 no name", "name: A,", "", "f.yaml:4: contacts[0].postal[0].name: must have 1 to 255 characters"},
		{"R5733 no city", "city: B,", "", "f.yaml:4: contacts[0].postal[0].city: must have 1 to 255 characters"},
		{"R5733 an org of 256", "name: A,", "name: A, org: " + long + "x,", "f.yaml:4: contacts[0].postal[0].org: must have 0 to 255 characters"},
		{"R5733 a street of 256", "name: A,", "name: A, street: [a, " + long + "x],", "f.yaml:4: contacts[0].postal[0].street[1]: must have 0 to 255 characters"},
		{"R5733 a city of 256", "city: B,", "city: " + long + "x,", "f.yaml:4: contacts[0].postal[0].city: must have 1 to 255 characters"},
		{"R5733 an sp of 256", "city: B,", "city: B, sp: " + long + "x,", "f.yaml:4: contacts[0].postal[0].sp: must have 0 to 255 characters"},
		{"R5733 a pc of 17", "city: B,", "city: B, pc: a234567890123456x,", "f.yaml:4: contacts[0].postal[0].pc: must have 0 to 16 characters"},
		{"R5733 a pc with white space", "city: B,", "city: B, pc: 'LS1  4AP',", "f.yaml:4: contacts[0].postal[0].pc: has white space that is lost"},
		{"R5733 a cc of digits", "cc: CZ", "cc: C2", "f.yaml:4: contacts[0].postal[0].cc: is not a country code of two letters"},
		{"R5733-007 a cc of no country", "cc: CZ", "cc: XX", "f.yaml:4: contacts[0].postal[0].cc: is not a country code"},
		{"R5733-006 an email of one label", "a@one.example", "a@one", "f.yaml:4: contacts[0].email: is not an address"},
		{"a form that there is not", "contacts:", "contactRules: {forms: [both]}\ncontacts:", "f.yaml:3: contactRules.forms[0]: there is no such choice"},
		{"an element that is not optional", "contacts:", "contactRules: {required: [email]}\ncontacts:", "f.yaml:3: contactRules.required[0]: there is no such choice"},
		{"an element that nobody can hide", "contacts:", "contactRules: {hidden: [fax, id]}\ncontacts:", "f.yaml:3: contactRules.hidden[1]: there is no such choice"},
		{"a wish that nobody has", "contacts:", "contactRules: {fixed: [id]}\ncontacts:", "f.yaml:3: contactRules.fixed[0]: there is no such choice"},
		{"a contact's transfer that nobody asked for", "postal:", "transfer: {status: pending, acID: reg-north, acDate: 2026-01-02, reDate: 2026-01-02}, postal:", "f.yaml:4: contacts[0].transfer.reID: there is no registrar"},
		{"a contact's transfer without its status", "postal:", "transfer: {status: pending, reID: reg-south, acID: reg-north, acDate: 2026-01-02, reDate: 2026-01-02}, postal:", "f.yaml:4: contacts[0].transfer: a pending one needs the status"},
		{"a transfer of contacts by the year", "contacts:", "contactRules: {transfer: {years: 1}}\ncontacts:", "f.yaml:3: contactRules.transfer: a contact"},
		{"an outcome of contacts that there is not", "contacts:", "contactRules: {transfer: {outcome: maybe}}\ncontacts:", "f.yaml:3: contactRules.transfer.outcome: there is no such choice"},
		{"a rule of hosts that there is not", "contacts:", "hostRules: {glued: true}\ncontacts:", "f.yaml:3: hostRules.glued: "},
		{"R5733 a city of two lines", "city: B,", `city: "B\nC",`, "f.yaml:4: contacts[0].postal[0].city: holds a line break"},
		{"R5733 no telephone", "postal:", "voice: {number: '+1'}, postal:", "f.yaml:4: contacts[0].voice.number: is not a telephone number"},
		{"R5733 an extension with white space", "postal:", "voice: {number: '+1.2', x: ' 1'}, postal:", "f.yaml:4: contacts[0].voice.x: has white space that is lost"},
		{"no email", "a@one.example", "hush", "f.yaml:4: contacts[0].email: is not an address"},
		{"an email with a control character", "a@one.example", `"a\x01@one.example"`, "f.yaml:4: contacts[0].email: holds a line break or another control character"},
		{"an authInfo of two lines", "registrant:", "authInfo: \"hush\\nhush\"\n  registrant:", "f.yaml:12: domains[0].authInfo: holds a line break"},
		{"seven statuses of a contact, and linked", "postal:", "status: [clientDeleteProhibited, clientTransferProhibited, clientUpdateProhibited, serverDeleteProhibited, " +
			"serverTransferProhibited, serverUpdateProhibited, pendingCreate], postal:", "f.yaml:4: contacts[0].status: may have six at most"},
		{"twelve statuses of a domain, with inactive", "ns: [ns.one.example]", "status: [clientHold, clientRenewProhibited, serverHold, serverRenewProhibited, " +
			"clientDeleteProhibited, clientTransferProhibited, clientUpdateProhibited, serverDeleteProhibited, serverTransferProhibited, " +
			"serverUpdateProhibited, pendingCreate]", "f.yaml:13: domains[0].status: may have ten at most"},
		{"contradictory statuses", "registrant:", "status: [pendingDelete, clientDeleteProhibited]\n  registrant:", "f.yaml:12: domains[0].status[1]: clientDeleteProhibited can't stand beside pendingDelete"},
		{"a status that stands alone", "registrant:", "status: [ok, clientHold]\n  registrant:", `f.yaml:12: domains[0].status[0]: there is no status "ok"`},
		{"no IPv6 address for others", "192.0.2.1", "'fe80::1%eth0'", "f.yaml:6: hosts[0].addrs[0]: is not an address without a zone"},
		{"no address", "192.0.2.1", "192.0.2.300", "f.yaml:6: hosts[0].addrs[0]: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, small, tt.old)
			_, err := gtld.ParseFixtures("f.yaml", []byte(strings.Replace(small, tt.old, tt.fresh, 1)))
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "hush")
		})
	}
}

// What fixtures may be at most is what an answer may be at most.
func TestFixturesOfTheLimits(t *testing.T) {
	r := strings.NewReplacer(
		"id: abc", "id: a23456789012345x", "registrant: abc", "registrant: a23456789012345x",
		"type: int, name: A, city: B", "type: loc, name: "+long+", org: "+long+", street: ["+long+", "+long+", ''], city: "+long+", sp: "+long+", pc: LS1 4AP8901 3456",
		"postal:", "voice: {number: '+123.456789012345', x: '1 2'}, status: [clientDeleteProhibited, clientTransferProhibited, clientUpdateProhibited, "+
			"serverDeleteProhibited, serverTransferProhibited, serverUpdateProhibited], authInfo: ' a  b ', postal:",
		"192.0.2.1", "'::ffff:192.0.2.1', '2001:db8:1111:2222:3333:4444:5555:6666'",
		"ns: [ns.one.example]", "status: [clientHold, clientRenewProhibited, serverHold, serverRenewProhibited, clientDeleteProhibited, "+
			"clientTransferProhibited, clientUpdateProhibited, serverDeleteProhibited, serverTransferProhibited, serverUpdateProhibited]",
	)
	f, err := gtld.ParseFixtures("f.yaml", []byte(r.Replace(small)))
	require.NoError(t, err)
	reg, err := gtld.New(gtld.Options{Fixtures: f})
	require.NoError(t, err)
	s := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	c := wiretest.Dial(t, s, "", schema).Login("reg-north", "hush-hush")
	c.Do(infoContact("a23456789012345x", "")).Code(1000)
	c.Do(infoDomain("one.example", "", "")).Code(1000)
}
