package contact

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Delete removes a contact, which nothing may be linked to.
type Delete struct{ ID string }

// XMLName is contact:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <contact:delete>.
func (m *Delete) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }

// IdleDelData is the poll message that the registry removed a contact which nothing
// had been linked to for long.
type IdleDelData struct{ ID string }

// XMLName is contact:idleDelData.
func (*IdleDelData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "idleDelData"} }

// Fields walks the content of <contact:idleDelData>.
func (m *IdleDelData) Fields(x *epp.Codec) { fredcom.Handle(x, &m.ID) }
