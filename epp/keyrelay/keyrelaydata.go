package keyrelay

import (
	"math"
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
	epp.One(x, "keyData", &m.KeyData)
	epp.Maybe(x, "expiry", &m.Expiry)
}

// KeyData is a DNSKEY record in the form of RFC 5910, section 4.
type KeyData struct {
	Flags    int    // 0 to 65535
	Protocol int    // 0 to 255; 3 in practice
	Alg      int    // 0 to 255
	PubKey   string // base64
}

// Fields walks the content of <keyrelay:keyData>, which secDNS defines.
func (m *KeyData) Fields(x *epp.Codec) {
	x.In(secDNSNS, func() {
		number(x, "flags", &m.Flags, math.MaxUint16)
		number(x, "protocol", &m.Protocol, math.MaxUint8)
		number(x, "alg", &m.Alg, math.MaxUint8)
		x.Elem("pubKey", epp.Base64(&m.PubKey))
		x.Check(epp.Collapse(m.PubKey) != "", "pubKey", "must not be empty")
	})
}

func number(x *epp.Codec, local string, v *int, most int) {
	x.Elem(local, epp.Int(v))
	x.Check(*v >= 0 && *v <= most, local, "is out of range")
}

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
