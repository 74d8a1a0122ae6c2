package main

import (
	"bytes"
	"net"
	"time"

	domainr "github.com/domainr/epp"
)

// The contender "domainr/epp" has no exported codec. Its client is measured as a
// whole over a connection in memory that has the answer ready: it builds the
// command, writes it nowhere and parses the answer. Of an info it reads the names,
// dates and statuses, not contacts, hosts, authInfo or transaction identifiers.

// canned is a connection on which each write makes the same frame ready to be read.
type canned struct {
	bytes.Reader
	frame []byte
}

func (c *canned) Write(p []byte) (int, error) {
	c.Reset(c.frame)
	return len(p), nil
}

func (c *canned) Close() error                     { return nil }
func (c *canned) LocalAddr() net.Addr              { return nil }
func (c *canned) RemoteAddr() net.Addr             { return nil }
func (c *canned) SetDeadline(time.Time) error      { return nil }
func (c *canned) SetReadDeadline(time.Time) error  { return nil }
func (c *canned) SetWriteDeadline(time.Time) error { return nil }

func newDomainr(answer []byte) *domainr.Conn { return &domainr.Conn{Conn: &canned{frame: answer}} }
