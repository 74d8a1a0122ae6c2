package gtld

import (
	"cmp"
	"strings"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// A Policy is what a registry decides for one top-level domain where the standards leave
// it open: data, as fixtures and policy files write it. A field that is zero has the
// default named beside it; a pointer tells zero from not given.
type Policy struct {
	// Name is the top-level domain, such as example: names are registered
	// directly below. It may have several labels.
	Name string `yaml:"name" json:"name"`
	// Periods are of registration and renewal.
	Periods Periods `yaml:"periods" json:"periods"`
	// Grace are the periods in which an act can be taken back for a refund (RFC 3915).
	Grace Grace `yaml:"grace" json:"grace"`
	// AutoRenew renews a domain for a year when it expires; default true. Otherwise
	// it is deleted then, as if its sponsor had.
	AutoRenew *bool `yaml:"autoRenew" json:"autoRenew,omitempty"`
	// Redemption, RestoreReport and PendingDelete are how long a deleted domain can
	// be restored, 30d; how long the report of a restore is waited for, 7d; and how
	// long a domain then waits for its purge, 5d.
	Redemption    *registry.Duration `yaml:"redemption" json:"redemption,omitempty"`
	RestoreReport *registry.Duration `yaml:"restoreReport" json:"restoreReport,omitempty"`
	PendingDelete *registry.Duration `yaml:"pendingDelete" json:"pendingDelete,omitempty"`
	Transfer      TransferPolicy     `yaml:"transfer" json:"transfer"`
	Contacts      ContactPolicy      `yaml:"contacts" json:"contacts"`
	NS            NSPolicy           `yaml:"ns" json:"ns"`
	AuthInfo      AuthInfoPolicy     `yaml:"authInfo" json:"authInfo"`
	Names         NamePolicy         `yaml:"names" json:"names"`
	Prices        Prices             `yaml:"prices" json:"prices"`
	DNSSEC        DNSSECPolicy       `yaml:"dnssec" json:"dnssec"`
	TTL           TTLPolicy          `yaml:"ttl" json:"ttl"`
	Launch        []Phase            `yaml:"launch" json:"launch,omitempty"`
	Offline       []Offline          `yaml:"offline" json:"offline,omitempty"`
}

// Periods are in years.
type Periods struct {
	Min     int `yaml:"min" json:"min,omitempty"`         // 1
	Max     int `yaml:"max" json:"max,omitempty"`         // 10
	Default int `yaml:"default" json:"default,omitempty"` // Min
	// Total is how far in the future a domain may expire at most; 10.
	Total int `yaml:"total" json:"total,omitempty"`
	// Months lets a command count in months, as long as they make whole years.
	Months bool `yaml:"months" json:"months,omitempty"`
}

// Grace are the grace periods of RFC 3915, section 3.1. ICANN's are the defaults.
type Grace struct {
	Add       *registry.Duration `yaml:"add" json:"add,omitempty"`             // 5d
	Renew     *registry.Duration `yaml:"renew" json:"renew,omitempty"`         // 5d
	AutoRenew *registry.Duration `yaml:"autoRenew" json:"autoRenew,omitempty"` // 45d
	Transfer  *registry.Duration `yaml:"transfer" json:"transfer,omitempty"`   // 5d
}

// TransferPolicy is how domains and contacts change their sponsor.
type TransferPolicy struct {
	// Pending is how long the losing registrar may answer; 5d. 0 makes transfers
	// immediate.
	Pending *registry.Duration `yaml:"pending" json:"pending,omitempty"`
	// Outcome is what happens then: approve, the default, or cancel.
	Outcome string `yaml:"outcome" json:"outcome,omitempty"`
	// Lock refuses the transfer of a domain that was created or transferred so
	// short a time ago (2106); default 0.
	Lock registry.Duration `yaml:"lock" json:"lock,omitempty"`
	// Years is by how much a transfer extends the registration where the command
	// names no period; 1. NoExtension makes it 0, and refuses a period.
	Years       int  `yaml:"years" json:"years,omitempty"`
	NoExtension bool `yaml:"noExtension" json:"noExtension,omitempty"`
}

// ContactPolicy is which contacts a domain has.
type ContactPolicy struct {
	// Model is thick, the default: a registrant is required; thin: no contacts at
	// all; or optional.
	Model string `yaml:"model" json:"model,omitempty"`
	// Models are those of registrars that have another, by clID.
	Models map[string]string `yaml:"models" json:"models,omitempty"`
	// Required are the types of which there must be one: admin, billing, tech.
	Required []string `yaml:"required" json:"required,omitempty"`
	// MaxPerType is how many there may be of each type; 0 is any number.
	MaxPerType int `yaml:"maxPerType" json:"maxPerType,omitempty"`
}

// NSPolicy is how many name servers a domain has.
type NSPolicy struct {
	Min int `yaml:"min" json:"min,omitempty"` // of one that is delegated; 1
	Max int `yaml:"max" json:"max,omitempty"` // 13
	// Glueless lets a domain be delegated to a host that is below a top-level
	// domain of the registry and has no address.
	Glueless bool `yaml:"glueless" json:"glueless,omitempty"`
}

// AuthInfoPolicy is how many characters the authInfo of a domain has. 0 is what
// Options.AuthInfoMin and Options.AuthInfoMax say.
type AuthInfoPolicy struct {
	Min int `yaml:"min" json:"min,omitempty"`
	Max int `yaml:"max" json:"max,omitempty"`
}

// NamePolicy is which names there are.
type NamePolicy struct {
	MinLength int `yaml:"minLength" json:"minLength,omitempty"` // of the label, 1
	MaxLength int `yaml:"maxLength" json:"maxLength,omitempty"` // 63
	// IDN are the tables by which names in other scripts are registered, by tag;
	// none means no such names.
	IDN []IDNTable `yaml:"idn" json:"idn,omitempty"`
	// Reserved are labels that nobody can register, but with an allocation token
	// for them; the value is the reason that a check gives, at most 32 characters.
	Reserved map[string]string `yaml:"reserved" json:"reserved,omitempty"`
}

// An IDNTable is a set of code points for labels in one language or script (RFC 5890 and
// RFC 7940 in short).
type IDNTable struct {
	// Tag is the language or script, as in de or Cyrl.
	Tag string `yaml:"tag" json:"tag"`
	// Characters are those allowed beside a to z, digits and the hyphen; a range is
	// written as а-я.
	Characters string `yaml:"characters" json:"characters,omitempty"`
	// OnlyOwn refuses a to z in a label of the table.
	OnlyOwn bool `yaml:"onlyOwn" json:"onlyOwn,omitempty"`
}

// Prices are in one currency.
type Prices struct {
	// Currency is an ISO 4217 code, USD. The registrar pays from the credit of the
	// zone Policy.Name, or of the zone named like the currency where it has none
	// of that.
	Currency string `yaml:"currency" json:"currency,omitempty"`
	// Standard are the prices of names that belong to no other class; without them
	// everything is free.
	Standard Price `yaml:"standard" json:"standard"`
	// Classes are those of premium names by the class's name, and Premium the class
	// of each label that has one.
	Classes map[string]Price  `yaml:"classes" json:"classes,omitempty"`
	Premium map[string]string `yaml:"premium" json:"premium,omitempty"`
	// LowBalance is below which credit a registrar gets a message; none when 0.
	LowBalance registry.Amount `yaml:"lowBalance" json:"lowBalance,omitempty"`
}

// A Price is what acts cost: Create, Renew and Transfer by the year.
type Price struct {
	Create   registry.Amount `yaml:"create" json:"create,omitempty"`
	Renew    registry.Amount `yaml:"renew" json:"renew,omitempty"`
	Transfer registry.Amount `yaml:"transfer" json:"transfer,omitempty"`
	Restore  registry.Amount `yaml:"restore" json:"restore,omitempty"`
}

// DNSSECPolicy is how delegations are signed (RFC 5910).
type DNSSECPolicy struct {
	// Interface is ds, the default, or key; none announces no secDNS.
	Interface string `yaml:"interface" json:"interface,omitempty"`
	// MaxRecords is how many records a domain may have; 13.
	MaxRecords int `yaml:"maxRecords" json:"maxRecords,omitempty"`
	// MaxSigLife takes a maxSigLife; it is refused otherwise (2102).
	MaxSigLife bool `yaml:"maxSigLife" json:"maxSigLife,omitempty"`
	// Algorithms and Digests are those allowed; none means all that IANA lists.
	Algorithms []int `yaml:"algorithms" json:"algorithms,omitempty"`
	Digests    []int `yaml:"digests" json:"digests,omitempty"`
}

// TTLPolicy is the lifetime of records in seconds (RFC 9803), by type: NS, DS, DNAME, A,
// AAAA.
type TTLPolicy map[string]TTLRange

// TTLRange is what a TTL may be.
type TTLRange struct {
	Min     uint32 `yaml:"min" json:"min"`
	Default uint32 `yaml:"default" json:"default"`
	Max     uint32 `yaml:"max" json:"max"`
}

// A Phase is one of a launch (RFC 8334).
type Phase struct {
	// Phase is sunrise, landrush, claims, open or custom; Name is its subphase.
	Phase string `yaml:"phase" json:"phase"`
	Name  string `yaml:"name" json:"name,omitempty"`
	// From and To are when it is, from a moment on until before another; zero
	// leaves that end open.
	From time.Time `yaml:"from" json:"from,omitzero"`
	To   time.Time `yaml:"to" json:"to,omitzero"`
	// Applications are collected in it, instead of registrations.
	Applications bool `yaml:"applications" json:"applications,omitempty"`
	// First gives each name, when the phase ends, to whoever applied first.
	// Otherwise only a control decides (see Registry.SetApplication).
	First bool `yaml:"first" json:"first,omitempty"`
	// Claims are labels that a trademark holder claims, with the key of the claim.
	// Whoever registers one in the phase shows a notice of the claims.
	Claims map[string]string `yaml:"claims" json:"claims,omitempty"`
}

// Offline is which commands wait for somebody (1001), and what comes of it.
type Offline struct {
	// Names are labels of domains, which may begin or end with *.
	Names []string `yaml:"names" json:"names"`
	// Commands are create, renew, update, delete; none means create.
	Commands []string `yaml:"commands" json:"commands,omitempty"`
	// After is how long it takes, 1d, and Deny whether it is refused then. What a
	// control does before that counts.
	After *registry.Duration `yaml:"after" json:"after,omitempty"`
	Deny  bool               `yaml:"deny" json:"deny,omitempty"`
}

// The contact models.
const (
	ThickModel    = "thick"
	ThinModel     = "thin"
	OptionalModel = "optional"
)

// What comes of a transfer that nobody decides.
const (
	outcomeApprove = "approve"
	outcomeCancel  = "cancel"
)

// policyOf is the policy for a name, by the longest top-level domain that it is below of,
// or nil.
func (r *Registry) policyOf(name string) *Policy { return policyOf(r.policies, name) }

func policyOf(all map[string]*Policy, name string) *Policy {
	for {
		_, parent, ok := strings.Cut(name, ".")
		if !ok {
			return nil
		}
		if p := all[parent]; p != nil {
			return p
		}
		name = parent
	}
}

func (p *Policy) contacts() string { return cmp.Or(p.Contacts.Model, ThickModel) }

// contactsOf is the contact model of the domains of a registrar.
func (p *Policy) contactsOf(clID string) string { return cmp.Or(p.Contacts.Models[clID], p.contacts()) }

// hasContacts reports whether any registrar's domains have some.
func (p *Policy) hasContacts() bool {
	for _, model := range p.Contacts.Models {
		if model != ThinModel {
			return true
		}
	}
	return p.contacts() != ThinModel
}

func (p *Policy) minYears() int     { return cmp.Or(p.Periods.Min, 1) }
func (p *Policy) maxYears() int     { return cmp.Or(p.Periods.Max, 10) }
func (p *Policy) defaultYears() int { return cmp.Or(p.Periods.Default, p.minYears()) }
func (p *Policy) totalYears() int   { return cmp.Or(p.Periods.Total, 10) }

func (p *Policy) minNS() int { return cmp.Or(p.NS.Min, 1) }
func (p *Policy) maxNS() int { return cmp.Or(p.NS.Max, 13) }

func (p *Policy) minLabel() int { return cmp.Or(p.Names.MinLength, 1) }
func (p *Policy) maxLabel() int { return cmp.Or(p.Names.MaxLength, 63) }

func (p *Policy) graceAdd() time.Duration   { return orDefault(p.Grace.Add, 5*registry.Day).D() }
func (p *Policy) graceRenew() time.Duration { return orDefault(p.Grace.Renew, 5*registry.Day).D() }
func (p *Policy) graceAutoRenew() time.Duration {
	return orDefault(p.Grace.AutoRenew, 45*registry.Day).D()
}

func (p *Policy) graceTransfer() time.Duration {
	return orDefault(p.Grace.Transfer, 5*registry.Day).D()
}

func (p *Policy) autoRenews() bool          { return orDefault(p.AutoRenew, true) }
func (p *Policy) redemption() time.Duration { return orDefault(p.Redemption, 30*registry.Day).D() }

func (p *Policy) restoreReport() time.Duration { return orDefault(p.RestoreReport, 7*registry.Day).D() }

func (p *Policy) pendingDelete() time.Duration { return orDefault(p.PendingDelete, 5*registry.Day).D() }

func (p *Policy) transferPending() time.Duration {
	return orDefault(p.Transfer.Pending, 5*registry.Day).D()
}

func (p *Policy) currency() string { return cmp.Or(p.Prices.Currency, "USD") }

// transferYears is by how much a transfer extends a registration that names no period.
func (p *Policy) transferYears() int {
	if p.Transfer.NoExtension {
		return 0
	}
	return cmp.Or(p.Transfer.Years, 1)
}

func (o *Offline) after() time.Duration { return orDefault(o.After, registry.Day).D() }

// orDefault returns what a pointer points to, or a default.
func orDefault[T any](p *T, def T) T {
	if p == nil {
		return def
	}
	return *p
}
