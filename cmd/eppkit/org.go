package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/org"
)

func orgVerbs() objectType {
	return objectType{"org", "Organizations such as resellers (gtld)", []verb{
		checkVerb("ID", "identifiers of organizations",
			check(func(ids []string) epp.Request[*org.ChkData] { return &org.Check{IDs: ids} }), nil,
			"lind-1 lind-2"),
		infoVerb("org", "ID",
			info(func(id string) epp.Request[*org.InfData] { return &org.Info{ID: id} }), nil,
			"lind-1"),
		{
			use: "create ID", short: "Register an organization", gtld: orgCreate,
			examples: []string{"lind-1 --role reseller=R-77 --name 'Lind Oy' --city Turku --cc FI --contact admin=anna-1"},
		},
		{
			use: "update ID", short: "Change an organization", gtld: orgUpdate,
			examples: []string{"lind-1 --add-role privacyproxy --rem-contact admin=anna-1 --url https://lind.example"},
		},
		deleteVerb("org", "ID",
			func(id string) epp.Request[*epp.NoData] { return &org.Delete{ID: id} }, nil, "lind-1"),
	}}
}

// orgData are the flags that a create and an update of an organization share.
type orgData struct {
	forms    forms
	reach    reach
	parentID string
	url      *string
}

func (m *orgData) flags(x *fields) {
	m.forms.flags(x, false)
	m.reach.flags(x)
	one(x, "parent-id", "it belongs to the organization with this `ID`", &m.parentID, text)
	opt(x, "url", "`URL` of its page", &m.url, text)
}

func orgCreate(x *fields) builder {
	var d orgData
	m := &org.Create{}
	d.flags(x)
	each(x, "role", "it has "+roleHelp, &m.Roles, orgRole)
	x.offer(each(x, "status", "a `STATUS` that it is to have", &m.Status, wordOf(orgStatuses...)), orgStatuses)
	each(x, "contact", "a contact, as `TYPE=ID`, or custom:NAME=ID for a type of another name", &m.Contacts, orgContact)
	x.required("role")
	return func(args []string) (question, error) {
		m.ID, m.ParentID, m.URL = args[0], d.parentID, d.url
		m.Voice, m.Fax, m.Email = d.reach.voice, d.reach.fax, d.reach.email
		err := d.forms.each(func(p *postal) error {
			addr, err := p.whole("city", "cc")
			m.PostalInfo = append(m.PostalInfo, org.PostalInfo{Type: p.form, Name: p.name, Addr: addr})
			return cmp.Or(err, p.need("name"))
		})
		return ask(m, nil), err
	}
}

func orgUpdate(x *fields) builder {
	var d orgData
	var add, rem org.AddRem
	d.flags(x)
	x.emptyForNone("voice", "fax", "url")
	for _, part := range []struct {
		flag, verb string
		*org.AddRem
	}{{"add", "add", &add}, {"rem", "remove", &rem}} {
		each(x, part.flag+"-role", part.verb+" "+roleHelp, &part.Roles, orgRole)
		x.offer(each(x, part.flag+"-status", part.verb+" a `STATUS`", &part.Status, wordOf(orgStatuses...)), orgStatuses)
		each(x, part.flag+"-contact", part.verb+" a contact, as `TYPE=ID` or custom:NAME=ID", &part.Contacts, orgContact)
	}
	return func(args []string) (question, error) {
		chg := org.Chg{
			ParentID: d.parentID, URL: d.url,
			Voice: d.reach.voice, Fax: d.reach.fax, Email: d.reach.email,
		}
		err := d.forms.each(func(p *postal) error {
			addr, err := p.whole("city", "cc")
			chg.PostalInfo = append(chg.PostalInfo, org.ChgPostalInfo{Type: p.form, Name: p.name, Addr: addr})
			return err
		})
		return ask(&org.Update{ID: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}, nil), err
	}
}

// orgStatuses are those that a client may set (RFC 8543, section 3.4).
var orgStatuses = []string{
	org.StatusOK, org.StatusHold, org.StatusTerminated, org.StatusClientLinkProhibited,
	org.StatusClientUpdateProhibited, org.StatusClientDeleteProhibited,
}

const roleHelp = "the role `TYPE`; TYPE:STATUS,STATUS with statuses, and =ID behind it for an identifier in the role"

func orgRole(s string) (org.Role, error) {
	kind, id, has := strings.Cut(s, "=")
	kind, statuses, hasStatus := strings.Cut(kind, ":")
	if kind == "" {
		return org.Role{}, errors.New("it must be TYPE, TYPE:STATUS or TYPE=ID")
	}
	m := org.Role{Type: kind}
	if hasStatus {
		m.Status = strings.Split(statuses, ",")
	}
	if has {
		m.RoleID = &id
	}
	return m, nil
}

func orgContact(s string) (org.Contact, error) {
	kind, id, err := cutPair(s)
	if err != nil {
		return org.Contact{}, errors.New("it must be TYPE=ID")
	}
	kind, name, _ := strings.Cut(kind, ":")
	if _, err := wordOf(org.Admin, org.Billing, org.Tech, org.Abuse, org.Custom)(kind); err != nil {
		return org.Contact{}, fmt.Errorf("its type is %q; %w", kind, err)
	}
	return org.Contact{Type: kind, TypeName: name, ID: id}, nil
}
