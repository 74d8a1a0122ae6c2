package main

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

// The echo is the floor: TLS, a loop, and nothing else. A message has a header of
// four octets, its length, as a frame has. The next four of a request say how long
// the answer is to be. One message is one write, and no write waits for another.

const (
	echoHeader = 8
	echoMax    = 1 << 16
)

type echoServer struct {
	listener net.Listener
	ca       []byte
	wg       sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
	err   error
}

func newEchoServer() (*echoServer, error) {
	cert, ca, err := selfSigned()
	if err != nil {
		return nil, err
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{cert}})
	if err != nil {
		return nil, err
	}
	s := &echoServer{listener: l, ca: ca}
	s.wg.Go(s.accept)
	return s, nil
}

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

func (s *echoServer) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			s.note(err)
			return
		}
		s.mu.Lock()
		s.conns = append(s.conns, c)
		s.mu.Unlock()
		s.wg.Go(func() { s.note(answerEchoes(c)) })
	}
}

// note keeps the first error that is one.
func (s *echoServer) note(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = ignoreClosed(err)
	}
}

func (s *echoServer) close() error {
	s.listener.Close()
	s.mu.Lock()
	for _, c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
	return s.err
}

func answerEchoes(c net.Conn) error {
	defer c.Close()
	in := bufio.NewReader(c)
	body, out := make([]byte, echoMax), make([]byte, echoMax)
	for {
		var head [echoHeader]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return err
		}
		n, answer := binary.BigEndian.Uint32(head[:]), binary.BigEndian.Uint32(head[4:])
		if n < echoHeader || n > echoMax || answer < echoHeader || answer > echoMax {
			return fmt.Errorf("a message of %d octets, an answer of %d", n, answer)
		}
		if _, err := io.ReadFull(in, body[:n-echoHeader]); err != nil {
			return err
		}
		binary.BigEndian.PutUint32(out, answer)
		if _, err := c.Write(out[:answer]); err != nil {
			return err
		}
	}
}

// size is how many octets go and come in one round trip.
type size struct{ ask, answer int }

type echoClient struct {
	conn net.Conn
	in   *bufio.Reader
	ask  []byte
	body []byte
}

func newEchoClient(addr string, cfg *tls.Config, sz size) (*echoClient, error) {
	c, err := tls.Dial("tcp", addr, cfg)
	if err != nil {
		return nil, err
	}
	e := &echoClient{conn: c, in: bufio.NewReader(c), ask: make([]byte, sz.ask), body: make([]byte, sz.answer)}
	binary.BigEndian.PutUint32(e.ask, uint32(sz.ask))
	binary.BigEndian.PutUint32(e.ask[4:], uint32(sz.answer))
	return e, nil
}

func (e *echoClient) write() error {
	_, err := e.conn.Write(e.ask)
	return err
}

func (e *echoClient) read() error {
	if _, err := io.ReadFull(e.in, e.body[:4]); err != nil {
		return err
	}
	if n := binary.BigEndian.Uint32(e.body); int(n) != len(e.body) {
		return errors.New("the echo's answer has another length")
	}
	_, err := io.ReadFull(e.in, e.body[4:])
	return err
}

// run keeps deep messages on their way until stop, and counts answers.
func (e *echoClient) run(deep int, stop *atomic.Bool) (n int, err error) {
	for range deep {
		if err := e.write(); err != nil {
			return n, err
		}
	}
	for due := deep; due > 0; due-- {
		if err := e.read(); err != nil {
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
