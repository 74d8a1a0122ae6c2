package registry

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
)

func TestOutbox(t *testing.T) {
	s, err := NewState(Options{Clock: NewClock(noon)}, nil)
	require.NoError(t, err)
	o := s.Outbox
	add := func(m Mail) {
		require.NoError(t, s.Change(func(tx *Tx) error {
			o.Put(tx, m)
			return nil
		}))
	}
	_, ok := o.Last()
	require.False(t, ok)
	one := Mail{To: []string{"a@one.example", "b@one.example"}, About: obj, AuthInfo: "hush-hush", At: noon, RequestedBy: "REG-A"}
	two := Mail{To: []string{"c@two.example"}, About: Ref{Domain, "two.example"}, AuthInfo: "quiet", At: noon, RequestedBy: "REG-B"}
	add(one)
	add(two)
	one.N, two.N = 1, 2

	require.Equal(t, []Mail{one, two}, o.All())
	last, ok := o.Last()
	require.True(t, ok)
	require.Equal(t, two, last)
	require.Equal(t, []Mail{one}, o.For("cid-one"))
	require.Empty(t, o.For("nobody"))
	require.Equal(t, []Mail{two}, o.Since(1))

	last.To[0] = "changed"
	require.Equal(t, two.To, []string{"c@two.example"})
	require.Equal(t, []Mail{one, two}, o.All(), "what is returned is a copy")
}

func TestRelayed(t *testing.T) {
	s, err := NewState(Options{Clock: NewClock(noon)}, nil)
	require.NoError(t, err)
	require.NoError(t, s.Begin(func(*Tx) error { return nil }))
	require.Zero(t, s.Outbox.Relayed())
	require.NoError(t, s.Change(func(tx *Tx) error {
		s.Outbox.Put(tx, Mail{To: []string{"a@one.example"}, About: obj})
		return nil
	}))
	for _, n := range []uint64{1, 3, 2, 3} {
		require.NoError(t, s.Outbox.SetRelayed(n))
	}
	require.EqualValues(t, 3, s.Outbox.Relayed())
	before := s.View(&mockserver.Exchange{Stale: 1})
	require.Zero(t, s.Outbox.mails.Len(before), "a stale read is from before the command, not from before the relay")
	require.NoError(t, s.Reset())
	require.Zero(t, s.Outbox.Relayed())
}

func TestMailKeepsItsSecret(t *testing.T) {
	m := Mail{To: []string{"a@one.example"}, About: obj, AuthInfo: "hush-hush", At: noon, RequestedBy: "REG-A"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("sent", "mail", m)
	for _, s := range []string{m.String(), fmt.Sprintf("%v %+v %#v", m, m, []Mail{m}), log.String()} {
		require.NotContains(t, s, "hush-hush")
		require.Contains(t, s, "a@one.example")
	}
	a := Account{ClID: "REG-A", Password: "hush-hush"}
	require.NotContains(t, fmt.Sprintf("%v %+v %#v", a, []Account{a}, a), "hush-hush")
}
