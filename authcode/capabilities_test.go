package authcode_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestAbility(t *testing.T) {
	for name, c := range map[string]struct {
		ability            authcode.Ability
		any, onlyCode, has bool // has side effects
	}{
		"none":          {authcode.Ability{}, false, false, false},
		"shows":         {show, true, true, false},
		"makes":         {renew, true, true, true},
		"sends":         {mailed, true, false, true},
		"shows or mail": {authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent}, true, false, true},
		"at work":       {authcode.Ability{Outcomes: authcode.KindPending}, true, false, true},
	} {
		require.Equal(t, c.any, c.ability.Any(), name)
		require.Equal(t, c.onlyCode, c.ability.Only(authcode.KindCode), name)
		require.Equal(t, c.has, c.ability.SideEffects(), name)
	}
}

func TestCapabilitiesFor(t *testing.T) {
	chosen := authcode.Ability{Outcomes: authcode.KindCode, NewCode: true, Chosen: true}
	caps := authcode.Capabilities{
		Retrieve: show, Regenerate: renew,
		Send: map[authcode.Recipient]authcode.Ability{authcode.Registrant: mailed},
	}
	internal, choosing := caps, caps
	internal.Internal = true
	choosing.Regenerate = chosen
	for name, c := range map[string]struct {
		caps authcode.Capabilities
		r    authcode.Request
		want authcode.Ability
		text string // of the refusal
	}{
		"retrieve":             {caps, authcode.Request{Verb: authcode.Retrieve}, show, ""},
		"regenerate":           {caps, authcode.Request{Verb: authcode.Regenerate}, renew, ""},
		"send":                 {caps, authcode.Request{Verb: authcode.Send, To: authcode.Registrant}, mailed, ""},
		"send to another":      {caps, authcode.Request{Verb: authcode.Send, To: authcode.Admin}, authcode.Ability{}, "send to admin"},
		"internal":             {internal, authcode.Request{Verb: authcode.Retrieve, Scope: authcode.Internal}, show, ""},
		"internal, none":       {caps, authcode.Request{Verb: authcode.Retrieve, Scope: authcode.Internal}, authcode.Ability{}, "retrieve, internal"},
		"send internal":        {internal, authcode.Request{Verb: authcode.Send, To: authcode.Registrant, Scope: authcode.Internal}, authcode.Ability{}, "send to registrant, internal"},
		"explicitly external":  {caps, authcode.Request{Verb: authcode.Retrieve, Scope: authcode.External}, show, ""},
		"a chosen code":        {choosing, authcode.Request{Verb: authcode.Regenerate, Value: theCode}, chosen, ""},
		"a chosen code, never": {caps, authcode.Request{Verb: authcode.Regenerate, Value: theCode}, authcode.Ability{}, "regenerate with a code of the caller's choice"},
		"no such verb":         {caps, authcode.Request{Verb: "steal"}, authcode.Ability{}, "steal"},
		"nothing at all":       {authcode.Capabilities{}, authcode.Request{Verb: authcode.Retrieve}, authcode.Ability{}, "retrieve"},
	} {
		require.Equal(t, c.want, c.caps.For(c.r), name)
		no, refused := c.caps.Refuse(c.r)
		require.Equal(t, c.text != "", refused, name)
		if refused {
			require.Equal(t, authcode.Unsupported, no.Class, name)
			require.Equal(t, "codes can't be handed over this way here: "+c.text, no.Text, name)
		}
	}
}
