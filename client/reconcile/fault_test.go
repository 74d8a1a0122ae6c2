package reconcile_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/secdns"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A line is a registry of which connections may be lost.
type line struct {
	t   *testing.T
	reg world
	srv *mockserver.Server
}

func newLine(t *testing.T, reg world) *line {
	return &line{t: t, reg: reg, srv: mockserver.StartTest(t, mockserver.Options{Registry: reg})}
}

func (m *line) dial(clID string) *client.Session {
	s, err := client.Dial(m.t.Context(), m.srv.Addr(), client.Options{
		Schema: m.reg.schema(m.t), TLS: m.srv.ClientTLS(clID),
		Credentials: &client.Credentials{ClID: clID, PW: password},
	})
	require.NoError(m.t, err)
	m.t.Cleanup(func() { s.Close() })
	return s
}

// does sends what prepares a case.
func (m *line) does(clID string, list ...*epp.Command) {
	s := m.dial(clID)
	defer s.Close()
	for _, cmd := range list {
		resp, err := s.Exchange(m.t.Context(), cmd)
		require.NoError(m.t, err)
		require.NoError(m.t, resp.Err(), describe(cmd))
	}
	m.reg.Advance(time.Hour)
}

func of(q epp.Element, exts ...epp.Element) *epp.Command {
	return &epp.Command{Request: q, Extension: exts}
}

// A faultRow is a command that a registry takes after what was sent before.
type faultRow struct {
	name string
	reg  func(testing.TB, uint64) world
	// What was sent before: by them, by us, and by them again.
	first, ours, then []*epp.Command
	cmd               *epp.Command
	// hidden: nothing shows that it was executed unless the object is known before.
	hidden bool
}

var (
	sauna     = of(&domain.Create{Name: "d0.sauna", AuthInfo: &epp.AuthInfo{PW: secret}})
	anna      = of(&contact.Create{ID: "con-0", Email: "anna@example.invalid", AuthInfo: &epp.AuthInfo{PW: secret}, PostalInfo: postal})
	postal    = []contact.PostalInfo{{Type: contact.Int, Name: "Anna", Addr: contact.Addr{City: "Oulu", CC: "FI"}}}
	ns        = of(&host.Create{Name: "ns.elsewhere.invalid"})
	transfer  = of(&domain.Transfer{Op: epp.TransferRequest, Name: "d0.sauna", AuthInfo: &epp.AuthInfo{PW: secret}})
	transferC = of(&contact.Transfer{Op: epp.TransferRequest, ID: "con-0", AuthInfo: &epp.AuthInfo{PW: secret}})

	cid    = of(&fredcontact.Create{ID: "cid-0", PostalInfo: fredcontact.PostalInfo{Name: "Anna", Addr: praha}, Email: []string{"anna@dum.example"}})
	praha  = &fredcontact.Addr{Street: []string{"Dlouhá 1"}, City: "Praha", PC: new("11000"), CC: "CZ"}
	cz     = of(&freddomain.Create{Name: "d0.cz", Registrant: "CID-0"})
	twoNS  = []nsset.NameServer{{Name: "ns1.kiuas.example"}, {Name: "ns2.kiuas.example"}}
	nid    = of(&nsset.Create{ID: "NID-0", NS: twoNS, Techs: []string{"CID-0"}})
	kid    = of(&keyset.Create{ID: "KID-0", DNSKeys: []keyset.DNSKey{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "AwEAAQ=="}}, Techs: []string{"CID-0"}})
	expiry = time.Date(2029, 2, 27, 0, 0, 0, 0, time.UTC)
)

func cmds(list ...*epp.Command) []*epp.Command { return list }

var faultRows = []faultRow{
	{name: "RFC 5731, 3.2.1 create", cmd: sauna},
	{name: "RFC 5731, 3.2.2 delete", ours: cmds(sauna), cmd: of(&domain.Delete{Name: "d0.sauna"}), hidden: true},
	{name: "RFC 5731, 3.2.3 renew", ours: cmds(sauna), cmd: of(&domain.Renew{Name: "d0.sauna", CurExpDate: expiry, Period: &epp.Period{N: 2, Unit: epp.Years}})},
	{name: "RFC 5731, 3.2.3 renew without a period", ours: cmds(sauna), cmd: of(&domain.Renew{Name: "d0.sauna", CurExpDate: expiry})},
	{name: "RFC 5731, 3.2.4 transfer request", then: cmds(sauna), cmd: transfer},
	{name: "RFC 5731, 3.2.4 transfer approve", ours: cmds(sauna), then: cmds(transfer), cmd: of(&domain.Transfer{Op: epp.TransferApprove, Name: "d0.sauna"})},
	{name: "RFC 5731, 3.2.4 transfer reject", ours: cmds(sauna), then: cmds(transfer), cmd: of(&domain.Transfer{Op: epp.TransferReject, Name: "d0.sauna"})},
	{name: "RFC 5731, 3.2.4 transfer cancel", first: cmds(sauna), ours: cmds(transfer), cmd: of(&domain.Transfer{Op: epp.TransferCancel, Name: "d0.sauna"})},
	{name: "RFC 5731, 3.2.5 update", ours: cmds(sauna), cmd: of(&domain.Update{Name: "d0.sauna", Add: &domain.AddRem{Status: []epp.Status{{S: "clientHold"}}}})},
	{name: "RFC 5731, 3.2.5 update of the authInfo", ours: cmds(sauna), cmd: of(&domain.Update{Name: "d0.sauna", Chg: &domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: "other-Secret7"}}})},
	{
		name: "RFC 5910, 5.2.5 update", ours: cmds(sauna),
		cmd: of(&domain.Update{Name: "d0.sauna", Chg: new(domain.Chg)}, &secdns.Update{Add: &secdns.Add{DSData: []secdns.DSData{{KeyTag: 7, Alg: 13, DigestType: 2, Digest: digest}}}}),
	},
	{name: "RFC 5732, 3.2.1 create", cmd: ns},
	{name: "RFC 5732, 3.2.2 delete", ours: cmds(ns), cmd: of(&host.Delete{Name: "ns.elsewhere.invalid"}), hidden: true},
	{name: "RFC 5732, 3.2.5 update of the name", ours: cmds(ns), cmd: of(&host.Update{Name: "ns.elsewhere.invalid", Chg: &host.Chg{Name: "ns2.elsewhere.invalid"}})},
	{name: "RFC 5733, 3.2.1 create", cmd: anna},
	{name: "RFC 5733, 3.2.2 delete", ours: cmds(anna), cmd: of(&contact.Delete{ID: "con-0"}), hidden: true},
	{name: "RFC 5733, 3.2.4 transfer request", then: cmds(anna), cmd: transferC},
	{name: "RFC 5733, 3.2.4 transfer approve", ours: cmds(anna), then: cmds(transferC), cmd: of(&contact.Transfer{Op: epp.TransferApprove, ID: "con-0"})},
	{name: "RFC 5733, 3.2.4 transfer reject", ours: cmds(anna), then: cmds(transferC), cmd: of(&contact.Transfer{Op: epp.TransferReject, ID: "con-0"})},
	{name: "RFC 5733, 3.2.4 transfer cancel", first: cmds(anna), ours: cmds(transferC), cmd: of(&contact.Transfer{Op: epp.TransferCancel, ID: "con-0"})},
	{name: "RFC 5733, 3.2.5 update", ours: cmds(anna), cmd: of(&contact.Update{ID: "con-0", Chg: &contact.Chg{Email: "otto@example.invalid"}})},

	{name: "FRED, create contact", reg: newFRED, cmd: cid},
	{name: "FRED, delete contact", reg: newFRED, ours: cmds(cid), cmd: of(&fredcontact.Delete{ID: "CID-0"}), hidden: true},
	{name: "FRED, transfer contact", reg: newFRED, then: cmds(cid), cmd: of(&fredcontact.Transfer{Op: epp.TransferRequest, ID: "CID-0", AuthInfo: "walkOne7"})},
	{name: "FRED, update contact", reg: newFRED, ours: cmds(cid), cmd: of(&fredcontact.Update{ID: "CID-0", Chg: &fredcontact.Chg{Voice: new("+420.222123456")}})},
	{name: "FRED, create domain", reg: newFRED, ours: cmds(cid), cmd: cz},
	{name: "FRED, delete domain", reg: newFRED, ours: cmds(cid, cz), cmd: of(&freddomain.Delete{Name: "d0.cz"}), hidden: true},
	{name: "FRED, renew domain", reg: newFRED, ours: cmds(cid, cz), cmd: of(&freddomain.Renew{Name: "d0.cz", CurExpDate: fredStart.AddDate(1, 0, 0).Truncate(24 * time.Hour)})},
	{name: "FRED, transfer domain", reg: newFRED, then: cmds(cid, cz), cmd: of(&freddomain.Transfer{Op: epp.TransferRequest, Name: "d0.cz", AuthInfo: "walkOne7"})},
	{name: "FRED, update domain", reg: newFRED, ours: cmds(cid, cz, nid), cmd: of(&freddomain.Update{Name: "d0.cz", Chg: &freddomain.Chg{Nsset: new("nid-0")}})},
	{name: "FRED, update the authInfo of a domain", reg: newFRED, ours: cmds(cid, cz), cmd: of(&freddomain.Update{Name: "d0.cz", Chg: &freddomain.Chg{AuthInfo: new(epp.Secret("setOne77"))}})},
	{name: "FRED, create nsset", reg: newFRED, ours: cmds(cid), cmd: nid},
	{name: "FRED, delete nsset", reg: newFRED, ours: cmds(cid, nid), cmd: of(&nsset.Delete{ID: "NID-0"}), hidden: true},
	{name: "FRED, transfer nsset", reg: newFRED, then: cmds(cid, nid), cmd: of(&nsset.Transfer{Op: epp.TransferRequest, ID: "NID-0", AuthInfo: "walkOne7"})},
	{name: "FRED, update nsset", reg: newFRED, ours: cmds(cid, nid), cmd: of(&nsset.Update{ID: "NID-0", Add: &nsset.Add{NS: []nsset.NameServer{{Name: "ns3.kiuas.example"}}}})},
	{name: "FRED, create keyset", reg: newFRED, ours: cmds(cid), cmd: kid},
	{name: "FRED, delete keyset", reg: newFRED, ours: cmds(cid, kid), cmd: of(&keyset.Delete{ID: "KID-0"}), hidden: true},
	{name: "FRED, transfer keyset", reg: newFRED, then: cmds(cid, kid), cmd: of(&keyset.Transfer{Op: epp.TransferRequest, ID: "KID-0", AuthInfo: "walkOne7"})},
	{name: "FRED, update keyset", reg: newFRED, ours: cmds(cid, kid), cmd: of(&keyset.Update{ID: "KID-0", Add: &keyset.AddRem{DNSKeys: []keyset.DNSKey{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "AwEAAg=="}}}})},
}

const digest = "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"

// TestFaults loses the connection over each command, before and after it is carried out.
func TestFaults(t *testing.T) {
	for _, tt := range faultRows {
		for _, kind := range []fault.Kind{fault.CommitThenDrop, fault.DropBeforeCommit} {
			t.Run(tt.name+", "+string(kind), func(t *testing.T) { tt.run(t, kind) })
		}
	}
}

func (m *faultRow) run(t *testing.T, kind fault.Kind) {
	if m.reg == nil {
		m.reg = newGTLD
	}
	l := newLine(t, m.reg(t, 1))
	l.does(them, m.first...)
	l.does(us, m.ours...)
	l.does(them, m.then...)
	if f, ok := l.reg.(fredWorld); ok {
		for kind, handle := range map[string]string{registry.Contact: "CID-0", registry.Domain: "d0.cz", registry.NSSet: "NID-0", registry.KeySet: "KID-0"} {
			f.AuthInfos.Set(registry.Ref{Kind: kind, Handle: handle}, them, "walkOne7")
		}
	}
	opts := reconcile.Options{ClID: us, Sent: l.reg.Now(), Now: l.reg.Now}
	s := l.dial(us)
	before, err := s.Exchange(t.Context(), l.reg.info(m.cmd))
	require.NoError(t, err)

	_, err = l.srv.Faults().Add(fault.Fault{Kind: kind, Match: fault.Match{Match: match.Match{ClTRID: "LOST-1"}}, Times: 1})
	require.NoError(t, err)
	cmd := *m.cmd
	cmd.ClTRID = "LOST-1"
	_, err = s.Exchange(t.Context(), &cmd)
	require.True(t, client.OutcomeUnknown(err), "%v", err)

	s = l.dial(us)
	want := reconcile.NotDone
	if kind == fault.CommitThenDrop {
		want = reconcile.Done
	}
	blind, err := reconcile.Reconcile(context.Background(), s, &cmd, opts)
	require.NoError(t, err)
	opts.Before = before
	v, err := reconcile.Reconcile(context.Background(), s, &cmd, opts)
	require.NoError(t, err)
	require.Equal(t, want, v.Outcome, "%v", v)
	if m.hidden && want == reconcile.Done {
		want = reconcile.CantTell
	}
	require.Equal(t, want, blind.Outcome, "%v", blind)
}
