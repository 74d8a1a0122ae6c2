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

var (
	reasonIdentType = phrase{"The kind of document is missing", "Chybí druh dokladu"}
	reasonDisclose  = phrase{"The address must stay public", "Adresa musí zůstat veřejná"}
)

func (r *Registry) contactUpdate(x *mockserver.Exchange, q *contact.Update) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		old := r.contacts.Get(tx, upper(q.ID))
		if old == nil {
			return nil, unknown(x, contact.NS, "id", q.ID)
		}
		err := r.changeable(x, &old.Object, contact.NS, "id", q.ID, updateProhibited, deleteCandidate)
		if err != nil {
			return nil, err
		}
		c := old.clone()
		if err := c.change(x, q); err != nil {
			return nil, err
		}
		if err := c.locked(x, old, q); err != nil && !r.system(x) {
			return nil, err
		}
		if err := c.changeDisclose(x, old, q); err != nil {
			return nil, err
		}
		c.Object = updated(tx, x, c.Object)
		c.IdleAt = r.idleAt(tx, c.ref())
		r.contacts.Put(tx, c)
		if q.Chg != nil {
			r.setAuthInfo(tx, x, c.ref(), q.Chg.AuthInfo)
		}
		r.contactUpdated(tx, x.ClID(), x.SvTRID(), old, c)
		return nil, nil
	})
}

// change applies what the command says, to a copy.
func (c *Contact) change(x *mockserver.Exchange, q *contact.Update) error {
	f := refusal{lang: x.Session.Lang}
	if ext := extension[*extraaddr.Update](x); ext != nil {
		if ext.Rem != nil && ext.Rem.Mailing {
			c.Mailing = nil
		}
		if ext.Set != nil {
			c.Mailing = mailing(&ext.Set.Mailing.Addr)
			f.mailing(c.Mailing)
		}
	}
	chg := q.Chg
	if chg == nil {
		return f.err(epp.ParameterPolicyError)
	}
	if p := chg.PostalInfo; p != nil {
		if p.Name != "" {
			c.Name = strings.Clone(p.Name)
		}
		replace(&c.Org, p.Org)
		if p.Addr != nil {
			if c.Address = address(p.Addr); !registry.CountryCode(c.CC) {
				f.add(contact.NS, "cc", c.CC, reasonCountry)
			}
		}
	}
	replace(&c.Voice, chg.Voice)
	replace(&c.Fax, chg.Fax)
	replace(&c.VAT, chg.VAT)
	if chg.Email != nil {
		c.Email = joined(chg.Email)
	}
	if chg.NotifyEmail != nil {
		c.NotifyEmail = joined(chg.NotifyEmail)
	}
	if err := c.changeIdent(x, chg.Ident); err != nil {
		return err
	}
	return f.err(epp.ParameterPolicyError)
}

func replace(v, by *string) {
	if by != nil {
		*v = strings.Clone(*by)
	}
}

// changeIdent keeps the kind of document where the command does not name one.
func (c *Contact) changeIdent(x *mockserver.Exchange, m *contact.Ident) error {
	switch {
	case m == nil:
		return nil
	case m.Text == "":
		c.Ident = nil
		return nil
	}
	fresh := ident(m)
	if fresh.Type == "" && c.Ident != nil {
		fresh.Type = c.Ident.Type
	}
	if fresh.Type == "" {
		return refuse(x.Session.Lang, epp.RequiredParameterMissing, contact.NS, "ident", m.Text, reasonIdentType)
	}
	c.Ident = fresh
	return nil
}

// locked refuses to change what a status of the contact locks. To say again what is
// there changes nothing.
func (c *Contact) locked(x *mockserver.Exchange, old *Contact, q *contact.Update) error {
	for _, lock := range []struct {
		status  string
		changes bool
	}{
		{nameLocked, old.Name != c.Name},
		{orgLocked, old.Org != c.Org},
		{identLocked, !old.Ident.equal(c.Ident)},
		{addressLocked, !old.Address.equal(c.Address)},
	} {
		if lock.changes && has(old.Status, lock.status) {
			return refuse(x.Session.Lang, epp.StatusProhibitsOperation, contact.NS, "id", q.ID, statusTexts[lock.status])
		}
	}
	return nil
}

// changeDisclose keeps to .cz's rule: an address is public unless it is that of a person
// who was identified, and is so again when what was identified changes.
func (c *Contact) changeDisclose(x *mockserver.Exchange, old *Contact, q *contact.Update) error {
	var m *contact.Disclose
	if q.Chg != nil {
		m = q.Chg.Disclose
	}
	proven := old.identified() && c.Org == "" && old.Org == "" && old.Name == c.Name &&
		old.Address.equal(c.Address) && old.Voice == c.Voice && old.Email == c.Email
	if m != nil && m.Addr && !m.Flag && !proven {
		return refuse(x.Session.Lang, epp.StatusProhibitsOperation, contact.NS, "addr", "", reasonDisclose)
	}
	c.setDisclose(m)
	if !proven && !slices.Contains(c.Disclose, "addr") {
		c.Disclose = append(c.Disclose, "addr")
	}
	return nil
}

// setDisclose shows or hides what is named, and leaves the rest.
func (c *Contact) setDisclose(m *contact.Disclose) {
	if m == nil {
		return
	}
	named := map[string]bool{
		"addr": m.Addr, "voice": m.Voice, "fax": m.Fax, "email": m.Email, "vat": m.VAT,
		"ident": m.Ident, "notifyEmail": m.NotifyEmail,
	}
	var list []string
	for _, item := range disclosable {
		shown := slices.Contains(c.Disclose, item)
		if named[item] {
			shown = m.Flag
		}
		if shown {
			list = append(list, item)
		}
	}
	c.Disclose = list
}

// contactUpdated tells the sponsor of the contact and those of the domains whose holder
// or administrative contact it is, but not who has changed it.
func (r *Registry) contactUpdated(tx *registry.Tx, by, svTRID string, old, c *Contact) {
	to := []string{c.ClID}
	for ref := range tx.Referrers(c.ref(), registry.Domain) {
		to = append(to, r.domains.Get(tx, ref.Handle).ClID)
	}
	slices.Sort(to)
	data := &contact.UpdateData{
		OpTRID:  svTRID,
		OldData: *r.contactData("", &tx.View, old, true), NewData: *r.contactData("", &tx.View, c, true),
	}
	for _, clID := range slices.Compact(to) {
		if clID != by {
			r.tell(tx, clID, data)
		}
	}
}
