package mockserver

import (
	"context"
	"crypto/x509"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/script"
)

// An Exchange is one command and the answer that is being made to it.
type Exchange struct {
	// Command is what the client sent. Its strings are parts of the frame:
	// what outlives the exchange is to be cloned.
	Command *epp.Command
	// Session is the connection's state.
	Session *Session

	// Code is the result code of a success; 0 means 1000. One that closes
	// ends the connection after the answer.
	Code epp.Code
	// MsgQ and Extension go into the answer, also when the handler returns a
	// *epp.ResultError. A MsgQ whose Count is 0 is left out, and so is an
	// extension that is announced but not named by the session's login.
	MsgQ      *epp.MsgQ
	Extension []epp.Element
	// ResData goes into the answer of a success, before the handler's
	// result: it is how a poll's message brings an object's data.
	ResData []epp.Element

	// Stale is how many changes back a query is to look, as a replica that
	// lags would; 0 is the latest state.
	Stale int

	ctx    context.Context
	reg    Registry
	svTRID string
	unsent []func(sent bool)
	script *script.Reply // what a stub or a Play answers, or nil
	mute   bool          // there is no answer: the connection ends
}

// ClID is the registrar that asks, or "" before its login.
func (x *Exchange) ClID() string { return x.Session.ClID }

// Now is the time by the registry's clock.
func (x *Exchange) Now() time.Time { return x.reg.Now() }

// SvTRID is the identifier that the answer will have. It is for what must name the
// command later, such as a message about what it has changed.
func (x *Exchange) SvTRID() string {
	if x.svTRID == "" {
		x.svTRID = x.reg.SvTRID()
	}
	return x.svTRID
}

// Context ends when the connection is cut. A handler that waits, waits on it too.
func (x *Exchange) Context() context.Context { return x.ctx }

// OnSent has f called once it is known whether the answer left: true when the write
// that held all of it succeeded, false when it did not or when the answer never was
// written. f is called before the connection's next command is looked at, and must
// not block. The answer is then written at once, not together with those to further
// pipelined commands.
func (x *Exchange) OnSent(f func(sent bool)) { x.unsent = append(x.unsent, f) }

// A Session is what a Server knows of one connection. Its fields change only
// between two commands of that connection.
type Session struct {
	ID int64 // counts connections, from 1
	// ClID, Lang, ObjURI and ExtURI come from the login; ClID is "" before it.
	ClID, Lang     string
	ObjURI, ExtURI []string
	// Cert is the client's certificate, or nil. Its chain was verified, unless
	// [Options].AnyClientCert is set.
	Cert *x509.Certificate
	// CertFor is the registrar for which this Server made Cert
	// ([Server.ClientCert]), or "" for no certificate or one from elsewhere.
	// An account that trusts "the certificate made for me" compares it with
	// its clID; one that is tied to a certificate of its own compares
	// [Fingerprint].
	CertFor string
	// RemoteAddr is the client's address.
	RemoteAddr string
}

// Speaks reports whether the session's login named the object or the extension.
func (s *Session) Speaks(uri string) bool {
	return slices.Contains(s.ObjURI, uri) || slices.Contains(s.ExtURI, uri)
}
