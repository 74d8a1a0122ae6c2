package epp_test

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func TestCodes(t *testing.T) {
	const table = "../../shared/reference/result-codes.tsv"
	b, err := os.ReadFile(table)
	if err != nil {
		t.Skip("the table of result codes is not beside this checkout: ", table)
	}
	rows := strings.Split(strings.TrimSpace(string(b)), "\n")[1:]
	require.Len(t, rows, 34)
	known := map[epp.Code]bool{}
	for _, row := range rows {
		f := strings.Split(row, "\t")
		n, err := strconv.Atoi(f[0])
		require.NoError(t, err)
		c := epp.Code(n)
		known[c] = true
		require.Equal(t, f[1], c.Text(), "%d", n)
		require.Equal(t, !strings.HasPrefix(f[2], "no"), c.Closes(), "%d %s", n, f[2])
		require.Equal(t, f[0][0] == '1', c.OK(), "%d", n)
		require.EqualError(t, c, "epp: "+f[0]+" "+f[1])
	}
	for c := range epp.Code(10_000) {
		require.Equal(t, known[c], c.Known(), "%d", c)
	}
}

func TestUnknownCodes(t *testing.T) {
	require.EqualError(t, epp.Code(2310), "epp: 2310")
	require.EqualError(t, epp.Code(0), "epp: 0000")
	require.Empty(t, epp.Code(2310).Text())
	require.True(t, epp.Code(2599).Closes(), "any x5xx does")
	require.False(t, epp.Code(2450).Closes())
	require.True(t, epp.Code(1999).OK())
	require.False(t, epp.Code(999).OK())
}
