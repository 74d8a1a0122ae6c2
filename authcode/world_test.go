package authcode_test

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// A mode is how a world behaves.
type mode struct {
	name   string
	class  authcode.Class // what it refuses with; "" where it does not
	err    error
	caps   authcode.Capabilities
	answer func(w *world, r authcode.Request) authcode.Outcome
}

// world is a system with one domain. It does what its mode says.
type world struct {
	mode
	mu      sync.Mutex
	code    authcode.Secret
	made    int
	to      []authcode.Recipient
	pending bool
}

// worldCodes are those that a world makes, one after the other.
var worldCodes = []authcode.Secret{"23)9W*(zHLBCEwg4", `)*(&<"$'`, `Ž-þ€𝛑 \u0041`, "plain-Code-1"}

var everybody = func(a authcode.Ability) map[authcode.Recipient]authcode.Ability {
	return map[authcode.Recipient]authcode.Ability{authcode.Registrant: a, authcode.Reseller: a, authcode.Admin: a}
}

var worldEnd = time.Date(2031, 8, 27, 13, 0, 0, 0, time.UTC)

func (w *world) regenerate() authcode.Secret {
	w.code = worldCodes[w.made%len(worldCodes)]
	w.made++
	return w.code
}

// Most modes answer every verb alike.
var (
	shows = mode{
		name: "shows",
		caps: authcode.Capabilities{
			Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
			Regenerate: authcode.Ability{Outcomes: authcode.KindCode, NewCode: true, Chosen: true},
			Send:       everybody(authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}),
			Internal:   true,
		},
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			switch {
			case r.Verb == authcode.Send:
				w.regenerate()
				w.to = []authcode.Recipient{r.To}
				return authcode.Sent{To: w.to, Addresses: []string{"h*****@l*****.*"}}
			case r.Value != "":
				w.made++
				w.code = r.Value
			case r.Verb == authcode.Regenerate:
				w.regenerate()
			}
			return authcode.Code{Value: w.code, Expires: worldEnd, Scope: r.Scope.OrExternal()}
		},
	}
	mails = mode{
		name: "mails",
		caps: authcode.Capabilities{
			Regenerate: authcode.Ability{Outcomes: authcode.KindSent, NewCode: true},
			Send:       everybody(authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}),
		},
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			w.regenerate()
			w.to = []authcode.Recipient{authcode.Registrant}
			if r.Verb == authcode.Send {
				w.to = []authcode.Recipient{r.To}
			}
			return authcode.Sent{To: w.to}
		},
	}
	queues = mode{
		name: "queues",
		caps: authcode.Capabilities{
			Regenerate: authcode.Ability{Outcomes: authcode.KindPending, NewCode: true},
			Send:       everybody(authcode.Ability{Outcomes: authcode.KindPending, NewCode: true}),
		},
		answer: func(w *world, _ authcode.Request) authcode.Outcome {
			w.pending = true
			return authcode.Pending{Operation: "4711", Text: "later"}
		},
	}
	inPart = mode{
		name: "sends to some",
		caps: fails,
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			if r.Verb == authcode.Retrieve {
				return authcode.Code{Value: w.code}
			}
			w.regenerate()
			w.to = []authcode.Recipient{cmp.Or(r.To, authcode.Registrant)}
			return authcode.Refused{Class: authcode.Undeliverable, Delivered: []string{"h*****@l*****.*"}, Replaced: true}
		},
	}
	inVain = mode{
		name: "sends to nobody",
		caps: fails,
		answer: func(w *world, r authcode.Request) authcode.Outcome {
			if r.Verb == authcode.Retrieve {
				return authcode.Code{Value: w.code}
			}
			w.regenerate()
			return authcode.Refused{Class: authcode.Undeliverable, Replaced: true}
		},
	}
	lost = mode{name: "lost", caps: shows.caps, err: &authcode.Error{System: "world", Op: "do", Unknown: true, Err: errors.New("cut off")}}
	down = mode{name: "down", caps: shows.caps, err: &authcode.Error{System: "world", Op: "do", Err: errors.New("not there")}}
)

// fails is what a world can do whose mail does not arrive.
var fails = authcode.Capabilities{
	Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
	Regenerate: authcode.Ability{Outcomes: authcode.KindSent, NewCode: true},
	Send:       everybody(authcode.Ability{Outcomes: authcode.KindSent, NewCode: true}),
}

func refuses(c authcode.Class) mode {
	return mode{name: "refuses: " + string(c), class: c, caps: shows.caps}
}

// modes are all of them.
func modes() []mode {
	list := []mode{shows, mails, queues, inPart, inVain, lost, down}
	for _, c := range authcode.Classes {
		list = append(list, refuses(c))
	}
	return list
}

func newWorld(m mode) *world { return &world{mode: m, code: "First-Code-0"} }

func (w *world) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return w.caps, nil
}

func (w *world) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if no, refused := w.caps.Refuse(r); refused {
		return no, nil
	}
	if w.class != "" {
		return authcode.Refused{Class: w.class, Code: "W1", Text: "the world says no"}, nil
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.answer(w, r), nil
}

func (w *world) Describe(context.Context, string) (authcode.Domain, error) {
	return authcode.Domain{Name: "alpha.example", Locked: authcode.No, Lockable: authcode.Yes}, nil
}

func (w *world) domain() string { return "alpha.example" }

func (w *world) valid(_ *testing.T, code authcode.Secret) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code == code
}

func (w *world) untouched(*testing.T) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code == "First-Code-0" && w.to == nil && !w.pending
}

func (w *world) replaced(*testing.T) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.code != "First-Code-0"
}

func (w *world) sent(*testing.T) []authcode.Recipient {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to
}

func (w *world) queued() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending
}
