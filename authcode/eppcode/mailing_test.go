package eppcode_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// postbox is a courier that keeps the letters, or fails.
type postbox struct {
	err     error
	letters []authcode.Letter
}

func (c *postbox) Deliver(_ context.Context, l authcode.Letter) error {
	c.letters = append(c.letters, l)
	return c.err
}

// On a registry by the RFCs to send is to fetch the contact and mail it.
func TestMailing(t *testing.T) {
	for _, tt := range []struct {
		name   string
		secure bool
		to     authcode.Recipient
		email  string
		sent   []string
	}{
		{"the code that is there, to the registrant", false, authcode.Registrant, "jil@rombach.example", []string{
			"domain:info", "contact:info", "domain:info",
		}},
		{"a new one, to the registrant", true, authcode.Registrant, "jil@rombach.example", []string{
			"domain:info", "contact:info", "domain:info", "domain:info", "domain:update",
		}},
		{"a new one, to the admin", true, authcode.Admin, "kim@tadic.example", []string{
			"domain:info", "contact:info", "domain:info", "domain:info", "domain:update",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := start(t, gtld.Options{SecureAuthInfo: tt.secure}, eppcode.Options{})
			box := new(postbox)
			out, err := (&authcode.Mailing{Provider: m.Provider, Courier: box}).HandOver(t.Context(), send("alpha.example", tt.to))
			require.NoError(t, err)
			require.Len(t, box.letters, 1)
			l := box.letters[0]
			require.Equal(t, tt.email, l.To.Email)
			require.Equal(t, "alpha.example", l.Domain)
			require.Equal(t, authcode.Sent{
				To: []authcode.Recipient{tt.to}, Addresses: []string{l.To.Mask()}, Expires: l.Expires,
			}, out)
			require.Equal(t, tt.secure, l.Expires.Equal(noon.Add(eppcode.DefaultTTL)))
			require.Equal(t, epp.Success, m.asks(t, "alpha.example", l.Code))
			require.Equal(t, tt.sent, received(m.srv)[:len(tt.sent)])
			require.Len(t, received(m.srv), len(tt.sent)+1, "and the one of asks")
		})
	}
	t.Run("a code that nobody got is revoked", func(t *testing.T) {
		m := start(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{})
		box := &postbox{err: &authcode.Error{System: "smtp", Op: "RCPT", Err: errors.New("no such mailbox")}}
		out, err := (&authcode.Mailing{Provider: m.Provider, Courier: box}).HandOver(t.Context(), send("alpha.example", authcode.Registrant))
		refused(t, authcode.Undeliverable, "", out, err)
		require.Equal(t, epp.InvalidAuthInfo, m.asks(t, "alpha.example", box.letters[0].Code))
		m.Clock.Advance(eppcode.DefaultTTL)
		ended, err := m.Expire(t.Context())
		require.NoError(t, err)
		require.Empty(t, ended)
	})
	t.Run("without one the registry does not send", func(t *testing.T) {
		m := start(t, gtld.Options{}, eppcode.Options{})
		out, err := m.HandOver(t.Context(), send("alpha.example", authcode.Registrant))
		refused(t, authcode.Unsupported, "", out, err)
		require.Empty(t, received(m.srv))
	})
	t.Run("no code is made for nobody", func(t *testing.T) {
		m := start(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{})
		box := new(postbox)
		out, err := (&authcode.Mailing{Provider: m.Provider, Courier: box}).HandOver(t.Context(), send("beta.example", authcode.Admin))
		refused(t, authcode.Undeliverable, "", out, err)
		require.Equal(t, []string{"domain:info"}, received(m.srv))
		require.Empty(t, box.letters)
	})
}
