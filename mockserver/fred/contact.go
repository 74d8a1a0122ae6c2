package fred

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Contact is a contact.
type Contact struct {
	ID              string `yaml:"id" json:"id"`
	registry.Object `yaml:",inline"`

	Name    string `yaml:"name" json:"name"`
	Org     string `yaml:"org" json:"org,omitempty"`
	Address `yaml:",inline"`
	// Mailing is where letters go, where that is elsewhere (extra-addr-1.0).
	Mailing *Address `yaml:"mailing" json:"mailing,omitempty"`
	Voice   string   `yaml:"voice" json:"voice,omitempty"`
	Fax     string   `yaml:"fax" json:"fax,omitempty"`
	// Email and NotifyEmail are comma lists of what the schema takes for
	// addresses, which mail may not be deliverable to.
	Email       string `yaml:"email" json:"email"`
	NotifyEmail string `yaml:"notifyEmail" json:"notifyEmail,omitempty"`
	VAT         string `yaml:"vat" json:"vat,omitempty"`
	Ident       *Ident `yaml:"ident" json:"ident,omitempty"`
	// Disclose names the data that the contact discloses: addr, voice, fax,
	// email, vat, ident, notifyEmail. Name and org are always disclosed, and so
	// is addr unless the contact is a person whose identity was confirmed.
	Disclose []string `yaml:"disclose" json:"disclose,omitempty"`

	Idle `yaml:"-"`
}

// Address is where a Contact is.
type Address struct {
	Street []string `yaml:"street" json:"street,omitempty"`
	City   string   `yaml:"city" json:"city,omitempty"`
	SP     string   `yaml:"sp" json:"sp,omitempty"`
	PC     string   `yaml:"pc" json:"pc,omitempty"`
	CC     string   `yaml:"cc" json:"cc,omitempty"`
}

// Ident identifies a person or a company.
type Ident struct {
	Type string `yaml:"type" json:"type"` // op, passport, mpsv, ico or birthday
	Text string `yaml:"text" json:"text"`
}

func (a Address) equal(b Address) bool {
	return slices.Equal(a.Street, b.Street) && a.City == b.City && a.SP == b.SP && a.PC == b.PC && a.CC == b.CC
}

func (m *Ident) equal(n *Ident) bool { return m == n || m != nil && n != nil && *m == *n }

// Key is the handle, in upper case.
func (c *Contact) Key() string { return c.ID }

// Due is when the contact will have been idle for too long.
func (c *Contact) Due() time.Time { return c.IdleAt }

func (c *Contact) ref() registry.Ref { return registry.Ref{Kind: registry.Contact, Handle: c.ID} }

// clone is a copy that can be changed.
func (c *Contact) clone() *Contact {
	d := *c
	d.Status, d.Street, d.Disclose = slices.Clone(c.Status), slices.Clone(c.Street), slices.Clone(c.Disclose)
	return &d
}

// discloses reports whether a contact lets everybody see an item. The address is
// public until a natural person's identity was confirmed; then it can be hidden.
func (c *Contact) discloses(item string) bool {
	if item == "addr" && !(c.identified() && c.Org == "") {
		return true
	}
	return slices.Contains(c.Disclose, item)
}

func (c *Contact) identified() bool {
	return slices.Contains(c.Status, "identifiedContact") || slices.Contains(c.Status, "validatedContact")
}

// disclose lists what is disclosed although the policy says otherwise, or, where it
// discloses all, what is not; nil when that is nothing.
func (c *Contact) disclose(all bool) *contact.Disclose {
	named := func(item string) bool { return c.discloses(item) != all }
	m := contact.Disclose{
		Flag: !all,
		Addr: named("addr"), Voice: named("voice"), Fax: named("fax"),
		Email: named("email"), VAT: named("vat"), Ident: named("ident"),
		NotifyEmail: named("notifyEmail"),
	}
	if m == (contact.Disclose{Flag: !all}) {
		return nil
	}
	return &m
}

// mailing is the address for letters as an answer has it.
func (c *Contact) mailing() extraaddr.Mailing {
	a := c.Mailing
	return extraaddr.Mailing{Addr: extraaddr.Addr{Street: a.Street, City: a.City, SP: a.SP, PC: a.PC, CC: a.CC}}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func commaList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
