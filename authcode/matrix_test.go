package authcode_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/netim"
)

// This file puts every interface over every system, by twos: a client, its handler,
// and behind that a provider, which is a second client with its handler and a world
// behind it, or EPP with a mock registry. Whatever the near end reports has to be what
// happened at the far end.

// An end is the far end: where it can be seen what really happened.
type end interface {
	// domain is a domain there.
	domain() string
	// valid reports whether a code works now.
	valid(t *testing.T, code authcode.Secret) bool
	// untouched reports whether the first code still stands and nothing was sent
	// or begun; replaced, whether the first code is gone.
	untouched(t *testing.T) bool
	replaced(t *testing.T) bool
	// sent are those to whom the code went last; nil for nobody.
	sent(t *testing.T) []authcode.Recipient
	// queued reports whether something is pending.
	queued() bool
}

// requests are all that can be asked for.
func requests(name string) []authcode.Request {
	list := []authcode.Request{
		{Domain: name, Verb: authcode.Retrieve},
		{Domain: name, Verb: authcode.Regenerate},
	}
	for _, to := range authcode.Recipients {
		list = append(list, authcode.Request{
			Domain: name, Verb: authcode.Send, To: to, Reseller: []authcode.Address{{Email: "hana@lipa.example"}},
		})
	}
	return list
}

// far makes a provider and the end behind it, fresh for each request.
type far struct {
	name string
	make func(t *testing.T) (authcode.Provider, end)
}

func fars() []far {
	var list []far
	for _, m := range modes() {
		for i := range hops {
			list = append(list, far{hops[i].name + " that " + m.name, func(t *testing.T) (authcode.Provider, end) {
				w := newWorld(m)
				return hops[i].over(t, w, nil), w
			}})
		}
		list = append(list, far{"a world that " + m.name, func(*testing.T) (authcode.Provider, end) {
			w := newWorld(m)
			return w, w
		}})
	}
	return append(list,
		far{"netim 1.0, where resellers get mail, that mails", func(t *testing.T) (authcode.Provider, end) {
			w, h := newWorld(mails), hops[0]
			h.client = func(at authcode.HTTP) (authcode.Provider, error) {
				at.Base += "/1.0/"
				return netim.New(netim.Options{HTTP: at, ID: hopUser, Secret: hopSecret, Mailed: true})
			}
			return h.over(t, w, nil), w
		}},
		far{"EPP by the RFCs", func(t *testing.T) (authcode.Provider, end) { e := newRFCEnd(t); return e, e }},
		far{"EPP by the RFCs whose mail fails", func(t *testing.T) (authcode.Provider, end) {
			e := newRFCEnd(t)
			e.outbox.Fail = func(authcode.Letter) error { return errors.New("no such letter box") }
			return e, e
		}},
		far{"EPP by RFC 9154", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, false, false); return e.Provider, e }},
		far{"EPP by RFC 9154, with mail", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, false, true); return e.Provider, e }},
		far{"EPP by RFC 9154, as it was told", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, true, false); return e.Provider, e }},
		far{"EPP with a registry that tells nothing of codes", func(t *testing.T) (authcode.Provider, end) { e := newReticentEnd(t); return e.Provider, e }},
		far{"EPP by RFC 9154, as it was told, with mail", func(t *testing.T) (authcode.Provider, end) { e := newSecureEnd(t, true, true); return e.Provider, e }},
		far{"EPP with FRED", func(t *testing.T) (authcode.Provider, end) { e := newFREDEnd(t); return e, e }},
	)
}

// truth holds what the near end reports to what happened at the far end.
func truth(t *testing.T, p authcode.Provider, e end, out authcode.Outcome, err error) {
	t.Helper()
	if err != nil {
		require.Nil(t, out)
		if !authcode.OutcomeUnknown(err) {
			require.True(t, e.untouched(t), "it says that nothing was done: %v", err)
		}
		return
	}
	switch out := out.(type) {
	case authcode.Code:
		require.True(t, e.valid(t, out.Value), "the code does not work")
		for _, to := range e.sent(t) {
			require.Equal(t, authcode.Reseller, to, "it went to somebody other than who asks")
		}
		require.False(t, e.queued())
	case authcode.Sent:
		if slices.Equal(out.To, []authcode.Recipient{authcode.Reseller}) && e.sent(t) == nil {
			// Netim sends to the reseller what the reseller can read.
			code, err := p.HandOver(t.Context(), authcode.Request{Domain: e.domain(), Verb: authcode.Retrieve})
			require.NoError(t, err)
			require.IsType(t, authcode.Code{}, code, "nobody got it")
			require.True(t, e.valid(t, code.(authcode.Code).Value))
			return
		}
		require.NotNil(t, e.sent(t), "nothing was sent")
		for _, to := range out.To {
			require.Contains(t, e.sent(t), to)
		}
	case authcode.Pending:
		require.True(t, e.queued())
	case authcode.Refused:
		if !out.Partial() {
			require.True(t, e.untouched(t), "it says that nobody got anything: %s", out)
			return
		}
		require.Equal(t, len(out.Delivered) > 0, e.sent(t) != nil, "it was sent to somebody or not: %s", out)
		require.Equal(t, out.Replaced, e.replaced(t), "the code before works or not: %s", out)
		require.False(t, e.queued())
	default:
		require.Fail(t, "no outcome", "%T", out)
	}
}

const inPartText = ", in part"

// kind is an outcome in one word, with the class of a refusal.
func kind(out authcode.Outcome, err error) string {
	switch {
	case authcode.OutcomeUnknown(err):
		return "unknown"
	case err != nil:
		return "not there"
	}
	if no, refused := out.(authcode.Refused); refused && no.Partial() {
		return string(no.Class) + inPartText
	} else if refused {
		return string(no.Class)
	}
	return out.Kind().String()
}

func TestMatrix(t *testing.T) {
	var mu sync.Mutex
	used := map[string]bool{}
	t.Run("pairs", func(t *testing.T) {
		for _, f := range fars() {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				p, e := f.make(t)
				caps, err := p.Capabilities(t.Context(), e.domain())
				require.NoError(t, err)
				alone := map[string]string{}
				for _, r := range requests(e.domain()) {
					p, e := f.make(t)
					out, err := p.HandOver(t.Context(), r)
					truth(t, p, e, out, err)
					alone[what(r)] = kind(out, err)
				}
				for _, r := range requests(e.domain()) {
					for i := range hops {
						t.Run(hops[i].name+", "+r.String(), func(t *testing.T) {
							p, e := f.make(t)
							near := hops[i].over(t, p, nil)
							out, err := near.HandOver(t.Context(), r)
							truth(t, near, e, out, err)
							is := kind(out, err)
							x := &pair{hop: hops[i].name, r: r, far: caps, alone: alone}
							x.near, err = near.Capabilities(t.Context(), e.domain())
							require.NoError(t, err)
							why := x.explain(is)
							require.NotEmpty(t, why, "alone it says %q, and through this hop %q", x.was(), is)
							mu.Lock()
							defer mu.Unlock()
							for _, w := range why {
								used[w] = true
							}
						})
					}
				}
			})
		}
	})
	for _, l := range losses {
		require.True(t, used[l.why], "nothing needs it: %s", l.why)
	}
}

// explain is why the near end says what it says; nothing where no loss explains it.
func (x *pair) explain(is string) []string {
	if is == x.was() {
		return []string{"it says the same"}
	}
	var why []string
	for _, l := range losses {
		if slices.Contains(l.is(x), is) {
			why = append(why, l.why)
		}
	}
	return why
}
