package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// contactUpdate changes a contact (RFC 5733, section 3.2.5). Its rules are checked in the
// order of those for domains.
func (r *Registry) contactUpdate(x *mockserver.Exchange, q *contact.Update) (*epp.NoData, error) {
	if q.Add == nil && q.Rem == nil && q.Chg == nil && len(x.Command.Extension) == 0 {
		return nil, refuseContact(epp.RequiredParameterMissing, "update", "", "needs an add, a rem or a chg")
	}
	if chg := q.Chg; chg != nil && len(chg.PostalInfo) == 0 && chg.Voice == nil && chg.Fax == nil &&
		chg.Email == "" && chg.AuthInfo == nil && chg.Disclose == nil {
		return nil, refuseContact(epp.RequiredParameterMissing, "chg", "", "changes nothing")
	}
	add, rem := or(q.Add).Status, or(q.Rem).Status
	return change(r, x, func(o *op) (*epp.NoData, error) {
		c, err := r.ownContact(o, q.ID)
		if err != nil {
			return nil, err
		}
		if s := prohibitsUpdate(c.Status, add, rem, q.Chg != nil); s != "" {
			return nil, refuseContact(epp.StatusProhibitsOperation, "id", c.ID, "its status is "+s)
		}
		next := c.clone()
		if next.Status, next.Texts, err = alterStatuses(contact.NS, c.Status, c.Texts, add, rem); err != nil {
			return nil, err
		}
		if q.Chg != nil {
			var f refusals
			r.alterContact(next, q.Chg, &f)
			if err := f.err(); err != nil {
				return nil, err
			}
		}
		if q.Add != nil || q.Rem != nil || q.Chg != nil {
			next.UpID, next.UpDate = c.ClID, o.Now()
			if !r.contactWaits(o, commandUpdate, c, next) {
				r.contacts.Put(o.tx, next)
			}
		}
		return nil, nil
	})
}

// ownContact is a contact that the registrar who asks sponsors.
func (r *Registry) ownContact(o *op, id string) (*Contact, error) {
	c := r.contacts.Get(o, id)
	switch {
	case c == nil:
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(contact.NS, "id", id))
	case c.ClID != o.ClID():
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(contact.NS, "id", id))
	}
	return c, nil
}

// alterContact replaces what chg has in a contact that is going to be. A number that is
// there and empty is taken away, and so is what is empty in a form.
func (r *Registry) alterContact(c *Contact, chg *contact.Chg, f *refusals) {
	seen := make(map[string]bool)
	for i := range chg.PostalInfo {
		p := &chg.PostalInfo[i]
		if seen[p.Type] {
			f.text(epp.ParameterPolicyError, contact.NS, "postalInfo", "", "form "+p.Type+" is there twice")
		}
		seen[p.Type] = true
		c.alterPostal(p, f)
	}
	if chg.Voice != nil {
		c.Voice = newPhone(chg.Voice)
	}
	if chg.Fax != nil {
		c.Fax = newPhone(chg.Fax)
	}
	if chg.Email != "" {
		c.Email = strings.Clone(chg.Email)
	}
	if chg.Disclose != nil {
		c.Disclose = newDisclose(chg.Disclose)
	}
	if chg.AuthInfo != nil {
		r.setAuthInfo(c, chg.AuthInfo, f)
	}
	if f.code == 0 { // what is wrong by itself shows in the contact, too
		r.holdContact(c, f)
	}
}

// alterPostal replaces what is given of one form. A form that the contact does not have
// yet must be whole.
func (c *Contact) alterPostal(q *contact.ChgPostalInfo, f *refusals) {
	missing := func(local, why string) { f.text(epp.RequiredParameterMissing, contact.NS, local, "", why) }
	if q.Name == "" && q.Org == nil && q.Addr == nil {
		missing("postalInfo", "changes nothing")
		return
	}
	i := c.form(q.Type)
	if i < 0 {
		if q.Name == "" {
			missing("name", "is missing in a form that is new")
		}
		if q.Addr == nil {
			missing("addr", "is missing in a form that is new")
		}
		i = len(c.Postal)
		c.Postal = append(c.Postal, Postal{Type: strings.Clone(q.Type)})
	}
	p := &c.Postal[i]
	if q.Name != "" {
		p.Name = strings.Clone(q.Name)
	}
	if q.Org != nil {
		p.Org = text(q.Org)
	}
	if q.Addr != nil {
		p.setAddr(q.Addr)
	}
}
