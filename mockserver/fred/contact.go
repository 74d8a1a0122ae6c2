package fred

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (r *Registry) contactCheck(_ *mockserver.Exchange, q *contact.Check) (*contact.ChkData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	a := new(contact.ChkData)
	for _, id := range q.IDs {
		obj := registry.Ref{Kind: registry.Contact, Handle: upper(id)}
		why := r.handleTaken(obj, r.contacts[obj.Handle] != nil)
		a.CD = append(a.CD, contact.CD{ID: id, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}

func (r *Registry) contactInfo(x *mockserver.Exchange, q *contact.Info) (*contact.InfData, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	c := r.contacts[upper(q.ID)]
	if c == nil {
		return nil, unknown(contact.NS, "id", q.ID, "There is no such contact")
	}
	proved, err := r.proves(registry.Ref{Kind: registry.Contact, Handle: c.ID}, contact.NS, q.AuthInfo)
	if err != nil {
		return nil, err
	}
	all := !r.opts.HideContacts || proved || c.ClID == x.ClID() || r.servesDomainOf(x.ClID(), c.ID)
	return r.contactData(c, all), nil
}

// proves reports whether an authInfo was shown that is valid. An empty one counts
// as none; a wrong one is refused, even when its sender needs none.
func (r *Registry) proves(obj registry.Ref, space string, authInfo *epp.Secret) (bool, error) {
	if authInfo == nil || *authInfo == "" {
		return false, nil
	}
	if !r.AuthInfos.Use(obj, *authInfo) {
		return false, epp.Refuse(epp.InvalidAuthInfo,
			registry.Because(space, "authInfo", string(*authInfo), "The authInfo is wrong or has expired"))
	}
	return true, nil
}

func unknown(space, local, handle, reason string) error {
	return epp.Refuse(epp.ObjectDoesNotExist, registry.Because(space, local, handle, reason))
}

// servesDomainOf reports whether a registrar sponsors a domain whose holder or
// administrative contact a contact is.
func (r *Registry) servesDomainOf(clID, id string) bool {
	for _, d := range r.domains {
		if d.ClID == clID && (d.Registrant == id || slices.Contains(d.Admins, id)) {
			return true
		}
	}
	return false
}

// linked reports whether another object refers to a contact.
func (r *Registry) linked(id string) bool {
	for _, d := range r.domains {
		if d.Registrant == id || slices.Contains(d.Admins, id) {
			return true
		}
	}
	for _, sets := range []map[string]*Set{r.nssets, r.keysets} {
		for _, s := range sets {
			if slices.Contains(s.Techs, id) {
				return true
			}
		}
	}
	return false
}

// contactData is what a registrar sees: all of it, or what the contact discloses.
// The elements postalInfo and addr stay even when they are empty.
func (r *Registry) contactData(c *Contact, all bool) *contact.InfData {
	shows := func(item string) bool { return all || c.discloses(item) }
	a := &contact.InfData{
		ID: c.ID, ROID: c.ROID,
		Status:     r.contactStatus(c),
		PostalInfo: contact.PostalInfo{Name: c.Name, Org: optional(c.Org), Addr: new(contact.Addr)},
		ClID:       c.ClID, CrID: c.CrID, CrDate: c.CrDate,
		UpID: c.UpID, UpDate: c.UpDate, TrDate: c.TrDate,
		Disclose: c.disclose(),
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

// contactStatus leaves out serverBlocked, which FRED never shows for contacts.
func (r *Registry) contactStatus(c *Contact) []epp.Status {
	var list []string
	for _, s := range c.Status {
		if s != "serverBlocked" {
			list = append(list, s)
		}
	}
	if r.linked(c.ID) {
		list = append(list, "linked")
	}
	return statuses(list...)
}

// discloses reports whether a contact lets everybody see an item. The address is
// public until a natural person's identity was confirmed; then it can be hidden.
func (c *Contact) discloses(item string) bool {
	if item == "addr" && !(c.identified() && c.Org == "") {
		return true
	}
	return slices.Contains(c.Disclose, item)
}

func (c *Contact) identified() bool {
	return slices.Contains(c.Status, "identifiedContact") || slices.Contains(c.Status, "validatedContact")
}

// disclose lists what is disclosed although the policy (access none) says
// otherwise; nil when that is nothing.
func (c *Contact) disclose() *contact.Disclose {
	m := contact.Disclose{
		Flag: true,
		Addr: c.discloses("addr"), Voice: c.discloses("voice"), Fax: c.discloses("fax"),
		Email: c.discloses("email"), VAT: c.discloses("vat"), Ident: c.discloses("ident"),
		NotifyEmail: c.discloses("notifyEmail"),
	}
	if m == (contact.Disclose{Flag: true}) {
		return nil
	}
	return &m
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func commaList(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}
