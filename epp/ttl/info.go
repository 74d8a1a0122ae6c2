package ttl

import "github.com/eppkit/eppkit/epp"

// Info asks for times to live (RFC 9803, section 2.1.1).
type Info struct {
	// Policy asks for all types of record that the registry supports, with what
	// may be set; nil is false, and asks for what is not the default.
	Policy *bool
}

// XMLName is ttl:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Fields walks the attribute of <ttl:info>.
func (m *Info) Fields(x *epp.Codec) {
	x.OptAttr("policy", epp.Optional(&m.Policy, epp.Bool))
}

// InfData tells times to live.
type InfData struct{ TTL []Status }

// XMLName is ttl:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <ttl:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	epp.Each(x, "ttl", &m.TTL)
	unique(x, len(m.TTL), func(i int) string { return m.TTL[i].For })
}

// Status is a [TTL] as the registry tells it. Where [Info.Policy] was asked, it says
// what may be set, in seconds.
type Status struct {
	TTL
	Min, Default, Max *int
}

// Fields walks the content of <ttl:ttl> in an answer.
func (m *Status) Fields(x *epp.Codec) {
	m.attrs(x)
	for _, a := range []struct {
		name string
		v    **int
	}{{"min", &m.Min}, {"default", &m.Default}, {"max", &m.Max}} {
		x.OptAttr(a.name, epp.Optional(a.v, epp.Int))
		inRange(x, "@"+a.name, *a.v)
	}
	m.text(x)
}
