package fee

import "github.com/eppkit/eppkit/epp"

// Renew is what the client agrees to pay for a renewal (RFC 8748, section 5.2.3).
type Renew struct {
	Version  Version
	Currency string // "" is the registry's choice, but not in [V0_5] and [V0_6]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
}

// XMLName is fee:renew.
func (m *Renew) XMLName() epp.Name { return m.Version.named("renew") }

// Fields walks the content of <fee:renew>.
func (m *Renew) Fields(x *epp.Codec) { (*offer)(m).fields(x) }

// RenData is what a renewal has cost.
type RenData struct {
	Version  Version
	Currency string
	Period   *epp.Period // what it adds to the registration. Since [V0_21]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
	// Balance is what the client has at the registry after it, and CreditLimit what
	// it may owe. They are decimals; "" is not told.
	Balance, CreditLimit string
}

// XMLName is fee:renData.
func (m *RenData) XMLName() epp.Name { return m.Version.named("renData") }

// Fields walks the content of <fee:renData>.
func (m *RenData) Fields(x *epp.Codec) { (*bill)(m).fields(x, resultPeriod, freeFees) }
