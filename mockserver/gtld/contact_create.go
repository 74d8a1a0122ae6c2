package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// contactCreate makes a contact (RFC 5733, section 3.2.1).
func (r *Registry) contactCreate(x *mockserver.Exchange, q *contact.Create) (*contact.CreData, error) {
	return change(r, x, func(o *op) (*contact.CreData, error) {
		if r.contacts.Has(o, q.ID) {
			return nil, epp.Refuse(epp.ObjectExists, registry.Value(contact.NS, "id", q.ID))
		}
		var f refusals
		c := &Contact{ID: strings.Clone(q.ID), Email: strings.Clone(q.Email), Disclose: newDisclose(q.Disclose)}
		for i := range q.PostalInfo {
			p := newPostal(&q.PostalInfo[i])
			if c.form(p.Type) >= 0 {
				f.text(epp.ParameterPolicyError, contact.NS, "postalInfo", "", "form "+p.Type+" is there twice")
			}
			c.Postal = append(c.Postal, p)
		}
		c.Voice, c.Fax = createPhone("voice", q.Voice, &f), createPhone("fax", q.Fax, &f)
		r.holdContact(c, &f)
		if q.AuthInfo.PW == "" && q.AuthInfo.Ext == nil && !r.opts.SecureAuthInfo { // RFC 9154, section 5.1
			f.text(epp.InvalidAuthInfo, contact.NS, "authInfo", "", "must not be empty")
		}
		r.setAuthInfo(c, q.AuthInfo, &f)
		if err := f.err(); err != nil {
			return nil, err
		}
		clID := strings.Clone(o.ClID())
		c.Object = registry.Object{
			ROID: registry.NewROID(o.tx, contactLetter, roid),
			ClID: clID, CrID: clID, CrDate: o.Now(),
		}
		if !r.contactWaits(o, commandCreate, c, nil) {
			r.contacts.Put(o.tx, c)
		}
		return &contact.CreData{ID: c.ID, CrDate: c.CrDate}, nil
	})
}

// setAuthInfo sets the authInfo of a contact that is going to be, or unsets it where its
// pw is empty. What is in the element may be a secret, so a refusal names the element
// alone.
func (r *Registry) setAuthInfo(c *Contact, a *epp.AuthInfo, f *refusals) {
	refuse := func(code epp.Code, reason string) { f.text(code, contact.NS, "authInfo", "", reason) }
	switch {
	case a.Ext != nil:
		refuse(epp.UnimplementedOption, "an ext is not understood")
		return
	case a.ROID != "":
		refuse(epp.ParameterPolicyError, "a roid says that it is another object's")
		return
	case a.PW != "":
		if why := r.opts.weak(a.PW); why != "" {
			refuse(epp.InvalidAuthInfo, why)
			return
		}
	}
	c.AuthInfo, c.AuthHash = r.keep(a.PW)
}

// createPhone reads a number of a new contact, which the schema lets be empty.
func createPhone(local string, p *contact.Phone, f *refusals) Phone {
	if p != nil && p.Number == "" {
		f.text(epp.ParameterSyntaxError, contact.NS, local, "", "is empty")
	}
	return newPhone(p)
}

func newPostal(p *contact.PostalInfo) Postal {
	n := Postal{Type: strings.Clone(p.Type), Name: strings.Clone(p.Name), Org: text(p.Org)}
	n.setAddr(&p.Addr)
	return n
}

// setAddr replaces the address.
func (p *Postal) setAddr(a *contact.Addr) {
	p.Street = nil
	for _, line := range a.Street {
		p.Street = append(p.Street, strings.Clone(line))
	}
	p.City, p.SP, p.PC, p.CC = strings.Clone(a.City), text(a.SP), text(a.PC), strings.Clone(a.CC)
}

func newPhone(p *contact.Phone) Phone {
	if p == nil || p.Number == "" {
		return Phone{}
	}
	return Phone{Number: strings.Clone(p.Number), X: text(p.X)}
}

func newDisclose(d *contact.Disclose) *Disclose {
	if d == nil {
		return nil
	}
	forms := func(list []contact.IntLoc) (out []string) {
		for _, f := range list {
			out = append(out, strings.Clone(string(f)))
		}
		return out
	}
	return &Disclose{
		Flag: d.Flag,
		Name: forms(d.Name), Org: forms(d.Org), Addr: forms(d.Addr),
		Voice: d.Voice, Fax: d.Fax, Email: d.Email,
	}
}

// text is what an element holds, "" where it is absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return strings.Clone(*s)
}
