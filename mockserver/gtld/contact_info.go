package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// contactInfo tells of a contact (RFC 5733, section 3.1.2). What others than the sponsor
// see is the rules'.
func (r *Registry) contactInfo(x *mockserver.Exchange, q *contact.Info) (*contact.InfData, error) {
	o := r.read(x)
	c := r.contacts.Get(o, q.ID)
	if c == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(contact.NS, "id", q.ID))
	}
	sponsor := c.ClID == x.ClID()
	if q.AuthInfo != nil {
		if err := provesContact(c, q.AuthInfo); err != nil {
			return nil, err
		}
	} else if !sponsor && !r.contactRules.Open {
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(contact.NS, "id", q.ID))
	}
	a := r.contactInfData(o, c)
	if !sponsor && (q.AuthInfo == nil || r.contactRules.Narrow) {
		r.hide(c, a)
	}
	if sponsor { // nobody else, authInfo or not (RFC 5733, section 3.1.2)
		a.AuthInfo = shown(c.AuthInfo, c.AuthHash)
	}
	return a, nil
}

// contactInfData is all of a contact but its authInfo.
func (r *Registry) contactInfData(rd registry.Reader, c *Contact) *contact.InfData {
	a := &contact.InfData{
		ID: c.ID, ROID: c.ROID,
		Status: r.contactStatus(rd, c),
		Voice:  c.Voice.data(), Fax: c.Fax.data(), Email: c.Email,
		ClID: c.ClID, CrID: c.CrID, CrDate: c.CrDate,
		UpID: c.UpID, UpDate: c.UpDate, TrDate: c.TrDate,
		Disclose: c.Disclose.data(),
	}
	for _, p := range c.Postal {
		a.PostalInfo = append(a.PostalInfo, p.data())
	}
	return a
}

// contactStatus adds linked to a contact that a domain refers to.
func (r *Registry) contactStatus(rd registry.Reader, c *Contact) []epp.Status {
	return statuses(c.Status, c.Texts, rd.Linked(registry.Ref{Kind: registry.Contact, Handle: c.ID}))
}
