package keyset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Delete removes a keyset, which no domain may use any more.
type Delete struct{ ID string }

// XMLName is keyset:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <keyset:delete>.
func (m *Delete) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// IdleDelData is the poll message that the registry removed a keyset that nobody
// used.
type IdleDelData struct{ ID string }

// XMLName is keyset:idleDelData.
func (*IdleDelData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "idleDelData"} }

// Fields walks the content of <keyset:idleDelData>.
func (m *IdleDelData) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }
