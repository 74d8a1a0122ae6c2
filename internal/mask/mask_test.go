package mask_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/internal/mask"
)

func TestEmail(t *testing.T) {
	for address, shown := range map[string]string{
		"hana@lipa.example":    "h***@l***.*",
		"x@y":                  "x***@y***.*",
		"žofie@škola.example":  "ž***@š***.*",
		`"a@b"@quoted.example`: `"***@q***.*`,
		"nobody":               "***",
		"@host.example":        "***",
		"local@":               "***",
		"":                     "***",
	} {
		require.Equal(t, shown, mask.Email(address, 3), address)
	}
}
