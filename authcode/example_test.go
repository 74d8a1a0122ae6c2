package authcode_test

import (
	"context"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// shelf is a Provider that has all codes on a shelf.
type shelf map[string]authcode.Secret

func (p shelf) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	return authcode.Capabilities{Retrieve: authcode.Ability{Outcomes: authcode.KindCode}}, nil
}

func (p shelf) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	caps, err := p.Capabilities(ctx, r.Domain)
	if err != nil {
		return nil, err
	}
	if no, refused := caps.Refuse(r); refused {
		return no, nil
	}
	code, ok := p[r.Domain]
	if !ok {
		return authcode.Refused{Class: authcode.NotFound}, nil
	}
	return authcode.Code{Value: code, Expires: time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)}, nil
}

// One call serves domains that are with different systems.
func Example() {
	portfolio := &authcode.Router{Suffixes: map[string]authcode.Provider{
		"cz":      shelf{"alpha.cz": "Kq7+pepper"},
		"example": shelf{},
	}}
	for _, r := range []authcode.Request{
		{Domain: "Alpha.cz", Verb: authcode.Retrieve},
		{Domain: "alpha.cz", Verb: authcode.Send, To: authcode.Registrant},
		{Domain: "beta.example", Verb: authcode.Retrieve},
		{Domain: "gamma.test", Verb: authcode.Retrieve},
	} {
		r, err := r.Canonical()
		if err != nil {
			fmt.Println(err)
			continue
		}
		out, err := portfolio.HandOver(context.Background(), r)
		switch out := out.(type) {
		case authcode.Code:
			fmt.Printf("%s: %s (the code is %v, and %s by name)\n", r, out, out.Value, out.Value.Reveal())
		case nil:
			fmt.Println(r, err, authcode.OutcomeUnknown(err))
		default:
			fmt.Printf("%s: %s\n", r, out.String())
		}
	}
	// Output:
	// retrieve alpha.cz: a code was given, valid until 2031-05-04T12:00:00Z (the code is [redacted], and Kq7+pepper by name)
	// send to registrant alpha.cz: refused (unsupported): codes can't be handed over this way here: send to registrant
	// retrieve beta.example: refused (not found)
	// retrieve gamma.test: refused (not yours): no system is known that has this domain
}
