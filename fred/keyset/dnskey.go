package keyset

import "github.com/eppkit/eppkit/epp"

// DNSKey is a DNSSEC key of a keyset: the element keyset:dnskey, in the terms of a
// DNSKEY record (RFC 4034, section 2.1).
type DNSKey struct {
	Flags    int // 0 to 65535; the registry takes 0, 256 and 257
	Protocol int // 0 to 255; 3 is DNSSEC
	Alg      int // 0 to 255
	PubKey   string
}

// Fields walks the content of <keyset:dnskey>.
func (m *DNSKey) Fields(x *epp.Codec) {
	x.Elem("flags", epp.Int(&m.Flags))
	x.Check(m.Flags >= 0 && m.Flags <= 65535, "flags", "must be 0 to 65535")
	octet(x, "protocol", &m.Protocol)
	octet(x, "alg", &m.Alg)
	x.Elem("pubKey", epp.Base64(&m.PubKey))
	x.NotEmpty(len(epp.Collapse(m.PubKey)), "pubKey")
}

func octet(x *epp.Codec, local string, v *int) {
	x.Elem(local, epp.Int(v))
	x.Check(*v >= 0 && *v <= 255, local, "must be 0 to 255")
}

// dnsKeys are the children <keyset:dnskey>, at most ten.
func dnsKeys(x *epp.Codec, v *[]DNSKey) {
	epp.Each(x, "dnskey", v)
	x.Check(len(*v) <= 10, "dnskey", "may occur ten times at most")
}
