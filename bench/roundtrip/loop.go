package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"

	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// A loop is the codec on a connection without a client.Session: one goroutine that
// writes a command and reads its answer. What it is ahead of eppkit is what the
// session costs: its three goroutines a call, matching, time-outs.
type loop struct {
	conn   io.ReadWriteCloser
	in     epp.FrameReader
	out    []byte
	schema *epp.Schema
}

func newLoop(addr string, cfg *tls.Config) (*loop, error) {
	c, err := tls.Dial("tcp", addr, cfg)
	if err != nil {
		return nil, err
	}
	l := &loop{conn: c, in: epp.FrameReader{R: bufio.NewReader(c)}, schema: sample.Schema()}
	_, err = l.in.Next() // the greeting
	if err == nil {
		_, err = l.do(sample.Login())
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return l, nil
}

func (l *loop) do(q *epp.Command) (*epp.Response, error) {
	var err error
	if l.out, err = epp.AppendFrame(l.out[:0], q); err != nil {
		return nil, err
	}
	if _, err := l.conn.Write(l.out); err != nil {
		return nil, err
	}
	frame, err := l.in.Next()
	if err != nil {
		return nil, err
	}
	m, err := l.schema.Parse(frame)
	if err != nil {
		return nil, err
	}
	r, ok := m.(*epp.Response)
	switch {
	case !ok:
		return nil, fmt.Errorf("a %s in place of an answer", m.XMLName().Local)
	case r.TrID.ClTRID != q.ClTRID:
		return nil, errors.New("another command's answer")
	}
	return r, r.Err()
}

func (l *loop) info() error {
	r, err := l.do(sample.Info())
	if err != nil {
		return err
	}
	if d, ok := r.ResData[0].(*domain.InfData); !ok || d.Name != sample.Name {
		return errors.New("not the answer to the info")
	}
	return nil
}

func (l *loop) check() error {
	r, err := l.do(sample.Check())
	if err != nil {
		return err
	}
	if d, ok := r.ResData[0].(*domain.ChkData); !ok || len(d.CD) != 2 {
		return errors.New("not the answer to the check")
	}
	return nil
}

// loops opens connections without sessions.
func (at *addresses) loops(conns int, once func(*loop) error) (*turns.Contender, error) {
	cfg, err := at.tls()
	if err != nil {
		return nil, err
	}
	c := &turns.Contender{Name: "eppkit's codec, no Session"}
	for range conns {
		l, err := newLoop(at.EPP, cfg)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		c.Closers = append(c.Closers, l.conn.Close)
		c.Workers = append(c.Workers, turns.Repeat(func() error { return once(l) }))
	}
	return c, nil
}
