package sample

import (
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/org"
	"github.com/eppkit/eppkit/fred"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/namespaces"
)

// A Case is a message that is measured.
type Case struct {
	Name    string // as in "domain: info" and "domain: infData"
	Message epp.Message
}

// All is the set of all namespaces.
func All() *epp.Schema {
	s, err := epp.NewSchema(namespaces.All()...)
	if err != nil {
		panic(err)
	}
	return s
}

// Commands are the commands of every object, each followed by its answer where that has
// data of a kind that was not there before.
func Commands() []Case {
	var out []Case
	for _, o := range []struct {
		name     string
		elements []epp.Element
	}{
		{"domain", ofDomain()},
		{"contact", ofContact()},
		{"host", ofHost()},
		{"org", ofOrg()},
		{"FRED domain", ofFREDDomain()},
		{"FRED contact", ofFREDContact()},
		{"FRED nsset", ofNsset()},
		{"FRED keyset", ofKeyset()},
	} {
		for _, e := range o.elements {
			out = append(out, Case{o.name + ": " + e.XMLName().Local, messageOf(e)})
		}
	}
	return out
}

// messageOf is the frame for an element: data stands in an answer.
func messageOf(e epp.Element) epp.Message {
	if local := e.XMLName().Local; strings.HasSuffix(local, "Data") {
		return answer(e)
	}
	return &epp.Command{Request: e, ClTRID: ClTRID}
}

var (
	created = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)
	ends    = time.Date(2026, 2, 3, 0, 0, 0, 0, time.UTC)
	years   = &epp.Period{N: 2, Unit: epp.Years}
	auth    = &epp.AuthInfo{PW: "sundial-72"}
	secret  = epp.Secret("sundial-72")
)

const pw = epp.Secret("sundial-72")

func ofDomain() []epp.Element {
	servers := &domain.NameServers{HostObj: []string{"ns1." + Name, "ns2." + Name}}
	contacts := []domain.Contact{{Type: domain.Admin, ID: "BENCH-ADMIN-01"}, {Type: domain.Tech, ID: "BENCH-TECH-01"}}
	return []epp.Element{
		&domain.Check{Names: Names()}, ChkData(Names()),
		InfoRequest(), InfData(Name),
		&domain.Create{Name: Name, Period: years, NS: servers, Registrant: "BENCH-HOLDER-01", Contacts: contacts, AuthInfo: auth},
		&domain.CreData{Name: Name, CrDate: created, ExDate: ends},
		&domain.Renew{Name: Name, CurExpDate: ends, Period: years}, &domain.RenData{Name: Name, ExDate: ends},
		&domain.Transfer{Op: epp.TransferRequest, Name: Name, AuthInfo: auth},
		&domain.TrnData{Name: Name, TrStatus: epp.TrPending, ReID: "REG-BENCH", ReDate: created, AcID: "REG-FORMER", AcDate: ends, ExDate: ends},
		&domain.Update{
			Name: Name, Add: &domain.AddRem{NS: servers, Status: []epp.Status{{S: "clientHold"}}},
			Rem: &domain.AddRem{Contacts: contacts}, Chg: &domain.Chg{Registrant: new("BENCH-HOLDER-02")},
		},
		&domain.Delete{Name: Name},
	}
}

func ofContact() []epp.Element {
	const id = "BENCH-HOLDER-01"
	postal := []contact.PostalInfo{{
		Type: contact.Int, Name: "Otto Onninen", Org: new("Kiuas Oy"),
		Addr: contact.Addr{Street: []string{"Rantatie 5", "B 12"}, City: "Oulu", PC: new("90100"), CC: "FI"},
	}}
	voice := &contact.Phone{Number: "+358.401234567", X: new("12")}
	disclose := &contact.Disclose{Voice: true, Email: true}
	return []epp.Element{
		&contact.Check{IDs: []string{id, "BENCH-HOLDER-02"}},
		&contact.ChkData{CD: []contact.CD{{ID: id, Reason: &epp.Reason{Text: "In use"}}, {ID: "BENCH-HOLDER-02", Avail: true}}},
		&contact.Info{ID: id, AuthInfo: auth},
		&contact.InfData{
			ID: id, ROID: "C7301-BENCH", Status: []epp.Status{{S: "ok"}, {S: "linked"}}, PostalInfo: postal, Voice: voice,
			Email: "otto@kiuas.example", ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created, AuthInfo: auth, Disclose: disclose,
		},
		&contact.Create{ID: id, PostalInfo: postal, Voice: voice, Email: "otto@kiuas.example", AuthInfo: auth, Disclose: disclose},
		&contact.CreData{ID: id, CrDate: created},
		&contact.Transfer{Op: epp.TransferQuery, ID: id, AuthInfo: auth},
		&contact.TrnData{ID: id, TrStatus: epp.TrPending, ReID: "REG-BENCH", ReDate: created, AcID: "REG-FORMER", AcDate: ends},
		&contact.Update{
			ID: id, Add: &contact.AddRem{Status: []epp.Status{{S: "clientDeleteProhibited"}}},
			Chg: &contact.Chg{Voice: voice, Email: "otto@kiuas.example"},
		},
		&contact.Delete{ID: id},
	}
}

func ofHost() []epp.Element {
	const name = "ns1." + Name
	addrs := []host.Addr{{IP: host.V4, Addr: "192.0.2.53"}, {IP: host.V6, Addr: "2001:db8::53"}}
	return []epp.Element{
		&host.Check{Names: []string{name, "ns2." + Name}},
		&host.ChkData{CD: []host.CD{{Name: name, Reason: &epp.Reason{Text: "In use"}}, {Name: "ns2." + Name, Avail: true}}},
		&host.Info{Name: name},
		&host.InfData{
			Name: name, ROID: "H7301-BENCH", Status: []epp.Status{{S: "ok"}, {S: "linked"}}, Addr: addrs,
			ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created,
		},
		&host.Create{Name: name, Addr: addrs}, &host.CreData{Name: name, CrDate: created},
		&host.Update{Name: name, Add: &host.AddRem{Addr: addrs}, Chg: &host.Chg{Name: "ns3." + Name}},
		&host.Delete{Name: name},
	}
}

func ofOrg() []epp.Element {
	const id = "BENCH-ORG-01"
	roles := []org.Role{{Type: "reseller", Status: []string{"ok"}}}
	postal := []org.PostalInfo{{Type: org.Int, Name: "Kiuas Oy", Addr: &org.Addr{Street: []string{"Rantatie 5"}, City: "Oulu", CC: "FI"}}}
	return []epp.Element{
		&org.Check{IDs: []string{id, "BENCH-ORG-02"}},
		&org.ChkData{CD: []org.CD{{ID: id, Reason: &epp.Reason{Text: "In use"}}, {ID: "BENCH-ORG-02", Avail: true}}},
		&org.Info{ID: id},
		&org.InfData{
			ID: id, ROID: "O7301-BENCH", Roles: roles, Status: []string{"ok"}, PostalInfo: postal, Email: "otto@kiuas.example",
			ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created,
		},
		&org.Create{ID: id, Roles: roles, PostalInfo: postal, Email: "otto@kiuas.example"},
		&org.CreData{ID: id, CrDate: created},
		&org.Update{ID: id, Add: &org.AddRem{Roles: roles}, Chg: &org.Chg{Email: "anna@kiuas.example"}},
		&org.Delete{ID: id},
	}
}

func ofFREDDomain() []epp.Element {
	const name = "sauna.cz"
	admins := []string{"CID-ANNA", "CID-OTTO"}
	return []epp.Element{
		&freddomain.Check{Names: []string{name, "kiuas.cz"}},
		&freddomain.ChkData{CD: []freddomain.CD{{Name: name, Reason: &epp.Text{Text: "already registered."}}, {Name: "kiuas.cz", Avail: true}}},
		&freddomain.Info{Name: name, AuthInfo: &secret},
		&freddomain.InfData{
			Name: name, ROID: "D0007301-CZ", Status: []epp.Status{{S: "ok", Text: "Objekt je bez omezení"}}, Registrant: "CID-ANNA",
			Admins: admins, Nsset: "NID-SAUNA", Keyset: "KID-SAUNA", ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created, ExDate: ends,
		},
		&freddomain.Create{Name: name, Period: years, Nsset: "NID-SAUNA", Keyset: "KID-SAUNA", Registrant: "CID-ANNA", Admins: admins},
		&freddomain.CreData{Name: name, CrDate: created, ExDate: ends},
		&freddomain.Renew{Name: name, CurExpDate: ends, Period: years}, &freddomain.RenData{Name: name, ExDate: ends},
		&freddomain.Transfer{Op: epp.TransferRequest, Name: name, AuthInfo: pw},
		&freddomain.Update{Name: name, Add: &freddomain.Add{Admins: admins}, Chg: &freddomain.Chg{Registrant: "CID-OTTO"}},
		&freddomain.Delete{Name: name},
		fred.SendAuthInfo(&freddomain.SendAuthInfo{Name: name}),
		&freddomain.SendAuthInfoData{Email: []string{"a*****@s*****.*"}},
	}
}

func ofFREDContact() []epp.Element {
	const id = "CID-ANNA"
	postal := fredcontact.PostalInfo{Name: "Anna Onninen", Addr: &fredcontact.Addr{Street: []string{"Saunová 5"}, City: "Praha", PC: new("13000"), CC: "CZ"}}
	email := []string{"anna@sauna.example"}
	ident := &fredcontact.Ident{Type: fredcontact.IdentPassport, Text: "P40404"}
	return []epp.Element{
		&fredcontact.Check{IDs: []string{id, "CID-OTTO"}},
		&fredcontact.ChkData{CD: []fredcontact.CD{{ID: id, Reason: &epp.Text{Text: "already registered."}}, {ID: "CID-OTTO", Avail: true}}},
		&fredcontact.Info{ID: id, AuthInfo: &secret},
		&fredcontact.InfData{
			ID: id, ROID: "C0007301-CZ", Status: []epp.Status{{S: "linked"}}, PostalInfo: postal, Voice: new("+420.222123456"), Email: email,
			ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created, Ident: ident,
		},
		&fredcontact.Create{ID: id, PostalInfo: postal, Voice: new("+420.222123456"), Email: email, Ident: ident},
		&fredcontact.CreData{ID: id, CrDate: created},
		&fredcontact.Transfer{Op: epp.TransferRequest, ID: id, AuthInfo: pw},
		&fredcontact.Update{ID: id, Chg: &fredcontact.Chg{Email: email, PostalInfo: &postal}},
		&fredcontact.Delete{ID: id},
		fred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: id}),
	}
}

func ofNsset() []epp.Element {
	const id = "NID-SAUNA"
	servers := []nsset.NameServer{{Name: "ns.sauna.cz", Addrs: []string{"192.0.2.53", "2001:db8::53"}}, {Name: "ns.kiuas.example"}}
	techs := []string{"CID-OTTO"}
	return []epp.Element{
		&nsset.Check{IDs: []string{id, "NID-KIUAS"}},
		&nsset.ChkData{CD: []nsset.CD{{ID: id, Reason: &epp.Text{Text: "already registered."}}, {ID: "NID-KIUAS", Avail: true}}},
		&nsset.Info{ID: id, AuthInfo: &secret},
		&nsset.InfData{
			ID: id, ROID: "N0007301-CZ", Status: []epp.Status{{S: "ok"}}, ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created,
			NS: servers, Techs: techs, ReportLevel: 4,
		},
		&nsset.Create{ID: id, NS: servers, Techs: techs, ReportLevel: new(4)}, &nsset.CreData{ID: id, CrDate: created},
		&nsset.Transfer{Op: epp.TransferRequest, ID: id, AuthInfo: pw},
		&nsset.Update{ID: id, Add: &nsset.Add{NS: servers[1:]}, Rem: &nsset.Rem{Techs: techs}},
		&nsset.Delete{ID: id},
		fred.Test(&nsset.Test{ID: id, Names: []string{"sauna.cz"}}),
		fred.SendAuthInfo(&nsset.SendAuthInfo{ID: id}),
	}
}

func ofKeyset() []epp.Element {
	const id = "KID-SAUNA"
	keys := []keyset.DNSKey{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmEga2l1YXMgbG95bHkgdmloZGEgdmVzaQ=="}}
	techs := []string{"CID-OTTO"}
	return []epp.Element{
		&keyset.Check{IDs: []string{id, "KID-KIUAS"}},
		&keyset.ChkData{CD: []keyset.CD{{ID: id, Reason: &epp.Text{Text: "already registered."}}, {ID: "KID-KIUAS", Avail: true}}},
		&keyset.Info{ID: id, AuthInfo: &secret},
		&keyset.InfData{
			ID: id, ROID: "K0007301-CZ", Status: []epp.Status{{S: "ok"}}, ClID: "REG-BENCH", CrID: "REG-FORMER", CrDate: created,
			DNSKeys: keys, Techs: techs,
		},
		&keyset.Create{ID: id, DNSKeys: keys, Techs: techs}, &keyset.CreData{ID: id, CrDate: created},
		&keyset.Transfer{Op: epp.TransferRequest, ID: id, AuthInfo: pw},
		&keyset.Update{ID: id, Add: &keyset.AddRem{DNSKeys: keys}, Rem: &keyset.AddRem{Techs: techs}},
		&keyset.Delete{ID: id},
		fred.Test(&keyset.Test{ID: id, Names: []string{"sauna.cz"}}),
		fred.SendAuthInfo(&keyset.SendAuthInfo{ID: id}),
	}
}
