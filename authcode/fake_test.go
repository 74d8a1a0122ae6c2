package authcode_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// The code of all tests, with every character that some encoding changes.
const theCode = `23x)9W*(&<"$'é%\`

var (
	noon   = time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	unset  = authcode.Refused{Class: authcode.Unset, Text: "there is none"}
	shown  = authcode.Code{Value: theCode, Expires: noon}
	show   = authcode.Ability{Outcomes: authcode.KindCode}
	renew  = authcode.Ability{Outcomes: authcode.KindCode, NewCode: true}
	mailed = authcode.Ability{Outcomes: authcode.KindSent}
)

// journal is what was asked of the fakes, in order.
type journal struct {
	mu    sync.Mutex
	lines []string
}

func (j *journal) note(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, fmt.Sprintf(format, args...))
}

// fake is a Provider that answers as it is told.
type fake struct {
	*journal
	caps    authcode.Capabilities
	capsErr error
	answers map[authcode.Verb]authcode.Outcome
	err     error // of HandOver
}

func (p *fake) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return p.caps, p.capsErr
}

func (p *fake) HandOver(_ context.Context, r authcode.Request) (authcode.Outcome, error) {
	p.note("%s", r)
	if p.err != nil {
		return nil, p.err
	}
	return p.answers[r.Verb], nil
}

// directory is a Directory, and a Revoker if it is a revoker too.
type directory struct {
	*fake
	addresses []authcode.Address
	err       error
}

func (p *directory) Addresses(_ context.Context, domain string, to authcode.Recipient) ([]authcode.Address, error) {
	p.note("address of %s of %s", to, domain)
	return p.addresses, p.err
}

type revoker struct {
	*directory
	revokeErr error
	deadline  bool // Revoke's context had one, and was not over
}

func (p *revoker) Revoke(ctx context.Context, domain string) error {
	p.note("revoke %s", domain)
	_, has := ctx.Deadline()
	p.deadline = has && ctx.Err() == nil
	return p.revokeErr
}

// courier fails for some addresses.
type courier struct {
	*journal
	fail    map[string]error
	letters []authcode.Letter
}

func (p *courier) Deliver(_ context.Context, l authcode.Letter) error {
	p.note("mail to %s", l.To.Email)
	p.letters = append(p.letters, l)
	return p.fail[l.To.Email]
}
