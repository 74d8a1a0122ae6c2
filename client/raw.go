package client

import (
	"context"

	"github.com/eppkit/eppkit/epp"
)

// SendRaw sends a document as it is, valid or not, and returns the answer: a
// *epp.Response, or a *epp.Greeting, as a hello has it. It is for tests and for what
// this program has no types for. A response must repeat the document's clTRID, where
// it has one that can be read. The error is an [*Error].
func (s *Session) SendRaw(ctx context.Context, doc []byte) (epp.Message, error) {
	c := &call{name: epp.Name{Local: "raw"}, raw: true, anyID: true}
	// What can't be read is sent all the same; the server will say so.
	m, _ := s.opts.Schema.Parse(doc)
	switch m := m.(type) {
	case *epp.Hello:
		c.hello = true
	case *epp.Command:
		c.name, c.id, c.anyID = nameOf(m), m.ClTRID, false
		s.expectQuotes(m)
	}
	return s.submit(ctx, c, func(dst []byte) ([]byte, error) { return epp.AppendDataUnit(dst, doc) })
}
