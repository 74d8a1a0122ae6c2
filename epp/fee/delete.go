package fee

import "github.com/eppkit/eppkit/epp"

// DelData is what a deletion has cost, and what of earlier fees is given back (RFC 8748,
// section 5.2.2).
type DelData struct {
	Version  Version
	Currency string
	Period   *epp.Period // since [V0_21]
	Fees     []Fee       // since [V0_12]
	Credits  []Credit
	// Balance is what the client has at the registry after it, and CreditLimit what
	// it may owe. They are decimals; "" is not told.
	Balance, CreditLimit string
}

// XMLName is fee:delData.
func (m *DelData) XMLName() epp.Name { return m.Version.named("delData") }

// Fields walks the content of <fee:delData>.
func (m *DelData) Fields(x *epp.Codec) { (*bill)(m).deleted(x) }
