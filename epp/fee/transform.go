package fee

import "github.com/eppkit/eppkit/epp"

// offer is what Create, Renew, Transfer and Update are.
type offer struct {
	Version  Version
	Currency string
	Fees     []Fee
	Credits  []Credit
}

func (m *offer) fields(c *epp.Codec) {
	x := m.Version.walk(c)
	currency(x, &m.Currency, x.has(freeCurrency))
	fees(x, &m.Fees, &m.Credits)
	x.NotEmpty(len(m.Fees), "fee")
}

// bill is what CreData, DelData, RenData, TrnData and UpdData are.
type bill struct {
	Version     Version
	Currency    string
	Period      *epp.Period
	Fees        []Fee
	Credits     []Credit
	Balance     string
	CreditLimit string
}

// fields walks a bill, of which the version has a period where it has the feature
// period, and need not have a fee where it has the feature free.
func (m *bill) fields(c *epp.Codec, period, free feature) {
	x := m.Version.walk(c)
	currency(x, &m.Currency, x.has(freeResult))
	if x.place(period, "period", m.Period != nil) {
		epp.Maybe(c, "period", &m.Period)
	}
	fees(x, &m.Fees, &m.Credits)
	x.need(free, len(m.Fees), "fee")
	m.account(x)
}

func (m *bill) account(x *walk) {
	x.Opt("balance", epp.Decimal(&m.Balance))
	x.Opt("creditLimit", epp.Decimal(&m.CreditLimit))
}

// deleted is fields for DelData: the first versions give there, and take nothing.
func (m *bill) deleted(c *epp.Codec) {
	x := m.Version.walk(c)
	if x.has(delFees) {
		m.fields(c, resultPeriod, freeFees)
		return
	}
	x.Check(m.Period == nil, "period", "has no place in "+m.Version.String())
	x.Check(len(m.Fees) == 0, "fee", "has no place in "+m.Version.String())
	currency(x, &m.Currency, false)
	epp.EachFunc(c, "credit", &m.Credits, func(d *Credit) { d.fields(x) })
	x.need(freeFees, len(m.Credits), "credit")
	m.account(x)
}
