package registry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func newAuthInfos(t *testing.T) (*AuthInfos, *Clock) {
	clock := NewClock(noon)
	s, err := NewState(Options{Clock: clock, Seed: 1, HashIterations: 10}, nil)
	require.NoError(t, err)
	return NewAuthInfos(s, 14*24*time.Hour), clock
}

var obj = Ref{Contact, "CID-ONE"}

func TestAuthInfos(t *testing.T) {
	t.Run("one is valid for its object alone", func(t *testing.T) {
		a, _ := newAuthInfos(t)
		require.False(t, a.Use(obj, "first"))
		a.Set(obj, "REG-A", "first")
		require.True(t, a.Use(obj, "first"))
		require.False(t, a.Use(obj, "First"))
		require.False(t, a.Use(obj, ""))
		require.False(t, a.Use(Ref{Domain, "CID-ONE"}, "first"))
		require.False(t, a.Use(Ref{Contact, "CID-TWO"}, "first"))
	})
	t.Run("using it counts and does not consume it", func(t *testing.T) {
		a, _ := newAuthInfos(t)
		a.Set(obj, "REG-A", "first")
		for range 3 {
			require.True(t, a.Use(obj, "first"))
		}
		require.Equal(t, []Issued{{ClID: "REG-A", Expires: noon.Add(a.TTL), Uses: 3}}, a.Active(obj))
	})
	t.Run("a new one replaces only the same registrar's", func(t *testing.T) {
		a, _ := newAuthInfos(t)
		a.Set(obj, "REG-A", "first")
		a.Set(obj, "REG-B", "second")
		a.Set(obj, "REG-A", "third")
		require.False(t, a.Use(obj, "first"))
		require.True(t, a.Use(obj, "second"))
		require.True(t, a.Use(obj, "third"))
		require.Len(t, a.Active(obj), 2)
	})
	t.Run("it ends with its TTL, by the clock", func(t *testing.T) {
		a, clock := newAuthInfos(t)
		a.Set(obj, "REG-A", "first")
		clock.Advance(a.TTL - time.Nanosecond)
		require.True(t, a.Use(obj, "first"))
		clock.Advance(time.Nanosecond)
		require.False(t, a.Use(obj, "first"))
		require.Empty(t, a.Active(obj))
	})
	t.Run("all of an object's are cancelled together", func(t *testing.T) {
		a, _ := newAuthInfos(t)
		a.Set(obj, "REG-A", "first")
		a.Set(obj, "REG-B", "second")
		a.Set(Ref{Contact, "CID-ONE-2"}, "REG-B", "third")
		require.NoError(t, a.state.Change(func(tx *Tx) error {
			a.Cancel(tx, obj)
			return nil
		}))
		require.Empty(t, a.Active(obj))
		require.Len(t, a.Active(Ref{Contact, "CID-ONE-2"}), 1)
	})
}

func TestHash(t *testing.T) {
	h := &Hasher{Rand: NewRand(1), Iterations: 10}
	one, two := h.Hash("secret"), h.Hash("secret")
	require.True(t, one.Matches("secret"))
	require.NotEqual(t, one, two, "each has its own salt")
	require.NotContains(t, string(one.key)+string(one.salt), "secret")
	require.False(t, one.Matches("Secret"))
	require.False(t, Hash{}.Matches(""))

	text, err := one.MarshalText()
	require.NoError(t, err)
	require.NotContains(t, string(text), "secret")
	var again Hash
	require.NoError(t, again.UnmarshalText(text))
	require.True(t, again.Matches("secret"))
	for _, bad := range []string{"x", "pbkdf2-sha256$0$YQ$YQ", "pbkdf2-sha256$1$YQ$", "md5$1$YQ$YQ", "pbkdf2-sha256$1$!$YQ"} {
		require.Error(t, again.UnmarshalText([]byte(bad)), bad)
	}
}
