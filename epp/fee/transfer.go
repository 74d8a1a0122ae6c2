package fee

import "github.com/eppkit/eppkit/epp"

// Transfer is what the client agrees to pay for a transfer (RFC 8748, section 5.2.4).
type Transfer struct {
	Version  Version
	Currency string // "" is the registry's choice, but not in [V0_5] and [V0_6]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
}

// XMLName is fee:transfer.
func (m *Transfer) XMLName() epp.Name { return m.Version.named("transfer") }

// Fields walks the content of <fee:transfer>.
func (m *Transfer) Fields(x *epp.Codec) { (*offer)(m).fields(x) }

// TrnData is what a transfer has cost.
type TrnData struct {
	Version  Version
	Currency string
	Period   *epp.Period // what it adds to the registration. Since [V0_6]
	Fees     []Fee
	Credits  []Credit // since [V0_8]
	// Balance is what the client has at the registry after it, and CreditLimit what
	// it may owe. They are decimals; "" is not told.
	Balance, CreditLimit string
}

// XMLName is fee:trnData.
func (m *TrnData) XMLName() epp.Name { return m.Version.named("trnData") }

// Fields walks the content of <fee:trnData>.
func (m *TrnData) Fields(x *epp.Codec) { (*bill)(m).fields(x, trnPeriod, freeTransfer) }
