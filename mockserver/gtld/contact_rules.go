package gtld

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// ContactRules are what the registry decides about contacts, which belong to no top-level
// domain. The zero value works.
type ContactRules struct {
	// Forms are the forms of postal information that a contact may have, int and
	// loc; none means both.
	Forms []string `yaml:"forms" json:"forms,omitempty"`
	// Required are elements that RFC 5733 leaves to the client and that must be there
	// here: org, street, sp, pc, voice, fax.
	Required []string `yaml:"required" json:"required,omitempty"`
	// Hidden are the elements that nobody but the sponsor is shown unless the contact
	// wants it: name, org, addr, voice, fax, email. All others are shown unless the
	// contact does not want it. Fixed are those about which a contact can't ask for
	// another treatment (2308; RFC 5733, section 2.9).
	Hidden []string `yaml:"hidden" json:"hidden,omitempty"`
	Fixed  []string `yaml:"fixed" json:"fixed,omitempty"`
	// Open answers another registrar's info without an authInfo, with what may be
	// shown; otherwise it is refused (2201).
	Open bool `yaml:"open" json:"open,omitempty"`
	// Narrow shows another registrar with a valid authInfo no more than that;
	// otherwise it sees all but the authInfo.
	Narrow bool `yaml:"narrow" json:"narrow,omitempty"`
	// Transfer is how contacts change their sponsor. They have no years.
	Transfer TransferPolicy `yaml:"transfer" json:"transfer"`
	// Offline are the commands that wait for somebody: create, update, delete. Their
	// names are identifiers.
	Offline []Offline `yaml:"offline" json:"offline,omitempty"`
}

var (
	optionalElements = []string{"org", "street", "sp", "pc", "voice", "fax"}
	disclosable      = []string{"name", "org", "addr", "voice", "fax", "email"}
)

// contactRules checks the rules in fixtures.
func (v *validator) contactRules(c *ContactRules) {
	at := registry.Path{"contactRules"}
	for _, list := range []struct {
		key          string
		names, known []string
	}{
		{"forms", c.Forms, forms},
		{"required", c.Required, optionalElements},
		{"hidden", c.Hidden, disclosable},
		{"fixed", c.Fixed, disclosable},
	} {
		for i, name := range list.names {
			v.oneOf(name, at.With(list.key, i), list.known...)
		}
	}
	v.oneOf(c.Transfer.Outcome, at.With("transfer", "outcome"), "", outcomeApprove, outcomeCancel)
	v.Check(c.Transfer.Years == 0 && !c.Transfer.NoExtension, at.With("transfer"), "a contact is registered for no period")
	v.offline(c.Offline, at.With("offline"), commandCreate, commandUpdate, commandDelete)
}

// transferPending is how long a sponsor may answer the request for a transfer.
func (c *ContactRules) transferPending() time.Duration {
	return orDefault(c.Transfer.Pending, 5*registry.Day).D()
}

// refuseContact refuses a value in an element of a contact.
func refuseContact(code epp.Code, local, value, why string) error {
	return epp.Refuse(code, registry.Because(contact.NS, local, value, why))
}

// holdContact notes what the registry does not take of a contact that the schema lets
// pass (RFC 5733, sections 2.4 to 2.6 and 2.9).
func (r *Registry) holdContact(c *Contact, f *refusals) {
	for i := range c.Postal {
		r.holdPostal(&c.Postal[i], f)
	}
	r.holdPhone("voice", c.Voice.Number, f)
	r.holdPhone("fax", c.Fax.Number, f)
	if !registry.EmailAddress(c.Email) {
		f.text(epp.ParameterSyntaxError, contact.NS, "email", c.Email, "is not an address like name@host.example")
	}
	r.holdDisclose(c.Disclose, f)
}

func (r *Registry) holdPostal(p *Postal, f *refusals) {
	if rules := r.contactRules.Forms; len(rules) > 0 && !slices.Contains(rules, p.Type) {
		f.text(epp.ParameterPolicyError, contact.NS, "postalInfo", "", "form "+p.Type+" is not used here")
	}
	if epp.Collapse(p.Name) == "" {
		f.text(epp.ParameterSyntaxError, contact.NS, "name", p.Name, "is blank")
	}
	if epp.Collapse(p.City) == "" {
		f.text(epp.ParameterSyntaxError, contact.NS, "city", p.City, "is blank")
	}
	if local, value := p.notASCII(); local != "" && p.Type == contact.Int {
		f.text(epp.ParameterSyntaxError, contact.NS, local, value, "form int must be ASCII alone")
	}
	if !registry.CountryCode(p.CC) {
		f.text(epp.ParameterRangeError, contact.NS, "cc", p.CC, "is not a country code of ISO 3166-1, in capitals")
	}
	r.holdRequired("org", p.Org, f)
	r.holdRequired("street", strings.Join(p.Street, ""), f)
	r.holdRequired("sp", p.SP, f)
	r.holdRequired("pc", p.PC, f)
}

// holdPhone looks at what the schema's pattern does not: no country's code begins with 0.
// The number may be "".
func (r *Registry) holdPhone(local, number string, f *refusals) {
	if !epp.IsE164(number) || strings.HasPrefix(number, "+0") {
		f.text(epp.ParameterSyntaxError, contact.NS, local, number, "is not a telephone number like +1.2025550123")
	}
	r.holdRequired(local, number, f)
}

// holdRequired notes an element that is empty and that the rules require.
func (r *Registry) holdRequired(local, value string, f *refusals) {
	if value == "" && slices.Contains(r.contactRules.Required, local) {
		f.text(epp.RequiredParameterMissing, contact.NS, local, "", "is required here")
	}
}

// notASCII finds an element that is not fit for the internationalized form, or "".
func (p *Postal) notASCII() (local, value string) {
	type el struct{ local, value string }
	list := []el{{"name", p.Name}, {"org", p.Org}, {"city", p.City}, {"sp", p.SP}, {"pc", p.PC}, {"cc", p.CC}}
	for _, s := range p.Street {
		list = append(list, el{"street", s})
	}
	for _, e := range list {
		for i := range len(e.value) {
			if e.value[i] >= 0x80 {
				return e.local, e.value
			}
		}
	}
	return "", ""
}

// holdDisclose notes a wish that names nothing, or that the registry does not grant.
func (r *Registry) holdDisclose(d *Disclose, f *refusals) {
	if d == nil {
		return
	}
	named := d.elements()
	if len(named) == 0 {
		f.text(epp.RequiredParameterMissing, contact.NS, "disclose", "", "names no element")
	}
	for _, el := range named {
		if slices.Contains(r.contactRules.Fixed, el) && d.Flag == slices.Contains(r.contactRules.Hidden, el) {
			f.part(epp.DataManagementPolicyViolated, contact.NS, "disclose", d.data(), "whether "+el+" is disclosed is the registry's choice")
		}
	}
}

// elements are the names of those that a wish is about.
func (d *Disclose) elements() []string {
	var list []string
	for _, el := range []struct {
		name string
		is   bool
	}{
		{"name", len(d.Name) > 0},
		{"org", len(d.Org) > 0},
		{"addr", len(d.Addr) > 0},
		{"voice", d.Voice},
		{"fax", d.Fax},
		{"email", d.Email},
	} {
		if el.is {
			list = append(list, el.name)
		}
	}
	return list
}

// covers reports whether a wish is about an element; form is of name, org and addr.
func (d *Disclose) covers(el, form string) bool {
	if d == nil || !slices.Contains(d.elements(), el) {
		return false
	}
	switch el {
	case "name":
		return slices.Contains(d.Name, form)
	case "org":
		return slices.Contains(d.Org, form)
	case "addr":
		return slices.Contains(d.Addr, form)
	}
	return true
}

// discloses reports whether others than the sponsor are shown an element of a contact.
func (r *Registry) discloses(c *Contact, el, form string) bool {
	if c.Disclose.covers(el, form) {
		return c.Disclose.Flag
	}
	return !slices.Contains(r.contactRules.Hidden, el)
}

// What stands for an element that is hidden and that the schema wants all the same. ZZ
// is no country's.
const (
	hiddenText    = "-"
	hiddenCountry = "ZZ"
)

// hide takes out of an answer what others than the sponsor are not shown.
func (r *Registry) hide(c *Contact, a *contact.InfData) {
	for i := range a.PostalInfo {
		p := &a.PostalInfo[i]
		if !r.discloses(c, "name", p.Type) {
			p.Name = hiddenText
		}
		if !r.discloses(c, "org", p.Type) {
			p.Org = nil
		}
		if !r.discloses(c, "addr", p.Type) {
			p.Addr = contact.Addr{City: hiddenText, CC: hiddenCountry}
		}
	}
	if !r.discloses(c, "voice", "") {
		a.Voice = nil
	}
	if !r.discloses(c, "fax", "") {
		a.Fax = nil
	}
	if !r.discloses(c, "email", "") {
		a.Email = hiddenText
	}
}
