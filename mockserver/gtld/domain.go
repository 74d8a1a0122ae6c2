package gtld

import (
	"maps"
	"net/netip"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Domain is a domain (RFC 5731).
type Domain struct {
	Name            string `yaml:"name" json:"name"`
	registry.Object `yaml:",inline"`
	// Texts are the words that go with a status.
	Texts map[string]Text `yaml:"texts" json:"texts,omitempty"`

	Registrant string `yaml:"registrant" json:"registrant,omitempty"`
	Contacts   []Link `yaml:"contacts" json:"contacts,omitempty"`
	// NS are the names of hosts; Attr are name servers where hosts are attributes.
	NS     []string   `yaml:"ns" json:"ns,omitempty"`
	Attr   []HostAttr `yaml:"attr" json:"attr,omitempty"`
	ExDate time.Time  `yaml:"exDate" json:"exDate"`

	// AuthInfo is what the fixtures gave, "" for none. It is kept like that, or as
	// AuthHash with Options.SecureAuthInfo.
	AuthInfo registry.Kept `yaml:"authInfo" json:"authInfo,omitempty"`
	AuthHash registry.Hash `yaml:"-" json:"authInfoHash,omitzero"`

	// Grace are the grace periods, the latest last. Those that are over may still be
	// there.
	Grace []GracePeriod `yaml:"grace" json:"grace,omitempty"`
	// RGP is where a deleted domain is on its way (RFC 3915): redemptionPeriod,
	// pendingRestore or pendingDelete, and RGPUntil when the next comes.
	RGP      string    `yaml:"rgp" json:"rgp,omitempty"`
	RGPUntil time.Time `yaml:"rgpUntil" json:"rgpUntil,omitzero"`
	// Deletion is the command that has it deleted, nil where none did.
	Deletion *Deletion `yaml:"-" json:"deletion,omitempty"`
	// Transfer is the latest, which may be over.
	Transfer *Transfer `yaml:"transfer" json:"transfer,omitempty"`
	// Pending is what waits for somebody (1001).
	Pending *Pending `yaml:"-" json:"pending,omitempty"`

	SecDNS *SecDNS           `yaml:"secDNS" json:"secDNS,omitempty"`
	TTL    map[string]uint32 `yaml:"ttl" json:"ttl,omitempty"` // by record type, where set
	IDN    *IDN              `yaml:"idn" json:"idn,omitempty"`
	// Token is the allocation token that it was created with, "" for none (RFC 8495).
	Token registry.Kept `yaml:"allocationToken" json:"allocationToken,omitempty"`
	// LaunchPhase is the one in which it was created, ApplicationID what an
	// application has (RFC 8334).
	LaunchPhase   string `yaml:"launchPhase" json:"launchPhase,omitempty"`
	LaunchName    string `yaml:"launchName" json:"launchName,omitempty"`
	ApplicationID string `yaml:"applicationID" json:"applicationID,omitempty"`
	// LaunchMarks is a document with the marks that gave the right to it.
	LaunchMarks string `yaml:"-" json:"launchMarks,omitempty"`
}

// Link ties a contact to a domain.
type Link struct {
	Type string `yaml:"type" json:"type"` // admin, billing or tech
	ID   string `yaml:"id" json:"id"`
}

// A HostAttr is a name server that is an attribute of its domain.
type HostAttr struct {
	Name  string       `yaml:"name" json:"name"`
	Addrs []netip.Addr `yaml:"addrs" json:"addrs,omitempty"`
}

// A Text goes with a status.
type Text struct {
	Lang string `yaml:"lang" json:"lang,omitempty"`
	Text string `yaml:"text" json:"text"`
}

// A GracePeriod is one of RFC 3915, section 3.1: addPeriod, renewPeriod, autoRenewPeriod
// or transferPeriod.
type GracePeriod struct {
	Kind  string    `yaml:"kind" json:"kind"`
	Until time.Time `yaml:"until" json:"until"`
	// Years and Paid are what is taken back when the domain is deleted in it, by
	// PaidBy.
	Years  int             `yaml:"years" json:"years,omitempty"`
	Paid   registry.Amount `yaml:"paid" json:"paid,omitempty"`
	PaidBy string          `yaml:"paidBy" json:"paidBy,omitempty"`
}

// A Transfer is a request to change the sponsor, and what came of it (RFC 5730, section
// 2.9.3.4).
type Transfer struct {
	Status string    `yaml:"status" json:"status"` // pending, clientApproved, …
	ReID   string    `yaml:"reID" json:"reID"`
	ReDate time.Time `yaml:"reDate" json:"reDate"`
	AcID   string    `yaml:"acID" json:"acID"`
	// AcDate is by when AcID has to act while it is pending, and when somebody did.
	AcDate time.Time `yaml:"acDate" json:"acDate"`
	// Years is by how much it extends a domain, and ExDate the end that follows.
	Years  int       `yaml:"years" json:"years,omitempty"`
	ExDate time.Time `yaml:"exDate" json:"exDate,omitzero"`
}

// Deletion is a delete that was answered with 1001.
type Deletion struct {
	ClTRID string `json:"clTRID,omitempty"`
	SvTRID string `json:"svTRID"`
}

// Pending is a command that waits for somebody.
type Pending struct {
	Command string    `json:"command"` // create, update, renew or delete
	ClID    string    `json:"clID"`
	ClTRID  string    `json:"clTRID,omitempty"`
	SvTRID  string    `json:"svTRID"`
	Until   time.Time `json:"until"` // when it is decided
	Deny    bool      `json:"deny,omitempty"`
	// Status are those that the pending status stands in place of.
	Status []string `json:"status,omitempty"`
	// Paid is what comes back where it is refused.
	Paid registry.Amount `json:"paid,omitempty"`
	// Next is the object as it is going to be.
	Next *Domain `json:"next,omitempty"`
}

// SecDNS are the records of a signed delegation (RFC 5910).
type SecDNS struct {
	MaxSigLife int   `yaml:"maxSigLife" json:"maxSigLife,omitempty"`
	DS         []DS  `yaml:"ds" json:"ds,omitempty"`
	Keys       []Key `yaml:"keys" json:"keys,omitempty"`
}

// DS is a DS record, with the key that it was made of where it was given.
type DS struct {
	KeyTag     uint16 `yaml:"keyTag" json:"keyTag"`
	Alg        uint8  `yaml:"alg" json:"alg"`
	DigestType uint8  `yaml:"digestType" json:"digestType"`
	Digest     string `yaml:"digest" json:"digest"` // hex, upper case
	KeyData    *Key   `yaml:"keyData" json:"keyData,omitempty"`
}

// Key is a DNSKEY record.
type Key struct {
	Flags    uint16 `yaml:"flags" json:"flags"`
	Protocol uint8  `yaml:"protocol" json:"protocol"`
	Alg      uint8  `yaml:"alg" json:"alg"`
	PubKey   string `yaml:"pubKey" json:"pubKey"` // base64
}

// IDN is how a name in another script was registered.
type IDN struct {
	Table string `yaml:"table" json:"table"`
	Uname string `yaml:"uname" json:"uname,omitempty"`
}

// Key is the name, in lower case.
func (d *Domain) Key() string { return d.Name }

func (d *Domain) ref() registry.Ref { return registry.Ref{Kind: registry.Domain, Handle: d.Name} }

// Links are the contacts and the hosts.
func (d *Domain) Links() []registry.Ref {
	list := make([]registry.Ref, 0, 1+len(d.Contacts)+len(d.NS))
	if d.Registrant != "" {
		list = append(list, registry.Ref{Kind: registry.Contact, Handle: d.Registrant})
	}
	for _, l := range d.Contacts {
		list = append(list, registry.Ref{Kind: registry.Contact, Handle: l.ID})
	}
	for _, name := range d.NS {
		list = append(list, registry.Ref{Kind: registry.Host, Handle: name})
	}
	if d.Pending != nil && d.Pending.Next != nil {
		list = append(list, d.Pending.Next.Links()...)
	}
	return list
}

// Share names the contacts and the hosts, too.
func (d *Domain) Share(f func(*string)) {
	d.Object.Share(f)
	f(&d.Registrant)
	for i := range d.Contacts {
		f(&d.Contacts[i].Type)
		f(&d.Contacts[i].ID)
	}
	for i := range d.NS {
		f(&d.NS[i])
	}
}

// Due is the end of the registration, or what comes before it.
func (d *Domain) Due() time.Time {
	next := d.ExDate
	sooner := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if d.RGP != "" {
		next = d.RGPUntil
	}
	if d.Transfer != nil && d.Transfer.Status == "pending" {
		sooner(d.Transfer.AcDate)
	}
	if d.Pending != nil {
		sooner(d.Pending.Until)
	}
	return next
}

// clone is a copy that can be changed without changing d. What its elements point to is
// shared: those are replaced, not changed.
func (d *Domain) clone() *Domain {
	c := *d
	c.Status, c.Contacts, c.NS = slices.Clone(d.Status), slices.Clone(d.Contacts), slices.Clone(d.NS)
	c.Attr, c.Grace = slices.Clone(d.Attr), slices.Clone(d.Grace)
	c.Texts, c.TTL = maps.Clone(d.Texts), maps.Clone(d.TTL)
	return &c
}

// redelegated is the domain with a name server under another name, also in what waits, or
// without it where that is "".
func (d *Domain) redelegated(from, to string) *Domain {
	next := d.clone()
	if k := slices.Index(next.NS, from); k >= 0 {
		next.NS[k] = to
	}
	next.NS = without(next.NS, "")
	if d.Pending != nil && d.Pending.Next != nil {
		wait := *d.Pending
		wait.Next = wait.Next.redelegated(from, to)
		next.Pending = &wait
	}
	return next
}

func (d *Domain) contactIDs() []string {
	var ids []string
	for _, l := range d.Contacts {
		ids = append(ids, l.ID)
	}
	return ids
}

// ownDomain is the domain of a command that only its sponsor may give, and that it has a
// policy for.
func (r *Registry) ownDomain(o *op, name string) (*Domain, error) {
	d := r.domains.Get(o, lower(name))
	switch {
	case d == nil:
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(domain.NS, "name", name))
	case d.ClID != o.ClID():
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(domain.NS, "name", name))
	}
	return d, r.governs(o, d)
}

// governs finds the policy for a command that changes a domain. The error is 2306 where
// there is none: a domain can be kept from a time when there was.
func (r *Registry) governs(o *op, d *Domain) error {
	if o.policy = r.policyOf(d.Name); o.policy == nil {
		return refuseDomain(epp.ParameterPolicyError, "name", d.Name, "is below none of the top-level domains here")
	}
	return nil
}

// refuseDomain refuses a value in an element of a domain.
func refuseDomain(code epp.Code, local, value, why string) error {
	return epp.Refuse(code, registry.Because(domain.NS, local, value, why))
}
