package mijndomeinreseller

import (
	"context"

	"github.com/eppkit/eppkit/authcode"
)

// Capabilities are the same for all domains. The registry decides whether a code is
// shown or mailed, and nothing tells beforehand: a Send may show the code, and a
// Regenerate may mail it. Each may end the code before it. There is no Retrieve. That
// an answer may be Pending is not announced, as the document does not have it.
func (c *Client) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	either := authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent, NewCode: true}
	return authcode.Capabilities{
		Regenerate: either,
		Send:       map[authcode.Recipient]authcode.Ability{authcode.Registrant: either},
	}, nil
}

// HandOver makes the one call that there is, for a Regenerate and for a Send to the
// registrant alike.
func (c *Client) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	r, err := authcode.Begin(ctx, c, r)
	if err != nil {
		return authcode.AsOutcome(nil, err)
	}
	res, err := c.AuthCode(ctx, r.Domain)
	if err != nil {
		return authcode.AsOutcome(nil, err)
	}
	return res.outcome(), nil
}

// outcome is a result as all systems have it. It is writeOutcome, the other way round.
func (r *Result) outcome() authcode.Outcome {
	switch {
	case r.Mailed:
		return authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}
	case r.Code != nil:
		return authcode.Code{Value: r.Code.AuthCode, Expires: r.Code.Expires, Scope: authcode.External}
	}
	return authcode.Pending{Operation: r.Pending.Operation, Text: r.Pending.Message}
}
