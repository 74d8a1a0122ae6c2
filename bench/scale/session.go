package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"sync/atomic"
	"time"

	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
)

// A session is a client that costs next to nothing: it fills the holes of ready frames,
// and looks for the code in what comes back.
type session struct {
	conn      net.Conn
	in        *bufio.Reader
	rnd       *rand.Rand
	domains   int
	registrar int
	commands  []command
	said      int // so many commands
	created   int // and so many creates
	answer    []byte
}

// dial opens a session of a registrar and logs it in.
func dial(addr string, cfg *tls.Config, registrar, domains int) (*session, error) {
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 30 * time.Second}, "tcp", addr, cfg)
	if err != nil {
		return nil, err
	}
	s := &session{conn: c, in: bufio.NewReaderSize(c, 2<<10), registrar: registrar % registrars, domains: domains}
	if _, err = s.read(); err == nil { // the greeting
		login := newCommand("login", &epp.Login{
			ClID: clID(registrar), PW: password, Version: "1.0", Lang: "en",
			ObjURI: []string{domain.NS, contact.NS, host.NS},
		})
		err = s.do(&login)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return s, nil
}

// mixing readies the session for [session.mixed]. Names that it registers begin with
// prefix.
func (s *session) mixing(prefix string, seed uint64) *session {
	s.rnd, s.commands = rand.New(rand.NewPCG(seed, 2)), mix(prefix, seed)
	return s
}

// mixed says the next command of the mix, and hears the answer.
func (s *session) mixed() error {
	c := &s.commands[s.said%len(s.commands)]
	s.said++
	if c.creates {
		s.created++
	}
	for h := range holes {
		if len(c.at[h]) == 0 {
			continue
		}
		n := s.fill(h)
		for _, at := range c.at[h] {
			put(c.frame[at:at+8], n)
		}
	}
	return s.do(c)
}

// fill is what comes into a hole.
func (s *session) fill(h hole) int {
	switch h {
	case taken:
		return s.rnd.IntN(s.domains)
	case own:
		return s.rnd.IntN(s.domains/registrars)*registrars + s.registrar
	case free:
		return 90_000_000 + s.rnd.IntN(1_000_000)
	case fresh:
		return s.created
	case holder:
		return s.rnd.IntN(contactsFor(s.domains))
	}
	return s.rnd.IntN(hostsFor(s.domains)/2)*2 + int(h-server) // two that differ
}

// put writes a number as digits with zeros before them.
func put(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i], n = '0'+byte(n%10), n/10
	}
}

var success = [][]byte{[]byte(`code="1000"`), []byte(`code="1300"`), []byte(`code="1301"`)}

func (s *session) do(c *command) error {
	if _, err := s.conn.Write(c.frame); err != nil {
		return err
	}
	doc, err := s.read()
	if err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	for _, code := range success {
		if bytes.Contains(doc, code) {
			return nil
		}
	}
	if c.name == "transfer query" && bytes.Contains(doc, []byte(`code="2301"`)) {
		return nil // none was asked for
	}
	return fmt.Errorf("%s: %s\nis answered %s", c.name, c.frame[4:], doc)
}

func (s *session) read() ([]byte, error) {
	head, err := s.in.Peek(4)
	if err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head)) - 4
	if n < 0 || n > 1<<20 {
		return nil, errors.New("not a frame")
	}
	if cap(s.answer) < n {
		s.answer = make([]byte, n)
	}
	s.answer = s.answer[:n]
	_, _ = s.in.Discard(4)
	_, err = io.ReadFull(s.in, s.answer)
	return s.answer, err
}

// sizes says the whole mix once, and notes how many octets it takes.
func (s *session) sizes() ([]echo.Size, error) {
	var list []echo.Size
	for i := range s.commands {
		if err := s.mixed(); err != nil {
			return nil, err
		}
		list = append(list, echo.Size{Ask: len(s.commands[i].frame), Answer: 4 + len(s.answer)})
	}
	return list, nil
}

// run says the mix until stop, and counts.
func (s *session) run(stop *atomic.Bool) (n int, err error) {
	for !stop.Load() {
		if err := s.mixed(); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
