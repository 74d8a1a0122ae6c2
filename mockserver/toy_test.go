package mockserver_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A toy is a registry with one command and two registrars.
type toy struct {
	profile mockserver.Profile
	limits  map[string]int // of sessions
	// needCert ties a registrar to the certificate that the Server made for it.
	needCert bool
	// routes binds further handlers.
	routes  func(*mockserver.Mux)
	trid    atomic.Int64
	changed atomic.Int64 // passwords
}

const (
	password = "correct horse"
	extNS    = "urn:example:params:xml:ns:note-1.0"
	otherNS  = "urn:example:params:xml:ns:other-1.0"
	protoNS  = "urn:example:params:xml:ns:proto-1.0"
)

var toyNow = time.Date(2031, 5, 4, 3, 2, 1, 0, time.UTC)

func (r *toy) Schema() *epp.Schema {
	s, err := epp.NewSchema(
		domain.Extension(),
		epp.Extension{URI: otherNS, Level: epp.ObjectLevel, Elements: []func() epp.Element{epp.Make[otherCheck]}},
		epp.Extension{URI: extNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[note]}, Secrets: []string{"pin"}},
		epp.Extension{
			URI: protoNS, Level: epp.ProtocolLevel, Hidden: true,
			Elements: []func() epp.Element{epp.Make[envelope], epp.Make[ping]},
		},
	)
	if err != nil {
		panic(err)
	}
	return s
}

func (r *toy) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID: "Toy registry", SvDate: r.Now(),
		Version: []string{"1.0"}, Lang: []string{"en", "eo"},
		ObjURI: []string{domain.NS, otherNS}, ExtURI: []string{extNS},
		DCP: epp.DCP{Access: "all", Statements: []epp.Statement{{
			Purpose:   epp.Purpose{Prov: true},
			Recipient: epp.Recipient{Public: true},
			Retention: "stated",
		}}},
	}
}

func (r *toy) Routes(m *mockserver.Mux) {
	mockserver.Handle(m, check)
	mockserver.Handle(m, func(x *mockserver.Exchange, q *ping) (*epp.NoData, error) {
		return new(epp.NoData), nil
	})
	if r.routes != nil {
		r.routes(m)
	}
}

// check says that a name is free, and for some names does what no registry should.
func check(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
	switch q.Names[0] {
	case "panic.example":
		panic("a handler's mistake")
	case "error.example":
		return nil, errors.New("a broken disk")
	case "code.example":
		return nil, epp.ObjectExists
	case "refuse.example":
		return nil, fmt.Errorf("wrapped: %w", epp.Refuse(epp.AuthorizationError))
	case "unknown-code.example":
		return nil, epp.Refuse(2999)
	case "success-error.example":
		return nil, epp.Refuse(epp.Success)
	case "empty-error.example":
		return nil, new(epp.ResultError)
	case "wrong-success.example":
		x.Code = epp.ObjectExists
		return nil, nil
	case "invalid.example":
		return new(domain.ChkData), nil
	case "nil.example":
		x.ResData = []epp.Element{(*domain.ChkData)(nil)}
		return nil, nil
	case "nothing.example":
		return nil, nil
	case "closing.example":
		return nil, epp.CommandFailedClosing
	case "note.example":
		x.Extension = []epp.Element{&note{Text: "noted"}}
	case "queue.example":
		x.MsgQ = &epp.MsgQ{Count: 2, ID: "7"}
	case "empty-queue.example":
		x.MsgQ = &epp.MsgQ{}
	case "queue-without-id.example":
		x.MsgQ = &epp.MsgQ{Count: 1}
	}
	r := new(domain.ChkData)
	for _, n := range q.Names {
		r.CD = append(r.CD, domain.CD{Name: n, Avail: true})
	}
	return r, nil
}

func (r *toy) Login(x *mockserver.Exchange, q *epp.Login) error {
	switch {
	case q.ClID == "BLOCKED":
		return epp.Refuse(epp.AuthorizationError)
	case q.ClID == "PANICS":
		panic("a registry's mistake")
	case !strings.HasPrefix(q.ClID, "REG-"), q.PW != password:
		return epp.Refuse(epp.AuthenticationError)
	case r.needCert && x.Session.CertFor != q.ClID:
		return epp.Refuse(epp.AuthenticationErrorClosing)
	}
	if q.NewPW != "" {
		r.changed.Add(1)
	}
	return nil
}

func (r *toy) Now() time.Time { return toyNow }

func (r *toy) SvTRID() string { return fmt.Sprintf("TOY-%d", r.trid.Add(1)) }

func (r *toy) Profile() mockserver.Profile { return r.profile }

func (r *toy) SessionLimit(clID string) int { return r.limits[clID] }

func (r *toy) ResultText(code epp.Code, lang string) epp.Text {
	if lang == "eo" {
		return epp.Text{Lang: "eo", Text: fmt.Sprintf("Kodo %d", code)}
	}
	return epp.Text{Text: code.Text()}
}

// otherCheck is an object's command that the toy has no handler for.
type otherCheck struct{ ID string }

func (*otherCheck) XMLName() epp.Name     { return epp.Name{Space: otherNS, Local: "check"} }
func (*otherCheck) Answer() *epp.NoData   { return new(epp.NoData) }
func (m *otherCheck) Fields(x *epp.Codec) { x.Elem("id", epp.Token(&m.ID)) }

// note is a command extension.
type note struct{ Text string }

func (*note) XMLName() epp.Name     { return epp.Name{Space: extNS, Local: "note"} }
func (m *note) Fields(x *epp.Codec) { x.Elem("text", epp.Token(&m.Text)) }

// envelope is a protocol extension, with one command.
type envelope struct {
	Command epp.Element
	ClTRID  string
}

func (*envelope) XMLName() epp.Name { return epp.Name{Space: protoNS, Local: "envelope"} }

func (m *envelope) Fields(x *epp.Codec) {
	x.Any(&m.Command)
	x.Opt("clTRID", epp.Token(&m.ClTRID))
}

func (m *envelope) Unwrap() (epp.Element, string) { return m.Command, m.ClTRID }

type ping struct{}

func (*ping) XMLName() epp.Name   { return epp.Name{Space: protoNS, Local: "ping"} }
func (*ping) Answer() *epp.NoData { return new(epp.NoData) }
func (*ping) Fields(*epp.Codec)   {}
func (m *ping) Envelope(clTRID string) epp.Element {
	return &envelope{Command: m, ClTRID: clTRID}
}
