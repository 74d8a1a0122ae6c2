package epp

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// DefaultMaxFrame is the size beyond which a frame is refused unless told
// otherwise: 1 MiB.
const DefaultMaxFrame = 1 << 20

// Reasons of a FrameError.
var (
	// ErrFrameTooShort is a header that leaves no room for a document.
	ErrFrameTooShort = errors.New("the header claims too little for a document")
	// ErrFrameTooLong is a header that claims more than the limit.
	ErrFrameTooLong = errors.New("the header claims more than the limit")
)

// A FrameError is a data unit that could not be read.
type FrameError struct {
	Length uint32 // what the header claims, where it was read
	Err    error  // ErrFrameTooShort, ErrFrameTooLong, or why reading ended
}

func (e *FrameError) Error() string {
	switch {
	case e.Err == io.ErrUnexpectedEOF && e.Length == 0:
		return "epp: the connection ended inside a frame's header"
	case e.Err == io.ErrUnexpectedEOF:
		return fmt.Sprintf("epp: the connection ended inside a frame of %d octets", e.Length)
	case e.Length == 0 && e.Err != ErrFrameTooShort:
		return fmt.Sprintf("epp: reading a frame: %v", e.Err)
	}
	return fmt.Sprintf("epp: a frame of %d octets (%#08x): %v", e.Length, e.Length, e.Err)
}

func (e *FrameError) Unwrap() error { return e.Err }

// A FrameReader reads data units (RFC 5734, section 4).
type FrameReader struct {
	R *bufio.Reader
	// Max is the most octets of a data unit, its header included; 0 means
	// DefaultMaxFrame.
	Max int

	buf []byte
}

// Next reads a data unit and returns its document, which is valid until the next
// call. Memory is taken as octets arrive, not as the header claims.
//
// The error is io.EOF when the connection ended between frames, else a
// [*FrameError].
func (r *FrameReader) Next() ([]byte, error) {
	head, err := r.R.Peek(4)
	if err != nil {
		switch {
		case err != io.EOF:
			return nil, &FrameError{Err: err}
		case len(head) == 0:
			return nil, io.EOF
		}
		return nil, &FrameError{Err: io.ErrUnexpectedEOF}
	}
	length := binary.BigEndian.Uint32(head)
	limit := r.Max
	if limit == 0 {
		limit = DefaultMaxFrame
	}
	switch {
	case length <= 4:
		return nil, &FrameError{Length: length, Err: ErrFrameTooShort}
	case uint64(length) > uint64(limit):
		return nil, &FrameError{Length: length, Err: ErrFrameTooLong}
	}
	if _, err := r.R.Discard(4); err != nil {
		return nil, &FrameError{Length: length, Err: err}
	}
	return r.body(length)
}

// step is how much memory is taken at a time, ahead of what has arrived.
const step = 64 << 10

func (r *FrameReader) body(length uint32) ([]byte, error) {
	n := int(length) - 4
	if cap(r.buf) > step && n <= step {
		r.buf = nil // one long frame must not stay with an idle session
	}
	buf := r.buf[:0]
	for len(buf) < n {
		k := min(n-len(buf), step)
		buf = slices.Grow(buf, k)
		got, err := io.ReadFull(r.R, buf[len(buf):len(buf)+k])
		buf = buf[:len(buf)+got]
		if err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, &FrameError{Length: length, Err: err}
		}
	}
	r.buf = buf
	return buf, nil
}

// Buffered reports whether a whole data unit has arrived that Next has not
// returned yet.
func (r *FrameReader) Buffered() bool {
	n := r.R.Buffered()
	if n < 4 {
		return false
	}
	head, _ := r.R.Peek(4)
	length := binary.BigEndian.Uint32(head)
	return length > 4 && uint64(length) <= uint64(n)
}
