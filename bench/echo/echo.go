// Package echo is the floor that a server of EPP is held against: TLS, a loop, and
// nothing else.
//
// A message has a header of four octets, its length, as a frame has. The next four of a
// request say how long the answer is to be. One message is one write, and no write
// waits for another.
package echo

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

const (
	header  = 8
	largest = 1 << 16
)

// A Server answers echoes.
type Server struct {
	listener net.Listener
	ca       []byte
	wg       sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	err   error
}

// NewServer listens on a free port of loopback, and answers until Close.
func NewServer() (*Server, error) {
	cert, ca, err := selfSigned()
	if err != nil {
		return nil, err
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}})
	if err != nil {
		return nil, err
	}
	s := &Server{listener: l, ca: ca}
	s.wg.Go(s.accept)
	return s, nil
}

// Addr is where clients reach the Server.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// CA is the certificate that clients have to trust, in PEM.
func (s *Server) CA() []byte { return s.ca }

// selfSigned makes a certificate of the kind that the mock server has.
func selfSigned() (tls.Certificate, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		DNSNames:     []string{"localhost"},
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), nil
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			s.note(err)
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, c)
		s.mu.Unlock()
		s.wg.Go(func() { s.note(answer(c)) })
	}
}

// note keeps the first error that is one.
func (s *Server) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = ignoreClosed(err)
	}
}

// Close closes the connections. The error is the first that one of them ended with, if
// it was not closed by the client.
func (s *Server) Close() error {
	s.listener.Close()
	s.mu.Lock()
	for _, c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	return s.err
}

func answer(c net.Conn) error {
	defer c.Close()
	in := bufio.NewReader(c)
	body, out := make([]byte, largest), make([]byte, largest)
	for {
		var head [header]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return err
		}
		n, size := binary.BigEndian.Uint32(head[:]), binary.BigEndian.Uint32(head[4:])
		if n < header || n > largest || size < header || size > largest {
			return fmt.Errorf("a message of %d octets, an answer of %d", n, size)
		}
		if _, err := io.ReadFull(in, body[:n-header]); err != nil {
			return err
		}
		binary.BigEndian.PutUint32(out, size)
		if _, err := c.Write(out[:size]); err != nil {
			return err
		}
	}
}

// A Size is how many octets go and come in one round trip.
type Size struct{ Ask, Answer int }

// A Client asks for echoes, of some sizes in turn.
type Client struct {
	conn        net.Conn
	in          *bufio.Reader
	sizes       []Size
	asked, read int // so many
	ask, answer []byte
}

// Dial opens a connection to a Server.
func Dial(addr string, cfg *tls.Config, sizes ...Size) (*Client, error) {
	c, err := tls.Dial("tcp", addr, cfg)
	if err != nil {
		return nil, err
	}
	e := &Client{conn: c, in: bufio.NewReader(c), sizes: sizes}
	for _, sz := range sizes {
		e.ask = append(e.ask, make([]byte, max(0, sz.Ask-len(e.ask)))...)
		e.answer = append(e.answer, make([]byte, max(0, sz.Answer-len(e.answer)))...)
	}
	return e, nil
}

// Close closes the connection.
func (e *Client) Close() error { return e.conn.Close() }

func (e *Client) write() error {
	sz := e.sizes[e.asked%len(e.sizes)]
	e.asked++
	binary.BigEndian.PutUint32(e.ask, uint32(sz.Ask))
	binary.BigEndian.PutUint32(e.ask[4:], uint32(sz.Answer))
	_, err := e.conn.Write(e.ask[:sz.Ask])
	return err
}

func (e *Client) next() error {
	sz := e.sizes[e.read%len(e.sizes)]
	e.read++
	if _, err := io.ReadFull(e.in, e.answer[:4]); err != nil {
		return err
	}
	if n := binary.BigEndian.Uint32(e.answer); int(n) != sz.Answer {
		return errors.New("the echo's answer has another length")
	}
	_, err := io.ReadFull(e.in, e.answer[4:sz.Answer])
	return err
}

// Run keeps deep messages on their way until stop, and counts answers.
func (e *Client) Run(deep int, stop *atomic.Bool) (n int, err error) {
	for range deep {
		if err := e.write(); err != nil {
			return n, err
		}
	}
	for due := deep; due > 0; due-- {
		if err := e.next(); err != nil {
			return n, err
		}
		n++
		if !stop.Load() {
			if err := e.write(); err != nil {
				return n, err
			}
			due++
		}
	}
	return n, nil
}

// ignoreClosed drops the error of a listener or a connection that was closed on
// purpose.
func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
