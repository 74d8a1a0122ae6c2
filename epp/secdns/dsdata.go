package secdns

import (
	"math"

	"github.com/eppkit/eppkit/epp"
)

// DSData is what a DS record says of a key (RFC 5910, section 4.1).
type DSData struct {
	KeyTag     int    // 0 to 65535
	Alg        int    // 0 to 255
	DigestType int    // 0 to 255
	Digest     string // hexadecimal
	// KeyData is the key that was digested, where it is told.
	KeyData *KeyData
}

// Fields walks the content of <secDNS:dsData>.
func (m *DSData) Fields(x *epp.Codec) {
	x.Ranged("keyTag", &m.KeyTag, 0, math.MaxUint16)
	x.Ranged("alg", &m.Alg, 0, math.MaxUint8)
	x.Ranged("digestType", &m.DigestType, 0, math.MaxUint8)
	x.Elem("digest", epp.Hex(&m.Digest))
	epp.Maybe(x, "keyData", &m.KeyData)
}

// KeyData is what a DNSKEY record says of a key (RFC 5910, section 4.2).
type KeyData = epp.DNSKey

// maxSigLife is a child that may be absent (RFC 5910, section 3.3).
func maxSigLife(x *epp.Codec, v *int) {
	if x.Opt("maxSigLife", epp.Int(v)) {
		x.Check(*v >= 1, "maxSigLife", "must be 1 or more")
	}
}

// data walks the children of one of the two interfaces.
func data(x *epp.Codec, ds *[]DSData, keys *[]KeyData) {
	epp.Each(x, "dsData", ds)
	epp.Each(x, "keyData", keys)
}

// dsOrKey walks the type dsOrKeyType.
func dsOrKey(x *epp.Codec, life *int, ds *[]DSData, keys *[]KeyData) {
	maxSigLife(x, life)
	data(x, ds, keys)
	x.Check((len(*ds) == 0) != (len(*keys) == 0), "", "must hold dsData or keyData, and not both")
}
