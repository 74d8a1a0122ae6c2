package mockserver_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A peer is the client's end of a connection, and as rude as a test needs it.
type peer struct {
	t  testing.TB
	c  net.Conn
	in epp.FrameReader
}

// dial connects over TLS, and reads the greeting.
func dial(t testing.TB, s *mockserver.Server, clID string) *peer {
	t.Helper()
	c, err := tls.Dial("tcp", s.Addr(), s.ClientTLS(clID))
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	p := newPeer(t, c)
	require.IsType(t, new(epp.Greeting), p.recv())
	return p
}

// pipe serves one end of a net.Pipe, without TLS, and reads the greeting.
func pipe(t testing.TB, s *mockserver.Server) (p *peer, ended <-chan error) {
	t.Helper()
	a, b := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- s.ServeConn(context.Background(), b) }()
	t.Cleanup(func() { a.Close() })
	p = newPeer(t, a)
	require.IsType(t, new(epp.Greeting), p.recv())
	return p, done
}

func newPeer(t testing.TB, c net.Conn) *peer {
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	return &peer{t: t, c: c, in: epp.FrameReader{R: bufio.NewReader(c)}}
}

func frame(doc string) []byte {
	b, err := epp.AppendDataUnit(nil, []byte(doc))
	if err != nil {
		panic(err)
	}
	return b
}

func (p *peer) send(doc string) {
	p.t.Helper()
	_, err := p.c.Write(frame(doc))
	require.NoError(p.t, err)
}

var toySchema = new(toy).Schema()

func (p *peer) recv() epp.Message {
	p.t.Helper()
	doc, err := p.in.Next()
	require.NoError(p.t, err)
	// Tolerantly: the element that a <value> repeats need not be whole. What
	// is valid, xmllint judges.
	m, err := toySchema.Parse(doc)
	require.NoError(p.t, err, "%s", doc)
	return m
}

// ask sends a document and returns the answer.
func (p *peer) ask(doc string) *epp.Response {
	p.t.Helper()
	p.send(doc)
	return p.answer()
}

func (p *peer) answer() *epp.Response {
	p.t.Helper()
	m := p.recv()
	require.IsType(p.t, new(epp.Response), m)
	return m.(*epp.Response)
}

// login logs in with all services.
func (p *peer) login(clID string) *peer {
	p.t.Helper()
	require.Equal(p.t, epp.Success, p.ask(loginDoc(clID, password)).Code())
	return p
}

// ended requires that the connection ends without a further frame.
func (p *peer) ended() {
	p.t.Helper()
	_, err := p.in.Next()
	require.ErrorIs(p.t, err, io.EOF)
}

// doc wraps what is in <epp>.
func doc(inner string) string {
	return `<epp xmlns="` + epp.NS + `">` + inner + `</epp>`
}

func commandDoc(inner, clTRID string) string {
	return doc(`<command>` + inner + `<clTRID>` + clTRID + `</clTRID></command>`)
}

const (
	objURIs = `<objURI>` + domain.NS + `</objURI><objURI>` + otherNS + `</objURI>`
	extURIs = `<svcExtension><extURI>` + extNS + `</extURI></svcExtension>`
)

func loginWith(clID, pw, version, lang, svcs string) string {
	return commandDoc(fmt.Sprintf(`<login><clID>%s</clID><pw>%s</pw><options><version>%s</version><lang>%s</lang></options><svcs>%s</svcs></login>`,
		clID, pw, version, lang, svcs), "LOG-1")
}

func loginDoc(clID, pw string) string { return loginWith(clID, pw, "1.0", "en", objURIs+extURIs) }

func checkXML(name string) string {
	return `<check><d:check xmlns:d="` + domain.NS + `"><d:name>` + name + `</d:name></d:check></check>`
}

func checkDoc(name string) string { return commandDoc(checkXML(name), "CHK-1") }

var (
	logoutDoc = commandDoc(`<logout/>`, "OUT-1")
	helloDoc  = doc(`<hello/>`)
)
