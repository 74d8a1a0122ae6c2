package mockserver

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// services are the namespaces that a registry announces, by prefix as this
// project writes it.
type services struct {
	obj, ext []string
	byPrefix map[string]string
}

func newServices(set *epp.Schema) services {
	v := services{obj: set.ObjURI(), ext: set.ExtURI(), byPrefix: make(map[string]string)}
	for _, uri := range slices.Concat(v.ext, v.obj) {
		v.byPrefix[epp.PrefixOf(uri)] = uri
	}
	return v
}

// handle answers one frame, as the table in the package comment says. The
// connection ends after the answer, or without one, where end is true or err is
// not nil.
func (c *conn) handle(frame []byte) (end bool, err error) {
	if c.play != nil {
		return c.played(frame)
	}
	m, err := c.srv.schema.ParseRequest(frame)
	var syntax *epp.SyntaxError
	unfit := errors.As(err, &syntax) || errors.Is(err, epp.ErrNotRequest)
	if c.srv.profile.SchemaFirst && !unfit {
		if found := c.violations(frame); found != nil {
			return c.invalid(frame, found)
		}
	}
	switch m := m.(type) {
	case *epp.Hello:
		e := Entry{Name: m.XMLName(), Verb: "hello"}
		return c.answer(c.exchange(&epp.Command{Request: m, Verb: "hello"}), frame, e, func(x *Exchange) (epp.Element, error) {
			_, err := c.scripted(x, frame)
			return nil, err
		})
	case *epp.Command:
		return c.command(frame, m)
	case *epp.ExtensionMessage:
		return c.command(frame, &epp.Command{Request: m, Envelope: m})
	}
	if unfit {
		return c.garbage(frame, err)
	}
	found := c.violations(frame)
	if found == nil { // the types know it better, or are alone
		found = []violation{{c.srv.services.at(err), c.srv.profile.InvalidPrefix + strings.TrimPrefix(err.Error(), "epp: ")}}
	}
	return c.invalid(frame, found)
}

// garbage answers what is no EPP, or nothing that a client may say.
func (c *conn) garbage(frame []byte, cause error) (end bool, err error) {
	if c.srv.profile.CloseOnGarbage {
		c.enter(frame, Entry{})
		return true, fmt.Errorf("mockserver: a frame that is no command: %w", cause)
	}
	return c.answer(c.exchange(&epp.Command{}), frame, Entry{}, func(*Exchange) (epp.Element, error) {
		return nil, refuse(epp.CommandSyntaxError, epp.Name{}, cause.Error())
	})
}

// invalid answers a frame that breaks the structure of its schema.
func (c *conn) invalid(frame []byte, found []violation) (end bool, err error) {
	q := &epp.Command{}
	if !c.srv.profile.SchemaFirst {
		q.ClTRID = c.clTRID(frame)
	}
	return c.answer(c.exchange(q), frame, Entry{ClTRID: q.ClTRID}, func(*Exchange) (epp.Element, error) {
		return nil, refuseAll(epp.CommandSyntaxError, found)
	})
}

// clTRID finds a command's identifier in a frame that is not valid; "" unless it
// may be repeated in an answer.
func (c *conn) clTRID(frame []byte) string {
	m, err := c.srv.schema.Parse(frame)
	q, ok := m.(*epp.Command)
	if err != nil || !ok {
		return ""
	}
	if n := len([]rune(q.ClTRID)); n < 3 || n > 64 {
		return ""
	}
	return q.ClTRID
}

// at finds the name of the element that an error of parsing is about.
func (v services) at(err error) epp.Name {
	var field *epp.FieldError
	if !errors.As(err, &field) {
		return epp.Name{}
	}
	path, _, _ := strings.Cut(field.Path, "/@")
	last := path[strings.LastIndexByte(path, '/')+1:]
	prefix, local, ok := strings.Cut(last, ":")
	switch {
	case last == "":
		return epp.Name{}
	case !ok:
		return epp.Name{Space: epp.NS, Local: last}
	}
	return epp.Name{Space: v.byPrefix[prefix], Local: local}
}

func (c *conn) exchange(q *epp.Command) *Exchange {
	return &Exchange{Command: q, Session: c.sess, ctx: c.ctx, reg: c.srv.reg}
}

// command answers a command.
func (c *conn) command(frame []byte, q *epp.Command) (end bool, err error) {
	if name, off := c.offSchema(q); off {
		return c.invalid(frame, []violation{{name, "there is no such element"}})
	}
	e := Entry{Name: nameOf(q), Verb: verbOf(q), ClTRID: q.ClTRID}
	return c.answer(c.exchange(q), frame, e, func(x *Exchange) (epp.Element, error) { return c.run(x, frame) })
}

// run decides on a command, and turns a panic into an error.
func (c *conn) run(x *Exchange, frame []byte) (data epp.Element, err error) {
	defer caught(&err)
	if err := c.refused(x.Command); err != nil {
		return nil, err
	}
	h := c.srv.mux.handlers[x.Command.Request.XMLName()]
	own := x.Command.Envelope == nil && x.Command.Request.XMLName().Space == epp.NS
	_, raw := x.Command.Request.(*epp.Raw) // an element that its object's schema may not have
	if !c.srv.profile.SchemaFirst && (h != nil || own || raw) {
		// Only now: what is unknown or not offered has an answer of its own.
		if found := c.violations(frame); found != nil {
			return nil, refuseAll(epp.CommandSyntaxError, found)
		}
	}
	if done, err := c.scripted(x, frame); done || err != nil {
		return nil, err
	}
	switch q := x.Command.Request.(type) {
	case *epp.Login:
		return nil, c.login(x, q)
	case *epp.Logout:
		x.Code = epp.EndingSession
		return nil, nil
	case *epp.Poll:
		if q.Op == epp.PollAck && q.MsgID == "" {
			return nil, refuse(epp.RequiredParameterMissing, q.XMLName(), "an ack needs the msgID")
		}
		if h == nil {
			return nil, emptyQueue(x, q)
		}
	case *epp.Raw:
		if h != nil {
			return nil, fmt.Errorf("mockserver: %s has a handler, but no type in the registry's schema", q.XMLName())
		}
	}
	if h == nil {
		return nil, c.unimplemented(x.Command)
	}
	return h(x, x.Command.Request)
}

// refused checks a command in the order of the table, before its handler is asked.
func (c *conn) refused(q *epp.Command) error {
	login, isLogin := q.Request.(*epp.Login)
	_, isRaw := q.Request.(*epp.Raw)
	switch loggedIn := c.sess.ClID != ""; {
	case isRaw && q.Envelope == nil && !epp.IsObjectVerb(q.Verb):
		return refuse(epp.UnknownCommand, nameOf(q), "no such command")
	case isLogin && loggedIn:
		return refuse(epp.CommandUseError, loginName, "the session is logged in already")
	case !isLogin && !loggedIn:
		return refuse(epp.CommandUseError, nameOf(q), "the session is not logged in")
	case isLogin:
		if err := c.offered(login); err != nil {
			return err
		}
		return c.unspoken(q, nil, login.ExtURI)
	}
	return c.unspoken(q, c.sess.ObjURI, c.sess.ExtURI)
}

// offSchema finds what a registry's schemas don't have, for one that holds frames
// to them before anything else.
func (c *conn) offSchema(q *epp.Command) (at epp.Name, off bool) {
	if !c.srv.profile.SchemaFirst {
		return epp.Name{}, false
	}
	exts := q.Extension
	switch m := q.Request.(type) {
	case *epp.ExtensionMessage:
		exts = m.Elements
	case *epp.Raw:
		known := slices.Contains(c.srv.services.obj, m.XMLName().Space) && epp.IsObjectVerb(q.Verb)
		if q.Envelope == nil && !known {
			return m.XMLName(), true
		}
	}
	for _, e := range exts {
		_, isRaw := e.(*epp.Raw)
		if isRaw && !slices.Contains(c.srv.services.ext, e.XMLName().Space) {
			return e.XMLName(), true
		}
	}
	return epp.Name{}, false
}

// unspoken refuses objects and extensions that the registry does not have, or that
// the session's login did not name.
func (c *conn) unspoken(q *epp.Command, obj, ext []string) error {
	lax := c.srv.profile.IgnoreServices
	name := c.srv.schema.NameOf(q.Request)
	announced := slices.Contains(c.srv.services.obj, name.Space)
	_, isRaw := q.Request.(*epp.Raw)
	switch {
	case isRaw && q.Envelope == nil && !announced:
		return refuse(epp.UnimplementedObjectService, name, "there is no such object here")
	case announced && !lax && !slices.Contains(obj, name.Space):
		return refuse(epp.UnimplementedObjectService, name, "the login did not name this object")
	}
	exts := q.Extension
	if q.Envelope != nil {
		exts = []epp.Element{q.Envelope}
	}
	for _, e := range exts {
		name := c.srv.schema.NameOf(e)
		_, isRaw := e.(*epp.Raw)
		switch {
		case isRaw:
			return refuse(epp.UnimplementedExtension, name, "there is no such extension here")
		case !lax && slices.Contains(c.srv.services.ext, name.Space) && !slices.Contains(ext, name.Space):
			return refuse(epp.UnimplementedExtension, name, "the login did not name this extension")
		}
	}
	return nil
}

// unimplemented refuses a command that the registry has no handler for.
func (c *conn) unimplemented(q *epp.Command) error {
	switch {
	case q.Envelope == nil:
		return refuse(epp.UnimplementedCommand, nameOf(q), "")
	case c.srv.profile.SchemaFirst:
		return refuse(epp.UnknownCommand, nameOf(q), "no such command")
	}
	return refuse(epp.UnimplementedExtension, nameOf(q), "there is no such extension here")
}

// emptyQueue answers a poll for a registry that has no messages.
func emptyQueue(x *Exchange, q *epp.Poll) error {
	if q.Op == epp.PollAck {
		return refuse(epp.ObjectDoesNotExist, q.XMLName(), "no message has this msgID")
	}
	x.Code = epp.NoMessages
	return nil
}

// nameOf is the name of a command's payload. Of a protocol extension that is not
// known it is the first element's.
func nameOf(q *epp.Command) epp.Name {
	e := q.Request
	if m, ok := e.(*epp.ExtensionMessage); ok {
		e = m.Elements[0]
	}
	n := e.XMLName()
	if _, ok := e.(*epp.Raw); ok { // its name is a part of the frame
		n = epp.Name{Space: strings.Clone(n.Space), Local: strings.Clone(n.Local)}
	}
	return n
}

// verbOf is a command's verb as a string that keeps no frame in memory.
func verbOf(q *epp.Command) string {
	switch q.Request.(type) {
	case *epp.Login, *epp.Logout, *epp.Poll:
		return q.Request.XMLName().Local
	}
	return strings.Clone(q.Verb)
}

// A panicError is a panic of a handler, or of what it returned.
type panicError struct {
	value any
	stack []byte
}

// caught, deferred, makes a panic an error.
func caught(err *error) {
	if v := recover(); v != nil {
		*err = &panicError{value: v, stack: debug.Stack()}
	}
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }
