package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCutTo: what stands on one line of a terminal can be written over.
func TestCutTo(t *testing.T) {
	require.Equal(t, "löyl", cutTo("löyly", 5))
	require.Equal(t, "löyly", cutTo("löyly", 6))
	require.Equal(t, "löyly", cutTo("löyly", 0))
	require.Empty(t, cutTo("löyly", 1))
	require.Nil(t, lineFitter(&oneAtATime{}))
}
