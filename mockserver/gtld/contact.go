package gtld

import (
	"maps"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Contact is a contact (RFC 5733).
type Contact struct {
	ID              string `yaml:"id" json:"id,omitempty"`
	registry.Object `yaml:",inline"`

	Postal   []Postal        `yaml:"postal" json:"postal,omitempty"` // one or two
	Voice    Phone           `yaml:"voice" json:"voice,omitempty"`
	Fax      Phone           `yaml:"fax" json:"fax,omitempty"`
	Email    string          `yaml:"email" json:"email,omitempty"`
	AuthInfo registry.Kept   `yaml:"authInfo" json:"authInfo,omitempty"` // as a Domain's
	AuthHash registry.Hash   `yaml:"-" json:"authInfoHash,omitzero"`
	Disclose *Disclose       `yaml:"disclose" json:"disclose,omitempty"`
	Texts    map[string]Text `yaml:"texts" json:"texts,omitempty"`
	Transfer *Transfer       `yaml:"transfer" json:"transfer,omitempty"` // the latest, which may be over
}

// Key is the identifier, which is case-sensitive.
func (c *Contact) Key() string { return c.ID }

func (c *Contact) ref() registry.Ref { return registry.Ref{Kind: registry.Contact, Handle: c.ID} }

// hasContact reports whether there is a contact that a domain can refer to: not one whose
// create waits, and may be refused.
func (r *Registry) hasContact(rd registry.Reader, id string) bool {
	c := r.contacts.Get(rd, id)
	return c != nil && !slices.Contains(c.Status, pendingCreate)
}

// Due is when a transfer is decided by itself.
func (c *Contact) Due() time.Time {
	if c.Transfer != nil && c.Transfer.Status == "pending" {
		return c.Transfer.AcDate
	}
	return time.Time{}
}

// clone is a copy that can be changed without changing c. What its elements point to is
// shared: those are replaced, not changed.
func (c *Contact) clone() *Contact {
	n := *c
	n.Status, n.Postal, n.Texts = slices.Clone(c.Status), slices.Clone(c.Postal), maps.Clone(c.Texts)
	return &n
}

// form is where a contact has its postal information in a form, or -1.
func (c *Contact) form(kind string) int {
	return slices.IndexFunc(c.Postal, func(p Postal) bool { return p.Type == kind })
}

// Postal is a name and an address in one form.
type Postal struct {
	Type   string   `yaml:"type" json:"type,omitempty"` // int or loc
	Name   string   `yaml:"name" json:"name,omitempty"`
	Org    string   `yaml:"org" json:"org,omitempty"`
	Street []string `yaml:"street" json:"street,omitempty"`
	City   string   `yaml:"city" json:"city,omitempty"`
	SP     string   `yaml:"sp" json:"sp,omitempty"`
	PC     string   `yaml:"pc" json:"pc,omitempty"`
	CC     string   `yaml:"cc" json:"cc,omitempty"`
}

// Phone is a number, which may be "", and its extension.
type Phone struct {
	Number string `yaml:"number" json:"number,omitempty"`
	X      string `yaml:"x" json:"x,omitempty"`
}

// Disclose is a contact's wish about its data.
type Disclose struct {
	Flag  bool     `yaml:"flag" json:"flag,omitempty"`
	Name  []string `yaml:"name" json:"name,omitempty"` // int, loc or both, as for Org and Addr
	Org   []string `yaml:"org" json:"org,omitempty"`
	Addr  []string `yaml:"addr" json:"addr,omitempty"`
	Voice bool     `yaml:"voice" json:"voice,omitempty"`
	Fax   bool     `yaml:"fax" json:"fax,omitempty"`
	Email bool     `yaml:"email" json:"email,omitempty"`
}

func (p *Postal) data() contact.PostalInfo {
	return contact.PostalInfo{
		Type: p.Type, Name: p.Name, Org: optional(p.Org),
		Addr: contact.Addr{Street: p.Street, City: p.City, SP: optional(p.SP), PC: optional(p.PC), CC: p.CC},
	}
}

func (p Phone) data() *contact.Phone {
	if p.Number == "" {
		return nil
	}
	return &contact.Phone{Number: p.Number, X: optional(p.X)}
}

func (d *Disclose) data() *contact.Disclose {
	if d == nil {
		return nil
	}
	forms := func(list []string) (out []contact.IntLoc) {
		for _, f := range list {
			out = append(out, contact.IntLoc(f))
		}
		return out
	}
	return &contact.Disclose{
		Flag: d.Flag,
		Name: forms(d.Name), Org: forms(d.Org), Addr: forms(d.Addr),
		Voice: d.Voice, Fax: d.Fax, Email: d.Email,
	}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
