package fee

import "github.com/eppkit/eppkit/epp"

// Update is what the client agrees to pay for an update (RFC 8748, section 5.2.5).
type Update struct {
	Version  Version
	Currency string // "" is the registry's choice, but not in [V0_5] and [V0_6]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
}

// XMLName is fee:update.
func (m *Update) XMLName() epp.Name { return m.Version.named("update") }

// Fields walks the content of <fee:update>.
func (m *Update) Fields(x *epp.Codec) { (*offer)(m).fields(x) }

// UpdData is what an update has cost.
type UpdData struct {
	Version  Version
	Currency string
	Period   *epp.Period // what it adds to the registration. Since [V0_21]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
	// Balance is what the client has at the registry after it, and CreditLimit what
	// it may owe. They are decimals; "" is not told.
	Balance, CreditLimit string
}

// XMLName is fee:updData.
func (m *UpdData) XMLName() epp.Name { return m.Version.named("updData") }

// Fields walks the content of <fee:updData>.
func (m *UpdData) Fields(x *epp.Codec) { (*bill)(m).fields(x, resultPeriod, freeFees) }
