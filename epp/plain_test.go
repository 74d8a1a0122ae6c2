package epp

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each byte at each place of texts shorter and longer than a word.
func TestPlain(t *testing.T) {
	for n := 1; n <= 17; n++ {
		text := []byte(strings.Repeat("~", n))
		for at := range text {
			for c := range 256 {
				text[at] = byte(c)
				special := c >= 0x80 || strings.ContainsRune(`&<>"`, rune(c))
				require.Equal(t, c >= ' ' && !special, isPlain(string(text), ' '), "%q", text)
				require.Equal(t, c > ' ' && !special, isPlain(string(text), '!'), "%q", text)
			}
			text[at] = '~'
		}
	}
	require.True(t, isPlain("", '!'))
}

// What is written by hand is what the time package writes.
func TestTimesAreWrittenAsRFC3339(t *testing.T) {
	for _, at := range []time.Time{
		time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
		time.Date(987, 6, 5, 4, 3, 2, 0, time.UTC),
		time.Date(2031, 10, 29, 20, 48, 57, 0, time.FixedZone("", 5400)),
		time.Date(2031, 10, 29, 20, 48, 57, 120_000_000, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 1, time.UTC),
	} {
		b, err := DateTime(&at).append(nil, false)
		require.NoError(t, err)
		require.Equal(t, at.UTC().Format(time.RFC3339Nano), string(b))
		b, err = Date(&at).append(nil, false)
		require.NoError(t, err)
		require.Equal(t, at.UTC().Format(time.DateOnly), string(b))
	}
}
