package contact

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// List asked for the handles of the client's contacts. The schema has it still, but
// EPP has no command around it: fred:listContacts has taken its place.
type List struct{}

// XMLName is contact:list.
func (*List) XMLName() epp.Name { return epp.Name{Space: NS, Local: "list"} }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*List) Fields(x *epp.Codec) { x.IgnoreContent() }

// ListData was the answer to [List].
type ListData struct{ IDs []string }

// XMLName is contact:listData.
func (*ListData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listData"} }

// Fields walks the content of <contact:listData>.
func (m *ListData) Fields(x *epp.Codec) { fredcom.Handles(x, "id", &m.IDs) }
