package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
)

// peer is a server that does what a test tells it to with each connection.
type fakePeer struct {
	t    *testing.T
	addr string
	conf string // a configuration for it
}

func newPeer(t *testing.T, serve func(*peerConn)) *fakePeer {
	t.Helper()
	dir := t.TempDir()
	cert, key := selfSigned(t)
	pair, err := tls.X509KeyPair(cert, key)
	require.NoError(t, err)
	writeFile(t, dir, "ca.pem", string(cert))
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
	require.NoError(t, err)
	schema, err := epp.NewSchema(fred.Extensions()...)
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			nc, err := l.Accept()
			if err != nil {
				return
			}
			_ = nc.SetDeadline(time.Now().Add(time.Minute))
			serve(&peerConn{Conn: nc, in: epp.FrameReader{R: bufio.NewReader(nc)}, schema: schema})
			nc.Close()
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	p := &fakePeer{t: t, addr: l.Addr().String(), conf: filepath.Join(dir, "eppkit.yaml")}
	require.NoError(t, os.WriteFile(p.conf, fmt.Appendf(nil,
		"default: p\nprofiles: {p: {address: %q, clID: REG-ME, roots: ca.pem, password: {env: PW}}}\n", p.addr), 0o600))
	return p
}

type peerConn struct {
	net.Conn
	in     epp.FrameReader
	schema *epp.Schema
}

func (c *peerConn) send(m epp.Message) {
	b, err := epp.AppendFrame(nil, m)
	if err == nil {
		_, _ = c.Write(b)
	}
}

func (c *peerConn) sendText(doc string) {
	b, _ := epp.AppendDataUnit(nil, []byte(doc))
	_, _ = c.Write(b)
}

// next returns the next command, or nil at the end.
func (c *peerConn) next() *epp.Command {
	frame, err := c.in.Next()
	if err != nil {
		return nil
	}
	m, _ := c.schema.Parse(frame)
	cmd, _ := m.(*epp.Command)
	return cmd
}

func (c *peerConn) answer(q *epp.Command, code epp.Code, data ...epp.Element) {
	if q != nil {
		c.send(&epp.Response{
			Results: []epp.Result{{Code: code, Msg: epp.Text{Text: code.Text()}}}, ResData: data,
			TrID: epp.TrID{ClTRID: q.ClTRID, SvTRID: "SV-0001"},
		})
	}
}

func (c *peerConn) greet() {
	c.send(&epp.Greeting{
		SvID: "a peer", SvDate: time.Unix(1_800_000_000, 0), Version: []string{"1.0"}, Lang: []string{"en"},
		ObjURI: c.schema.ObjURI(),
		DCP: epp.DCP{Access: "all", Statements: []epp.Statement{
			{Purpose: epp.Purpose{Prov: true}, Recipient: epp.Recipient{Public: true}, Retention: "stated"},
		}},
	})
}

// wait ends when the client has gone.
func (c *peerConn) wait() {
	for c.next() != nil {
	}
}

// What "--help" says nothing about does not send people there.
func TestPrintErrorHints(t *testing.T) {
	field := &client.Error{Op: "login", Err: &epp.FieldError{Path: "pw", Err: errors.New("must have at most 16 characters")}}
	for _, row := range []struct {
		err  error
		hint bool
	}{
		{usage("there is no profile"), true},
		{field, true},
		{&lineError{"f", 1, &unknownError{"frob"}}, false},
		{&configError{errors.New("no such file")}, false},
		{&bulkError{status: exitUsage, err: field}, false},
	} {
		var b strings.Builder
		(&app{stdio: stdio{err: &b}}).printError(row.err)
		require.Equal(t, exitUsage, exitStatus(row.err))
		require.Equal(t, row.hint, strings.Contains(b.String(), "--help"), b.String())
	}
}

func TestExitStatus(t *testing.T) {
	login := func(c *peerConn, code epp.Code) {
		c.greet()
		c.answer(c.next(), code)
	}
	for _, row := range []struct {
		name   string
		serve  func(*peerConn)
		status int
		says   string
	}{
		{"0: done", func(c *peerConn) {
			login(c, epp.Success)
			c.answer(c.next(), epp.Success, &contact.SendAuthInfoData{Email: []string{"a*@b.*"}})
			c.answer(c.next(), epp.EndingSession)
		}, exitOK, ""},
		{"1: the registry refused", func(c *peerConn) {
			login(c, epp.Success)
			c.answer(c.next(), epp.ObjectDoesNotExist)
			c.wait()
		}, exitRefused, "2303"},
		{"1: too many sessions", func(c *peerConn) { login(c, epp.SessionLimitExceeded) }, exitRefused, "2502"},
		{"3: no TLS at the other end", func(c *peerConn) { c.Conn.(*tls.Conn).NetConn().Close() }, exitConnection, "tls"},
		{"3: closed instead of a greeting", func(c *peerConn) { _ = c.Conn.(*tls.Conn).Handshake() }, exitConnection, "closed"},
		{"4: wrong password", func(c *peerConn) { login(c, epp.AuthenticationError); c.wait() }, exitAuthentication, "2200"},
		{"4: and the server closes", func(c *peerConn) { login(c, epp.AuthenticationErrorClosing) }, exitAuthentication, "2501"},
		{"1: the language is not the registry's", func(c *peerConn) { login(c, epp.UnimplementedOption); c.wait() }, exitRefused, "2102"},
		{"1: the registry is out of order", func(c *peerConn) { login(c, epp.CommandFailedClosing) }, exitRefused, "2500"},
		{"5: no greeting in time", func(c *peerConn) { c.wait() }, exitTimeout, "deadline"},
		{"5: no answer to the login in time", func(c *peerConn) { c.greet(); c.wait() }, exitTimeout, "deadline"},
		{"6: closed instead of an answer", func(c *peerConn) { login(c, epp.Success); c.next() }, exitUnknown, "look before you send it again"},
		{"6: no answer in time", func(c *peerConn) { login(c, epp.Success); c.wait() }, exitUnknown, "outcome unknown"},
		{"7: no EPP", func(c *peerConn) { c.sendText("<html/>"); c.wait() }, exitInvalid, "invalid answer"},
		{"7: the answer to another command", func(c *peerConn) {
			login(c, epp.Success)
			c.next()
			c.answer(&epp.Command{ClTRID: "foreign"}, epp.Success)
			c.wait()
		}, exitInvalid, "may have executed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p := newPeer(t, row.serve)
			timeout := "30s" // no row waits for it on a machine at leisure
			switch {
			case strings.HasPrefix(row.name, "5:"):
				timeout = "1s"
			case row.name == "6: no answer in time":
				timeout = "4s" // to be logged in by then
			}
			r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "--timeout", timeout, "contact", "send-authinfo", "CID-MYOWN")
			require.Equal(t, row.status, r.status, r.err)
			require.Contains(t, r.err, row.says)
			require.NotContains(t, r.err, "sesame-42")
		})
	}
	t.Run("6: no answer to a query", func(t *testing.T) {
		p := newPeer(t, func(c *peerConn) { login(c, epp.Success); c.next() })
		for args, look := range map[string]bool{
			"domain check sauna.cz": false, "list domains": false, "poll req": false, "poll ack 7": true, "domain delete sauna.cz": true,
		} {
			r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", append([]string{"--config", p.conf}, strings.Fields(args)...)...)
			require.Equal(t, exitUnknown, r.status, r.err)
			require.Equal(t, look, strings.Contains(r.err, "look before you send it again"), args+": "+r.err)
		}
	})
	t.Run("6: no answer in the middle of a list", func(t *testing.T) {
		p := newPeer(t, func(c *peerConn) {
			login(c, epp.Success)
			c.answer(c.next(), epp.Success, &fred.InfoResponse{Count: 1})
			c.next()
		})
		r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", p.conf, "list", "domains")
		require.Equal(t, exitUnknown, r.status, r.err)
		require.Contains(t, r.err, "fred:getResults")
		require.NotContains(t, r.err, "look before you send it again")
	})
	t.Run("3: nobody listens", func(t *testing.T) {
		p := newPeer(t, func(*peerConn) {})
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		l.Close()
		conf := filepath.Join(t.TempDir(), "c.yaml")
		require.NoError(t, os.WriteFile(conf, fmt.Appendf(nil,
			"default: p\nprofiles: {p: {address: %q, clID: REG-ME, roots: %q, password: {env: PW}}}\n",
			l.Addr(), filepath.Join(filepath.Dir(p.conf), "ca.pem")), 0o600))
		r := eppkit(t, map[string]string{"PW": "sesame-42"}, "", "--config", conf, "hello")
		require.Equal(t, exitConnection, r.status, r.err)
	})
}
