package authcode_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// locked is a system that tells so much of its lock.
type locked struct {
	*world
	is, able authcode.Truth
}

func (l locked) Describe(context.Context, string) (authcode.Domain, error) {
	return authcode.Domain{Name: "alpha.example", Locked: l.is, Lockable: l.able}, nil
}

// TestLock: what a system tells of its lock arrives through one interface and through
// two, and what it does not tell is told by none of them.
func TestLock(t *testing.T) {
	for _, is := range []authcode.Truth{authcode.Untold, authcode.No, authcode.Yes} {
		told := map[string]func() authcode.Provider{
			"the system": func() authcode.Provider { return locked{newWorld(shows), is, is} },
		}
		if is == authcode.Untold {
			told["a system that is no Describer"] = func() authcode.Provider { return struct{ authcode.Provider }{newWorld(shows)} }
		}
		for name, system := range told {
			for i := range hops {
				for j := range hops {
					t.Run(is.String()+", "+hops[i].name+", "+hops[j].name+", "+name, func(t *testing.T) {
						far := hops[j].over(t, system(), nil)
						near := hops[i].over(t, far, nil)
						described := true
						for _, p := range []authcode.Provider{far, near} {
							d, ok := p.(authcode.Describer)
							described = described && ok
							if !ok {
								continue
							}
							want := authcode.Untold
							if described {
								want = is
							}
							it, err := d.Describe(t.Context(), "alpha.example")
							if no, refused := authcode.AsRefused(err); refused {
								require.Equal(t, authcode.Unsupported, no.Class)
								require.Equal(t, authcode.Untold, want)
								continue
							}
							require.NoError(t, err)
							require.Equal(t, want, it.Locked)
							require.Contains(t, []authcode.Truth{authcode.Untold, want}, it.Lockable)
						}
					})
				}
			}
		}
	}
}
