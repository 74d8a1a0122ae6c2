package mockserver

import (
	"errors"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// login answers a login of a connection that is not logged in, for what the greeting
// offers (RFC 5730, section 2.9.1.1).
func (c *conn) login(x *Exchange, q *epp.Login) error {
	defer func() { // also after a panic
		if c.sess.ClID == "" {
			c.release()
		}
	}()
	// Who has not shown the password must not take a place from the registrar,
	// and who finds no place changes nothing.
	first := *q
	first.NewPW = ""
	if err := c.srv.reg.Login(x, &first); err != nil {
		return c.loginFailed(err)
	}
	if !c.join(q.ClID) {
		return refuse(epp.SessionLimitExceeded, loginName, "")
	}
	if q.NewPW != "" {
		if err := c.srv.reg.Login(x, q); err != nil {
			return c.loginFailed(err)
		}
	}
	c.sess.ClID, c.sess.Lang = c.place, strings.Clone(q.Lang)
	c.sess.ObjURI, c.sess.ExtURI = cloned(q.ObjURI), cloned(q.ExtURI)
	return nil
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
func (c *conn) join(clID string) bool {
	s, limit := c.srv, 0
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
	c.place = strings.Clone(clID)
	s.sessions[c.place]++
	return true
}

// release gives up the connection's place, if it has one.
func (c *conn) release() {
	if c.place == "" {
		return
	}
	s := c.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sessions[c.place]--; s.sessions[c.place] <= 0 {
		delete(s.sessions, c.place)
	}
	c.place = ""
}

// cloned copies strings out of the frame that they are parts of.
func cloned(ss []string) []string {
	out := make([]string, len(ss))
	for i := range ss {
		out[i] = strings.Clone(ss[i])
	}
	return out
}
