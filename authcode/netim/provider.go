package netim

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/eppkit/eppkit/authcode"
)

// Capabilities are those of every domain: what its registry does not take, only the call
// tells.
func (c *Client) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	sent := authcode.Ability{Outcomes: authcode.KindSent | authcode.KindPending, NewCode: true}
	fresh := authcode.Ability{Outcomes: authcode.KindCode | authcode.KindPending, NewCode: true}
	if c.opts.Version == V1 {
		fresh.Outcomes |= authcode.KindSent // it asks for mail to the reseller
	}
	return authcode.Capabilities{
		Retrieve:   authcode.Ability{Outcomes: authcode.KindCode},
		Regenerate: fresh,
		Send:       map[authcode.Recipient]authcode.Ability{authcode.Registrant: sent, authcode.Reseller: sent},
	}, nil
}

// HandOver carries out a request.
func (c *Client) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	return authcode.AsOutcome(c.handOver(ctx, r))
}

func (c *Client) handOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	r, err := authcode.Begin(ctx, c, r)
	if err != nil {
		return nil, err
	}
	if r.Verb == authcode.Retrieve {
		return c.retrieve(ctx, r.Domain)
	}
	op, err := c.SendAuthID(ctx, r.Domain, c.sendTo(r))
	if err != nil {
		return nil, err
	}
	return c.settle(ctx, r, op)
}

// sendTo is the flag for a request that makes a code.
func (c *Client) sendTo(r authcode.Request) SendTo {
	switch {
	case r.To == authcode.Registrant:
		return ToRegistrant
	case r.Verb == authcode.Regenerate && c.opts.Version == V3:
		return ToNobody
	}
	return ToReseller
}

func (c *Client) retrieve(ctx context.Context, domain string) (authcode.Outcome, error) {
	info, err := c.DomainInfo(ctx, domain)
	if err != nil {
		return nil, err
	}
	if info.AuthID != "" {
		return authcode.Code{Value: info.AuthID, Scope: authcode.External}, nil
	}
	text := errNotShown.Error()
	if info.DomainIsLock == authcode.Yes {
		text += ", and says that the domain is locked"
	}
	return authcode.Refused{Class: authcode.Unset, Text: text}, nil
}

// settle is what an operation comes to that was started for a request.
func (c *Client) settle(ctx context.Context, r authcode.Request, op *Operation) (authcode.Outcome, error) {
	if no, refused := op.Refused(); refused {
		return no, nil
	}
	id := strconv.FormatInt(op.ID, 10)
	switch {
	case op.Status == Pending:
		c.asked.put(id, r)
		return authcode.Pending{Operation: id, Text: op.Message}, nil
	case r.Verb == authcode.Send:
		return authcode.Sent{To: []authcode.Recipient{r.To}}, nil
	}
	return c.shown(ctx, r)
}

// shown is the code that a Regenerate made. Whatever goes wrong here, it was made.
func (c *Client) shown(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	out, err := c.retrieve(ctx, r.Domain)
	if _, unset := out.(authcode.Refused); unset {
		if c.opts.Mailed && c.opts.Version == V1 {
			return authcode.Sent{To: []authcode.Recipient{authcode.Reseller}}, nil
		}
		err = errNotShown
	}
	if no, refused := authcode.AsRefused(err); refused {
		err = fmt.Errorf("refused (%s)", no.Class) // its text is the system's
	}
	if err != nil {
		return nil, &authcode.Error{
			System: "netim", Op: "GET domain/info", Domain: r.Domain, Unknown: true,
			Err: fmt.Errorf("a new code was made, and Retrieve may read it, but now that failed: %w", err),
		}
	}
	return out, nil
}

// Describe tells about a domain.
func (c *Client) Describe(ctx context.Context, domain string) (authcode.Domain, error) {
	info, err := c.DomainInfo(ctx, domain)
	if err != nil {
		return authcode.Domain{}, err
	}
	d := info.describe()
	d.Name, err = authcode.CanonicalDomain(info.Domain)
	return d, err
}

var errNotShown = errors.New("domain info shows no code")

var errPending = errors.New("the operation is pending, and the lock as it was")

// SetLock sets or clears the registrar lock. An operation that is not done yet is an
// error, since nobody knows whether it will be.
func (c *Client) SetLock(ctx context.Context, domain string, locked bool) error {
	op, err := c.SetRegistrarLock(ctx, domain, locked)
	if err != nil {
		return err
	}
	if no, refused := op.Refused(); refused {
		return no
	}
	if op.Status == Pending {
		return &authcode.Error{
			System: "netim", Op: "PATCH domain/preference", Domain: domain, Unknown: true,
			Code: strconv.FormatInt(op.ID, 10), Err: errPending,
		}
	}
	return nil
}

// Operation says what became of an operation. The answer does not tell what was asked
// for: an operation that another client started, and that is done, has the outcome Sent
// without recipients.
func (c *Client) Operation(ctx context.Context, _, operation string) (authcode.Outcome, error) {
	id, err := strconv.ParseInt(operation, 10, 64)
	if err != nil {
		return authcode.Refused{Class: authcode.NotFound, Text: "an operation has a number"}, nil
	}
	op, err := c.QueryOperation(ctx, id)
	if err != nil {
		return authcode.AsOutcome(nil, err)
	}
	r, known := c.asked.get(operation)
	if !known && op.Status == Done {
		return authcode.Sent{}, nil
	}
	out, err := authcode.AsOutcome(c.settle(ctx, r, op))
	if op.Status != Pending && err == nil {
		c.asked.drop(operation)
	}
	return out, err
}

// asked remembers the requests of operations that are pending.
type asked struct {
	mu sync.Mutex
	of map[string]authcode.Request // by the operation
}

// maxAsked bounds the memory. Beyond it any one is forgotten, and its outcome told with
// less detail.
const maxAsked = 10_000

func (a *asked) put(operation string, r authcode.Request) {
	if r.Verb == "" {
		return // another client's
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of == nil {
		a.of = map[string]authcode.Request{}
	}
	for other := range a.of {
		if len(a.of) < maxAsked {
			break
		}
		delete(a.of, other)
	}
	a.of[operation] = r
}

func (a *asked) get(operation string) (authcode.Request, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	r, ok := a.of[operation]
	return r, ok
}

func (a *asked) drop(operation string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.of, operation)
}
