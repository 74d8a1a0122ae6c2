package main

import (
	"bufio"
	"bytes"

	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/epp"
)

// The contender "eppkit".

var schema = sample.Schema()

// inMemory does what domainr/epp's client does in memory: it builds the command and
// parses the answer that is ready. The client's own goroutines are left out.
type inMemory struct {
	answer []byte
	from   bytes.Reader
	in     epp.FrameReader
	out    []byte
}

func newInMemory(answer []byte) *inMemory {
	c := &inMemory{answer: answer}
	c.in.R = bufio.NewReader(&c.from)
	return c
}

func (c *inMemory) do(q *epp.Command) (*epp.Response, error) {
	var err error
	if c.out, err = epp.AppendFrame(c.out[:0], q); err != nil {
		return nil, err
	}
	c.from.Reset(c.answer)
	frame, err := c.in.Next()
	if err != nil {
		return nil, err
	}
	m, err := schema.Parse(frame)
	if err != nil {
		return nil, err
	}
	return m.(*epp.Response), nil
}
