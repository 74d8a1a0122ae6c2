package org

import "github.com/eppkit/eppkit/epp"

// Delete removes an organization (RFC 8543, section 4.2.2). One that other objects are
// linked to can't be removed.
type Delete struct{ ID string }

// XMLName is org:delete.
func (*Delete) XMLName() epp.Name { return epp.Name{Space: NS, Local: "delete"} }

// Answer says that a delete is answered by its result alone.
func (*Delete) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <org:delete>.
func (m *Delete) Fields(x *epp.Codec) { epp.ClID(x, "id", &m.ID) }
