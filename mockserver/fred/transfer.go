package fred

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var reasonTransferOp = phrase{"Only op request is possible", "Je možná jen operace request"}

// requested refuses a transfer with another op than request: FRED transfers at once.
// The value has the object's handle, in the child local, and not the authInfo.
func requested(x *mockserver.Exchange, op, space, local, handle string) error {
	if op == epp.TransferRequest {
		return nil
	}
	f := refusal{lang: x.Session.Lang}
	f.addValue(registry.Part(space, "transfer", &child{local, handle}), reasonTransferOp)
	return f.err(epp.UnimplementedOption)
}

// child is content that has one child.
type child struct{ local, text string }

func (m *child) Fields(x *epp.Codec) { x.Elem(m.local, epp.Token(&m.text)) }

// transferable checks, in FRED's order, that the registrar who asks is not the sponsor,
// and that no status of the object keeps it where it is.
func (r *Registry) transferable(
	x *mockserver.Exchange, m *registry.Object, space, local, handle string,
) error {
	switch {
	case m.ClID == x.ClID():
		return own(x, space, local, handle)
	case r.system(x):
		return nil
	case has(m.Status, transferProhibited, deleteCandidate):
		return locked(x, space, local, handle)
	}
	return nil
}

// transferred is an object's data after a transfer to who asks.
func transferred(tx *registry.Tx, x *mockserver.Exchange, m registry.Object) registry.Object {
	m.ClID, m.TrDate = x.ClID(), moment(tx)
	return m
}
