package domain

import "github.com/eppkit/eppkit/epp"

// List asked for the names of the client's domains. The schema has it still, but
// EPP has no command around it: fred:listDomains has taken its place.
type List struct{}

// XMLName is domain:list.
func (*List) XMLName() epp.Name { return epp.Name{Space: NS, Local: "list"} }

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*List) Fields(x *epp.Codec) { x.IgnoreContent() }

// ListData was the answer to [List].
type ListData struct{ Names []string }

// XMLName is domain:listData.
func (*ListData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "listData"} }

// Fields walks the content of <domain:listData>.
func (m *ListData) Fields(x *epp.Codec) { epp.Labels(x, "name", &m.Names) }
