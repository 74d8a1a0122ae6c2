package gtld_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/semantics"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// What is done is done once, and who connects again sees it.
func TestFaultsOfSemantics(t *testing.T) {
	const north, south = "reg-north", "reg-south"
	do := semantics.Command
	type deeds = []semantics.Deed
	contactInfo := func(clID string) semantics.Deed { return do(clID, infoContact("taavi", "")) }
	var (
		domain    = do(north, createPlain("dune.sauna", ""))
		asked     = do(south, transfer("request", "dune.sauna", "", "fresh-Secret7"))
		dropped   = do(north, deleteDomain("stone.sauna"))
		seeDomain = do(north, infoDomain("dune.sauna", "", ""))
		poll      = do(north, `<poll op="req"/>`)

		contact       = do(north, contactCommand("create", "<id>taavi</id>"+taavi+taaviMail+taaviPW))
		contactAsked  = do(south, contactCommand("transfer request", "<id>taavi</id>"+taaviPW))
		updateContact = do(north, contactCommand("update", "<id>taavi</id><chg><voice>+358.401234567</voice></chg>"))

		host    = do(north, hostCommand("create", "<name>ns1.far.invalid</name>"))
		seeHost = do(south, hostCommand("info", "<name>ns1.far.invalid</name>"))
	)
	start := func(t *testing.T) *semantics.Site {
		f, err := gtld.ParseFixtures("life.yaml", []byte(lifeFixtures))
		require.NoError(t, err)
		m := startWith(t, gtld.Options{Fixtures: f})
		login := func(clID string) *wiretest.Client {
			return m.dial(t).Login(clID, strings.TrimPrefix(clID, "reg-")+"-Gate9")
		}
		return &semantics.Site{State: m.State, Server: m.srv, Login: login}
	}
	semantics.Run(t, start, []semantics.Row{
		{Name: "domain:create", Do: domain, Again: 2302, See: seeDomain},
		{
			Name: "domain:renew", Prepare: deeds{domain},
			Do: do(north, renewDomain("dune.sauna", "2027-03-01", years(2))), Again: 2306, See: seeDomain,
		},
		{
			Name: "domain:update", Prepare: deeds{domain},
			Do: do(north, command("update", "", named("dune.sauna")+add(`<d:status s="clientHold"/>`))), Again: 2306, See: seeDomain,
		},
		{Name: "domain:transfer request", Prepare: deeds{domain}, Do: asked, Again: 2300, See: seeDomain},
		{Name: "domain:transfer request is told once", Prepare: deeds{domain}, Do: asked, Again: 2300, See: poll},
		{
			Name: "domain:transfer approve", Prepare: deeds{domain, asked},
			Do: do(north, transfer("approve", "dune.sauna", "", "")), Again: 2201, See: do(south, transfer("query", "dune.sauna", "", "")),
		},
		{
			Name: "domain:transfer cancel", Prepare: deeds{domain, asked},
			Do: do(south, transfer("cancel", "dune.sauna", "", "")), Again: 2301, See: do(south, transfer("query", "dune.sauna", "", "")),
		},
		{Name: "domain:delete in its add period", Prepare: deeds{domain}, Do: do(north, deleteDomain("dune.sauna")), Again: 2303, See: seeDomain},
		{Name: "domain:delete", Do: dropped, Again: 2304, See: do(north, infoDomain("stone.sauna", "", ""))},
		{
			Name: "rgp:restore", Prepare: deeds{dropped},
			Do: do(north, restore("stone.sauna", "<d:chg/>", "request", "")), Again: 2304, See: do(north, infoDomain("stone.sauna", "", "")),
		},
		{Name: "contact:create", Do: contact, Again: 2302, See: contactInfo(north)},
		{Name: "contact:update", Prepare: deeds{contact}, Do: updateContact, Again: 1000, See: contactInfo(north)},
		{Name: "contact:transfer request", Prepare: deeds{contact}, Do: contactAsked, Again: 2300, See: contactInfo(north)},
		{
			Name: "contact:transfer approve", Prepare: deeds{contact, contactAsked},
			Do: do(north, contactCommand("transfer approve", "<id>taavi</id>")), Again: 2201, See: contactInfo(south),
		},
		{
			Name: "contact:delete", Prepare: deeds{contact},
			Do: do(north, contactCommand("delete", "<id>taavi</id>")), Again: 2303, See: contactInfo(north),
		},
		{Name: "host:create", Do: host, Again: 2302, See: seeHost},
		{
			Name: "host:update", Prepare: deeds{host},
			Do: do(north, hostCommand("update", "<name>ns1.far.invalid</name><chg><name>ns2.far.invalid</name></chg>")), Again: 2303, See: seeHost,
		},
		{
			Name: "host:delete", Prepare: deeds{host},
			Do: do(north, hostCommand("delete", "<name>ns1.far.invalid</name>")), Again: 2303, See: seeHost,
		},
		{
			Name: "poll", Prepare: deeds{domain, asked},
			Do: do(north, `<poll op="ack" msgID="1"/>`), Again: 2303, See: poll,
		},
	})
}
