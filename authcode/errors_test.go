package authcode_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestErrorClasses(t *testing.T) {
	cause := context.DeadlineExceeded
	for name, c := range map[string]struct {
		err            error
		unknown, retry bool
	}{
		"nil":              {nil, false, false},
		"never there":      {&authcode.Error{Err: cause}, false, true},
		"cut off":          {&authcode.Error{Unknown: true, Err: cause}, true, false},
		"cut off, wrapped": {fmt.Errorf("x: %w", &authcode.Error{Unknown: true, Err: cause}), true, false},
		"refused":          {authcode.Refused{Class: authcode.Busy, Retryable: true}, false, false},
		"another":          {cause, false, false},
	} {
		require.Equal(t, c.unknown, authcode.OutcomeUnknown(c.err), name)
		require.Equal(t, c.retry, authcode.SafeToRetry(c.err), name)
	}
	require.ErrorIs(t, &authcode.Error{Err: cause}, cause)
}

func TestErrorText(t *testing.T) {
	for want, e := range map[string]*authcode.Error{
		"authcode: netim: session: closed": {System: "netim", Op: "session", Err: errors.New("closed")},
		"authcode: netim: send (alpha.example): outcome unknown, look before you repeat it: HTTP status 502: code 17: closed": {
			System: "netim", Op: "send", Domain: "alpha.example", Unknown: true,
			HTTPStatus: 502, Code: "17", Body: authcode.Body(theCode), Err: errors.New("closed"),
		},
		"authcode: netim: session": {System: "netim", Op: "session"},
		"authcode: mail: send alpha.example: outcome unknown, look before you repeat it: smtp: deliver (alpha.example): closed": {
			System: "mail", Op: "send alpha.example", Domain: "alpha.example", Unknown: true,
			Err: &authcode.Error{System: "smtp", Op: "deliver", Domain: "alpha.example", Unknown: true, Err: errors.New("closed")},
		},
	} {
		require.Equal(t, want, e.Error())
	}
}
