package authcode_test

import (
	"context"
	"crypto/tls"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/mail"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	fredmock "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// registryEnd is EPP with a mock registry.
type registryEnd struct {
	authcode.Provider
	name   string
	outbox *mail.Outbox
	first  authcode.Secret
	check  func(t *testing.T, code authcode.Secret) bool
	mails  func() int
	to     []authcode.Recipient // where a FRED sends to
}

func (e *registryEnd) domain() string                                { return e.name }
func (e *registryEnd) valid(t *testing.T, code authcode.Secret) bool { return e.check(t, code) }
func (e *registryEnd) queued() bool                                  { return false }

func (e *registryEnd) untouched(t *testing.T) bool {
	return e.mails() == 0 && (e.first == "" || e.check(t, e.first))
}

func (e *registryEnd) replaced(t *testing.T) bool { return e.first != "" && !e.check(t, e.first) }

func (e *registryEnd) sent(*testing.T) []authcode.Recipient {
	if e.mails() == 0 {
		return nil
	}
	if k, ok := e.outbox.Last(); ok {
		return []authcode.Recipient{k.Role}
	}
	return e.to
}

func dial(t *testing.T, addr string, tc *tls.Config, clID string, pw epp.Secret, exts ...epp.Extension) *client.Session {
	schema, err := epp.NewSchema(exts...)
	require.NoError(t, err)
	s, err := client.Dial(t.Context(), addr, client.Options{
		Schema: schema, TLS: tc, Credentials: &client.Credentials{ClID: clID, PW: pw},
	})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

// newRFCEnd is a registry by the RFCs, with mail from eppkit.
func newRFCEnd(t *testing.T) *registryEnd {
	e := newRegistryEnd(t, gtld.Options{}, eppcode.Options{})
	e.Provider = &authcode.Mailing{Provider: e.Provider, Courier: e.outbox}
	return e
}

// newSecureEnd is a registry by RFC 9154, which shows no codes, with mail or without.
// That it shows none the provider is told, or finds out.
func newSecureEnd(t *testing.T, hidden, mailed bool) *registryEnd {
	e := newRegistryEnd(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{Hidden: hidden})
	if mailed {
		e.Provider = &authcode.Mailing{Provider: e.Provider, Courier: e.outbox}
	}
	return e
}

// newReticentEnd is one that does not even show that a code is set.
func newReticentEnd(t *testing.T) *registryEnd {
	return newRegistryEnd(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{}, func(d client.Doer) client.Doer { return reticent{d} })
}

type reticent struct{ client.Doer }

func (d reticent) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	r, err := d.Doer.Exchange(ctx, cmd)
	if err == nil {
		for _, e := range r.ResData {
			if inf, ok := e.(*domain.InfData); ok {
				inf.AuthInfo = nil
			}
		}
	}
	return r, err
}

// newRegistryEnd is a registry by the RFCs, without mail.
func newRegistryEnd(t *testing.T, ro gtld.Options, po eppcode.Options, through ...func(client.Doer) client.Doer) *registryEnd {
	reg, err := gtld.New(ro)
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	ours := dial(t, srv.Addr(), srv.ClientTLS("reg-north"), "reg-north", "north-Gate9", domain.Extension(), contact.Extension())
	theirs := dial(t, srv.Addr(), srv.ClientTLS("reg-south"), "reg-south", "south-Gate9", domain.Extension(), contact.Extension())
	po.Doer, po.ClID = ours, "reg-north"
	for _, f := range through {
		po.Doer = f(po.Doer)
	}
	p, err := eppcode.New(po)
	require.NoError(t, err)
	e := &registryEnd{Provider: p, name: "alpha.example", outbox: new(mail.Outbox), first: "alpha-Secret7"}
	e.mails = func() int { return len(e.outbox.All()) }
	e.check = func(t *testing.T, code authcode.Secret) bool {
		_, err := client.Do(t.Context(), theirs, &domain.Info{Name: "alpha.example", AuthInfo: &epp.AuthInfo{PW: code}})
		return err == nil
	}
	return e
}

// newFREDEnd is a FRED, which mails by itself.
func newFREDEnd(t *testing.T) *registryEnd {
	reg, err := fredmock.New(fredmock.Options{PartiallyDiscloseContactEmails: true})
	require.NoError(t, err)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	s := dial(t, srv.Addr(), srv.ClientTLS("REG-MORAVA"), "REG-MORAVA", "vinice-Sklep73", fred.Extensions()...)
	p, err := eppcode.New(eppcode.Options{Doer: s, ClID: "REG-MORAVA", Kind: eppcode.FRED})
	require.NoError(t, err)
	return &registryEnd{
		Provider: p, name: "mydomain.cz", outbox: new(mail.Outbox),
		to:    []authcode.Recipient{authcode.Registrant, authcode.Admin},
		mails: func() int { return len(reg.Outbox.All()) },
		check: func(t *testing.T, code authcode.Secret) bool { return false },
	}
}
