package fee

import "github.com/eppkit/eppkit/epp"

// Info asks what a command costs for the domain of an info. It is of [V0_5] to [V0_7].
type Info struct {
	Version  Version
	Currency string // "" is the registry's choice, but not in [V0_5] and [V0_6]
	Command  Command
}

// XMLName is fee:info.
func (m *Info) XMLName() epp.Name { return m.Version.named("info") }

// Fields walks the content of <fee:info>.
func (m *Info) Fields(c *epp.Codec) {
	x := m.Version.walk(c)
	x.place(infoElements, "", true)
	currency(x, &m.Currency, x.has(freeCurrency))
	m.Command.name(x)
	epp.Maybe(c, "period", &m.Command.Period)
	if !x.has(freePeriod) {
		x.Check(m.Command.Period != nil, "period", "is missing")
	}
	x.place(askedClass, "class", m.Command.Class != "")
}

// InfData answers an [Info].
type InfData struct {
	Version  Version
	Currency string
	Command  CommandData
	Class    string // a group of objects that cost the same
}

// XMLName is fee:infData.
func (m *InfData) XMLName() epp.Name { return m.Version.named("infData") }

// Fields walks the content of <fee:infData>.
func (m *InfData) Fields(c *epp.Codec) {
	x := m.Version.walk(c)
	x.place(infoElements, "", true)
	currency(x, &m.Currency, false)
	m.Command.name(x)
	m.Command.beside(x)
	x.need(freeFees, len(m.Command.Fees), "fee")
	class(x, objClass, &m.Class)
}
