package epp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestIsE164(t *testing.T) {
	for _, s := range []string{"", "+1.7", "+358.25551234", "+1.12345678901234", "+420.123456789012"} {
		require.True(t, epp.IsE164(s), s)
	}
	for _, s := range []string{
		"+", ".", "+.", "+1.", "+.7", "1.7", "+1", "17", "++1.7", "+1.7.7", "+1234.7", "+1.7a", "+1. 7", " +1.7",
		"+44.12345678901234", "+420.1234567890123", "+١.٧",
	} {
		require.False(t, epp.IsE164(s), s)
	}
}
