package client

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// Credentials say who logs in, and to what.
type Credentials struct {
	ClID  string
	PW    epp.Secret
	NewPW epp.Secret // to change the password; "" leaves it

	// Lang is the language of messages. "" means en where the server has it,
	// else its first.
	Lang string
	// ObjURI and ExtURI are the services to ask for. Nil means those that the
	// server offers and the session's schema knows; otherwise they are sent
	// as they are.
	ObjURI, ExtURI []string

	// UserAgent is what the login says of its software where it asks for loginSec, so
	// that the registry can warn its users (RFC 8807, section 4.1). Nil means
	// [DefaultUserAgent]; one without any field says nothing.
	UserAgent *loginsec.UserAgent `json:"-" yaml:"-"`

	// Extend, when given, may change the login before it is sent: it knows then
	// what is asked for. It adds to the command's Extension, and replaces in the
	// Request, an *epp.Login, what stands elsewhere then: loginsec.Extend, of package
	// epp/loginsec, is for passwords of more than 16 characters, and ExtendFor for
	// registries with URIs of their own. Its error is that of the login, and nothing
	// is sent.
	Extend func(login *epp.Command) error `json:"-" yaml:"-"`
}

// Format leaves out the passwords. They are Secrets, but where a verb does not fit,
// package fmt prints what a pointer leads to without asking it.
func (c Credentials) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "client.Credentials(%s)", c.ClID) }

// Login opens the session (RFC 5730, section 2.9.1.1). Only 1000 is success. A
// refusal is a [*LoginError]; the answer to a success is [Session.LoginResponse]. Where the
// server quotes the passwords, they are taken out of both.
func (s *Session) Login(ctx context.Context, cred Credentials) error {
	g := s.Greeting()
	if g == nil {
		return &Error{Op: "login", Err: errNoGreeting}
	}
	q, err := cred.login(g, s.opts.Schema)
	if err != nil {
		return &Error{Op: "login", Err: err}
	}
	cmd := &epp.Command{Request: q}
	if cred.Extend != nil {
		if err := cred.Extend(cmd); err != nil {
			return &Error{Op: "login", Err: &extendError{err}}
		}
	}
	cred.addUserAgent(cmd, s.opts.Schema)
	r, err := s.Exchange(ctx, cmd)
	if err != nil {
		return cred.explain(err)
	}
	if err := r.Err(); err != nil {
		return &LoginError{ClID: cred.ClID, Err: err}
	}
	if r.Code() != epp.Success {
		return &Error{Op: "login", Fate: Answered, Err: invalid("code %04d where 1000 is due", r.Code())}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.login = r
	return nil
}

// An extendError is why Credentials.Extend has made no login.
type extendError struct{ err error }

func (e *extendError) Error() string { return e.err.Error() }

func (e *extendError) Unwrap() error { return e.err }

// Permanent is true: the next login would be no other.
func (*extendError) Permanent() bool { return true }

// explain says what there is to do about a password that a login has no room for.
func (c *Credentials) explain(err error) error {
	var e *Error
	var field *epp.FieldError
	if c.Extend != nil || !errors.As(err, &e) || !errors.As(err, &field) || field.Line != 0 ||
		!strings.HasSuffix(field.Path, "/pw") && !strings.HasSuffix(field.Path, "/newPW") {
		return err
	}
	told := *e
	told.Err = fmt.Errorf("%w; the option Credentials.Extend, such as loginsec.Extend, is for longer ones", e.Err)
	return &told
}

// LoginResponse returns the answer to the login, or nil before it. Its Extension may warn
// of what will soon not work, such as with a loginsec.LoginSecData. It must not be changed.
func (s *Session) LoginResponse() *epp.Response {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.login
}

// login makes the command from what the server offers and the client knows.
func (c *Credentials) login(g *epp.Greeting, schema *epp.Schema) (*epp.Login, error) {
	const version = "1.0"
	if !slices.Contains(g.Version, version) {
		return nil, invalid("the server speaks EPP %s, not %s", strings.Join(g.Version, ", "), version)
	}
	q := &epp.Login{ClID: c.ClID, PW: c.PW, NewPW: c.NewPW, Version: version, Lang: c.Lang, ObjURI: c.ObjURI, ExtURI: c.ExtURI}
	if q.Lang == "" {
		q.Lang = "en"
		if !slices.Contains(g.Lang, q.Lang) && len(g.Lang) > 0 {
			q.Lang = g.Lang[0]
		}
	}
	if c.ObjURI == nil {
		q.ObjURI = common(g.ObjURI, schema.ObjURI())
		if len(q.ObjURI) == 0 {
			return nil, fmt.Errorf("the server offers no objects that this client knows; it offers %s", strings.Join(g.ObjURI, ", "))
		}
	}
	if c.ExtURI == nil {
		q.ExtURI = common(g.ExtURI, schema.ExtURI())
	}
	return q, nil
}

// common returns what both lists have, in the order of the first.
func common(offered, known []string) []string {
	var out []string
	for _, uri := range offered {
		if slices.Contains(known, uri) {
			out = append(out, uri)
		}
	}
	return out
}
