package fred

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// CreditInfo asks how much credit the client has left.
type CreditInfo struct{}

// XMLName is fred:creditInfo.
func (*CreditInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "creditInfo"} }

// Answer is fred:resCreditInfo.
func (*CreditInfo) Answer() *ResCreditInfo { return new(ResCreditInfo) }

// Envelope is fred:extcommand.
func (m *CreditInfo) Envelope(clTRID string) epp.Element {
	return &ExtCommand{Command: m, ClTRID: clTRID}
}

// Fields has nothing to walk, and passes over content, which the schema allows.
func (*CreditInfo) Fields(x *epp.Codec) { x.IgnoreContent() }

// ResCreditInfo is the client's credit in each zone it may register in.
type ResCreditInfo struct{ ZoneCredit []ZoneCredit }

// XMLName is fred:resCreditInfo.
func (*ResCreditInfo) XMLName() epp.Name { return epp.Name{Space: NS, Local: "resCreditInfo"} }

// Fields walks the content of <fred:resCreditInfo>.
func (m *ResCreditInfo) Fields(x *epp.Codec) { epp.Each(x, "zoneCredit", &m.ZoneCredit) }

// ZoneCredit is an amount for one zone.
type ZoneCredit struct {
	Zone string // as in "cz"
	// Credit is a decimal number of at most ten digits, two of them after the
	// point. It is a string so that it is never rounded.
	Credit string
}

// Fields walks the content of <fred:zoneCredit>.
func (m *ZoneCredit) Fields(x *epp.Codec) {
	x.Elem("zone", epp.Token(&m.Zone))
	x.Length("zone", m.Zone, 1, 255)
	x.Elem("credit", epp.Decimal(&m.Credit))
	x.Check(isAmount(m.Credit), "credit", "may have ten digits at most, two of them after the point")
}

// isAmount counts the digits of a decimal number that matter (amountType).
func isAmount(s string) bool {
	whole, fraction, _ := strings.Cut(strings.TrimLeft(s, "+-"), ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	return len(fraction) <= 2 && len(whole)+len(fraction) <= 10
}
