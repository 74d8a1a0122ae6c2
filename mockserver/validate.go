package mockserver

import (
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/schemas"
)

// This file holds frames to the schemas of their namespaces.

// newValidator is the one that the options ask for.
func newValidator(opts *Options) (*schemas.Validator, error) {
	if opts.Unvalidated {
		return nil, nil
	}
	if opts.Validator != nil {
		return opts.Validator, nil
	}
	return schemas.For(opts.Registry.Schema(), schemas.Options{})
}

// violations returns what is wrong in a frame by the schemas.
func (c *conn) violations(frame []byte) []violation {
	if c.srv.validator == nil {
		return nil
	}
	var invalid *schemas.Error
	if !errors.As(c.srv.validator.Validate(c.ctx, frame), &invalid) {
		return nil
	}
	found := make([]violation, len(invalid.Violations))
	for i, v := range invalid.Violations {
		found[i] = violation{at: v.Element, reason: c.srv.profile.InvalidPrefix + v.Message}
	}
	return found
}

// A violation is an element that is not as it should be, and why.
type violation struct {
	at     epp.Name
	reason string
}

// maxViolations is how many an answer lists.
const maxViolations = 20

// refuseAll is refuse for several violations of one command.
func refuseAll(code epp.Code, found []violation) *epp.ResultError {
	e := epp.Refuse(code)
	for _, f := range found[:min(len(found), maxViolations)] {
		e.Results[0].Values = append(e.Results[0].Values, refuse(code, f.at, f.reason).Results[0].Values...)
	}
	return e
}

// checkAnswer refuses to send what the schemas do not allow: it is the registry's
// fault, or a script's.
func (c *conn) checkAnswer(doc []byte) error {
	if c.srv.validator == nil {
		return nil
	}
	if err := c.srv.validator.Validate(c.ctx, doc); err != nil && c.ctx.Err() == nil {
		return fmt.Errorf("mockserver: the answer is not valid by its schemas: %w", err)
	}
	return nil
}
