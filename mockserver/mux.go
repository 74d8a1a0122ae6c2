package mockserver

import (
	"fmt"

	"github.com/eppkit/eppkit/epp"
)

// A Mux finds the handler of a command by the name of its payload: domain:check,
// or fred:creditInfo inside a protocol extension's envelope.
type Mux struct {
	handlers map[epp.Name]Handler
	err      error
}

// A Handler carries out a command whose payload is the element. The result and the error
// are as [Handle] says.
type Handler func(*Exchange, epp.Element) (epp.Element, error)

// Handle binds a handler to the type of request it takes:
//
//	mockserver.Handle(mux, func(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
//		…
//	})
//
// The result becomes the answer's resData; nil and epp.NoData leave it out. The
// error is a [*epp.ResultError], which is sent, or an [epp.Code], which is sent
// with its standard text; any other is logged and answered 2400, as a panic is.
//
// A second handler for the same request is an error, which [New] returns, and so
// is one for login or logout, which the Server answers itself. One for *epp.Poll
// gets every poll but an ack without msgID; without one the queue is empty.
func Handle[Q epp.Request[R], R epp.Element](m *Mux, h func(*Exchange, Q) (R, error)) {
	var q Q
	name := q.XMLName()
	switch _, dup := m.handlers[name]; {
	case m.err != nil:
	case dup:
		m.err = fmt.Errorf("mockserver: %s has two handlers", name)
	case name == loginName || name == logoutName:
		m.err = fmt.Errorf("mockserver: %s is the Server's to answer", name)
	}
	if m.handlers == nil {
		m.handlers = make(map[epp.Name]Handler)
	}
	m.handlers[name] = func(x *Exchange, e epp.Element) (epp.Element, error) {
		var none R
		r, err := h(x, e.(Q))
		if err != nil || any(r) == any(none) || r.XMLName() == (epp.Name{}) {
			return nil, err
		}
		return r, nil
	}
}

// Around has f carry out the commands of all handlers that are bound so far; next is the
// command's own. It is for what is to be done to any command, and for a registry that is
// to differ from another.
func (m *Mux) Around(f func(x *Exchange, q epp.Element, next Handler) (epp.Element, error)) {
	for name, next := range m.handlers {
		m.handlers[name] = func(x *Exchange, q epp.Element) (epp.Element, error) { return f(x, q, next) }
	}
}

var (
	loginName  = (*epp.Login)(nil).XMLName()
	logoutName = (*epp.Logout)(nil).XMLName()

	helloName    = (*epp.Hello)(nil).XMLName()
	greetingName = (*epp.Greeting)(nil).XMLName()
)
