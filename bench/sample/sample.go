// Package sample makes the messages that the benchmarks parse, build and exchange.
package sample

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// Name is the domain that the messages are about.
const Name = "same-run.example"

// ClTRID is the client's identifier in the messages.
const ClTRID = "bench-4XKQ7M2ZP9D1C-100042"

// Schema is the set of namespaces that the messages need.
func Schema() *epp.Schema {
	s, err := epp.NewSchema(domain.Extension())
	if err != nil {
		panic(err) // the one extension can't be there twice
	}
	return s
}

// Names are what [Check] asks about.
func Names() []string { return []string{Name, "echo-" + Name} }

// Check is a command of 0.35 kB.
func Check() *epp.Command {
	return &epp.Command{Request: &domain.Check{Names: Names()}, ClTRID: ClTRID}
}

// Info is a command of 0.35 kB.
func Info() *epp.Command {
	return &epp.Command{Request: InfoRequest(), ClTRID: ClTRID}
}

// InfoRequest is the payload of Info.
func InfoRequest() *domain.Info {
	return &domain.Info{Name: Name, Hosts: domain.HostsAll, AuthInfo: &epp.AuthInfo{PW: "sundial-72"}}
}

// Login is a command with which a session begins.
func Login() *epp.Command {
	return &epp.Command{ClTRID: ClTRID, Request: &epp.Login{
		ClID: "REG-BENCH", PW: "metronome", Version: "1.0", Lang: "en", ObjURI: []string{domain.NS},
	}}
}

// Done is the answer to Login.
func Done() *epp.Response { return answer(nil) }

// ChkData says that every second name can be registered.
func ChkData(names []string) *domain.ChkData {
	d := &domain.ChkData{CD: make([]domain.CD, len(names))}
	for i, n := range names {
		d.CD[i] = domain.CD{Name: n, Avail: i%2 == 1}
		if !d.CD[i].Avail {
			d.CD[i].Reason = &epp.Reason{Text: "In use"}
		}
	}
	return d
}

// Checked is the answer to Check.
func Checked() *epp.Response { return answer(ChkData(Names())) }

// Informed is the answer to Info, of 1.9 kB.
func Informed() *epp.Response { return answer(InfData(Name)) }

// InfData describes a domain with three statuses, four contacts, five name servers
// and five subordinate hosts.
func InfData(name string) *domain.InfData {
	created := time.Date(2019, 3, 14, 8, 9, 10, 0, time.UTC)
	d := &domain.InfData{
		Name:       name,
		ROID:       "D7301-BENCH",
		Status:     []epp.Status{{S: "clientDeleteProhibited"}, {S: "clientTransferProhibited"}, {S: "clientUpdateProhibited"}},
		Registrant: "BENCH-HOLDER-01",
		Contacts: []domain.Contact{
			{Type: domain.Admin, ID: "BENCH-ADMIN-01"},
			{Type: domain.Admin, ID: "BENCH-ADMIN-02"},
			{Type: domain.Tech, ID: "BENCH-TECH-01"},
			{Type: domain.Billing, ID: "BENCH-BILL-01"},
		},
		NS:       &domain.NameServers{},
		ClID:     "REG-BENCH",
		CrID:     "REG-FORMER",
		CrDate:   created,
		UpID:     "REG-BENCH",
		UpDate:   created.AddDate(4, 1, 2).Add(7 * time.Hour),
		ExDate:   created.AddDate(9, 0, 0),
		TrDate:   created.AddDate(3, 2, 1).Add(5 * time.Hour),
		AuthInfo: &epp.AuthInfo{PW: "sundial-72"},
	}
	for i := range 5 {
		d.NS.HostObj = append(d.NS.HostObj, fmt.Sprintf("ns%d.delegated.%s", i+1, name))
		d.Hosts = append(d.Hosts, fmt.Sprintf("host%d.servers.%s", i+1, name))
	}
	return d
}

func answer(data epp.Element) *epp.Response {
	m := &epp.Response{
		Results: []epp.Result{{Code: epp.Success, Msg: epp.Text{Text: epp.Success.Text()}}},
		TrID:    epp.TrID{ClTRID: ClTRID, SvTRID: "BENCH-0000000000412889"},
	}
	if data != nil {
		m.ResData = []epp.Element{data}
	}
	return m
}

// Document writes a message, or panics: these are all valid.
func Document(m epp.Message) []byte {
	doc, err := epp.Append(nil, m)
	if err != nil {
		panic(err)
	}
	return doc
}

// Frame is Document with the header.
func Frame(m epp.Message) []byte {
	frame, err := epp.AppendFrame(nil, m)
	if err != nil {
		panic(err)
	}
	return frame
}
