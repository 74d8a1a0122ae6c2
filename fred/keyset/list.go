package keyset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// List asked for the handles of one's own keysets. The schema still has it, and no command
// to send it in: fred:listKeysets took its place.
type List struct{}

// XMLName is keyset:list.
func (*List) XMLName() epp.Name { return epp.Name{Space: NS, Local: "list"} }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*List) Fields(x *epp.Codec) { x.IgnoreContent() }

// ListData was the answer to [List].
type ListData struct{ IDs []string }

// XMLName is keyset:listData.
func (*ListData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listData"} }

// Fields walks the content of <keyset:listData>.
func (m *ListData) Fields(x *epp.Codec) { fredcom.Handles(x, "id", &m.IDs) }
