package mockserver

import (
	"crypto/x509"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// An Exchange is one command and the answer that is being made to it.
type Exchange struct {
	// Command is what the client sent.
	Command *epp.Command
	// Session is the connection's state.
	Session *Session

	// Code is the result code of a success; 0 means 1000.
	Code epp.Code
	// MsgQ and Extension go into the answer.
	MsgQ      *epp.MsgQ
	Extension []epp.Element

	reg Registry
}

// ClID is the registrar that asks, or "" before its login.
func (x *Exchange) ClID() string { return x.Session.ClID }

// Now is the time by the registry's clock.
func (x *Exchange) Now() time.Time { return x.reg.Now() }

// A Session is what a Server knows of one connection. Its fields change only
// between two commands of that connection.
type Session struct {
	ID int64 // counts connections, from 1
	// ClID, Lang, ObjURI and ExtURI come from the login; ClID is "" before it.
	ClID, Lang     string
	ObjURI, ExtURI []string
	// Cert is the client's certificate, or nil.
	Cert *x509.Certificate
	// RemoteAddr is the client's address.
	RemoteAddr string
}
