package fred

import (
	"encoding/base64"
	"errors"
	"slices"
	"time"

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

// flaw says what FRED does not take a key for.
func (d DNSKey) flaw() error {
	raw, err := base64.StdEncoding.DecodeString(d.PubKey)
	switch {
	case d.Flags != 0 && d.Flags != 256 && d.Flags != 257:
		return errors.New("flags")
	case d.Protocol != 3:
		return errors.New("protocol")
	case d.Alg < 0 || d.Alg > 255:
		return errors.New("alg")
	case err != nil || len(raw) == 0:
		return errors.New("pubKey")
	}
	return nil
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
