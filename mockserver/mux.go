package mockserver

import (
	"fmt"

	"github.com/eppkit/eppkit/epp"
)

// A Mux finds the handler of a command by the name of its payload: domain:check,
// or fred:creditInfo inside a protocol extension's envelope.
type Mux struct {
	handlers map[epp.Name]func(*Exchange, epp.Element) (epp.Element, error)
	err      error
}

// Handle binds a handler to the type of request it takes:
//
//	mockserver.Handle(mux, func(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
//		…
//	})
//
// The result becomes the answer's resData; nil leaves it out. The error is a
// [*epp.ResultError], which is sent; any other is logged and answered 2400. A second
// handler for the same request is an error, which [New] returns.
func Handle[Q epp.Request[R], R epp.Element](m *Mux, h func(*Exchange, Q) (R, error)) {
	var q Q
	name := q.XMLName()
	if _, dup := m.handlers[name]; dup && m.err == nil {
		m.err = fmt.Errorf("mockserver: %s has two handlers", name)
	}
	if m.handlers == nil {
		m.handlers = make(map[epp.Name]func(*Exchange, epp.Element) (epp.Element, error))
	}
	m.handlers[name] = func(x *Exchange, e epp.Element) (epp.Element, error) {
		var none R
		r, err := h(x, e.(Q))
		if err != nil || any(r) == any(none) {
			return nil, err
		}
		return r, nil
	}
}
