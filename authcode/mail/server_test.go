package mail_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script is an SMTP server that does its duty, but for the steps where it is told
// otherwise: greeting, EHLO, STARTTLS, TLS (the handshake), AUTH, MAIL, RCPT, DATA,
// data (before the mail is read), "." (after it) and QUIT.
type script struct {
	cert     tls.Certificate
	roots    *x509.CertPool
	implicit bool
	offer    []string          // extensions
	answers  map[string]string // in place of the usual answer
	closes   string            // the step at which the connection is closed
	hangs    string            // the step at which nothing more happens
	release  chan struct{}     // ends the hanging

	mu    sync.Mutex
	mails []received
	steps []string
	users []string // "name:password" of the logins
	done  sync.WaitGroup
}

// received is a mail at the server.
type received struct {
	from, to, data string
	tls            bool
}

func newScript(t *testing.T) *script {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"mail.example", "localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:   time.Unix(0, 0), NotAfter: time.Now().Add(100 * 365 * 24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	s := &script{
		cert:    tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key},
		roots:   x509.NewCertPool(),
		offer:   []string{"STARTTLS", "AUTH PLAIN LOGIN", "8BITMIME"},
		answers: map[string]string{},
		release: make(chan struct{}),
	}
	s.roots.AddCert(leaf)
	return s
}

// listen starts the server on a port of this machine, until the test ends.
func (s *script) listen(t *testing.T) (addr string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.done.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.done.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		s.done.Wait()
	})
	return l.Addr().String()
}

// dial is a DialContext to the server through a pipe, in which nothing is lost or
// waits.
func (s *script) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	s.done.Go(func() { s.serve(far) })
	return near, nil
}

// stop is a step at which the server ends the conversation.
type stop struct{}

func (s *script) at(conn net.Conn, step string) {
	s.mu.Lock()
	s.steps = append(s.steps, step)
	s.mu.Unlock()
	switch step {
	case s.closes:
		conn.Close()
		panic(stop{})
	case s.hangs:
		<-s.release
		panic(stop{})
	}
}

func (s *script) serve(raw net.Conn) {
	defer raw.Close()
	defer func() {
		if e := recover(); e != nil && e != (stop{}) {
			panic(e)
		}
	}()
	var (
		conn   = raw
		text   *textproto.Reader
		mail   received
		secure bool
	)
	handshake := func() {
		s.at(raw, "TLS")
		conn = tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{s.cert}, SessionTicketsDisabled: true})
		text, secure = textproto.NewReader(bufio.NewReader(conn)), true
	}
	answer := func(step, usual string) bool {
		s.at(raw, step)
		if a, ok := s.answers[step]; ok {
			usual = a
		}
		_, err := fmt.Fprintf(conn, "%s\r\n", usual)
		return err == nil && usual[0] < '4'
	}
	line := func() string {
		l, err := text.ReadLine()
		if err != nil {
			panic(stop{})
		}
		return l
	}
	secret := func(l string) string {
		b, _ := base64.StdEncoding.DecodeString(l)
		return string(b)
	}
	if s.implicit {
		handshake()
	} else {
		text = textproto.NewReader(bufio.NewReader(conn))
	}
	answer("greeting", "220 mail.example ready")
	for {
		command := line()
		verb, rest, _ := strings.Cut(command, " ")
		switch verb {
		case "EHLO":
			answer("EHLO", strings.Join(append([]string{"250-mail.example"}, hyphened(s.offer)...), "\r\n")+"\r\n250 HELP")
		case "STARTTLS":
			if answer("STARTTLS", "220 go on") {
				handshake()
			}
		case "AUTH":
			mechanism, initial, _ := strings.Cut(rest, " ")
			user := strings.ReplaceAll(strings.TrimPrefix(secret(initial), "\x00"), "\x00", ":")
			if mechanism == "LOGIN" {
				fmt.Fprint(conn, "334 VXNlcm5hbWU6\r\n")
				name := secret(line())
				fmt.Fprint(conn, "334 UGFzc3dvcmQ6\r\n")
				user = name + ":" + secret(line())
			}
			s.mu.Lock()
			s.users = append(s.users, user)
			s.mu.Unlock()
			answer("AUTH", "235 welcome")
		case "MAIL":
			mail = received{from: rest, tls: secure}
			answer("MAIL", "250 fine")
		case "RCPT":
			mail.to += rest
			answer("RCPT", "250 fine")
		case "DATA":
			if !answer("DATA", "354 go on") {
				continue
			}
			s.at(raw, "data")
			data, err := text.ReadDotBytes()
			if err != nil {
				panic(stop{})
			}
			mail.data = string(data)
			if answer(".", "250 2.0.0 taken") {
				s.mu.Lock()
				s.mails = append(s.mails, mail)
				s.mu.Unlock()
			}
		case "QUIT":
			answer("QUIT", "221 bye")
			return
		default:
			fmt.Fprint(conn, "502 what?\r\n")
		}
	}
}

func hyphened(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = "250-" + s
	}
	return out
}
