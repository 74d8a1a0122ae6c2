package fred

import "github.com/eppkit/eppkit/epp"

// GetResults fetches the next part of the list that was prepared last. It is to be sent
// until the answer has no items: FRED puts 1000 into each. The list belongs to the
// client, not to the session.
type GetResults struct{}

// XMLName is fred:getResults.
func (*GetResults) XMLName() epp.Name { return epp.Name{Space: NS, Local: "getResults"} }

// Answer is fred:resultsList.
func (*GetResults) Answer() *ResultsList { return new(ResultsList) }

// Envelope is fred:extcommand.
func (m *GetResults) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*GetResults) Fields(x *epp.Codec) { x.IgnoreContent() }

// ResultsList is a part of a prepared list.
type ResultsList struct {
	Items []string // handles, or the names of domains
}

// XMLName is fred:resultsList.
func (*ResultsList) XMLName() epp.Name { return epp.Name{Space: NS, Local: "resultsList"} }

// Fields walks the content of <fred:resultsList>.
func (m *ResultsList) Fields(x *epp.Codec) { x.List("item", &m.Items) }
