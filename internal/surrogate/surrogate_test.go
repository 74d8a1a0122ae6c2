package surrogate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/surrogate"
)

func TestHalf(t *testing.T) {
	for doc, want := range map[string]int{
		``:                       -1,
		`"\ud83d\udd25"`:         -1,
		`"\uD83D\uDD25\u00e4"`:   -1,
		`"\\ud83d"`:              -1,
		`"\\\ud83d"`:             3,
		`"\ud83d"`:               1,
		`"\udd25\ud83d"`:         1,
		`"\ud83d\udd25\udd25"`:   13,
		`"\ud83d\ud83d\udd25"`:   1,
		`"\ud83dx\udd25"`:        1,
		`"\ud83d\n"`:             1,
		`{"\"a": 1, "b\udd25":1`: 13,
		`"\ud83d`:                1,
		`"\ud83`:                 -1, // no JSON
		`\`:                      -1,
	} {
		require.Equal(t, want, surrogate.Half([]byte(doc)), doc)
	}
}
