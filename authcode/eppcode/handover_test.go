package eppcode_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

func TestNew(t *testing.T) {
	doer := new(script)
	for name, o := range map[string]eppcode.Options{
		"no Doer":             {ClID: "reg-north"},
		"no ClID":             {Doer: doer},
		"there is no kind 7":  {Doer: doer, Kind: 7},
		"a TTL of -1s":        {Doer: doer, ClID: "reg-north", TTL: -time.Second},
		"does not fit into 8": {Doer: doer, ClID: "reg-north", Limits: authcode.Limits{Max: 8}},
	} {
		_, err := eppcode.New(o)
		require.ErrorContains(t, err, name)
	}
	_, err := eppcode.New(eppcode.Options{Doer: doer, Kind: eppcode.FRED})
	require.NoError(t, err)
}

func TestRetrieve(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	do := func(name string) (authcode.Outcome, error) { return m.HandOver(t.Context(), retrieve(name)) }

	t.Run("R5731-023 the sponsor sees it", func(t *testing.T) {
		out, err := do("ALPHA.example.")
		require.Equal(t, authcode.Code{Value: "alpha-Secret7", Scope: authcode.External}, code(t, out, err))
		require.Equal(t, []string{"domain:info"}, received(m.srv))
	})
	t.Run("R5731-029 another's domain", func(t *testing.T) {
		out, err := do("gamma.test")
		refused(t, authcode.NotYours, "", out, err)
	})
	t.Run("no domain", func(t *testing.T) {
		out, err := do("omega.example")
		refused(t, authcode.NotFound, "2303", out, err)
	})
	t.Run("a locked one is shown all the same", func(t *testing.T) {
		out, err := do("beta.example")
		require.EqualValues(t, "beta-Secret7", code(t, out, err).Value)
	})
	t.Run("an internal code", func(t *testing.T) {
		out, err := m.HandOver(t.Context(), authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve, Scope: authcode.Internal})
		refused(t, authcode.Unsupported, "", out, err)
	})
	t.Run("not a request", func(t *testing.T) {
		out, err := m.HandOver(t.Context(), retrieve("alpha"))
		refused(t, authcode.Invalid, "", out, err)
	})
	t.Run("when its time is over but it is there still", func(t *testing.T) {
		out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
		made := code(t, out, err)
		out, err = do("alpha.example")
		require.Equal(t, made, code(t, out, err))
		m.Clock.Advance(eppcode.DefaultTTL)
		out, err = do("alpha.example")
		refused(t, authcode.Unset, "", out, err)
	})
}

func TestRetrieveUnset(t *testing.T) {
	for name, info := range map[string]*epp.AuthInfo{
		"R9154-009 absent":      nil,
		"R9154-009 empty":       {},
		"another object's":      {PW: "jil-Secret7", ROID: "C1-MOCK"},
		"one that is no string": {Ext: new(epp.Raw)},
	} {
		t.Run(name, func(t *testing.T) {
			d := infData()
			d.AuthInfo = info
			p, _ := scripted(t, eppcode.Options{}, respond(epp.Success, d))
			out, err := p.HandOver(t.Context(), retrieve("alpha.example"))
			refused(t, authcode.Unset, "", out, err)
		})
	}
	t.Run("RFC 9154 over the wire", func(t *testing.T) {
		m := start(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{})
		out, err := m.HandOver(t.Context(), retrieve("alpha.example"))
		refused(t, authcode.Unset, "", out, err)
	})
}

func TestRegenerate(t *testing.T) {
	for _, secure := range []bool{false, true} {
		t.Run(fmt.Sprintf("RFC 9154 %v", secure), func(t *testing.T) {
			ledger := eppcode.Dir{Path: t.TempDir()}
			m := start(t, gtld.Options{SecureAuthInfo: secure}, eppcode.Options{TTL: time.Hour, Ledger: ledger})
			out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
			c := code(t, out, err)
			require.Equal(t, noon.Add(time.Hour), c.Expires)
			require.GreaterOrEqual(t, len(c.Value), 20, "R9154-002")
			require.Equal(t, []string{"domain:info", "domain:update"}, received(m.srv))
			require.Equal(t, epp.Success, m.asks(t, "alpha.example", c.Value))
			require.Equal(t, epp.InvalidAuthInfo, m.asks(t, "alpha.example", "alpha-Secret7"))
			requireEntries(t, ledger, eppcode.Entry{Domain: "alpha.example", Due: c.Expires})

			out, err = m.HandOver(t.Context(), regenerate("alpha.example"))
			next := code(t, out, err)
			require.NotEqual(t, c.Value.Reveal(), next.Value.Reveal())
			requireEntries(t, ledger, eppcode.Entry{Domain: "alpha.example", Due: c.Expires})
			m.Clock.Advance(time.Minute)
			out, err = m.HandOver(t.Context(), regenerate("alpha.example"))
			next = code(t, out, err)
			require.Equal(t, noon.Add(time.Hour+time.Minute), next.Expires)
			requireEntries(t, ledger, eppcode.Entry{Domain: "alpha.example", Due: next.Expires})
		})
	}
}

// Neither a code nor the password is in what package fmt makes of a Provider or its pool.
func TestPrinted(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{})
	out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
	c := code(t, out, err)
	for _, verb := range []string{"%v", "%+v", "%#v"} {
		for _, v := range []any{m.Provider, m.pool} {
			require.NotContains(t, fmt.Sprintf(verb, v), c.Value.Reveal())
			require.NotContains(t, fmt.Sprintf(verb, v), "north-Gate9")
		}
	}
}

// Of many who make a new code at once, the last one's is in force, and one entry ends it.
func TestRegenerateAtOnce(t *testing.T) {
	ledger := eppcode.Dir{Path: t.TempDir()}
	m := start(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{Ledger: ledger})
	other := m.provider(t, eppcode.Options{Ledger: ledger}) // as another process
	var (
		all   sync.WaitGroup
		codes = make(chan authcode.Secret, 16)
	)
	for i := range cap(codes) {
		all.Go(func() {
			p := m.Provider
			if i%2 == 1 {
				p = other
			}
			m.Clock.Advance(time.Second) // so that no two entries are one
			out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
			if c, ok := out.(authcode.Code); ok {
				codes <- c.Value
			} else {
				t.Error(out, err)
			}
		})
	}
	all.Wait()
	close(codes)
	valid := 0
	for c := range codes {
		if m.asks(t, "alpha.example", c) == epp.Success {
			valid++
		}
	}
	require.Equal(t, 1, valid)
	list, err := ledger.Entries(t.Context(), "")
	require.NoError(t, err)
	require.NotEmpty(t, list)
	m.Clock.Advance(eppcode.DefaultTTL)
	ended, err := m.Expire(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"alpha.example"}, ended)
	requireEntries(t, ledger)
}

func TestRegenerateRefused(t *testing.T) {
	for _, tt := range []struct {
		name, domain string
		class        authcode.Class
		code         string
		sent         []string
	}{
		{"no domain", "omega.example", authcode.NotFound, "2303", []string{"domain:info"}},
		{"another's", "gamma.test", authcode.NotYours, "", []string{"domain:info"}},
		{"clientTransferProhibited", "beta.example", authcode.Locked, "", []string{"domain:info"}},
		{"clientUpdateProhibited", "held.example", authcode.Locked, "2304", []string{"domain:info", "domain:update"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := gtld.DefaultFixtures()
			require.NoError(t, err)
			held := f.Domains[0]
			held.Name, held.Status, held.ROID = "held.example", []string{"clientUpdateProhibited"}, ""
			f.Domains = append(f.Domains, held)
			ledger := eppcode.Dir{Path: t.TempDir()}
			m := start(t, gtld.Options{Fixtures: f}, eppcode.Options{Ledger: ledger})
			out, err := m.HandOver(t.Context(), regenerate(tt.domain))
			refused(t, tt.class, tt.code, out, err)
			require.Equal(t, tt.sent, received(m.srv))
			requireEntries(t, ledger)
		})
	}
	for _, status := range []string{"clientTransferProhibited", "serverTransferProhibited", "pendingTransfer"} {
		t.Run(status, func(t *testing.T) {
			p, _ := scripted(t, eppcode.Options{}, respond(epp.Success, infData(status)))
			out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
			require.Contains(t, refused(t, authcode.Locked, "", out, err).Text, status)
		})
	}
	t.Run("IgnoreLock", func(t *testing.T) {
		m := start(t, gtld.Options{}, eppcode.Options{IgnoreLock: true})
		out, err := m.HandOver(t.Context(), regenerate("beta.example"))
		require.Equal(t, epp.Success, m.asks(t, "beta.example", code(t, out, err).Value))
		d, err := m.Describe(t.Context(), "beta.example")
		require.NoError(t, err)
		require.Equal(t, authcode.Yes, d.Locked, "nothing is unlocked by itself")
	})
}

// The caller's own codes reach the registry, and come back, as they are.
func TestChosenCodes(t *testing.T) {
	m := start(t, gtld.Options{}, eppcode.Options{Limits: authcode.Limits{Min: 1}})
	for _, value := range []authcode.Secret{
		`23)9W*(zHLBCEwg4`, `)*(&<"$'`, `]]>&amp;<!--`, " two  spaces ", "Größe-密码-🗝", "'", "&#65;%41\\",
	} {
		r := regenerate("alpha.example")
		r.Value = value
		out, err := m.HandOver(t.Context(), r)
		set := code(t, out, err)
		require.Equal(t, value.Reveal(), set.Value.Reveal())
		out, err = m.HandOver(t.Context(), retrieve("alpha.example"))
		require.Equal(t, set, code(t, out, err))
		require.Equal(t, epp.Success, m.asks(t, "alpha.example", value))
	}
	before := len(received(m.srv))
	for name, value := range map[string]authcode.Secret{
		"a tab":                "a\tb-Secret7",
		"a line break":         "a\nb-Secret7",
		"a control character":  "a\x01b-Secret7",
		"what is no character": "a\xffb-Secret7",
	} {
		t.Run(name, func(t *testing.T) {
			r := regenerate("alpha.example")
			r.Value = value
			out, err := m.HandOver(t.Context(), r)
			require.NotContains(t, refused(t, authcode.Invalid, "", out, err).Text, "Secret7")
		})
	}
	require.NotContains(t, received(m.srv)[before:], "domain:update")
}

// RFC 9154, section 4.1: a code that is quickly guessed is none, whoever chose it.
func TestUnfit(t *testing.T) {
	limits := authcode.Limits{Min: 4, Max: 24, Alphabet: authcode.Printable}
	for _, tt := range []struct {
		name   string
		limits authcode.Limits
		value  authcode.Secret
		fits   bool
	}{
		{"one character", authcode.Limits{}, "a", false},
		{"15 characters", authcode.Limits{}, "abcdefghijklmno", false},
		{"16 characters", authcode.Limits{}, "ábčděfghijklmňoŽ", true},
		{"the least", limits, "abcd", true},
		{"less", limits, "abc", false},
		{"the most", limits, "abcdefghijklmnopqrstuvwx", true},
		{"more", limits, "abcdefghijklmnopqrstuvwxy", false},
		{"a character that is not in the alphabet", limits, "abcdef ghijk", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var script []func(*epp.Command) (*epp.Response, error)
			if tt.fits {
				script = steps(respond(epp.Success, infData()), respond(epp.Success))
			}
			p, _ := scripted(t, eppcode.Options{Limits: tt.limits}, script...)
			r := regenerate("alpha.example")
			r.Value = tt.value
			out, err := p.HandOver(t.Context(), r)
			if tt.fits {
				require.Equal(t, tt.value.Reveal(), code(t, out, err).Value.Reveal())
			} else {
				refused(t, authcode.Invalid, "", out, err)
			}
		})
	}
}

// R9154-007: a registry may find a random value weak.
func TestWeak(t *testing.T) {
	weak := func(quote bool) func(*epp.Command) (*epp.Response, error) {
		return func(cmd *epp.Command) (*epp.Response, error) {
			r, _ := respond(epp.InvalidAuthInfo)(cmd)
			if quote {
				r.Results[0].Msg.Text = "refused is " + valueIn(cmd)
			}
			return r, nil
		}
	}
	info := respond(epp.Success, infData())
	once := eppcode.Entry{Domain: "alpha.example", Due: noon.Add(eppcode.DefaultTTL)}

	t.Run("another one is taken", func(t *testing.T) {
		ledger := eppcode.Dir{Path: t.TempDir()}
		var values []string
		keep := func(next func(*epp.Command) (*epp.Response, error)) func(*epp.Command) (*epp.Response, error) {
			return func(cmd *epp.Command) (*epp.Response, error) {
				values = append(values, valueIn(cmd))
				return next(cmd)
			}
		}
		p, s := scripted(t, eppcode.Options{Ledger: ledger}, info, keep(weak(false)), keep(weak(true)), keep(respond(epp.Success)))
		out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
		require.Equal(t, values[2], code(t, out, err).Value.Reveal())
		require.Len(t, s.sent(), 4)
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(values))), 3)
		requireEntries(t, ledger, once)
	})
	t.Run("not the third", func(t *testing.T) {
		ledger := eppcode.Dir{Path: t.TempDir()}
		p, s := scripted(t, eppcode.Options{Ledger: ledger}, info, weak(false), weak(false), weak(false))
		out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
		refused(t, authcode.Invalid, "2202", out, err)
		require.Len(t, s.sent(), 4)
		requireEntries(t, ledger)
	})
	t.Run("a chosen one is the caller's to change", func(t *testing.T) {
		p, s := scripted(t, eppcode.Options{}, info, weak(true))
		out, err := p.HandOver(t.Context(), authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Value: "chosen-by-Secret7"})
		no := refused(t, authcode.Invalid, "2202", out, err)
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", no, no, no), "Secret7")
		require.Len(t, s.sent(), 2)
	})
	t.Run("over the wire", func(t *testing.T) {
		m := start(t, gtld.Options{SecureAuthInfo: true}, eppcode.Options{})
		r := regenerate("alpha.example")
		r.Value = "still-short-Secret7"
		out, err := m.HandOver(t.Context(), r)
		refused(t, authcode.Invalid, "2202", out, err)
		require.Equal(t, []string{"domain:info", "domain:update"}, received(m.srv))
	})
	t.Run("a registry whose limits we were not told", func(t *testing.T) {
		m := start(t, gtld.Options{AuthInfoMax: 16}, eppcode.Options{})
		out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
		refused(t, authcode.Invalid, "2202", out, err)
		require.Equal(t, []string{"domain:info", "domain:update", "domain:update", "domain:update"}, received(m.srv))
		out, err = m.HandOver(t.Context(), retrieve("alpha.example"))
		require.Equal(t, authcode.Code{Value: "alpha-Secret7", Scope: authcode.External}, code(t, out, err), "as it was, without an end")
	})
	t.Run("limits that we were told", func(t *testing.T) {
		limits := authcode.Limits{Min: 30, Max: 32, Alphabet: "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"}
		m := start(t, gtld.Options{AuthInfoMin: 30, AuthInfoMax: 32}, eppcode.Options{Limits: limits})
		out, err := m.HandOver(t.Context(), regenerate("alpha.example"))
		value := code(t, out, err).Value.Reveal()
		require.Empty(t, strings.Trim(value, limits.Alphabet))
		require.Len(t, value, 30)
	})
}

func valueIn(cmd *epp.Command) string {
	return cmd.Request.(*domain.Update).Chg.AuthInfo.PW.Reveal()
}

// No command is sent twice, and an error says whether a code may have been made.
func TestCutOff(t *testing.T) {
	info := respond(epp.Success, infData())
	garbage := func(*epp.Command) (*epp.Response, error) { return nil, fmt.Errorf("a Doer of another make") }
	for _, tt := range []struct {
		name    string
		verb    authcode.Verb
		steps   []func(*epp.Command) (*epp.Response, error)
		unknown bool
		op      string
		kept    int // entries in the ledger
	}{
		{"retrieve, not sent", authcode.Retrieve, steps(cut(client.NotSent)), false, "domain:info", 0},
		{"retrieve, unknown", authcode.Retrieve, steps(cut(client.Unknown)), false, "domain:info", 0},
		{"retrieve, a success without data", authcode.Retrieve, steps(respond(epp.Success)), false, "domain:info", 0},
		{"retrieve, an answer that is to come", authcode.Retrieve, steps(respond(epp.ActionPending)), false, "domain:info", 0},
		{"info before, unknown", authcode.Regenerate, steps(cut(client.Unknown)), false, "domain:info", 0},
		{"update, not sent", authcode.Regenerate, steps(info, cut(client.NotSent)), false, "domain:update", 0},
		{"update, unknown", authcode.Regenerate, steps(info, cut(client.Unknown)), true, "domain:update", 1},
		{"update, an answer of no use", authcode.Regenerate, steps(info, cut(client.Answered)), true, "domain:update", 1},
		{"update, an error of no kind", authcode.Regenerate, steps(info, garbage), true, "domain:update", 1},
		{"after a weak one, unknown", authcode.Regenerate, steps(info, respond(epp.InvalidAuthInfo), cut(client.Unknown)), true, "domain:update", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ledger := eppcode.Dir{Path: t.TempDir()}
			p, s := scripted(t, eppcode.Options{Ledger: ledger}, tt.steps...)
			_, err := p.HandOver(t.Context(), authcode.Request{Domain: "alpha.example", Verb: tt.verb})
			require.Equal(t, tt.unknown, authcode.OutcomeUnknown(err), "%v", err)
			require.Equal(t, !tt.unknown, authcode.SafeToRetry(err), "%v", err)
			var e *authcode.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, "epp", e.System)
			require.Equal(t, tt.op, e.Op)
			require.Equal(t, "alpha.example", e.Domain)
			require.Len(t, s.sent(), len(tt.steps))
			list, err := ledger.Entries(t.Context(), "alpha.example")
			require.NoError(t, err)
			require.Len(t, list, tt.kept)
		})
	}
}

func steps(s ...func(*epp.Command) (*epp.Response, error)) []func(*epp.Command) (*epp.Response, error) {
	return s
}

// RFC 5731, section 3.2.5: an update may be reviewed by people first.
func TestPending(t *testing.T) {
	ledger := eppcode.Dir{Path: t.TempDir()}
	p, _ := scripted(t, eppcode.Options{Ledger: ledger}, respond(epp.Success, infData()), respond(epp.ActionPending))
	out, err := p.HandOver(t.Context(), regenerate("alpha.example"))
	require.NoError(t, err)
	require.Equal(t, authcode.Pending{Operation: "SV-1", Text: epp.ActionPending.Text()}, out)
	list, err := ledger.Entries(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, list, 1)
	caps, err := p.Capabilities(t.Context(), "alpha.example")
	require.NoError(t, err)
	require.NotZero(t, caps.Regenerate.Outcomes&authcode.KindPending)
}
