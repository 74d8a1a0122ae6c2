package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
)

// What the interfaces tell of a domain beside its code, and its lock, come from the
// registry and go to it, through the program as it runs.
func TestServeNeighbours(t *testing.T) {
	s := serveFront(t, nil, "authcode", "serve")
	const user, secret, name = "demo", "demo-Secret7", "alpha.example"
	at := func(path string) authcode.HTTP { return authcode.HTTP{Base: s.base + path} }
	nt, err := netim.New(netim.Options{HTTP: at("/1.0"), ID: user, Secret: secret})
	require.NoError(t, err)
	op, err := openprovider.New(openprovider.Options{HTTP: at("/v1beta"), Username: user, Password: secret})
	require.NoError(t, err)
	os, err := opensrs.New(opensrs.Options{HTTP: at("/"), Username: user, Key: secret})
	require.NoError(t, err)
	type neighbour interface {
		authcode.Describer
		authcode.Locker
	}
	all := map[string]neighbour{"netim": nt, "openprovider": op, "opensrs": os}

	locked := func(want authcode.Truth) {
		t.Helper()
		for dialect, c := range all {
			d, err := c.Describe(t.Context(), name)
			require.NoError(t, err, dialect)
			require.Equal(t, want, d.Locked, dialect)
		}
	}
	locked(authcode.No)
	for dialect, c := range all {
		require.NoError(t, c.SetLock(t.Context(), name, true), dialect)
		locked(authcode.Yes)
		out, err := nt.HandOver(t.Context(), authcode.Request{Domain: name, Verb: authcode.Send, To: authcode.Registrant})
		require.NoError(t, err)
		require.ErrorIs(t, out.(authcode.Refused), authcode.Refused{Class: authcode.Locked})
		require.NoError(t, c.SetLock(t.Context(), name, false), dialect)
		locked(authcode.No)
	}
	for dialect, c := range map[string]authcode.Describer{"netim": nt, "openprovider": op} {
		d, err := c.Describe(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, "jr-1", d.Registrant, dialect)
		require.Equal(t, []string{"kt-2"}, d.Admin, dialect)
		require.Equal(t, 2031, d.Expires.Year(), dialect)
		require.Equal(t, []string{"ns1.alpha.example", "ns2.alpha.example"}, d.NS, dialect)
	}
	require.NoError(t, nt.Close(t.Context()))
}
