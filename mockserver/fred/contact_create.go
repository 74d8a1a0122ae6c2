package fred

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var reasonCountry = phrase{"There is no such country", "Taková země neexistuje"}

// contactCreate takes no notice of the authInfo: there is none until it is sent.
func (r *Registry) contactCreate(x *mockserver.Exchange, q *contact.Create) (*contact.CreData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*contact.CreData, error) {
		c := &Contact{
			ID:          strings.Clone(upper(q.ID)),
			Name:        strings.Clone(q.PostalInfo.Name),
			Org:         text(q.PostalInfo.Org),
			Address:     address(q.PostalInfo.Addr),
			Voice:       text(q.Voice),
			Fax:         text(q.Fax),
			Email:       joined(q.Email),
			NotifyEmail: joined(q.NotifyEmail),
			VAT:         text(q.VAT),
			Ident:       ident(q.Ident),
		}
		if r.contacts.Has(tx, c.ID) {
			return nil, exists(x, contact.NS, "id", q.ID)
		}
		f := refusal{lang: x.Session.Lang}
		if r.protected.Has(tx, protectedKey(c.ref())) {
			f.add(contact.NS, "id", q.ID, reasonProtected)
		}
		if !registry.CountryCode(c.CC) {
			f.add(contact.NS, "cc", c.CC, reasonCountry)
		}
		if ext := extension[*extraaddr.Create](x); ext != nil {
			c.Mailing = mailing(&ext.Mailing.Addr)
			f.mailing(c.Mailing)
		}
		if err := f.err(epp.ParameterPolicyError); err != nil {
			return nil, err
		}
		c.Disclose = []string{"addr"} // whatever the policy: it is for those whom somebody has identified
		if r.opts.DiscloseAll {
			c.Disclose = slices.Clone(disclosable)
		}
		c.setDisclose(q.Disclose)
		c.Object = r.created(tx, x, contactLetter)
		c.IdleAt = r.idleAt(tx, c.ref())
		r.contacts.Put(tx, c)
		return &contact.CreData{ID: c.ID, CrDate: c.CrDate}, nil
	})
}

// mailing refuses an address in a country that there is not.
func (f *refusal) mailing(a *Address) {
	if !registry.CountryCode(a.CC) {
		f.add(extraaddr.NS, "cc", a.CC, reasonCountry)
	}
}

// extension is the command's extension of a type, or nil.
func extension[E epp.Element](x *mockserver.Exchange) E {
	for _, e := range x.Command.Extension {
		if m, ok := e.(E); ok {
			return m
		}
	}
	var none E
	return none
}

// text is a copy of what may be absent.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return strings.Clone(*s)
}

// joined is a comma list of addresses, as a copy.
func joined(list []string) string { return strings.Clone(strings.Join(list, ",")) }

func address(a *contact.Addr) Address {
	return Address{
		Street: kept(a.Street), City: strings.Clone(a.City), SP: text(a.SP), PC: text(a.PC), CC: strings.Clone(a.CC),
	}
}

func mailing(a *extraaddr.Addr) *Address {
	return &Address{
		Street: kept(a.Street), City: strings.Clone(a.City),
		SP: strings.Clone(a.SP), PC: strings.Clone(a.PC), CC: strings.Clone(a.CC),
	}
}

func ident(m *contact.Ident) *Ident {
	if m == nil {
		return nil
	}
	return &Ident{Type: strings.Clone(m.Type), Text: strings.Clone(m.Text)}
}
