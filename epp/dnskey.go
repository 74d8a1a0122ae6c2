package epp

import "math"

// DNSKey is the data of a DNSKEY record (RFC 4034, section 2.1; RFC 5910, section 4.2).
type DNSKey struct {
	Flags    int    // 0 to 65535; 256 is a zone key, 257 one that signs keys
	Protocol int    // 0 to 255; 3 is DNSSEC
	Alg      int    // 0 to 255
	PubKey   string // base64, not empty
}

// Fields walks the four parts of a key.
func (m *DNSKey) Fields(x *Codec) {
	x.Ranged("flags", &m.Flags, 0, math.MaxUint16)
	x.Ranged("protocol", &m.Protocol, 0, math.MaxUint8)
	x.Ranged("alg", &m.Alg, 0, math.MaxUint8)
	x.Elem("pubKey", Base64(&m.PubKey))
	x.NotBlank("pubKey", m.PubKey)
}
