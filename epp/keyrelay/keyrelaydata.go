package keyrelay

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// KeyRelayData is a key that is relayed (RFC 8063, section 2.1.1).
type KeyRelayData struct {
	KeyData KeyData
	Expiry  *Expiry
}

// XMLName is keyrelay:keyRelayData.
func (*KeyRelayData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "keyRelayData"} }

// Fields walks the content of <keyrelay:keyRelayData>.
func (m *KeyRelayData) Fields(x *epp.Codec) {
	x.Group("keyData", func() { x.In(secDNSNS, func() { m.KeyData.Fields(x) }) })
	epp.Maybe(x, "expiry", &m.Expiry)
}

// KeyData is a DNSKEY record in the form of RFC 5910, section 4, whose schema defines
// its children.
type KeyData = epp.DNSKey

// Expiry is until when the key should stay in the zone: one of a time and a duration
// from now. A time in the past or a duration of zero, such as P0D, takes the key back.
type Expiry struct {
	Absolute time.Time
	Relative string // an xs:duration
}

// Fields walks the content of <keyrelay:expiry>.
func (m *Expiry) Fields(x *epp.Codec) {
	x.Opt("absolute", epp.DateTime(&m.Absolute))
	x.Opt("relative", epp.Duration(&m.Relative))
	x.Check(m.Absolute.IsZero() != (m.Relative == ""), "", "must hold one of absolute and relative")
}
