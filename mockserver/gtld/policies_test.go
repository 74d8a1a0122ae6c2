package gtld_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// everyPolicy has each field that a policy may have.
const everyPolicy = `tlds:
- name: lodge
  periods: {min: 2, max: 5, default: 3, total: 8, months: true}
  grace: {add: 5d, renew: 12h, autoRenew: 45d, transfer: 0s}
  autoRenew: false
  redemption: 30d
  restoreReport: 7d
  pendingDelete: 5d
  transfer: {pending: 5d, outcome: cancel, lock: 60d, years: 2}
  contacts: {model: optional, models: {reg-south: thin}, required: [tech], maxPerType: 2}
  ns: {min: 2, max: 4, glueless: true}
  authInfo: {min: 10, max: 30}
  names:
    minLength: 3
    maxLength: 20
    reserved: {spa: For the village, bar: ""}
    idn:
    - {tag: de, characters: äöüß}
    - {tag: Cyrl, characters: а-я, onlyOwn: true}
  prices:
    currency: EUR
    standard: {create: 8.50, renew: 8.50, transfer: 8.50, restore: 40}
    classes: {gold: {create: 900, renew: 90, transfer: 90, restore: 400}}
    premium: {ski: gold}
    lowBalance: 100
  dnssec: {interface: key, maxRecords: 4, maxSigLife: true, algorithms: [13, 15], digests: [2, 4]}
  ttl: {NS: {min: 300, default: 86400, max: 172800}}
  launch:
  - {phase: sunrise, from: 2026-01-01, to: 2026-02-01, applications: true}
  - {phase: custom, name: locals, from: 2026-02-01, to: 2026-03-01, claims: {acme: claim-key-1}}
  - {phase: open, from: 2026-03-01}
  offline: [{names: [slow*, "*-late"], commands: [create, renew, update, delete], after: 2d, deny: true}]
- {name: hut.lodge, contacts: {model: thin}, transfer: {noExtension: true}}
`

func TestPolicies(t *testing.T) {
	file := filepath.Join(t.TempDir(), "policies.yaml")
	require.NoError(t, os.WriteFile(file, []byte(everyPolicy), 0o600))
	list, err := gtld.ReadPolicies(file)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, 5, list[0].Periods.Max)
	require.Equal(t, "gold", list[0].Prices.Premium["ski"])
	require.Equal(t, "hut.lodge", list[1].Name)
	_, err = gtld.New(gtld.Options{Policies: list})
	require.NoError(t, err)
	_, err = gtld.ReadPolicies(file + "x")
	require.ErrorIs(t, err, os.ErrNotExist)

	for _, tt := range []struct{ name, old, fresh, want string }{
		{"unknown key", "pendingDelete:", "pendingdelete:", "p.yaml:8: tlds[0].pendingdelete: there is no such key"},
		{"no name", "name: lodge", "name: ''", `p.yaml:2: tlds[0].name: "" is not a domain name`},
		{"a name twice", "name: hut.lodge", "name: LODGE", "p.yaml:33: tlds[1].name: LODGE is there twice"},
		{"periods in another order", "min: 2, max: 5", "min: 4, max: 5", "p.yaml:3: tlds[0].periods.default: must not be less than min"},
		{"a period below zero", "max: 5", "max: -5", "p.yaml:3: tlds[0].periods.max: must be positive"},
		{"a total of a century", "total: 8", "total: 100", "p.yaml:3: tlds[0].periods.total: must be 99 at most"},
		{"a grace that is no time", "add: 5d", "add: 5", "p.yaml:4: tlds[0].grace.add: "},
		{"no such outcome", "outcome: cancel", "outcome: reject", `tlds[0].transfer.outcome: there is no such choice as "reject"`},
		{"years beside noExtension", "years: 2", "years: 2, noExtension: true", "tlds[0].transfer.years: must not be there"},
		{"no such model", "model: optional", "model: fat", `tlds[0].contacts.model: there is no such choice as "fat"`},
		{"no such model of a registrar", "reg-south: thin", "reg-south: fat", `tlds[0].contacts.models.reg-south: there is no such choice as "fat"`},
		{"no such role", "required: [tech]", "required: [owner]", `tlds[0].contacts.required[0]: there is no such choice`},
		{"thin with contacts", "model: optional, models: {reg-south: thin}", "model: thin", "tlds[0].contacts.required: must not be there"},
		{"more at least than at most", "ns: {min: 2", "ns: {min: 5", "tlds[0].ns.max: must not be less than min"},
		{"an authInfo of no length", "authInfo: {min: 10", "authInfo: {min: 40", "tlds[0].authInfo: min and max"},
		{"a label of 64", "maxLength: 20", "maxLength: 64", "tlds[0].names.maxLength: must be 63 at most"},
		{"a reserved name", "reserved: {spa:", "reserved: {Spa:", "tlds[0].names.reserved.Spa: must be a label in lower case"},
		{"a reason of 33", "For the village", strings.Repeat("x", 33), "tlds[0].names.reserved.spa: a reason has 32 characters at most"},
		{"a table twice", "tag: Cyrl", "tag: de", "tlds[0].names.idn[1].tag: de is there twice"},
		{"no currency", "currency: EUR", "currency: euro", "tlds[0].prices.currency: must be a code"},
		{"a price below zero", "create: 900", "create: -900", "tlds[0].prices.classes.gold: a price must not be negative"},
		{"no such class", "ski: gold", "ski: silver", "tlds[0].prices.premium.ski: there is no class silver"},
		{"no such interface", "interface: key", "interface: both", `tlds[0].dnssec.interface: there is no such choice as "both"`},
		{"an algorithm of 256", "algorithms: [13", "algorithms: [256", "tlds[0].dnssec.algorithms[0]: must be 0 to 255"},
		{"no such record", "ttl: {NS:", "ttl: {MX:", `tlds[0].ttl.MX: there is no such choice as "MX"`},
		{"a default that is too low", "default: 86400", "default: 86", "tlds[0].ttl.NS: min, default and max must be in this order"},
		{"no such phase", "phase: sunrise", "phase: dawn", `tlds[0].launch[0].phase: there is no such choice as "dawn"`},
		{"a custom phase without a name", "name: locals, ", "", "tlds[0].launch[1].name: a custom phase needs one"},
		{"a phase that ends first", "to: 2026-02-01", "to: 2025-02-01", "tlds[0].launch[0].to: must be after from"},
		{"no such command", "delete], after", "transfer], after", `tlds[0].offline[0].commands[3]: there is no such choice as "transfer"`},
		{"nothing", everyPolicy, "tlds: []", "p.yaml:1: tlds: there must be at least one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Contains(t, everyPolicy, tt.old)
			_, err := gtld.ParsePolicies("p.yaml", []byte(strings.Replace(everyPolicy, tt.old, tt.fresh, 1)))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

// policies are those of a document, for Options.Policies.
func policies(t *testing.T, doc string) []gtld.Policy {
	t.Helper()
	list, err := gtld.ParsePolicies("policies.yaml", []byte(doc))
	require.NoError(t, err)
	return list
}

func TestGreetingFollowsPolicies(t *testing.T) {
	thin := "tlds: [{name: example, contacts: {model: thin}}, {name: test, contacts: {model: thin}}]"
	fixtures := func(more string) *gtld.Fixtures {
		f, err := gtld.ParseFixtures("f.yaml", []byte(more+"registrars: [{clID: reg-north, password: hush-hush}]\n"))
		require.NoError(t, err)
		return f
	}
	for name, tt := range map[string]struct {
		o    gtld.Options
		want []string
	}{
		"objects":                 {gtld.Options{}, []string{domainNS, contactNS, hostNS}},
		"attributes":              {gtld.Options{HostModel: gtld.HostAttributes}, []string{domainNS, contactNS}},
		"attributes, by fixtures": {gtld.Options{Fixtures: fixtures("hostModel: attributes\nzones: [example]\n")}, []string{domainNS, contactNS}},
		"all are thin":            {gtld.Options{Fixtures: fixtures(thin + "\n")}, []string{domainNS, hostNS}},
		"one is thin":             {gtld.Options{Policies: policies(t, "tlds: [{name: hut, contacts: {model: thin}}]")}, []string{domainNS, contactNS, hostNS}},
	} {
		t.Run("R5731-002 "+name, func(t *testing.T) {
			require.Equal(t, append(tt.want, maintenance.NS), startWith(t, tt.o).dial(t).Greeting.All("objURI"))
		})
	}
	t.Run("2307 contacts where all is thin", func(t *testing.T) {
		c := startWith(t, gtld.Options{Fixtures: fixtures(thin + "\n")}).dial(t).Login("reg-north", "hush-hush")
		c.Do(infoContact("jr-1", "")).Code(2307)
	})
	t.Run("announced by fixtures", func(t *testing.T) {
		g := startWith(t, gtld.Options{Fixtures: fixtures("secureAuthInfo: true\nannounce: []\nzones: [example]\n")}).dial(t).Greeting
		require.Equal(t, []string{secureNS}, g.All("extURI"))
	})
	_, err := gtld.New(gtld.Options{HostModel: "both"})
	require.ErrorContains(t, err, `there is no host model "both"`)
	_, err = gtld.New(gtld.Options{AuthInfoMin: 20, Policies: policies(t, "tlds: [{name: hut, authInfo: {max: 10}}]")})
	require.ErrorContains(t, err, "at least 20 and at most 10")
}
