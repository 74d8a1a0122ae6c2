package eppcode_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	mockfred "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

type fredMock struct {
	*mockfred.Registry
	*eppcode.Provider
	srv *mockserver.Server
}

func startFRED(t *testing.T, o mockfred.Options) *fredMock {
	t.Helper()
	o.Clock, o.HashIterations = registry.NewClock(noon), 10
	reg, err := mockfred.New(o)
	require.NoError(t, err)
	m := &fredMock{Registry: reg, srv: mockserver.StartTest(t, mockserver.Options{Registry: reg})}
	set, err := epp.NewSchema(fred.Extensions()...)
	require.NoError(t, err)
	pool, err := client.NewPool(client.PoolOptions{
		Options: client.Options{
			Schema: set, TLS: m.srv.ClientTLS("REG-MORAVA"),
			Credentials: &client.Credentials{ClID: "REG-MORAVA", PW: "vinice-Sklep73"},
		},
		Addresses: []string{m.srv.Addr()},
	})
	require.NoError(t, err)
	t.Cleanup(func() { pool.Close() })
	m.Provider, err = eppcode.New(eppcode.Options{Doer: pool, Kind: eppcode.FRED})
	require.NoError(t, err)
	return m
}

var both = []authcode.Recipient{authcode.Registrant, authcode.Admin}

func TestFRED(t *testing.T) {
	for name, r := range map[string]authcode.Request{
		"send to the registrant": send("MyDomain.cz", authcode.Registrant),
		"send to the admin":      send("mydomain.cz", authcode.Admin),
		"regenerate":             regenerate("mydomain.cz"),
	} {
		t.Run(name, func(t *testing.T) {
			m := startFRED(t, mockfred.Options{})
			out, err := m.HandOver(t.Context(), r)
			require.NoError(t, err)
			require.Equal(t, authcode.Sent{To: both}, out)
			require.Equal(t, []string{"domain:info", "domain:sendAuthInfo"}, received(m.srv))
			require.Len(t, m.Outbox.All(), 1)
			mail, _ := m.Outbox.Last()
			require.Equal(t, registry.Ref{Kind: registry.Domain, Handle: "mydomain.cz"}, mail.About)
			require.Contains(t, mail.To, "adam@bartos.example")
			require.Contains(t, mail.To, "gita@hory.example")
		})
	}
}

func TestFREDAddresses(t *testing.T) {
	disclosed := []string{"a*****@b*****.*", "c*****@d*****.*", "g*****@h*****.*", "i*****@j*****.*"}
	for name, mask := range map[string]mockfred.Mask{"masked": {}, "shown in full": {ShowDisclosed: true}} {
		t.Run(name, func(t *testing.T) {
			m := startFRED(t, mockfred.Options{PartiallyDiscloseContactEmails: true, Mask: mask})
			out, err := m.HandOver(t.Context(), regenerate("mydomain.cz"))
			require.NoError(t, err)
			require.Equal(t, authcode.Sent{To: both, Addresses: disclosed}, out)
			out, err = m.SendObject(t.Context(), eppcode.Contact, "CID-ADMIN1")
			require.NoError(t, err)
			require.Equal(t, authcode.Sent{Addresses: disclosed[2:3]}, out)
		})
	}
}

func TestFREDRefused(t *testing.T) {
	m := startFRED(t, mockfred.Options{})
	for _, tt := range []struct {
		name  string
		r     authcode.Request
		class authcode.Class
		code  string
	}{
		{"no domain", regenerate("none.cz"), authcode.NotFound, "2303"},
		{"locked", regenerate("lockeddomain.cz"), authcode.Locked, "2304"},
		{"nobody can be reached", send("silentdomain.cz", authcode.Registrant), authcode.Undeliverable, "2400"},
		{"there is no admin", send("silentdomain.cz", authcode.Admin), authcode.Undeliverable, ""},
		{"the code is never shown", retrieve("mydomain.cz"), authcode.Unsupported, ""},
		{"nor sent to the reseller", send("mydomain.cz", authcode.Reseller), authcode.Unsupported, ""},
		{"nor chosen", authcode.Request{Domain: "mydomain.cz", Verb: authcode.Regenerate, Value: "chosen-Secret7"}, authcode.Unsupported, ""},
		{"nor internal", authcode.Request{Domain: "mydomain.cz", Verb: authcode.Regenerate, Scope: authcode.Internal}, authcode.Unsupported, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := m.HandOver(t.Context(), tt.r)
			no := refused(t, tt.class, tt.code, out, err)
			require.False(t, no.Retryable)
		})
	}
	require.Empty(t, m.Outbox.All())

	t.Run("what the registrar does elsewhere", func(t *testing.T) {
		no := authcode.Refused{Class: authcode.Unsupported}
		require.ErrorIs(t, m.Revoke(t.Context(), "mydomain.cz"), no)
		require.ErrorIs(t, m.SetLock(t.Context(), "mydomain.cz", true), no)
		_, err := m.Addresses(t.Context(), "mydomain.cz", authcode.Registrant)
		require.ErrorIs(t, err, no)
		ended, err := m.Expire(t.Context())
		require.NoError(t, err)
		require.Empty(t, ended)
	})
}

// Any registrar may ask (facts of FRED), and a new code ends that registrar's alone.
func TestFREDAnothersDomain(t *testing.T) {
	m := startFRED(t, mockfred.Options{})
	out, err := m.HandOver(t.Context(), send("otherdomain.cz", authcode.Admin))
	require.NoError(t, err)
	require.Equal(t, authcode.Sent{To: both}, out)
	d, err := m.Describe(t.Context(), "otherdomain.cz")
	require.NoError(t, err)
	require.Equal(t, []string{"CID-ADMIN2"}, d.Admin)
	require.Equal(t, authcode.No, d.Lockable)
	d, err = m.Describe(t.Context(), "lockeddomain.cz")
	require.NoError(t, err)
	require.Equal(t, authcode.Domain{
		Name: "lockeddomain.cz", Locked: authcode.Yes, Lockable: authcode.No, Status: []string{"serverTransferProhibited", "outzone"}, ROID: d.ROID,
		Registrant: "CID-MYOWN",
		Created:    time.Date(2024, 4, 15, 12, 10, 0, 0, time.UTC),
		Expires:    time.Date(2031, 4, 15, 0, 0, 0, 0, time.UTC),
	}, d)
	require.NotEmpty(t, d.ROID)
	_, err = m.Describe(t.Context(), "none.cz")
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.NotFound})
}

func TestSendObject(t *testing.T) {
	m := startFRED(t, mockfred.Options{})
	for _, tt := range []struct {
		kind   eppcode.Object
		handle string
		to     []string // of the mail
		class  authcode.Class
		code   string
	}{
		{eppcode.Contact, "cid-admin1", []string{"gita@hory.example"}, "", ""},
		{eppcode.Contact, "CID-LOCKED", []string{"radek@smutny.example"}, "", ""}, // no lock for contacts
		{eppcode.Contact, "CID-SILENT", nil, authcode.Undeliverable, "2400"},
		{eppcode.Contact, "CID-NONE", nil, authcode.NotFound, "2303"},
		{eppcode.Contact, "", nil, authcode.Invalid, ""},
		{eppcode.NSSet, "NID-MYNSSET", []string{"karla@lesy.example", "milan@novotny.example"}, "", ""},
		{eppcode.NSSet, "NID-LOCKED", nil, authcode.Locked, "2304"},
		{eppcode.KeySet, "KID-MYKEYSET", []string{"milan@novotny.example", "karla@lesy.example"}, "", ""},
		{eppcode.KeySet, "KID-LOCKED", nil, authcode.Locked, "2304"},
		{eppcode.KeySet, "KID-NONE", nil, authcode.NotFound, "2303"},
		{"domain", "mydomain.cz", nil, authcode.Invalid, ""},
	} {
		t.Run(string(tt.kind)+" "+tt.handle, func(t *testing.T) {
			before := len(m.Outbox.All())
			out, err := m.SendObject(t.Context(), tt.kind, tt.handle)
			if tt.class != "" {
				refused(t, tt.class, tt.code, out, err)
				require.Len(t, m.Outbox.All(), before)
				return
			}
			require.NoError(t, err)
			require.Equal(t, authcode.Sent{}, out)
			mail, _ := m.Outbox.Last()
			require.Equal(t, tt.to, mail.To)
			require.Equal(t, string(tt.kind), mail.About.Kind)
		})
	}
	t.Run("elsewhere", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{})
		out, err := p.SendObject(t.Context(), eppcode.Contact, "jr-1")
		refused(t, authcode.Unsupported, "", out, err)
	})
}

// Cut off, a sendAuthInfo may have mailed a new code, and ended the one before.
func TestFREDCutOff(t *testing.T) {
	info := respond(epp.Success, &freddomain.InfData{Name: "mydomain.cz", Registrant: "CID-A", Admins: []string{"CID-B"}})
	garbage := respond(epp.Success, &epp.Raw{}) // that it discloses can't be read, but it was sent
	for _, tt := range []struct {
		name    string
		steps   []func(*epp.Command) (*epp.Response, error)
		unknown bool
	}{
		{"info", steps(cut(client.Unknown)), false},
		{"not sent", steps(info, cut(client.NotSent)), false},
		{"unknown", steps(info, cut(client.Unknown)), true},
		{"an answer of no use", steps(info, cut(client.Answered)), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p, s := scripted(t, eppcode.Options{Kind: eppcode.FRED}, tt.steps...)
			_, err := p.HandOver(t.Context(), send("mydomain.cz", authcode.Registrant))
			require.Equal(t, tt.unknown, authcode.OutcomeUnknown(err), "%v", err)
			require.Equal(t, !tt.unknown, authcode.SafeToRetry(err), "%v", err)
			require.Len(t, s.sent(), len(tt.steps))
		})
	}
	t.Run("data of another kind", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{Kind: eppcode.FRED}, info, garbage)
		out, err := p.HandOver(t.Context(), send("mydomain.cz", authcode.Registrant))
		require.NoError(t, err)
		require.Equal(t, authcode.Sent{To: both}, out)
	})
	hidden := respond(epp.Success, &freddomain.InfData{Name: "mydomain.cz"})
	t.Run("contacts that are hidden", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{Kind: eppcode.FRED}, hidden, respond(epp.Success))
		out, err := p.HandOver(t.Context(), send("mydomain.cz", authcode.Admin))
		require.NoError(t, err)
		require.Equal(t, authcode.Sent{}, out, "nobody can say to whom")
	})
	t.Run("not decided yet", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{Kind: eppcode.FRED}, info, respond(epp.ActionPending), respond(epp.ActionPending))
		out, err := p.HandOver(t.Context(), send("mydomain.cz", authcode.Registrant))
		require.NoError(t, err)
		require.Equal(t, authcode.Pending{Operation: "SV-1", Text: epp.ActionPending.Text()}, out)
		out, err = p.SendObject(t.Context(), eppcode.KeySet, "KID-MYKEYSET")
		require.NoError(t, err)
		require.Equal(t, authcode.KindPending, out.Kind())
	})
}
