package gtld

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) contactCheck(_ *mockserver.Exchange, q *contact.Check) (*contact.ChkData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a := new(contact.ChkData)
	for _, id := range q.IDs {
		why := ""
		if r.contacts[id] != nil {
			why = reasonInUse
		}
		a.CD = append(a.CD, contact.CD{ID: id, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}

func (r *Registry) contactInfo(x *mockserver.Exchange, q *contact.Info) (*contact.InfData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	c := r.contacts[q.ID]
	if c == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(contact.NS, "id", q.ID))
	}
	sponsor := c.ClID == x.ClID()
	if q.AuthInfo != nil {
		if err := provesContact(c, q.AuthInfo); err != nil {
			return nil, err
		}
	} else if !sponsor {
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(contact.NS, "id", q.ID))
	}
	a := &contact.InfData{
		ID: c.ID, ROID: c.ROID,
		Status: statuses(c.Status, r.linked(c.ID)),
		Voice:  c.Voice.data(), Fax: c.Fax.data(), Email: c.Email,
		ClID: c.ClID, CrID: c.CrID, CrDate: c.CrDate,
		UpID: c.UpID, UpDate: c.UpDate, TrDate: c.TrDate,
		Disclose: c.Disclose.data(),
	}
	for _, p := range c.Postal {
		a.PostalInfo = append(a.PostalInfo, p.data())
	}
	if sponsor { // nobody else, authInfo or not (RFC 5733, section 3.1.2)
		a.AuthInfo = c.authInfo.data()
	}
	return a, nil
}

// linked reports whether a domain refers to a contact.
func (r *Registry) linked(id string) bool {
	for _, d := range r.domains {
		if d.Registrant == id || slices.Contains(d.contactIDs(), id) {
			return true
		}
	}
	return false
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
