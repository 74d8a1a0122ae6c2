package eppcode_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/epp"
)

// Whether codes can be read, the registry's answers tell.
func TestSight(t *testing.T) {
	reads := func(p *eppcode.Provider) bool {
		caps, err := p.Capabilities(t.Context(), "alpha.example")
		require.NoError(t, err)
		return caps.Retrieve.Any()
	}
	with := func(a *epp.AuthInfo) func(*epp.Command) (*epp.Response, error) {
		d := infData()
		d.AuthInfo = a
		return respond(epp.Success, d)
	}
	ask := func(t *testing.T, p *eppcode.Provider, requests ...authcode.Request) {
		for _, r := range requests {
			_, err := p.HandOver(t.Context(), r)
			require.NoError(t, err)
		}
	}
	alpha, none, set := "alpha.example", with(nil), respond(epp.Success)
	t.Run("R9154-009 an empty one is hidden", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, with(&epp.AuthInfo{}), with(&epp.AuthInfo{PW: "alpha-Secret7"}))
		require.True(t, reads(p))
		ask(t, p, retrieve(alpha))
		require.False(t, reads(p))
		ask(t, p, retrieve(alpha))
		require.True(t, reads(p), "it is shown after all")
	})
	t.Run("an empty one where others are shown", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, with(&epp.AuthInfo{PW: "alpha-Secret7"}), with(&epp.AuthInfo{}))
		ask(t, p, retrieve(alpha), retrieve(alpha))
		require.True(t, reads(p))
	})
	t.Run("none may be unset", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, none, none)
		ask(t, p, retrieve(alpha), retrieve(alpha))
		require.True(t, reads(p))
	})
	t.Run("none after it was set is hidden", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, none, set, none)
		ask(t, p, regenerate(alpha))
		require.True(t, reads(p))
		ask(t, p, retrieve(alpha))
		require.False(t, reads(p))
	})
	t.Run("none after it was set, where others were shown, was ended by somebody", func(t *testing.T) {
		shown := with(&epp.AuthInfo{PW: "alpha-Secret7"})
		p, _ := scripted(t, eppcode.Options{}, shown, shown, set, none)
		ask(t, p, retrieve(alpha), regenerate(alpha), retrieve(alpha))
		require.True(t, reads(p))
	})
	t.Run("hidden is looked at again after an hour", func(t *testing.T) {
		now := noon
		p, _ := scripted(t, eppcode.Options{Now: func() time.Time { return now }}, with(&epp.AuthInfo{}))
		ask(t, p, retrieve(alpha))
		now = noon.Add(59 * time.Minute)
		require.False(t, reads(p))
		now = noon.Add(time.Hour)
		require.True(t, reads(p))
	})
	t.Run("none after it was revoked is unset", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, none, set, set, none)
		ask(t, p, regenerate(alpha))
		require.NoError(t, p.Revoke(t.Context(), alpha))
		ask(t, p, retrieve(alpha))
		require.True(t, reads(p))
	})
	t.Run("another object's", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{}, none, set, with(&epp.AuthInfo{PW: "jil-Secret7", ROID: "C1-MOCK"}))
		ask(t, p, regenerate(alpha), retrieve(alpha))
		require.True(t, reads(p))
	})
	t.Run("Options.Hidden", func(t *testing.T) {
		p, _ := scripted(t, eppcode.Options{Hidden: true})
		require.False(t, reads(p))
		out, err := p.HandOver(t.Context(), retrieve(alpha))
		refused(t, authcode.Unsupported, "", out, err)
	})
}
