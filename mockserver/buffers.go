package mockserver

import (
	"bufio"
	"io"
	"net"

	"github.com/eppkit/eppkit/epp"
)

// buffers are what it takes to read a frame and to answer it: most of the memory of a
// connection, which has them only while it needs them. Thousands may be idle.
type buffers struct {
	in  epp.FrameReader
	out []byte
}

// takeBuffers gives the connection buffers.
func (c *conn) takeBuffers() {
	b, _ := c.srv.buffers.Get().(*buffers)
	if b == nil {
		b = &buffers{in: epp.FrameReader{R: bufio.NewReaderSize(nil, readBuffer), Max: c.srv.profile.MaxFrame}}
	}
	b.in.R.Reset(&c.src)
	c.buffers = b
}

// dropBuffers takes them away. Nothing in them may be of use any more.
func (c *conn) dropBuffers() {
	b := c.buffers
	c.buffers = nil
	b.in.R.Reset(nil)
	b.out = b.out[:0]
	c.srv.buffers.Put(b)
}

// arrive waits for the beginning of a frame, without buffers.
func (c *conn) arrive() error {
	if c.in.R.Buffered() > 0 || len(c.out) > 0 {
		return nil
	}
	c.dropBuffers()
	err := c.src.await()
	c.takeBuffers()
	switch err {
	case nil, io.EOF:
		return err
	}
	return &epp.FrameError{Err: err}
}

// A source is a connection of which one octet may have been read ahead.
type source struct {
	net.Conn
	ahead bool
	octet [1]byte
}

// await reads the octet.
func (s *source) await() error {
	for !s.ahead {
		n, err := s.Conn.Read(s.octet[:])
		if s.ahead = n == 1; !s.ahead && err != nil {
			return err
		}
	}
	return nil
}

func (s *source) Read(p []byte) (int, error) {
	if !s.ahead || len(p) == 0 {
		return s.Conn.Read(p)
	}
	s.ahead = false
	p[0] = s.octet[0]
	return 1, nil
}
