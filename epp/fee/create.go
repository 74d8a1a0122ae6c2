package fee

import "github.com/eppkit/eppkit/epp"

// Create is what the client agrees to pay for a create (RFC 8748, section 5.2.1).
type Create struct {
	Version  Version
	Currency string // "" is the registry's choice, but not in [V0_5] and [V0_6]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
}

// XMLName is fee:create.
func (m *Create) XMLName() epp.Name { return m.Version.named("create") }

// Fields walks the content of <fee:create>.
func (m *Create) Fields(x *epp.Codec) { (*offer)(m).fields(x) }

// CreData is what a create has cost.
type CreData struct {
	Version  Version
	Currency string
	Period   *epp.Period // what it adds to the registration. Since [V0_21]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
	// Balance is what the client has at the registry after it, and CreditLimit what
	// it may owe. They are decimals; "" is not told.
	Balance, CreditLimit string
}

// XMLName is fee:creData.
func (m *CreData) XMLName() epp.Name { return m.Version.named("creData") }

// Fields walks the content of <fee:creData>.
func (m *CreData) Fields(x *epp.Codec) { (*bill)(m).fields(x, resultPeriod, freeFees) }
