package main

import (
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
)

func contactVerbs() objectType {
	return objectType{"contact", "Contacts", []verb{
		checkVerb("ID", "contact handles",
			check(func(ids []string) epp.Request[*contact.ChkData] { return &contact.Check{IDs: ids} }),
			check(func(ids []string) epp.Request[*fredcontact.ChkData] { return &fredcontact.Check{IDs: ids} }),
			"CID-MYOWN CID-FREE"),
		infoVerb("contact", "ID",
			infoAuth(func(id string, auth *epp.AuthInfo) epp.Request[*contact.InfData] {
				return &contact.Info{ID: id, AuthInfo: auth}
			}),
			infoFRED(func(id string, pw *epp.Secret) epp.Request[*fredcontact.InfData] {
				return &fredcontact.Info{ID: id, AuthInfo: pw}
			}),
			"CID-MYOWN", "CID-MYOWN --authinfo-file code.txt -o json"),
		{
			use: "create ID", short: "Register a contact", gtld: contactCreate, fred: fredContactCreate,
			long: `Register a contact. Without --authinfo-file a contact of a gtld registry has an empty
authInfo, with which nobody can transfer it (RFC 9154).`,
			examples: []string{
				"CID-ANNA --name 'Anna Lind' --street 'Quay 4' --city Turku --pc 20100 --cc FI --email anna@lind.example",
				"anna-1 --name 'Anna Lind' --city Turku --cc FI --loc-name 'Änna Lind' --loc-city Åbo --loc-cc FI --email anna@lind.example",
			},
		},
		transferVerb("contact", "ID",
			func(x *fields) builder {
				return transferRFC(x, "contact", func(op, id string, auth *epp.AuthInfo) epp.Request[*contact.TrnData] {
					return &contact.Transfer{Op: op, ID: id, AuthInfo: auth}
				})
			},
			transferFRED("contact", func(op, id string, pw epp.Secret) epp.Request[*epp.NoData] {
				return &fredcontact.Transfer{Op: op, ID: id, AuthInfo: pw}
			}), "CID-MYOWN"),
		{
			use: "update ID", short: "Change a contact", gtld: contactUpdate, fred: fredContactUpdate,
			long:     "Change a contact. An address is replaced as a whole.",
			examples: []string{"CID-ANNA --voice +420.222123456 --hide voice,email", "anna-1 --add-status clientDeleteProhibited"},
		},
		deleteVerb("contact", "ID",
			func(id string) epp.Request[*epp.NoData] { return &contact.Delete{ID: id} },
			func(id string) epp.Request[*epp.NoData] { return &fredcontact.Delete{ID: id} },
			"CID-MYOWN"),
		sendAuthInfoVerb("contact", "ID", "the contact",
			func(id string) epp.Request[*fredcontact.SendAuthInfoData] { return &fredcontact.SendAuthInfo{ID: id} },
			"CID-MYOWN"),
	}}
}

// contactData are the flags that a create and an update of a contact share.
type contactData struct {
	forms    forms
	reach    reach
	disclose *contact.Disclose
	pw       *epp.Secret
}

func (m *contactData) flags(x *fields) {
	m.forms.flags(x, true)
	m.reach.flags(x)
	discloseFlags(x, &m.disclose, disclosable, disclose)
	newAuthInfo(x, &m.pw)
}

func contactCreate(x *fields) builder {
	var d contactData
	d.flags(x)
	x.required("name", "email")
	return func(args []string) (question, error) {
		m := &contact.Create{
			ID: args[0], Voice: d.reach.voice, Fax: d.reach.fax, Email: d.reach.email, Disclose: d.disclose,
			AuthInfo: createdAuthInfo(d.pw),
		}
		err := d.forms.each(func(p *postal) error {
			m.PostalInfo = append(m.PostalInfo, contact.PostalInfo{Type: p.form, Name: p.name, Org: p.org, Addr: p.addr})
			return p.need("name", "city", "cc")
		})
		return ask(m, nil), err
	}
}

func contactUpdate(x *fields) builder {
	var d contactData
	var add, rem contact.AddRem
	d.flags(x)
	x.emptyForNone("org", "loc-org", "voice", "fax")
	statusFlags(x, &add.Status, &rem.Status, []string{"clientDeleteProhibited", "clientTransferProhibited", "clientUpdateProhibited"})
	return func(args []string) (question, error) {
		chg := contact.Chg{Voice: d.reach.voice, Fax: d.reach.fax, Email: d.reach.email, Disclose: d.disclose}
		if d.pw != nil {
			chg.AuthInfo = &epp.AuthInfo{PW: *d.pw}
		}
		err := d.forms.each(func(p *postal) error {
			addr, err := p.whole("city", "cc")
			chg.PostalInfo = append(chg.PostalInfo, contact.ChgPostalInfo{Type: p.form, Name: p.name, Org: p.org, Addr: addr})
			return err
		})
		return ask(&contact.Update{ID: args[0], Add: some(add), Rem: some(rem), Chg: some(chg)}, nil), err
	}
}

// discloseFlags adds --disclose and --hide for the data of a contact that have a choice.
func discloseFlags[T any](x *fields, v **T, names []string, choose func(flag bool, named func(string) bool) T) {
	x.notBoth("disclose", "hide")
	for _, flag := range []string{"disclose", "hide"} {
		f := opt(x, flag, flag+" these `DATA`, separated by commas: "+strings.Join(names, ","), v, func(s string) (T, error) {
			list, err := words(names...)(s)
			return choose(flag == "disclose", func(name string) bool { return slices.Contains(list, name) }), err
		})
		x.offer(f, names)
	}
}

var disclosable = []string{"name", "name:loc", "org", "org:loc", "addr", "addr:loc", "voice", "fax", "email"}

func disclose(flag bool, named func(string) bool) contact.Disclose {
	forms := func(name string) (forms []contact.IntLoc) {
		if named(name) {
			forms = append(forms, contact.Int)
		}
		if named(name + ":loc") {
			forms = append(forms, contact.Loc)
		}
		return forms
	}
	return contact.Disclose{
		Flag: flag, Name: forms("name"), Org: forms("org"), Addr: forms("addr"),
		Voice: named("voice"), Fax: named("fax"), Email: named("email"),
	}
}
