package epp

// A Querier is a request that says itself whether it is a query, such as one of a
// protocol extension, whose name tells nobody.
type Querier interface {
	Element
	// IsQuery reports whether asking twice is as good as asking once.
	IsQuery() bool
}

// IsQuery reports whether a command changes nothing, so that it may be sent again when
// its answer got lost: check, info, the query of a transfer and the request of a poll
// (RFC 5730, sections 2.9.2 and 2.9.3.4), and what says so itself as a [Querier]. What
// is not known is none.
func (m *Command) IsQuery() bool {
	switch q := m.Request.(type) {
	case nil:
		return false
	case Querier:
		return q.IsQuery()
	case Enveloper:
		return false
	case Transferer:
		if op := *q.TransferOp(); op != "" {
			return op == TransferQuery
		}
		return m.Op == TransferQuery
	}
	verb := verbOf(m.Request)
	if _, raw := m.Request.(*Raw); raw {
		verb = m.Verb
	}
	switch {
	case m.Envelope != nil:
		return false
	case verb == "transfer":
		return m.Op == TransferQuery
	}
	return verb == "check" || verb == "info"
}

// IsQuery reports whether the poll asks for a message, which stays in the queue.
func (m *Poll) IsQuery() bool { return m.Op == PollReq }
