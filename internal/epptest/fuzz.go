package epptest

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/canon"
)

// Fuzz feeds mutations of the rows' frames to the codec: what it reads and writes
// again must be well-formed, and must read and write alike ever after.
func Fuzz(f *testing.F, set *epp.Schema, rows []Row) {
	for _, row := range rows {
		frame, _ := frameOf(row)
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) { Stable(t, set, frame) })
}

// Stable reads a frame, and requires that it is written in a form that no further
// reading and writing changes. A frame that can't be read passes, and so does one
// that breaks a rule which only writing holds it to.
func Stable(t testing.TB, set *epp.Schema, frame []byte) {
	_, _ = set.ParseStrict(frame) // may refuse, but not panic
	m, err := set.Parse(frame)
	if err != nil {
		return
	}
	first, err := epp.Append(nil, m)
	if err != nil {
		var field *epp.FieldError
		require.ErrorAs(t, err, &field)
		return
	}
	if _, err = canon.Canonical(first); errors.Is(err, canon.ErrNames) {
		return // the witness does not know them
	}
	require.NoError(t, err, "%s", first)
	again, err := set.Parse(first)
	require.NoError(t, err, "%s", first)
	second, err := epp.Append(nil, again)
	require.NoError(t, err, "%s", first)
	require.Equal(t, string(first), string(second))
}
