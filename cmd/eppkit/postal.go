package main

import "github.com/eppkit/eppkit/epp/contact"

// A postal is a name and an address in one form, as flags give it. The mappings agree
// on what is in one, but not on what must be.
type postal struct {
	x      *fields
	prefix string
	form   string // contact.Int or contact.Loc, where there are two
	name   string
	org    *string
	addr   contact.Addr
}

// flags adds the flags of a name, an address and maybe an organization.
func (p *postal) flags(x *fields, note string, org bool) {
	p.x = x
	one(x, p.prefix+"name", "`NAME` of the person or of the role"+note, &p.name, text)
	if org {
		opt(x, p.prefix+"org", "name of the `ORGANIZATION`"+note, &p.org, text)
	}
	addrFlags(x, p.prefix, note, &p.addr)
}

func addrFlags(x *fields, prefix, note string, v *contact.Addr) {
	each(x, prefix+"street", "`LINE` of the street, of three at most"+note, &v.Street, text)
	one(x, prefix+"city", "`CITY`"+note, &v.City, text)
	opt(x, prefix+"sp", "`STATE` or province"+note, &v.SP, text)
	opt(x, prefix+"pc", "postal `CODE`"+note, &v.PC, text)
	one(x, prefix+"cc", "`COUNTRY`, two letters"+note, &v.CC, text)
}

// need refuses a postal without one of its parts.
func (p *postal) need(parts ...string) error {
	for _, part := range parts {
		if err := p.x.need(p.prefix + part); err != nil {
			return err
		}
	}
	return nil
}

// whole is the address, or nil when nothing of one was given. needs are the parts that
// one must have.
func (p *postal) whole(needs ...string) (*contact.Addr, error) {
	if some(p.addr) == nil {
		return nil, nil
	}
	if err := p.need(needs...); err != nil {
		return nil, usage("%w; an address is given as a whole", err)
	}
	return &p.addr, nil
}

// Forms are names and addresses where the RFCs have two of each: one in ASCII, and one
// in the characters of the country.
type forms struct{ first, loc postal }

// flags adds the flags of both forms.
func (m *forms) flags(x *fields, org bool) {
	m.first.form, m.loc = contact.Int, postal{form: contact.Loc, prefix: "loc-"}
	choice(x, "type", "the `FORM` of the name and the address (default int)", &m.first.form, contact.Int, contact.Loc)
	m.first.flags(x, "", org)
	m.loc.flags(x, ", in the form loc", org)
}

// each calls f for the forms of which something was given.
func (m *forms) each(f func(*postal) error) error {
	isGiven := func(p *postal) bool { return p.name != "" || p.org != nil || some(p.addr) != nil }
	if isGiven(&m.loc) && m.first.form == contact.Loc {
		return usage("--type loc makes --name, --city and so on the form loc; the flags that begin with --loc- are the same form again")
	}
	for _, p := range []*postal{&m.first, &m.loc} {
		if !isGiven(p) {
			continue
		}
		if err := f(p); err != nil {
			return err
		}
	}
	return nil
}

// reach is how to reach a contact or an organization of the RFCs.
type reach struct {
	voice, fax *contact.Phone
	email      string
}

func (m *reach) flags(x *fields) {
	opt(x, "voice", "telephone `NUMBER`, as +358.2555123 or +358.2555123x12", &m.voice, phone)
	opt(x, "fax", "fax `NUMBER`", &m.fax, phone)
	one(x, "email", "e-mail `ADDRESS`", &m.email, text)
}
