package mockserver

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/script"
)

// A Player is a registry that answers frames with documents of its own, as package
// record does. The Server does framing, sessions, the journal and faults for it, and
// checks nothing: neither frames nor answers, and it asks no stubs. Of the Registry's
// methods it calls Schema, Now and Profile.
type Player interface {
	Registry
	// Play begins a connection.
	Play(*Session) Play
}

// A Play is one connection of a [Player]. It is called by one goroutine.
type Play interface {
	// Greeting is the document that the connection begins with.
	Greeting() []byte
	// Answer returns the document that answers a frame; nil ends the
	// connection without one. So does, after it, a result code that closes.
	// The frame is valid during the call.
	Answer(frame []byte) []byte
}

// played answers a frame as the connection's Play does.
func (c *conn) played(frame []byte) (end bool, err error) {
	q := new(epp.Command)
	switch m, _ := c.srv.schema.Parse(frame); m := m.(type) {
	case *epp.Command:
		q = m
	case *epp.ExtensionMessage:
		q = &epp.Command{Request: m, Envelope: m}
	case *epp.Hello:
		q = &epp.Command{Request: m, Verb: "hello"}
	}
	var name epp.Name
	if q.Request != nil {
		name = nameOf(q)
	}
	e := Entry{Name: name, Verb: verbOf(q), ClTRID: q.ClTRID}
	return c.answer(c.exchange(q), frame, e, func(x *Exchange) (epp.Element, error) {
		doc := c.play.Answer(frame)
		x.mute = doc == nil
		x.exact(c.srv.schema, &script.Reply{Document: doc})
		if login, ok := q.Request.(*epp.Login); ok && x.script.Response.Code().OK() {
			c.sess.ClID = strings.Clone(login.ClID)
		}
		return nil, nil
	})
}

// exact has a document be the answer. What it says is read for the journal, and for the
// code that may end the session.
func (x *Exchange) exact(set *epp.Schema, r *script.Reply) {
	m, _ := set.Parse(r.Document)
	if r.Response, _ = m.(*epp.Response); r.Response == nil {
		r.Response = new(epp.Response)
	}
	x.script = r
}
