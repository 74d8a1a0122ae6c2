package eppcode_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

func TestDescribe(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	d, err := m.Describe(t.Context(), "Alpha.Example.")
	require.NoError(t, err)
	require.Equal(t, authcode.Domain{
		Name: "alpha.example", Locked: authcode.No, Lockable: authcode.Yes, Status: []string{"ok"}, ROID: "D1-MOCK",
		Registrant: "jr-1", Admin: []string{"kt-2"}, Tech: []string{"lu-3"},
		NS:      []string{"ns1.alpha.example", "ns2.alpha.example"},
		Created: time.Date(2024, 1, 12, 7, 0, 0, 0, time.UTC),
		Updated: time.Date(2025, 3, 1, 9, 0, 0, 0, time.UTC),
		Expires: time.Date(2031, 1, 12, 7, 0, 0, 0, time.UTC),
	}, d)
	_, err = m.Describe(t.Context(), "gamma.test")
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.NotYours})
	_, err = m.Describe(t.Context(), "omega.example")
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.NotFound})
	_, err = m.Describe(t.Context(), "..")
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.Invalid})
}

// RFC 5731, section 2.3.
func TestLockable(t *testing.T) {
	for status, want := range map[string]struct{ locked, lockable bool }{
		"ok":                       {false, true},
		"inactive":                 {false, true},
		"clientTransferProhibited": {true, true},
		"serverTransferProhibited": {true, false},
		"pendingTransfer":          {true, false},
		"clientUpdateProhibited":   {false, false},
		"serverUpdateProhibited":   {false, false},
		"pendingDelete":            {false, false},
		"clientHold":               {false, true},
	} {
		d := infData("clientDeleteProhibited", status)
		d.NS = &domain.NameServers{HostObj: []string{"ns1.invalid"}}
		p, _ := scripted(t, eppcode.Options{}, respond(epp.Success, d))
		got, err := p.Describe(t.Context(), "alpha.example")
		require.NoError(t, err)
		require.Equal(t, authcode.TruthOf(want.locked), got.Locked, status)
		require.Equal(t, authcode.TruthOf(want.lockable), got.Lockable, status)
		require.Equal(t, []string{"ns1.invalid"}, got.NS)
	}
}

func TestSetLock(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	for _, tt := range []struct {
		domain string
		lock   bool
		sent   []string
	}{
		{"alpha.example", true, []string{"domain:info", "domain:update"}},
		{"alpha.example", true, []string{"domain:info"}},
		{"alpha.example", false, []string{"domain:info", "domain:update"}},
		{"alpha.example", false, []string{"domain:info"}},
		{"beta.example", false, []string{"domain:info", "domain:update"}},
	} {
		before := len(received(m.srv))
		require.NoError(t, m.SetLock(t.Context(), tt.domain, tt.lock))
		require.Equal(t, tt.sent, received(m.srv)[before:])
		d, err := m.Describe(t.Context(), tt.domain)
		require.NoError(t, err)
		require.Equal(t, authcode.TruthOf(tt.lock), d.Locked)
	}
	require.ErrorIs(t, m.SetLock(t.Context(), "gamma.test", true), authcode.Refused{Class: authcode.NotYours})
	require.ErrorIs(t, m.SetLock(t.Context(), "omega.example", true), authcode.Refused{Class: authcode.NotFound})

	t.Run("the registry's own lock", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, respond(epp.Success, infData("clientTransferProhibited", "serverTransferProhibited")))
		err := p.SetLock(t.Context(), "alpha.example", false)
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.Denied})
		require.ErrorContains(t, err, "serverTransferProhibited")
	})
	t.Run("prohibited", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, respond(epp.Success, infData("clientUpdateProhibited")), respond(epp.StatusProhibitsOperation))
		require.ErrorIs(t, p.SetLock(t.Context(), "alpha.example", true), authcode.Refused{Class: authcode.Locked})
	})
	for name, do := range map[string]func(*epp.Command) (*epp.Response, error){
		"cut off":            cut(client.Unknown),
		"not decided (1001)": respond(epp.ActionPending),
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := scripted(t, eppcode.Options{}, respond(epp.Success, infData()), do)
			err := p.SetLock(t.Context(), "alpha.example", true)
			require.True(t, authcode.OutcomeUnknown(err), "%v", err)
		})
	}
}

func TestAddresses(t *testing.T) {
	f, err := gtld.DefaultFixtures()
	require.NoError(t, err)
	f.Domains[1].Contacts = []gtld.Link{{Type: "admin", ID: "lu-3"}, {Type: "admin", ID: "kt-2"}, {Type: "tech", ID: "jr-1"}}
	other := f.Domains[0]
	other.Name, other.ROID, other.Registrant, other.Contacts = "other.example", "", "lu-3", nil
	f.Domains = append(f.Domains, other)
	m := start(t, gtld.Options{Fixtures: f}, eppcode.Options{})
	ask := func(name string, to authcode.Recipient) ([]authcode.Address, error) {
		return m.Addresses(t.Context(), name, to)
	}
	jil := authcode.Address{Name: "Jil Rombåch", Email: "jil@rombach.example"}
	kim := authcode.Address{Name: "Kim Tadic", Email: "kim@tadic.example"}

	list, err := ask("alpha.example", authcode.Registrant)
	require.NoError(t, err)
	require.Equal(t, []authcode.Address{jil}, list)
	list, err = ask("alpha.example", authcode.Admin)
	require.NoError(t, err)
	require.Equal(t, []authcode.Address{kim}, list)
	list, err = ask("beta.example", authcode.Admin)
	require.NoError(t, err)
	require.Equal(t, []authcode.Address{kim}, list, "one of two is another registrar's")

	for _, tt := range []struct {
		name, domain string
		to           authcode.Recipient
		class        authcode.Class
		code         string
	}{
		{"a contact that we are not shown", "other.example", authcode.Registrant, authcode.Undeliverable, "2201"},
		{"no such contact", "other.example", authcode.Admin, authcode.Undeliverable, ""},
		{"the reseller is not the registry's", "alpha.example", authcode.Reseller, authcode.Unsupported, ""},
		{"another's domain", "gamma.test", authcode.Registrant, authcode.NotYours, ""},
		{"no domain", "omega.example", authcode.Registrant, authcode.NotFound, "2303"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ask(tt.domain, tt.to)
			no, ok := authcode.AsRefused(err)
			require.True(t, ok, "%v", err)
			require.Equal(t, tt.class, no.Class)
			require.Equal(t, tt.code, no.Code)
		})
	}
	info := respond(epp.Success, infData())
	t.Run("a contact without email", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, info, respond(epp.Success, &contact.InfData{ID: "jr-1"}))
		_, err := p.Addresses(t.Context(), "alpha.example", authcode.Registrant)
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.Undeliverable})
	})
	t.Run("what may pass is not the contact's fault", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, info, respond(epp.CommandFailed))
		_, err := p.Addresses(t.Context(), "alpha.example", authcode.Registrant)
		require.ErrorIs(t, err, authcode.Refused{Class: authcode.Failed})
		p, _ = scripted(t, eppcode.Options{}, info, cut(client.Unknown))
		_, err = p.Addresses(t.Context(), "alpha.example", authcode.Registrant)
		require.True(t, authcode.SafeToRetry(err), "%v", err)
	})
}

// An answer that is about something else is nobody's: its code, its contacts and its
// locks belong to the other.
func TestInfoAboutAnother(t *testing.T) {
	ours := respond(epp.Success, infData())
	for name, want := range map[string]bool{"ALPHA.example": true, "zeta.example": false, "": false, "alpha": false} {
		var next []func(*epp.Command) (*epp.Response, error)
		if want {
			next = steps(respond(epp.Success))
		}
		d := infData()
		d.Name, d.AuthInfo = name, &epp.AuthInfo{PW: "zeta-Secret7"}
		f := &freddomain.InfData{Name: name, Registrant: "CID-A"}
		for verb, do := range map[string]func(p *eppcode.Provider) error{
			"retrieve": func(p *eppcode.Provider) error {
				_, err := p.HandOver(t.Context(), retrieve("alpha.example"))
				return err
			},
			"describe": func(p *eppcode.Provider) error {
				_, err := p.Describe(t.Context(), "alpha.example")
				return err
			},
		} {
			p, s := scripted(t, eppcode.Options{}, respond(epp.Success, d))
			err := do(p)
			require.Equal(t, want, err == nil, "%s %q: %v", verb, name, err)
			require.Equal(t, !want, authcode.SafeToRetry(err))
			require.Equal(t, []string{"domain:info"}, s.sent())
		}
		p, s := scripted(t, eppcode.Options{}, append(steps(respond(epp.Success, d)), next...)...)
		_, err := p.HandOver(t.Context(), regenerate("alpha.example"))
		require.Equal(t, want, err == nil, "%q: %v", name, err)
		require.Equal(t, !want, authcode.SafeToRetry(err))
		require.Len(t, s.sent(), 1+len(next), "nothing is changed")

		p, s = scripted(t, eppcode.Options{Kind: eppcode.FRED}, append(steps(respond(epp.Success, f)), next...)...)
		_, err = p.HandOver(t.Context(), regenerate("alpha.example"))
		require.Equal(t, want, err == nil, "FRED, %q: %v", name, err)
		require.Equal(t, !want, authcode.SafeToRetry(err))
		require.Len(t, s.sent(), 1+len(next), "nothing is mailed")
	}
	for id, want := range map[string]bool{"jr-1": true, "JR-1": true, "jr-2": false, "": false} {
		p, _ := scripted(t, eppcode.Options{}, ours, respond(epp.Success, &contact.InfData{ID: id, Email: "jil@rombach.example"}))
		_, err := p.Addresses(t.Context(), "alpha.example", authcode.Registrant)
		require.Equal(t, want, err == nil, "%q: %v", id, err)
		require.Equal(t, !want, authcode.SafeToRetry(err))
	}
}
