package middleware

import (
	"reflect"
	"slices"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// Class is what kind of command one is, as RFC 5730, section 2.9 divides them.
type Class string

// The classes of commands.
const (
	Session   Class = "session"   // login and logout
	Query     Class = "query"     // check, info, poll and the query of a transfer; and what says so itself
	Transform Class = "transform" // all others
)

// ClassOf returns the class of a command. A poll that removes a message is a query by the
// standard's division, though it can't be repeated: see [epp.Command.IsQuery].
func ClassOf(cmd *epp.Command) Class {
	switch cmd.Request.(type) {
	case *epp.Login, *epp.Logout:
		return Session
	case *epp.Poll:
		return Query
	}
	if cmd.IsQuery() {
		return Query
	}
	return Transform
}

// Info describes a command that is about to be sent. It holds no secrets.
type Info struct {
	// Name is that of the payload, such as domain:check, poll or contact:sendAuthInfo.
	Name  string
	Class Class
	// ClTRID is the one that the caller chose, or "": the session makes it then, and
	// [Outcome] has it.
	ClTRID string

	request epp.Element
}

func infoOf(cmd *epp.Command) Info {
	r := requestOf(cmd)
	return Info{Name: nameOf(r), Class: ClassOf(cmd), ClTRID: epp.Collapse(cmd.ClTRID), request: r}
}

// requestOf is the payload of a command: the object's own, where a protocol extension has
// an element around it.
func requestOf(cmd *epp.Command) epp.Element {
	if e, ok := cmd.Request.(epp.Enveloper); ok {
		if p, ok := e.Envelope("").(epp.ProtocolCommand); ok {
			if r, _ := p.Unwrap(); r != nil {
				return r
			}
		}
	}
	return cmd.Request
}

func nameOf(request epp.Element) string {
	if request == nil {
		return "command"
	}
	return request.XMLName().Qualified()
}

// Objects returns the names or handles of the objects that the command is about, where
// its type has them in a field of the usual name: Name, ID, Names or IDs; or MsgID.
func (i Info) Objects() []string {
	v := reflect.Indirect(reflect.ValueOf(i.request))
	if v.Kind() != reflect.Struct {
		return nil
	}
	for _, name := range []string{"Name", "ID", "Names", "IDs", "MsgID"} {
		f := v.FieldByName(name)
		if !f.IsValid() {
			continue
		}
		// A type of its own, such as a Secret, is not taken.
		switch s := f.Interface().(type) {
		case string:
			if s != "" {
				return []string{s}
			}
		case []string:
			return slices.Clone(s)
		}
	}
	return nil
}

// notSent is the error of a command that a layer does not let pass.
func notSent(cmd *epp.Command, err error) error {
	return &client.Error{Op: nameOf(requestOf(cmd)), ClTRID: epp.Collapse(cmd.ClTRID), Fate: client.NotSent, Err: err}
}
