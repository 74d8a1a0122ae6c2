package authcode_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

var (
	jana  = authcode.Address{Name: "Jana Malá", Email: "jana@lipa.example", Lang: "cs"}
	karel = authcode.Address{Email: "karel@mez.example"}
	// The registry's errors, the mail server's, and a break in the middle.
	errDown    = &authcode.Error{System: "epp", Op: "info", Err: errors.New("connection refused")}
	errNoUser  = &authcode.Error{System: "smtp", Op: "deliver", Code: "550 5.1.1", Err: errors.New("no such user")}
	errLater   = &authcode.Error{System: "smtp", Op: "deliver", Code: "451 4.7.1", Err: errors.New("later")}
	errPaper   = &authcode.Error{System: "smtp", Op: "deliver", Err: errors.New("no paper")}
	errUnknown = &authcode.Error{System: "smtp", Op: "deliver", Unknown: true, Err: errors.New("cut off")}
)

// scene is a Mailing over a provider that answers as it is told.
type scene struct {
	mailing  *authcode.Mailing
	journal  *journal
	provider *revoker
	courier  *courier
}

func newScene() *scene {
	j := &journal{}
	p := &revoker{directory: &directory{
		fake: &fake{journal: j, answers: map[authcode.Verb]authcode.Outcome{
			authcode.Retrieve: shown, authcode.Regenerate: shown,
		}},
		addresses: []authcode.Address{jana},
	}}
	p.caps = authcode.Capabilities{Retrieve: show, Regenerate: renew}
	c := &courier{journal: j, fail: map[string]error{}}
	return &scene{&authcode.Mailing{Provider: p, Courier: c, Now: func() time.Time { return noon.Add(-24 * time.Hour) }}, j, p, c}
}

var (
	toRegistrant      = authcode.Request{Domain: "Alpha.Example.", Verb: authcode.Send, To: authcode.Registrant}
	freshToRegistrant = authcode.Request{Domain: "Alpha.Example.", Verb: authcode.Send, To: authcode.Registrant, Fresh: true}
)

func TestMailing(t *testing.T) {
	sentTo := func(masks ...string) authcode.Outcome {
		return authcode.Sent{To: []authcode.Recipient{authcode.Registrant}, Addresses: masks, Expires: noon}
	}
	const (
		address    = "address of registrant of alpha.example"
		retrieve   = "retrieve alpha.example"
		regenerate = "regenerate alpha.example"
		toJana     = "mail to jana@lipa.example"
		toKarel    = "mail to karel@mez.example"
		revoke     = "revoke alpha.example"
	)
	both := []authcode.Address{jana, karel}
	for name, c := range map[string]struct {
		prepare func(*scene)
		r       authcode.Request // or toRegistrant
		want    authcode.Outcome
		err     error
		unknown bool
		fails   string // what the Mailing's own error says, which is unknown
		journal []string
	}{
		"the address, then the code that there is": {
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, toJana},
		},
		"unset: a new one": {
			prepare: func(s *scene) { s.provider.answers[authcode.Retrieve] = unset },
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, regenerate, toJana},
		},
		"unset, and no new ones": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Retrieve] = unset
				s.provider.caps.Regenerate = authcode.Ability{}
			},
			want:    unset,
			journal: []string{address, retrieve},
		},
		"locked: no new one": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Retrieve] = authcode.Refused{Class: authcode.Locked}
			},
			want:    authcode.Refused{Class: authcode.Locked},
			journal: []string{address, retrieve},
		},
		"reading mails: a new one instead": {
			prepare: func(s *scene) {
				s.provider.caps.Retrieve = authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent}
			},
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, regenerate, toJana},
		},
		"reading makes a new one: as well make one": {
			prepare: func(s *scene) { s.provider.caps.Retrieve = renew },
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, regenerate, toJana},
		},
		"fresh: a new one, though there is one": {
			r:       freshToRegistrant,
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, regenerate, toJana},
		},
		"fresh, and no new ones: the code that there is": {
			prepare: func(s *scene) { s.provider.caps.Regenerate = authcode.Ability{} },
			r:       freshToRegistrant,
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, toJana},
		},
		"fresh, and new ones are never shown": {
			prepare: func(s *scene) { s.provider.caps.Regenerate = mailed },
			r:       freshToRegistrant,
			want: authcode.Refused{
				Class: authcode.Unsupported, Text: "a new code might be sent to somebody other than the registrant",
			},
		},
		"fresh, and new ones may be mailed: to the registrant, as asked": {
			prepare: func(s *scene) { s.provider.caps.Regenerate.Outcomes |= authcode.KindSent },
			r:       freshToRegistrant,
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, regenerate, toJana},
		},
		"fresh to the reseller, and new ones may be mailed": {
			prepare: func(s *scene) { s.provider.caps.Regenerate.Outcomes |= authcode.KindSent },
			r:       authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller, Fresh: true, Reseller: both},
			want: authcode.Refused{
				Class: authcode.Unsupported, Text: "a new code might be sent to somebody other than the reseller",
			},
		},
		"to the reseller, and new ones, which may be mailed, are all there is": {
			prepare: func(s *scene) {
				s.provider.caps.Retrieve = authcode.Ability{}
				s.provider.caps.Regenerate.Outcomes |= authcode.KindSent
			},
			r: authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller, Reseller: both},
			want: authcode.Refused{
				Class: authcode.Unsupported, Text: "a new code might be sent to somebody other than the reseller",
			},
		},
		"to the reseller, new ones may be mailed, and there is none": {
			prepare: func(s *scene) {
				s.provider.caps.Regenerate.Outcomes |= authcode.KindSent
				s.provider.answers[authcode.Retrieve] = unset
			},
			r:       authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller, Reseller: both},
			want:    unset,
			journal: []string{retrieve},
		},
		"a code that ends soon: a new one": {
			prepare: func(s *scene) { s.mailing.Now = func() time.Time { return noon.Add(-time.Minute) } },
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, regenerate, toJana},
		},
		"a code that ends soon, and no new ones": {
			prepare: func(s *scene) {
				s.mailing.Now = func() time.Time { return noon.Add(-time.Minute) }
				s.provider.caps.Regenerate = authcode.Ability{}
			},
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, toJana},
		},
		"a code that ends, by what is soon here": {
			prepare: func(s *scene) {
				s.mailing.Now = func() time.Time { return noon.Add(-time.Minute) }
				s.mailing.Least = time.Minute
			},
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, toJana},
		},
		"fresh, and the provider says no": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Regenerate] = authcode.Refused{Class: authcode.Locked}
			},
			r:       freshToRegistrant,
			want:    authcode.Refused{Class: authcode.Locked},
			journal: []string{address, regenerate},
		},
		"fresh, by the provider's own send": {
			prepare: func(s *scene) {
				s.provider.caps.Send = map[authcode.Recipient]authcode.Ability{authcode.Registrant: mailed}
				s.provider.answers[authcode.Send] = authcode.Sent{}
			},
			r:       freshToRegistrant,
			want:    authcode.Sent{},
			journal: []string{"send fresh to registrant alpha.example"},
		},
		"fresh, no address: nothing is made": {
			prepare: func(s *scene) { s.provider.addresses = nil },
			r:       freshToRegistrant,
			want:    authcode.Refused{Class: authcode.Undeliverable, Text: "there is no address of the registrant"},
			journal: []string{address},
		},
		"fresh, not delivered: it is ended": {
			prepare: func(s *scene) { s.courier.fail[jana.Email] = errPaper },
			r:       freshToRegistrant,
			want: authcode.Refused{
				Class: authcode.Undeliverable, Retryable: true,
				Replaced: true,
				Text:     "it could not be mailed to j*****@l*****.* (no paper); the new code was ended again",
			},
			journal: []string{address, regenerate, toJana, revoke},
		},
		"fresh, no new ones, not delivered: the code that there is stays": {
			prepare: func(s *scene) {
				s.provider.caps.Regenerate = authcode.Ability{}
				s.courier.fail[jana.Email] = errPaper
			},
			r:       freshToRegistrant,
			want:    authcode.Refused{Class: authcode.Undeliverable, Retryable: true, Text: "it could not be mailed to j*****@l*****.* (no paper)"},
			journal: []string{address, retrieve, toJana},
		},
		"the registry mailed the new one itself": {
			prepare: func(s *scene) {
				s.provider.caps.Retrieve = authcode.Ability{}
				s.provider.caps.Regenerate.Outcomes |= authcode.KindSent
				s.provider.answers[authcode.Regenerate] = authcode.Sent{Addresses: []string{"x"}}
			},
			want:    authcode.Sent{Addresses: []string{"x"}},
			journal: []string{address, regenerate},
		},
		"the registry mailed the new one itself, to another": {
			prepare: func(s *scene) {
				s.provider.caps.Retrieve = authcode.Ability{}
				s.provider.caps.Regenerate.Outcomes |= authcode.KindSent
				s.provider.answers[authcode.Regenerate] = authcode.Sent{To: []authcode.Recipient{authcode.Reseller}}
			},
			fails:   "the code was sent to reseller",
			journal: []string{address, regenerate},
		},
		"the new one takes its time: it would not be mailed": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Retrieve] = unset
				s.provider.answers[authcode.Regenerate] = authcode.Pending{Operation: "17", Text: theCode}
			},
			fails:   "a new code is being made, and nobody will mail it: the system is at work (operation 17)",
			journal: []string{address, retrieve, regenerate},
		},
		"reading fails": {
			prepare: func(s *scene) { s.provider.fake.err = errDown },
			err:     errDown,
			journal: []string{address, retrieve},
		},
		"the provider's own send": {
			prepare: func(s *scene) {
				s.provider.caps.Send = map[authcode.Recipient]authcode.Ability{authcode.Registrant: mailed}
				s.provider.answers[authcode.Send] = authcode.Sent{}
			},
			want:    authcode.Sent{},
			journal: []string{"send to registrant alpha.example"},
		},
		"a send that may show the code is no send": {
			prepare: func(s *scene) {
				s.provider.caps.Send = map[authcode.Recipient]authcode.Ability{
					authcode.Registrant: {Outcomes: authcode.KindSent | authcode.KindCode},
				}
			},
			want:    sentTo("j*****@l*****.*"),
			journal: []string{address, retrieve, toJana},
		},
		"a provider without codes is asked itself": {
			prepare: func(s *scene) {
				s.provider.caps = authcode.Capabilities{}
				s.provider.answers[authcode.Send] = authcode.Refused{Class: authcode.NoCodes}
			},
			want:    authcode.Refused{Class: authcode.NoCodes},
			journal: []string{"send to registrant alpha.example"},
		},
		"other verbs are the provider's": {
			r:       authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve},
			want:    shown,
			journal: []string{retrieve},
		},
		"internal codes are not mailed": {
			r:    authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Registrant, Scope: authcode.Internal},
			want: authcode.Refused{Class: authcode.Unsupported, Text: "codes can't be handed over this way here: send to registrant, internal"},
		},
		"a request that makes no sense": {
			r:    authcode.Request{Domain: "alpha.example", Verb: authcode.Send},
			want: authcode.Refused{Class: authcode.Invalid, Text: `there is no recipient ""`},
		},
		"no address: nothing is made": {
			prepare: func(s *scene) { s.provider.addresses = []authcode.Address{{Name: "Jana"}} },
			want:    authcode.Refused{Class: authcode.Undeliverable, Text: "there is no address of the registrant"},
			journal: []string{address},
		},
		"the directory says no": {
			prepare: func(s *scene) { s.provider.directory.err = authcode.Refused{Class: authcode.NotFound} },
			want:    authcode.Refused{Class: authcode.NotFound},
			journal: []string{address},
		},
		"the directory is down": {
			prepare: func(s *scene) { s.provider.directory.err = errDown },
			err:     errDown,
			journal: []string{address},
		},
		"no directory": {
			prepare: func(s *scene) { s.mailing.Provider = s.provider.fake },
			want:    authcode.Refused{Class: authcode.Unsupported, Text: "nobody here knows the address of the registrant"},
		},
		"no provider for the domain, so no directory": {
			prepare: func(s *scene) { s.mailing.Provider = &failing{fake: s.provider.fake, err: errDown} },
			err:     errDown,
		},
		"a directory of its own": {
			prepare: func(s *scene) {
				s.mailing.Directory = &directory{
					fake: &fake{journal: s.journal}, addresses: []authcode.Address{karel},
				}
			},
			want:    sentTo("k*****@m*****.*"),
			journal: []string{address, retrieve, toKarel},
		},
		"the reseller's address is the request's": {
			r: authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller, Reseller: []authcode.Address{karel}},
			want: authcode.Sent{
				To: []authcode.Recipient{authcode.Reseller}, Addresses: []string{"k*****@m*****.*"}, Expires: noon,
			},
			journal: []string{retrieve, toKarel},
		},
		"no reseller's address": {
			r:    authcode.Request{Domain: "alpha.example", Verb: authcode.Send, To: authcode.Reseller},
			want: authcode.Refused{Class: authcode.Undeliverable, Text: "there is no address of the reseller"},
		},
		"each address once": {
			prepare: func(s *scene) {
				s.provider.addresses = []authcode.Address{jana, {}, karel, {Email: "JANA@Lipa.example"}, karel}
			},
			want:    sentTo("j*****@l*****.*", "k*****@m*****.*"),
			journal: []string{address, retrieve, toJana, toKarel},
		},
		"not delivered, and the code was there before": {
			prepare: func(s *scene) { s.courier.fail[jana.Email] = errNoUser },
			want: authcode.Refused{
				Class: authcode.Undeliverable,
				Text:  "it could not be mailed to j*****@l*****.* (no such user, code 550 5.1.1)",
			},
			journal: []string{address, retrieve, toJana},
		},
		"not delivered, and the code is new": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Retrieve] = unset
				s.courier.fail[jana.Email] = errPaper
			},
			want: authcode.Refused{
				Class: authcode.Undeliverable, Retryable: true,
				Replaced: true,
				Text:     "it could not be mailed to j*****@l*****.* (no paper); the new code was ended again",
			},
			journal: []string{address, retrieve, regenerate, toJana, revoke},
		},
		"not delivered, and the new code can't be ended": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Retrieve] = unset
				s.courier.fail[jana.Email] = errPaper
				s.provider.revokeErr = errDown
			},
			want: authcode.Refused{
				Class: authcode.Undeliverable, Retryable: true,
				Replaced: true,
				Text:     "it could not be mailed to j*****@l*****.* (no paper); the new code that nobody has stays in force",
			},
			journal: []string{address, retrieve, regenerate, toJana, revoke},
		},
		"not delivered, and no revoker": {
			prepare: func(s *scene) {
				s.mailing.Provider = s.provider.directory
				s.provider.answers[authcode.Retrieve] = unset
				s.courier.fail[jana.Email] = errors.New("no paper")
			},
			want: authcode.Refused{
				Class:    authcode.Undeliverable,
				Replaced: true,
				Text:     "it could not be mailed to j*****@l*****.* (no paper); the new code that nobody has stays in force",
			},
			journal: []string{address, retrieve, regenerate, toJana},
		},
		"the server is down for all of them": {
			prepare: func(s *scene) {
				s.provider.addresses = both
				s.courier.fail[jana.Email], s.courier.fail[karel.Email] = errPaper, errLater
			},
			want: authcode.Refused{
				Class: authcode.Undeliverable, Retryable: true,
				Text: "it could not be mailed to j*****@l*****.* (no paper), k*****@m*****.* (later, code 451 4.7.1)",
			},
			journal: []string{address, retrieve, toJana, toKarel},
		},
		"one of them is never there": {
			prepare: func(s *scene) {
				s.provider.addresses = both
				s.courier.fail[jana.Email], s.courier.fail[karel.Email] = errNoUser, errLater
			},
			want: authcode.Refused{
				Class: authcode.Undeliverable,
				Text:  "it could not be mailed to j*****@l*****.* (no such user, code 550 5.1.1), k*****@m*****.* (later, code 451 4.7.1)",
			},
			journal: []string{address, retrieve, toJana, toKarel},
		},
		"delivered in part, and the rest later": {
			prepare: func(s *scene) {
				s.provider.addresses = both
				s.courier.fail[jana.Email] = errLater
			},
			want: authcode.Refused{
				Class:     authcode.Undeliverable,
				Text:      "it could not be mailed to j*****@l*****.* (later, code 451 4.7.1)",
				Delivered: []string{"k*****@m*****.*"},
			},
			journal: []string{address, retrieve, toJana, toKarel},
		},
		"delivered in part: a new code stays": {
			prepare: func(s *scene) {
				s.provider.addresses = both
				s.provider.answers[authcode.Retrieve] = unset
				s.courier.fail[jana.Email] = errNoUser
			},
			want: authcode.Refused{
				Class:     authcode.Undeliverable,
				Text:      "it could not be mailed to j*****@l*****.* (no such user, code 550 5.1.1)",
				Delivered: []string{"k*****@m*****.*"},
				Replaced:  true,
			},
			journal: []string{address, retrieve, regenerate, toJana, toKarel},
		},
		"delivered perhaps: a new code stays": {
			prepare: func(s *scene) {
				s.provider.answers[authcode.Retrieve] = unset
				s.courier.fail[jana.Email] = errUnknown
			},
			err:     errUnknown,
			unknown: true,
			journal: []string{address, retrieve, regenerate, toJana},
		},
		"delivered to one, perhaps to another": {
			prepare: func(s *scene) {
				s.provider.addresses = both
				s.courier.fail[karel.Email] = errUnknown
			},
			err:     errUnknown,
			unknown: true,
			journal: []string{address, retrieve, toJana, toKarel},
		},
		"delivered perhaps to one, not to another": {
			prepare: func(s *scene) {
				s.provider.addresses = both
				s.provider.answers[authcode.Retrieve] = unset
				s.courier.fail[jana.Email] = errUnknown
				s.courier.fail[karel.Email] = errNoUser
			},
			err:     errUnknown,
			unknown: true,
			journal: []string{address, retrieve, regenerate, toJana, toKarel},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			if c.prepare != nil {
				c.prepare(s)
			}
			if c.r.Verb == "" {
				c.r = toRegistrant
			}
			out, err := s.mailing.HandOver(t.Context(), c.r)
			require.Equal(t, c.want, out)
			require.Equal(t, c.journal, s.journal.lines)
			if c.fails != "" {
				require.ErrorContains(t, err, c.fails)
				require.NotContains(t, err.Error(), "23x")
				require.True(t, authcode.OutcomeUnknown(err))
			} else if c.err == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.err)
				require.Equal(t, c.unknown, authcode.OutcomeUnknown(err))
				require.NotContains(t, err.Error(), "23x")
				require.NotContains(t, err.Error(), "@lipa.example")
			}
			for _, l := range s.courier.letters {
				require.Equal(t, authcode.Letter{To: l.To, Role: c.r.To, Domain: "alpha.example", Code: theCode, Expires: noon}, l)
			}
		})
	}
}

// failing says what it can do, and then not who does it.
type failing struct {
	*fake
	err error
}

func (p *failing) Choose(context.Context, string) (authcode.Provider, error) { return nil, p.err }

// TestMailingUnknownTellsWhoGotIt: who reads the error must be able to see to it.
func TestMailingUnknownTellsWhoGotIt(t *testing.T) {
	s := newScene()
	s.provider.addresses = []authcode.Address{jana, karel}
	s.courier.fail[karel.Email] = errUnknown
	_, err := s.mailing.HandOver(t.Context(), toRegistrant)
	require.ErrorContains(t, err, "it was sent to j*****@l*****.*")
	var e *authcode.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, "alpha.example", e.Domain)
	require.Equal(t, "mail", e.System)
	require.Equal(t, []string{"j*****@l*****.*"}, e.Delivered)
}

// TestMailingRevokesWhenTheCallerIsGone: a code that nobody has must not live on
// because nobody waits for the answer.
func TestMailingRevokesWhenTheCallerIsGone(t *testing.T) {
	s := newScene()
	ctx, cancel := context.WithCancel(t.Context())
	s.provider.answers[authcode.Retrieve] = unset
	s.mailing.Courier = couriers(func(context.Context, authcode.Letter) error {
		cancel()
		return ctx.Err()
	})
	out, err := s.mailing.HandOver(ctx, toRegistrant)
	require.NoError(t, err)
	require.Equal(t, authcode.Undeliverable, out.(authcode.Refused).Class)
	require.Contains(t, s.journal.lines, "revoke alpha.example")
	require.True(t, s.provider.deadline)
}

type couriers func(context.Context, authcode.Letter) error

func (f couriers) Deliver(ctx context.Context, l authcode.Letter) error { return f(ctx, l) }

func TestMailingCapabilities(t *testing.T) {
	sends := func(to ...authcode.Recipient) map[authcode.Recipient]authcode.Ability {
		m := map[authcode.Recipient]authcode.Ability{}
		for _, r := range to {
			m[r] = mailed
		}
		return m
	}
	fresh := authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}
	slow := authcode.Ability{Outcomes: authcode.KindSent | authcode.KindPending, NewCode: true}
	either := authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent, NewCode: true}
	for name, c := range map[string]struct {
		caps        authcode.Capabilities
		noDirectory bool
		want        map[authcode.Recipient]authcode.Ability
	}{
		"reads": {
			caps: authcode.Capabilities{Retrieve: show},
			want: sends(authcode.Registrant, authcode.Reseller, authcode.Admin),
		},
		"makes": {
			caps: authcode.Capabilities{Regenerate: renew},
			want: map[authcode.Recipient]authcode.Ability{
				authcode.Registrant: fresh, authcode.Reseller: fresh, authcode.Admin: fresh,
			},
		},
		"makes, in time: what is pending is not mailed": {
			caps: authcode.Capabilities{Regenerate: authcode.Ability{Outcomes: authcode.KindCode | authcode.KindPending, NewCode: true}},
			want: map[authcode.Recipient]authcode.Ability{
				authcode.Registrant: fresh, authcode.Reseller: fresh, authcode.Admin: fresh,
			},
		},
		"makes, and may mail it: for the registrant alone": {
			caps: authcode.Capabilities{Regenerate: either},
			want: map[authcode.Recipient]authcode.Ability{authcode.Registrant: fresh},
		},
		"reads, and may mail what it makes": {
			caps: authcode.Capabilities{Retrieve: show, Regenerate: either},
			want: map[authcode.Recipient]authcode.Ability{
				authcode.Registrant: fresh, authcode.Reseller: mailed, authcode.Admin: mailed,
			},
		},
		"without a directory the reseller alone": {
			caps: authcode.Capabilities{Retrieve: show}, noDirectory: true,
			want: sends(authcode.Reseller),
		},
		"what is sent there stays": {
			caps: authcode.Capabilities{
				Retrieve: show, Send: map[authcode.Recipient]authcode.Ability{authcode.Admin: slow},
			},
			noDirectory: true,
			want:        map[authcode.Recipient]authcode.Ability{authcode.Admin: slow, authcode.Reseller: mailed},
		},
		"a send that may show the code is none": {
			caps: authcode.Capabilities{
				Regenerate: either, Send: map[authcode.Recipient]authcode.Ability{authcode.Registrant: either, authcode.Admin: either},
			},
			want: map[authcode.Recipient]authcode.Ability{authcode.Registrant: fresh},
		},
		"neither": {
			caps: authcode.Capabilities{Send: sends(authcode.Admin)},
			want: sends(authcode.Admin),
		},
	} {
		s := newScene()
		s.provider.caps = c.caps
		if c.noDirectory {
			s.mailing.Provider = s.provider.fake
		}
		caps, err := s.mailing.Capabilities(t.Context(), "alpha.example")
		require.NoError(t, err, name)
		require.Equal(t, c.want, caps.Send, name)
		require.Equal(t, c.caps.Retrieve, caps.Retrieve, name)
	}

	s := newScene()
	s.mailing.Provider = &failing{fake: s.provider.fake, err: errDown}
	_, err := s.mailing.Capabilities(t.Context(), "alpha.example")
	require.ErrorIs(t, err, errDown)
	s.provider.capsErr = errDown
	_, err = s.mailing.Capabilities(t.Context(), "alpha.example")
	require.ErrorIs(t, err, errDown)
	_, err = s.mailing.HandOver(t.Context(), toRegistrant)
	require.ErrorIs(t, err, errDown)
}

func TestAddressIsMasked(t *testing.T) {
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "to", jana)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "to", jana)
	for _, text := range []string{jana.String(), fmt.Sprint(jana), fmt.Sprintf("%+v", authcode.Letter{To: jana}), log.String()} {
		require.Contains(t, text, "j*****@l*****.*")
		require.NotContains(t, text, "lipa")
	}
}
