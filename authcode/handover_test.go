package authcode_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestBegin(t *testing.T) {
	p := &fake{caps: authcode.Capabilities{Retrieve: show}}
	r, err := authcode.Begin(t.Context(), p, authcode.Request{Domain: "Alpha.Example.", Verb: authcode.Retrieve})
	require.NoError(t, err)
	require.Equal(t, authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve}, r)

	_, err = authcode.Begin(t.Context(), p, authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate})
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.Unsupported})
	_, err = authcode.Begin(t.Context(), p, authcode.Request{Domain: "alpha", Verb: authcode.Retrieve})
	require.ErrorIs(t, err, authcode.Refused{Class: authcode.Invalid})
	p.capsErr = errDown
	_, err = authcode.Begin(t.Context(), p, authcode.Request{Domain: "alpha.example", Verb: authcode.Retrieve})
	require.ErrorIs(t, err, errDown)
}

func TestAsOutcome(t *testing.T) {
	no := authcode.Refused{Class: authcode.Locked, Code: "2304"}
	for name, c := range map[string]struct {
		out  authcode.Outcome
		err  error
		want authcode.Outcome
	}{
		"an outcome":          {out: shown, want: shown},
		"a refusal":           {err: no, want: no},
		"a refusal, wrapped":  {err: fmt.Errorf("x: %w", no), want: no},
		"an error":            {out: shown, err: errDown},
		"an error of another": {err: errors.New("x")},
		// Such as a login that was refused: nothing is known of the request.
		"an error about a refusal": {err: &authcode.Error{Err: no}},
	} {
		out, err := authcode.AsOutcome(c.out, c.err)
		require.Equal(t, c.want, out, name)
		require.Equal(t, c.want == nil, err != nil, name)
	}
}
