package mockserver

import (
	"errors"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// login answers a login of a connection that is not logged in (RFC 5730, section
// 2.9.1.1).
func (c *conn) login(x *Exchange, q *epp.Login) error {
	if err := c.offered(q); err != nil {
		return err
	}
	attempt := *q
	c.holds = c.srv.join(q.ClID)
	if !c.holds {
		attempt.NewPW = "" // a login that is bound to fail changes nothing
	}
	err := c.srv.reg.Login(x, &attempt)
	switch {
	case err != nil:
		c.giveBack(q.ClID)
		return c.loginFailed(err)
	case !c.holds:
		return refuse(epp.SessionLimitExceeded, loginName, "")
	}
	c.sess.ClID, c.sess.Lang = strings.Clone(q.ClID), strings.Clone(q.Lang)
	c.sess.ObjURI, c.sess.ExtURI = cloned(q.ObjURI), cloned(q.ExtURI)
	return nil
}

// giveBack takes back the place that a failed login was given.
func (c *conn) giveBack(clID string) {
	if c.holds {
		c.holds = false
		c.srv.leave(clID)
	}
}

// offered checks a login's wishes against what the greeting offers.
func (c *conn) offered(q *epp.Login) error {
	g := c.srv.reg.Greeting()
	switch {
	case !slices.Contains(g.Version, q.Version):
		return refuse(epp.UnimplementedVersion, epp.Name{Space: epp.NS, Local: "version"}, "the greeting does not offer this version")
	case !slices.Contains(g.Lang, q.Lang):
		return refuse(epp.UnimplementedOption, epp.Name{Space: epp.NS, Local: "lang"}, "the greeting does not offer this language")
	case c.srv.profile.IgnoreServices:
		return nil
	}
	for _, uri := range q.ObjURI {
		if !slices.Contains(g.ObjURI, uri) {
			return refuse(epp.UnimplementedObjectService, epp.Name{Space: epp.NS, Local: "objURI"}, "the greeting does not offer "+uri)
		}
	}
	for _, uri := range q.ExtURI {
		if !slices.Contains(g.ExtURI, uri) {
			return refuse(epp.UnimplementedExtension, epp.Name{Space: epp.NS, Local: "extURI"}, "the greeting does not offer "+uri)
		}
	}
	return nil
}

// loginFailed counts a failure to authenticate, and closes at the limit.
func (c *conn) loginFailed(err error) error {
	if errors.Is(err, epp.AuthenticationError) {
		if c.failures++; c.failures >= c.srv.profile.MaxLoginFailures {
			return epp.Refuse(epp.AuthenticationErrorClosing)
		}
	}
	return err
}

// join takes a place among a registrar's sessions; false when there is none.
func (s *Server) join(clID string) bool {
	limit := 0
	if r, ok := s.reg.(SessionLimiter); ok {
		limit = r.SessionLimit(clID)
	}
	if limit == 0 {
		limit = s.profile.MaxSessions
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[clID] >= limit {
		return false
	}
	s.sessions[strings.Clone(clID)]++
	return true
}

// leave gives a place back.
func (s *Server) leave(clID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[clID]--; s.sessions[clID] <= 0 {
		delete(s.sessions, clID)
	}
}

// cloned copies strings out of the frame that they are parts of.
func cloned(ss []string) []string {
	out := make([]string, len(ss))
	for i := range ss {
		out[i] = strings.Clone(ss[i])
	}
	return out
}
