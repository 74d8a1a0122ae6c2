package gtld

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// Host is a name server (RFC 5732). One below a domain of the registry is subordinate
// to it.
type Host struct {
	Name            string `yaml:"name" json:"name"`
	registry.Object `yaml:",inline"`
	// Texts are the words that go with a status.
	Texts map[string]Text `yaml:"texts" json:"texts,omitempty"`

	Addrs []netip.Addr      `yaml:"addrs" json:"addrs,omitempty"`
	TTL   map[string]uint32 `yaml:"ttl" json:"ttl,omitempty"`
	// Superordinate is the domain that the host is below of, or is called as; "" for an
	// external one.
	Superordinate string `yaml:"-" json:"superordinate,omitempty"`
}

// Key is the name, in lower case.
func (h *Host) Key() string { return h.Name }

// Links are the superordinate domain.
func (h *Host) Links() []registry.Ref {
	if h.Superordinate == "" {
		return nil
	}
	return []registry.Ref{{Kind: registry.Domain, Handle: h.Superordinate}}
}

func (h *Host) ref() registry.Ref { return registry.Ref{Kind: registry.Host, Handle: h.Name} }

// external reports whether the host is below none of the registry's top-level domains (RFC
// 5732, section 1.1).
func (h *Host) external() bool { return h.Superordinate == "" }

// clone is a copy that can be changed without changing h.
func (h *Host) clone() *Host {
	c := *h
	c.Status, c.Addrs = slices.Clone(h.Status), slices.Clone(h.Addrs)
	c.Texts, c.TTL = maps.Clone(h.Texts), maps.Clone(h.TTL)
	return &c
}

// moveHosts gives the hosts below a domain to the domain's new sponsor (RFC 5732, section
// 2.4; RFC 5731, section 3.2.4).
func (r *Registry) moveHosts(tx *registry.Tx, domain, clID string, trDate time.Time) {
	for _, ref := range slices.Collect(tx.Referrers(registry.Ref{Kind: registry.Domain, Handle: domain}, registry.Host)) {
		h := r.hosts.Get(tx, ref.Handle).clone()
		h.ClID, h.TrDate = clID, trDate
		r.hosts.Put(tx, h)
	}
}
