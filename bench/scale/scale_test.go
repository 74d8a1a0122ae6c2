package main

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Everything that is measured, too small to say anything but that it works. Each command
// of the mix succeeds, or the run would fail.
func TestScale(t *testing.T) {
	if testing.Short() {
		t.Skip("opens a few hundred connections")
	}
	var out bytes.Buffer
	require.NoError(t, run(options{
		load: 2000, idle: 200, domains: numbers{10, 500}, sessions: numbers{1, 16},
		rounds: 1, turn: 20 * time.Millisecond, inProcess: true,
	}, &out))
	t.Logf("\n%s", &out)
	require.Contains(t, out.String(), "500 domains, validating")
	require.Contains(t, out.String(), "after ten queries of each")
}

// More sessions than files may be open are refused, before any is opened.
func TestOpenFiles(t *testing.T) {
	err := idle(options{idle: int(openFiles()), inProcess: true}, io.Discard)
	require.ErrorContains(t, err, "ulimit")
}

func TestMix(t *testing.T) {
	all := mix("p", 3)
	require.Len(t, all, 100)
	count := func(names ...string) (n int) {
		for _, c := range all {
			if slices.Contains(names, c.name) {
				n++
			}
		}
		return n
	}
	require.Equal(t, 60, count("check"))
	require.Equal(t, 25, count("info"))
	require.Equal(t, 10, count("create", "update"))
	for _, c := range all {
		marks := strings.Count(string(c.frame), "9999000")
		for _, at := range c.at {
			marks -= len(at)
		}
		require.Zero(t, marks, c.name)
	}
}

// A population that was loaded is what was written.
func TestPopulation(t *testing.T) {
	const domains = 500
	var first, second bytes.Buffer
	require.NoError(t, writePopulation(&first, domains))
	r, err := newRegistry()
	require.NoError(t, err)
	require.NoError(t, r.Load(bytes.NewReader(first.Bytes())))
	require.NoError(t, r.WriteSnapshot(&second, ""))
	_, want, _ := strings.Cut(first.String(), "\n") // but for the header
	_, got, _ := strings.Cut(second.String(), "\n")
	require.ElementsMatch(t, strings.Split(want, "\n"), strings.Split(got, "\n"))
}

func TestNumbers(t *testing.T) {
	var n numbers
	require.NoError(t, n.Set("1,16,64"))
	require.Equal(t, "1,16,64", n.String())
	for _, s := range []string{"", "1,", "0", "x"} {
		require.Error(t, n.Set(s), s)
	}
}
