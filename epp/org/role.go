package org

import "github.com/eppkit/eppkit/epp"

// Role is a part that an organization plays (RFC 8543, section 3.2).
type Role struct {
	// Type is registrar, reseller, privacyproxy, dns-operator or another that IANA
	// has registered (section 7.3).
	Type   string
	Status []string // at most three
	// RoleID identifies the organization in this role outside the registry, as
	// IANA's registrar number does.
	RoleID *string
}

// Fields walks the content of <org:role>.
func (m *Role) Fields(x *epp.Codec) {
	x.Elem("type", epp.Token(&m.Type))
	statusOf(x, &m.Status, 3, roleStatuses)
	x.Opt("roleID", epp.OptToken(&m.RoleID))
}

// The types of a [Contact] (RFC 8543, section 4.1.2).
const (
	Admin   = "admin"
	Billing = "billing"
	Tech    = "tech"
	Abuse   = "abuse"
	Custom  = "custom" // TypeName says which
)

// Contact ties a contact to an organization.
type Contact struct {
	Type     string // one of the five above
	TypeName string // of a custom type
	ID       string
}

// Fields walks the content of <org:contact>.
func (m *Contact) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	switch m.Type {
	case Admin, Billing, Tech, Abuse, Custom:
	default:
		x.Check(false, "@type", "must be admin, billing, tech, abuse or custom")
	}
	x.OptAttr("typeName", epp.Token(&m.TypeName))
	x.Text(epp.Token(&m.ID))
	x.Length("", m.ID, 3, 16)
}
