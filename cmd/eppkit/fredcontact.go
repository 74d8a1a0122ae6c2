package main

import (
	"errors"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/contact"
)

// fredContact are the flags that a create and an update of a contact share.
type fredContact struct {
	postal postal
	chg    contact.Chg
}

func (m *fredContact) flags(x *fields, ident func(string) (contact.Ident, error), disclosable []string) {
	m.postal.flags(x, "", true)
	opt(x, "voice", "telephone `NUMBER`, as +420.222123456", &m.chg.Voice, fredPhone)
	opt(x, "fax", "fax `NUMBER`", &m.chg.Fax, fredPhone)
	each(x, "email", "e-mail `ADDRESS`", &m.chg.Email, text)
	newAuthInfo(x, &m.chg.AuthInfo)
	discloseFlags(x, &m.chg.Disclose, disclosable, fredDisclose)
	opt(x, "vat", "`NUMBER` of a payer of VAT", &m.chg.VAT, text)
	opt(x, "ident", "`KIND=NUMBER` that identifies the contact, with one of the kinds "+strings.Join(identKinds, ", "), &m.chg.Ident, ident)
	one(x, "notify-email", "`ADDRESS,ADDRESS` where notices of changes go", &m.chg.NotifyEmail, addresses)
}

func fredContactCreate(x *fields) builder {
	var d fredContact
	d.flags(x, ident, fredDisclosable[1:])
	x.required("name", "street", "city", "pc", "cc", "email")
	return func(args []string) (question, error) {
		return ask(&contact.Create{
			ID:         args[0],
			PostalInfo: contact.PostalInfo{Name: d.postal.name, Org: d.postal.org, Addr: (*contact.Addr)(&d.postal.addr)},
			Voice:      d.chg.Voice, Fax: d.chg.Fax, Email: d.chg.Email, AuthInfo: d.chg.AuthInfo,
			Disclose: d.chg.Disclose, VAT: d.chg.VAT, Ident: d.chg.Ident, NotifyEmail: d.chg.NotifyEmail,
		}, nil), nil
	}
}

func fredContactUpdate(x *fields) builder {
	var d fredContact
	d.flags(x, changedIdent, fredDisclosable)
	x.emptyForNone("org", "voice", "fax", "vat", "ident", "notify-email")
	return func(args []string) (question, error) {
		addr, err := d.postal.whole("street", "city", "pc", "cc")
		d.chg.PostalInfo = some(contact.PostalInfo{Name: d.postal.name, Org: d.postal.org, Addr: (*contact.Addr)(addr)})
		return ask(&contact.Update{ID: args[0], Chg: some(d.chg)}, nil), err
	}
}

// fredPhone takes an empty text, too, which removes a number.
func fredPhone(s string) (string, error) {
	if !epp.IsE164(s) {
		return "", errors.New("it must be a telephone number like +420.222123456, without an extension")
	}
	return s, nil
}

func addresses(s string) ([]string, error) {
	if s == "" {
		return []string{}, nil
	}
	return strings.Split(s, ","), nil
}

var identKinds = []string{
	contact.IdentOP, contact.IdentPassport, contact.IdentMPSV, contact.IdentICO, contact.IdentBirthday,
}

func ident(s string) (contact.Ident, error) {
	kind, number, has := strings.Cut(s, "=")
	if _, err := wordOf(identKinds...)(kind); err != nil || !has {
		return contact.Ident{}, errors.New("it must be KIND=NUMBER, with one of the kinds " + strings.Join(identKinds, ", "))
	}
	return contact.Ident{Type: kind, Text: number}, nil
}

// changedIdent lets the kind be absent, or everything.
func changedIdent(s string) (contact.Ident, error) {
	if !strings.Contains(s, "=") {
		return contact.Ident{Text: s}, nil
	}
	return ident(s)
}

// fredDisclosable begins with what a new contact can't choose.
var fredDisclosable = []string{"addr", "voice", "fax", "email", "vat", "ident", "notifyEmail"}

func fredDisclose(flag bool, named func(string) bool) contact.Disclose {
	return contact.Disclose{
		Flag: flag, Addr: named("addr"), Voice: named("voice"), Fax: named("fax"), Email: named("email"),
		VAT: named("vat"), Ident: named("ident"), NotifyEmail: named("notifyEmail"),
	}
}
