package fred_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/internal/semantics"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// What is done is done once, and who connects again sees it.
func TestFaultsOfSemantics(t *testing.T) {
	const north, south, code = "REG-SEVER", "REG-JIH", "own-choice-1"
	do := semantics.Command
	type deeds = []semantics.Deed
	var (
		contact  = do(north, createContact("CID-A", ""))
		domain   = do(north, domainCommand("create", "sauna.cz", "<o:registrant>CID-A</o:registrant>"))
		withCode = do(north, domainCommand("update", "sauna.cz", el("chg", el("authInfo", code))))
		moved    = do(south, domainCommand("transfer", "sauna.cz", el("authInfo", code)))

		poll       = do(north, `<poll op="req"/>`)
		seeContact = do(south, info("contact", "CID-A"))
		seeDomain  = do(south, info("domain", "sauna.cz"))
	)
	start := func(t *testing.T) *semantics.Site {
		m := startWalk(t, 1)
		login := func(clID string) *wiretest.Client { return m.walker(t, clID) }
		return &semantics.Site{State: m.State, Server: m.srv, Login: login}
	}
	semantics.Run(t, start, []semantics.Row{
		{Name: "contact:create", Do: contact, Again: 2302, See: seeContact},
		{
			Name: "contact:update", Prepare: deeds{contact},
			Do: do(north, updateContact("CID-A", el("voice", "+420.541222333"))), Again: 1000, See: seeContact,
		},
		{
			Name: "contact:delete", Prepare: deeds{contact},
			Do: do(north, command("delete", "contact", id("CID-A"))), Again: 2303, See: do(south, check("contact", "CID-A")),
		},
		{
			Name: "nsset:create", Prepare: deeds{contact},
			Do: do(north, createNSSet("NID-A", two, "CID-A")), Again: 2302, See: do(south, info("nsset", "NID-A")),
		},
		{
			Name: "keyset:create", Prepare: deeds{contact},
			Do: do(north, createKeySet("KID-A", good, "CID-A")), Again: 2302, See: do(south, info("keyset", "KID-A")),
		},
		{Name: "domain:create", Prepare: deeds{contact}, Do: domain, Again: 2302, See: seeDomain},
		{
			Name: "domain:create is paid once", Prepare: deeds{contact}, Do: domain, Again: 2302,
			See: semantics.Deed{ClID: north, Say: extcommand("<fred:creditInfo/>", semantics.TRID)},
		},
		{
			Name: "domain:renew", Prepare: deeds{contact, domain},
			Do: do(north, domainCommand("renew", "sauna.cz", el("curExpDate", "2028-12-29"), years(1))), Again: 2306, See: seeDomain,
		},
		{
			Name: "domain:update", Prepare: deeds{contact, domain},
			Do: do(north, domainCommand("update", "sauna.cz", el("add", tag("admin", "CID-A")))), Again: 2306, See: seeDomain,
		},
		{Name: "domain:transfer", Prepare: deeds{contact, domain, withCode}, Do: moved, Again: 2106, See: seeDomain},
		{Name: "domain:transfer is told once", Prepare: deeds{contact, domain, withCode}, Do: moved, Again: 2106, See: poll},
		{
			Name: "domain:delete", Prepare: deeds{contact, domain},
			Do: do(north, domainCommand("delete", "sauna.cz")), Again: 2303, See: seeDomain,
		},
		{
			Name: "poll", Prepare: deeds{contact, domain, withCode, moved},
			Do: do(north, `<poll op="ack" msgID="1"/>`), Again: 2303, See: poll,
		},
	})
}

// What nothing speaks against doing twice is done twice: a second mail makes the authInfo
// of the first one invalid.
func TestSendAuthInfoTwice(t *testing.T) {
	m := start(t, fred.Options{})
	_, err := m.srv.Faults().Add(fault.Fault{
		Kind: fault.CommitTwice, Match: fault.Match{Match: match.Match{Name: "domain:sendAuthInfo"}},
	})
	require.NoError(t, err)
	b := m.loginB(t)
	b.Send(sendAuthInfo("domain", "mydomain.cz")).Code(1000)
	mails := m.Outbox.All()
	require.Len(t, mails, 2)
	require.Len(t, m.AuthInfos.Active(registry.Ref{Kind: "domain", Handle: "mydomain.cz"}), 1)
	b.Do(domainCommand("transfer", "mydomain.cz", el("authInfo", string(mails[0].AuthInfo)))).Code(2202)
	b.Do(domainCommand("transfer", "mydomain.cz", el("authInfo", string(mails[1].AuthInfo)))).Code(1000)
}
