package authcode

import (
	"context"
	"errors"
)

// Begin is what a Provider does before it carries out a request: it returns the request
// in canonical form. The error is the Provider's own about its Capabilities, or a
// Refused of class Invalid or Unsupported where the request makes no sense or asks for
// more than there is.
func Begin(ctx context.Context, p Provider, r Request) (Request, error) {
	r, err := r.Canonical()
	if err != nil {
		return r, err
	}
	caps, err := p.Capabilities(ctx, r.Domain)
	if err != nil {
		return r, err
	}
	if no, refused := caps.Refuse(r); refused {
		return r, no
	}
	return r, nil
}

// AsOutcome is how a HandOver ends: a Refused that came as an error is the outcome that
// it is. What an *Error wraps is none, and without an outcome there is an error alone.
func AsOutcome(out Outcome, err error) (Outcome, error) {
	var e *Error
	if no, refused := AsRefused(err); refused && !errors.As(err, &e) {
		return no, nil
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}
