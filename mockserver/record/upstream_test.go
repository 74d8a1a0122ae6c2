package record_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// upstream is a registry with one domain, as far as a record needs one.
type upstream struct {
	trid atomic.Int64
	set  *epp.Schema
}

const (
	password = "kuuma loyly"
	authInfo = "vihta-123"
)

var (
	began  = time.Date(2026, 3, 10, 22, 30, 0, 0, time.UTC)
	expiry = time.Date(2027, 3, 12, 21, 15, 30, 250e6, time.UTC)
)

func newUpstream(t testing.TB) *upstream {
	set, err := epp.NewSchema(domain.Extension())
	require.NoError(t, err)
	return &upstream{set: set}
}

func (r *upstream) Schema() *epp.Schema { return r.set }

func (r *upstream) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID: "Lake registry", SvDate: r.Now(), Version: []string{"1.0"}, Lang: []string{"en"}, ObjURI: []string{domain.NS},
		DCP: epp.DCP{Access: "all", Statements: []epp.Statement{{
			Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated",
		}}},
	}
}

func (r *upstream) Routes(m *mockserver.Mux) {
	mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Check) (*domain.ChkData, error) {
		out := new(domain.ChkData)
		for _, n := range q.Names {
			out.CD = append(out.CD, domain.CD{Name: n, Avail: true})
		}
		return out, nil
	})
	mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Info) (*domain.InfData, error) {
		if q.Name != "sauna.example" {
			return nil, epp.Refuse(epp.ObjectDoesNotExist)
		}
		return &domain.InfData{Name: q.Name, ROID: "D1-LAKE", ClID: x.ClID(), ExDate: expiry, AuthInfo: &epp.AuthInfo{PW: authInfo}}, nil
	})
	mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Renew) (*domain.RenData, error) {
		return &domain.RenData{Name: q.Name, ExDate: expiry.AddDate(1, 0, 0)}, nil
	})
}

func (r *upstream) Login(_ *mockserver.Exchange, q *epp.Login) error {
	if q.PW != password {
		return epp.Refuse(epp.AuthenticationError)
	}
	return nil
}

func (r *upstream) Now() time.Time              { return began }
func (r *upstream) SvTRID() string              { return fmt.Sprintf("LAKE-%d", r.trid.Add(1)) }
func (r *upstream) Profile() mockserver.Profile { return mockserver.Profile{MaxSessions: 50} }

// A peer is a client that sends what it is told.
type peer struct {
	t  testing.TB
	c  net.Conn
	in epp.FrameReader
}

func dial(t testing.TB, addr string, cfg *tls.Config) *peer {
	t.Helper()
	d := &tls.Dialer{Config: cfg}
	c, err := d.DialContext(t.Context(), "tcp", addr)
	require.NoError(t, err)
	return newPeer(t, c)
}

func newPeer(t testing.TB, c net.Conn) *peer {
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	return &peer{t: t, c: c, in: epp.FrameReader{R: bufio.NewReader(c)}}
}

// pipe connects to a Server without a socket.
func pipe(t testing.TB, s *mockserver.Server) *peer {
	a, b := net.Pipe()
	go s.ServeConn(context.Background(), b)
	return newPeer(t, a)
}

func (p *peer) send(docs ...string) {
	p.t.Helper()
	var out []byte
	for _, d := range docs {
		var err error
		out, err = epp.AppendDataUnit(out, []byte(d))
		require.NoError(p.t, err)
	}
	_, err := p.c.Write(out)
	require.NoError(p.t, err)
}

func (p *peer) read() string {
	p.t.Helper()
	doc, err := p.in.Next()
	require.NoError(p.t, err)
	return string(doc)
}

func (p *peer) ask(doc string) string {
	p.t.Helper()
	p.send(doc)
	return p.read()
}

func (p *peer) ended() {
	p.t.Helper()
	_, err := p.in.Next()
	require.ErrorIs(p.t, err, io.EOF)
}

// code is the result code of an answer.
func code(t testing.TB, doc string) int {
	t.Helper()
	m, err := (*epp.Schema)(nil).Parse([]byte(doc))
	require.NoError(t, err, doc)
	require.IsType(t, new(epp.Response), m)
	return int(m.(*epp.Response).Code())
}

func command(inner, clTRID string) string {
	if clTRID != "" {
		clTRID = "<clTRID>" + clTRID + "</clTRID>"
	}
	return `<epp xmlns="` + epp.NS + `"><command>` + inner + clTRID + `</command></epp>`
}

func login(clID, pw, clTRID string) string {
	return command("<login><clID>"+clID+"</clID><pw>"+pw+"</pw><options><version>1.0</version><lang>en</lang></options><svcs><objURI>"+
		domain.NS+"</objURI></svcs></login>", clTRID)
}

// object is a command on domains; the element's namespace has the prefix d.
func object(verb, content, clTRID string) string {
	return command(fmt.Sprintf(`<%[1]s><d:%[1]s xmlns:d="%[2]s">%[3]s</d:%[1]s></%[1]s>`, verb, domain.NS, content), clTRID)
}

func info(name, clTRID string) string { return object("info", "<d:name>"+name+"</d:name>", clTRID) }

func renew(day, clTRID string) string {
	return object("renew", "<d:name>sauna.example</d:name><d:curExpDate>"+day+"</d:curExpDate>", clTRID)
}

func logout(clTRID string) string { return command("<logout/>", clTRID) }

const hello = `<epp xmlns="` + epp.NS + `"><hello/></epp>`

func octets(docs ...string) int64 { return int64(len(strings.Join(docs, "")) + 4*len(docs)) }
