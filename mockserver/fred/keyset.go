package fred

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// maxKeys is how many keys a keyset may have; it must have one.
const maxKeys = 10

// KeySet is a set of DNSSEC keys.
type KeySet struct {
	ID              string `yaml:"id" json:"id"`
	registry.Object `yaml:",inline"`

	// DNSKeys are one to ten; fixtures may do without.
	DNSKeys []DNSKey `yaml:"dnsKeys" json:"dnsKeys,omitempty"`
	Techs   []string `yaml:"techs" json:"techs"`

	Idle `yaml:"-"`
}

// DNSKey is a key of a KeySet (RFC 4034, section 2.1).
type DNSKey struct {
	Flags    int    `yaml:"flags" json:"flags"`       // 0, 256 or 257
	Protocol int    `yaml:"protocol" json:"protocol"` // 3
	Alg      int    `yaml:"alg" json:"alg"`           // 0 to 255
	PubKey   string `yaml:"pubKey" json:"pubKey"`     // base64
}

// keyFaults are what is wrong with a key, by itself or because of those that come before
// it in a command and those that are there, in FRED's order.
var keyFaults = []struct {
	why phrase
	in  func(k DNSKey, before, there []DNSKey) bool
}{
	{reasonKeyTwice, func(k DNSKey, before, _ []DNSKey) bool { return slices.Contains(before, k) }},
	{
		phrase{"The flags must be 0, 256 or 257", "Příznaky musí být 0, 256 nebo 257"},
		func(k DNSKey, _, _ []DNSKey) bool { return k.Flags != 0 && k.Flags != 256 && k.Flags != 257 },
	},
	{
		phrase{"The protocol must be 3", "Protokol musí být 3"},
		func(k DNSKey, _, _ []DNSKey) bool { return k.Protocol != 3 },
	},
	{
		phrase{"Not an algorithm that signs zones", "Tento algoritmus zóny nepodepisuje"},
		func(k DNSKey, _, _ []DNSKey) bool { return !slices.Contains(signing, k.Alg) },
	},
	{
		phrase{"The key is not in base64", "Klíč není v base64"},
		func(k DNSKey, _, _ []DNSKey) bool {
			_, err := base64.StdEncoding.DecodeString(k.PubKey)
			return err != nil || k.PubKey == ""
		},
	},
	{
		phrase{"The key is in the keyset already", "Klíč již v sadě je"},
		func(k DNSKey, _, there []DNSKey) bool { return slices.Contains(there, k) },
	},
}

// signing are the numbers of algorithms that sign zones, and those for private use
// (RFC 4034, appendix A.1, and the documents that add to it). FRED has a list of its own,
// which each registry fills.
var signing = []int{3, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16, 253, 254}

// flawed reports whether FRED would not take the key.
func (k DNSKey) flawed() bool {
	for _, f := range keyFaults {
		if f.in(k, nil, nil) {
			return true
		}
	}
	return false
}

// wire is the key as messages have it.
func (k DNSKey) wire() keyset.DNSKey {
	return keyset.DNSKey{Flags: k.Flags, Protocol: k.Protocol, Alg: k.Alg, PubKey: k.PubKey}
}

// keys are copies of a command's keys.
func keys(list []keyset.DNSKey) []DNSKey {
	out := make([]DNSKey, len(list))
	for i, k := range list {
		out[i] = DNSKey{Flags: k.Flags, Protocol: k.Protocol, Alg: k.Alg, PubKey: strings.Clone(epp.Collapse(k.PubKey))}
	}
	return out
}

// Key is the handle, in upper case.
func (s *KeySet) Key() string { return s.ID }

// Links are the techs.
func (s *KeySet) Links() []registry.Ref { return refs(registry.Contact, s.Techs...) }

// Due is when the keyset will have been idle for too long.
func (s *KeySet) Due() time.Time { return s.IdleAt }

func (s *KeySet) ref() registry.Ref { return registry.Ref{Kind: registry.KeySet, Handle: s.ID} }

// clone is a copy that can be changed.
func (s *KeySet) clone() *KeySet {
	c := *s
	c.Status, c.Techs, c.DNSKeys = slices.Clone(s.Status), slices.Clone(s.Techs), slices.Clone(s.DNSKeys)
	return &c
}
