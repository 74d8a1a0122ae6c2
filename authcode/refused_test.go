package authcode_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

func TestRefusedIs(t *testing.T) {
	for _, class := range authcode.Classes {
		err := fmt.Errorf("on the way: %w", authcode.Refused{Class: class, Code: "1", Text: "no"})
		for _, other := range authcode.Classes {
			require.Equal(t, class == other, errors.Is(err, authcode.Refused{Class: other}), "%s is %s", class, other)
		}
		require.NotErrorIs(t, err, authcode.Refused{Class: class, Text: "no"})
		require.NotErrorIs(t, err, authcode.Refused{Class: class, Code: "1"})
		no, ok := authcode.AsRefused(err)
		require.True(t, ok)
		require.Equal(t, "no", no.Text)
	}
	_, ok := authcode.AsRefused(errors.New("another"))
	require.False(t, ok)
	_, ok = authcode.AsRefused(nil)
	require.False(t, ok)
	require.NotErrorIs(t, authcode.Refused{}, errors.New("another"))
}

func TestBody(t *testing.T) {
	body := authcode.Body("five!")
	require.Equal(t, "(5 octets)", body.String())
	require.Equal(t, "(5 octets)", fmt.Sprintf("%x", body))
	require.Equal(t, "five!", string(body))
}
