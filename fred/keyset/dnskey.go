package keyset

import "github.com/eppkit/eppkit/epp"

// DNSKey is a DNSSEC key of a keyset: the element keyset:dnskey. The registry takes the
// flags 0, 256 and 257.
type DNSKey = epp.DNSKey

// dnsKeys are the children <keyset:dnskey>, at most ten.
func dnsKeys(x *epp.Codec, v *[]DNSKey) {
	epp.Each(x, "dnskey", v)
	x.AtMost(len(*v), 10, "dnskey")
}
