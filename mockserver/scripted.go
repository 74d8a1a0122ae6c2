package mockserver

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/script"
)

// Scripts are the stubs that answer instead of the registry, those of
// Options.Scripts or an empty set. They may change while the Server runs.
func (s *Server) Scripts() *script.Set { return s.scripts }

// scripted asks the stubs about a command or a hello, and reports whether one of them
// answers.
func (c *conn) scripted(x *Exchange, frame []byte) (bool, error) {
	if c.srv.scripts.Empty() {
		return false, nil
	}
	r, err := c.srv.scripts.Answer(c.ctx, &script.Command{
		Frame: c.matchable(x.Command, frame), Now: x.Now(), SvTRID: c.srv.reg.SvTRID,
	})
	if r == nil || err != nil {
		return false, err
	}
	x.OnSent(r.Settle)
	if r.Document != nil {
		x.exact(c.srv.schema, r)
		return true, nil
	}
	r.Response.Results = c.translated(r.Response.Results)
	x.script = r
	return true, nil
}

// matchable is a frame that came, as package match sees it.
func (c *conn) matchable(q *epp.Command, frame []byte) *match.Frame {
	f := match.NewFrame(func() string { return string(frame) })
	f.Verb, f.ClTRID = verbOf(q), q.ClTRID
	if q.Request != nil {
		f.Name = nameOf(q)
	}
	f.Session, f.ClID = c.sess.ID, c.sess.ClID
	return f
}
