package mockserver

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"unicode/utf8"

	"github.com/eppkit/eppkit/mockserver/fault"
)

// This file is what faults do to the frame of an answer. What they do to its document
// is in tamper.go.

// after does to an answer, which is all that is in out from an offset on, what faults
// have it done.
func (c *conn) after(b *blow, from int, end bool) (bool, error) {
	if f := b.find(fault.CommitThenDrop); f != nil {
		c.unanswer(from)
		c.hangUp()
		return true, &struckError{*f}
	}
	if f := b.find(fault.Slow); f != nil {
		answer, unsent := bytes.Clone(c.out[from:]), c.unsent
		c.out, c.unsent = c.out[:from], nil
		if err := c.flush(); err != nil {
			return true, err
		}
		c.wait(b.ctx, f.Delay)
		c.out, c.unsent, from = append(c.out, answer...), unsent, 0
	}
	if b.find(fault.NoAnswer) != nil {
		c.unanswer(from)
		return end, nil
	}
	if b.find(fault.Duplicate) != nil {
		c.out = append(c.out, c.out[from:]...)
	}
	if err := c.spoil(b); err != nil {
		return true, err
	}
	if f := b.find(fault.OutOfOrder, fault.TwoFrames); f != nil {
		c.unhold() // one at a time
		c.hold(f)
	}
	return end, nil
}

// unanswer takes an answer back.
func (c *conn) unanswer(from int) {
	c.out = c.out[:from]
	c.settle(false)
}

// spoil does to the last frame in out what faults have it done.
func (c *conn) spoil(b *blow) error {
	for i := range b.faults {
		f := &b.faults[i]
		spoiled, ends := spoil(f, c.last())
		if spoiled == nil {
			continue
		}
		c.settle(false) // this is no answer
		c.out = append(c.out[:len(c.out)-len(c.last())], spoiled...)
		if !ends {
			return nil // what is spoiled is no frame any more
		}
		if err := c.flush(); err != nil {
			return err
		}
		c.hangUp()
		return &struckError{*f}
	}
	return nil
}

// last is the last frame in out, which holds whole frames.
func (c *conn) last() []byte {
	rest := c.out
	for {
		n := int(binary.BigEndian.Uint32(rest))
		if n >= len(rest) {
			return rest
		}
		rest = rest[n:]
	}
}

// spoil makes of a frame what a fault sends in its place, and nil where the fault is
// not about frames. ends tells that the connection ends after it.
func spoil(f *fault.Fault, frame []byte) (out []byte, ends bool) {
	claim := func(n int) []byte {
		out := bytes.Clone(frame)
		binary.BigEndian.PutUint32(out, uint32(n))
		return out
	}
	size := f.Size
	switch f.Kind {
	case fault.Length0:
		return claim(0), false
	case fault.Length3:
		return claim(3), false
	case fault.Length4:
		return claim(4), false
	case fault.LengthMax:
		return claim(1<<32 - 1), false
	case fault.LengthTooLong:
		return claim(len(frame) + max(size, 1)), false
	case fault.LengthShort:
		return claim(max(len(frame)-max(size, 1), 0)), false
	case fault.CutHeader:
		return frame[:2:2], true
	case fault.CutBody:
		return frame[: 4+(len(frame)-4)/2 : 4+(len(frame)-4)/2], true
	case fault.Garbage:
		return framed(f, garbage(f)), false
	case fault.HTML:
		if f.Framed {
			return framed(f, []byte(page)), false
		}
		return fmt.Appendf(nil, "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s", len(page), page), false
	case fault.WrongEncoding:
		doc := undeclared(frame[4:])
		return unit(append([]byte(`<?xml version="1.0" encoding="UTF-16"?>`), doc...)), false
	case fault.Latin1:
		doc := latin1(undeclared(frame[4:]))
		return unit(append([]byte(`<?xml version="1.0" encoding="UTF-8"?>`), doc...)), false
	}
	return nil, false
}

const page = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>" +
	"<body><h1>502 Bad Gateway</h1></body></html>\n"

// garbageSize is how much garbage comes unless the fault says.
const garbageSize = 64

// garbage makes octets of which the first is never that of a plausible header.
func garbage(f *fault.Fault) []byte {
	if f.Text != "" {
		return []byte(f.Text)
	}
	n := f.Size
	if n == 0 {
		n = garbageSize
	}
	rnd := rand.New(rand.NewPCG(f.Seed, 0))
	out := make([]byte, n)
	for i := range out {
		out[i] = 0x80 | byte(rnd.Uint32())
	}
	return out
}

func framed(f *fault.Fault, b []byte) []byte {
	if f.Framed {
		return unit(b)
	}
	return b
}

// unit puts a document in a frame.
func unit(doc []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(doc)+4))
	return append(out, doc...)
}

// undeclared is a document without its XML declaration.
func undeclared(doc []byte) []byte {
	if i := bytes.Index(doc, []byte("?>")); i >= 0 && bytes.HasPrefix(doc, []byte("<?xml ")) {
		return bytes.TrimLeft(doc[i+2:], "\r\n\t ")
	}
	return doc
}

// latin1 writes a document in Latin-1, and puts a letter into its first text where it
// would be ASCII.
func latin1(doc []byte) []byte {
	var out []byte
	ascii := true
	for _, r := range string(doc) {
		if r >= utf8.RuneSelf {
			ascii = false
		}
		if r > 0xFF {
			r = '?'
		}
		out = append(out, byte(r))
	}
	for _, end := range []string{"</msg>", "</svID>"} {
		if i := bytes.Index(out, []byte(end)); ascii && i >= 0 {
			return append(append(append([]byte(nil), out[:i]...), 0xE9), out[i:]...)
		}
	}
	return out
}
