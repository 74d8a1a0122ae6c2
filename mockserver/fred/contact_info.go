package fred

import (
	"slices"

	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) contactInfo(x *mockserver.Exchange, q *contact.Info) (*contact.InfData, error) {
	v := r.View(x)
	c := r.contacts.Get(v, upper(q.ID))
	if c == nil {
		return nil, unknown(x, contact.NS, "id", q.ID)
	}
	proved, err := r.proves(x, c.ref(), contact.NS, q.AuthInfo)
	if err != nil {
		return nil, err
	}
	all := !r.opts.HideContacts || proved || c.ClID == x.ClID() || r.system(x) ||
		r.servesDomainOf(v, x.ClID(), c)
	a := r.contactData(x.Session.Lang, v, c, all)
	if c.Mailing != nil && r.opts.MailingAddress && (all || c.discloses("addr")) {
		x.Extension = append(x.Extension, &extraaddr.InfData{Mailing: c.mailing()})
	}
	return a, nil
}

// servesDomainOf reports whether a registrar sponsors a domain whose holder or
// administrative contact a contact is.
func (r *Registry) servesDomainOf(v *registry.View, clID string, c *Contact) bool {
	for ref := range v.Referrers(c.ref(), registry.Domain) {
		if r.domains.Get(v, ref.Handle).ClID == clID {
			return true
		}
	}
	return false
}

// contactData is what a registrar sees: all of it, or what the contact discloses.
// The elements postalInfo and addr stay even when they are empty.
func (r *Registry) contactData(lang string, v *registry.View, c *Contact, all bool) *contact.InfData {
	shows := func(item string) bool { return all || c.discloses(item) }
	a := &contact.InfData{
		ID: c.ID, ROID: c.ROID,
		Status:     statuses(lang, statusesOf(v, c)...),
		PostalInfo: contact.PostalInfo{Name: c.Name, Org: optional(c.Org), Addr: new(contact.Addr)},
		ClID:       c.ClID, CrID: c.CrID, CrDate: c.CrDate,
		UpID: c.UpID, UpDate: c.UpDate, TrDate: c.TrDate,
		Disclose: c.disclose(r.opts.DiscloseAll),
	}
	if shows("addr") {
		a.PostalInfo.Addr = &contact.Addr{
			Street: c.Street, City: c.City, SP: optional(c.SP), PC: optional(c.PC), CC: c.CC,
		}
	}
	if shows("voice") {
		a.Voice = optional(c.Voice)
	}
	if shows("fax") {
		a.Fax = optional(c.Fax)
	}
	if shows("email") {
		a.Email = commaList(c.Email)
	}
	if shows("vat") {
		a.VAT = optional(c.VAT)
	}
	if c.Ident != nil && shows("ident") {
		a.Ident = &contact.Ident{Type: c.Ident.Type, Text: c.Ident.Text}
	}
	if shows("notifyEmail") {
		a.NotifyEmail = commaList(c.NotifyEmail)
	}
	return a
}

// statusesOf leaves out serverBlocked, which FRED never shows for contacts.
func statusesOf(v *registry.View, c *Contact) []string {
	shown := slices.DeleteFunc(slices.Clone(c.Status), func(s string) bool { return s == "serverBlocked" })
	return withLinked(v, c.ref(), shown)
}
