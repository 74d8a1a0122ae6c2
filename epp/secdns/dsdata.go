package secdns

import "github.com/eppkit/eppkit/epp"

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
	number(x, "keyTag", &m.KeyTag, 1<<16-1)
	number(x, "alg", &m.Alg, 1<<8-1)
	number(x, "digestType", &m.DigestType, 1<<8-1)
	x.Elem("digest", epp.Hex(&m.Digest))
	epp.Maybe(x, "keyData", &m.KeyData)
}

// KeyData is what a DNSKEY record says of a key (RFC 5910, section 4.2).
type KeyData struct {
	Flags    int    // 0 to 65535
	Protocol int    // 0 to 255
	Alg      int    // 0 to 255
	PubKey   string // base64, not empty
}

// Fields walks the content of <secDNS:keyData>.
func (m *KeyData) Fields(x *epp.Codec) {
	number(x, "flags", &m.Flags, 1<<16-1)
	number(x, "protocol", &m.Protocol, 1<<8-1)
	number(x, "alg", &m.Alg, 1<<8-1)
	x.Elem("pubKey", epp.Base64(&m.PubKey))
	x.NotEmpty(len(epp.Collapse(m.PubKey)), "pubKey")
}

// number is a child that is a field of a DNS record.
func number(x *epp.Codec, local string, v *int, most int) {
	x.Elem(local, epp.Int(v))
	x.Check(*v >= 0 && *v <= most, local, "is out of the range of its field")
}

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
