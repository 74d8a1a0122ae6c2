package epp_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
)

func unit(t testing.TB, doc string) []byte {
	b, err := epp.AppendDataUnit(nil, []byte(doc))
	require.NoError(t, err)
	return b
}

func TestFrameErrors(t *testing.T) {
	for _, c := range []struct {
		name, in string
		max      int
		is       error
		length   uint32
		text     string
	}{
		{"the end between frames", "", 0, io.EOF, 0, "EOF"},
		{"a header of 0", "\x00\x00\x00\x00", 0, epp.ErrFrameTooShort, 0, "epp: a frame of 0 octets (0x00000000): the header claims too little for a document"},
		{"a header of 3", "\x00\x00\x00\x03<a/>", 0, epp.ErrFrameTooShort, 3, "epp: a frame of 3 octets (0x00000003): the header claims too little for a document"},
		{"a header of 4", "\x00\x00\x00\x04<a/>", 0, epp.ErrFrameTooShort, 4, "epp: a frame of 4 octets (0x00000004): the header claims too little for a document"},
		{"a header of 2^32-1", "\xff\xff\xff\xff<a/>", 0, epp.ErrFrameTooLong, math.MaxUint32, "epp: a frame of 4294967295 octets (0xffffffff): the header claims more than the limit"},
		{"a peer that speaks HTTP", "HTTP/1.1 400", 0, epp.ErrFrameTooLong, 0x48545450, "epp: a frame of 1213486160 octets (0x48545450): the header claims more than the limit"},
		{"one more than the default limit", "\x00\x10\x00\x01", 0, epp.ErrFrameTooLong, epp.DefaultMaxFrame + 1, "epp: a frame of 1048577 octets (0x00100001): the header claims more than the limit"},
		{"one more than a limit", "\x00\x00\x00\x09<abc>", 8, epp.ErrFrameTooLong, 9, "epp: a frame of 9 octets (0x00000009): the header claims more than the limit"},
		{"cut inside the header", "\x00\x00\x00", 0, io.ErrUnexpectedEOF, 0, "epp: the connection ended inside a frame's header"},
		{"cut after the header", "\x00\x00\x00\x08", 0, io.ErrUnexpectedEOF, 8, "epp: the connection ended inside a frame of 8 octets"},
		{"cut inside the body", "\x00\x00\x00\x08<a/", 0, io.ErrUnexpectedEOF, 8, "epp: the connection ended inside a frame of 8 octets"},
		{"cut inside the longest body", "\x00\x10\x00\x00<a/", 0, io.ErrUnexpectedEOF, epp.DefaultMaxFrame, "epp: the connection ended inside a frame of 1048576 octets"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, in := range []io.Reader{strings.NewReader(c.in), iotest.OneByteReader(strings.NewReader(c.in)), iotest.DataErrReader(strings.NewReader(c.in))} {
				r := epp.FrameReader{R: bufio.NewReader(in), Max: c.max}
				doc, err := r.Next()
				require.Nil(t, doc)
				require.ErrorIs(t, err, c.is)
				require.EqualError(t, err, c.text)
				var frame *epp.FrameError
				if errors.As(err, &frame) {
					require.Equal(t, c.length, frame.Length)
				} else {
					require.Equal(t, io.EOF, err, "the end between frames is io.EOF itself")
				}
			}
		})
	}
}

func TestFrameReadErrors(t *testing.T) {
	broken := errors.New("broken pipe")
	for in, text := range map[string]string{
		"":                 "epp: reading a frame: broken pipe",
		"\x00\x00":         "epp: reading a frame: broken pipe",
		"\x00\x00\x00\x09": "epp: a frame of 9 octets (0x00000009): broken pipe",
	} {
		r := epp.FrameReader{R: bufio.NewReader(io.MultiReader(strings.NewReader(in), iotest.ErrReader(broken)))}
		_, err := r.Next()
		require.ErrorIs(t, err, broken)
		require.EqualError(t, err, text)
	}
}

func TestFrames(t *testing.T) {
	docs := []string{"<a/>", "x", strings.Repeat("<long/>", 30_000), "<b/>"}
	var in []byte
	for _, d := range docs {
		in = append(in, unit(t, d)...)
	}
	for name, r := range map[string]io.Reader{
		"all in one read":    bytes.NewReader(in),
		"one byte at a time": iotest.OneByteReader(bytes.NewReader(in)),
		"halves":             iotest.HalfReader(bytes.NewReader(in)),
	} {
		t.Run(name, func(t *testing.T) {
			r := epp.FrameReader{R: bufio.NewReader(r)}
			for _, want := range docs {
				doc, err := r.Next()
				require.NoError(t, err)
				require.Equal(t, want, string(doc))
			}
			_, err := r.Next()
			require.Equal(t, io.EOF, err)
		})
	}
}

func TestFrameOfTheLimit(t *testing.T) {
	r := epp.FrameReader{R: bufio.NewReader(bytes.NewReader(unit(t, "<ab/>"))), Max: 9}
	doc, err := r.Next()
	require.NoError(t, err)
	require.Equal(t, "<ab/>", string(doc))
}

// Memory follows what arrives, not what a header claims.
func TestFrameMemory(t *testing.T) {
	r := epp.FrameReader{R: bufio.NewReader(strings.NewReader("\x3f\xff\xff\xff<a/>")), Max: math.MaxInt32}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := r.Next()
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<10))
}

func TestBuffered(t *testing.T) {
	in := append(unit(t, "<a/>"), unit(t, "<b/>")...)
	r := epp.FrameReader{R: bufio.NewReader(bytes.NewReader(append(in, 0, 0, 0, 9, 'x')))}
	require.False(t, r.Buffered(), "nothing was read yet")
	for _, more := range []bool{true, false} {
		_, err := r.Next()
		require.NoError(t, err)
		require.Equal(t, more, r.Buffered())
	}
	for n := range byte(5) { // what Next will refuse is no data unit
		r := epp.FrameReader{R: bufio.NewReader(bytes.NewReader([]byte{0, 0, 0, n, 'x'}))}
		_, err := r.R.Peek(5)
		require.NoError(t, err)
		require.False(t, r.Buffered(), n)
	}
}

func TestDataUnit(t *testing.T) {
	out, err := epp.AppendDataUnit([]byte("before"), []byte("<a/>"))
	require.NoError(t, err)
	require.Equal(t, "before\x00\x00\x00\x08<a/>", string(out))

	out, err = epp.AppendFrame([]byte("before"), &epp.Hello{})
	require.NoError(t, err)
	doc, err := epp.Append(nil, &epp.Hello{})
	require.NoError(t, err)
	require.Equal(t, append([]byte("before"), unit(t, string(doc))...), out)

	out, err = epp.AppendFrame([]byte("before"), &epp.Command{})
	require.Error(t, err)
	require.Equal(t, "before", string(out))
}
