package gtld

import (
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// addContacts ties contacts to a domain that is going to be.
func (r *Registry) addContacts(o *op, d *Domain, list []domain.Contact, f *refusals) {
	for i := range list {
		c := &list[i]
		refuse := func(code epp.Code, reason string) { f.part(code, domain.NS, "contact", c, reason) }
		link := Link{Type: strings.Clone(c.Type), ID: strings.Clone(c.ID)}
		switch {
		case o.policy.contactsOf(o.ClID()) == ThinModel:
			refuse(epp.ParameterPolicyError, "domains have no contacts here")
		case c.Type == "":
			refuse(epp.RequiredParameterMissing, "needs a type")
		case !r.hasContact(o, c.ID):
			refuse(epp.ObjectDoesNotExist, "there is no such contact")
		case slices.Contains(d.Contacts, link):
			refuse(epp.ParameterPolicyError, "is there already")
		default:
			d.Contacts = append(d.Contacts, link)
		}
	}
}

// remContacts parts contacts from a domain that is going to be.
func (r *Registry) remContacts(d *Domain, list []domain.Contact, f *refusals) {
	for i := range list {
		c := &list[i]
		k := slices.Index(d.Contacts, Link{Type: c.Type, ID: c.ID})
		if k < 0 {
			f.part(epp.ParameterPolicyError, domain.NS, "contact", c, "is not there")
			continue
		}
		d.Contacts = slices.Delete(d.Contacts, k, k+1)
	}
}

// setRegistrant makes a contact the holder of a domain that is going to be; "" removes
// the one that there was.
func (r *Registry) setRegistrant(o *op, d *Domain, id string, f *refusals) {
	switch model := o.policy.contactsOf(o.ClID()); {
	case id != "" && model == ThinModel:
		f.text(epp.ParameterPolicyError, domain.NS, "registrant", id, "domains have no contacts here")
	case id == "" && model == ThickModel:
		f.text(epp.ParameterPolicyError, domain.NS, "registrant", id, "a domain needs one here")
	case id != "" && !r.hasContact(o, id):
		f.text(epp.ObjectDoesNotExist, domain.NS, "registrant", id, "there is no such contact")
	default:
		d.Registrant = strings.Clone(id)
	}
}

// checkContacts holds a domain that is going to be to the policy: which contacts must be
// there (2003 in a create, 2306 in an update, which takes them away), and how many may.
func (p *Policy) checkContacts(d *Domain, missing epp.Code, f *refusals) {
	count := make(map[string]int)
	for _, l := range d.Contacts {
		if count[l.Type]++; p.Contacts.MaxPerType > 0 && count[l.Type] == p.Contacts.MaxPerType+1 {
			f.part(epp.ParameterPolicyError, domain.NS, "contact", &domain.Contact{Type: l.Type, ID: l.ID},
				fmt.Sprintf("there may be %d of type %s at most", p.Contacts.MaxPerType, l.Type))
		}
	}
	if p.contactsOf(d.ClID) == ThinModel {
		return
	}
	for _, role := range p.Contacts.Required {
		if count[role] == 0 {
			f.text(missing, domain.NS, "contact", "", "there must be one of type "+role)
		}
	}
}
