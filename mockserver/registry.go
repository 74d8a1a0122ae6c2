package mockserver

import (
	"cmp"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A Registry is what a [Server] puts on the wire: the state and the rules, without
// sockets. The packages gtld and fred make one. A Server calls it from many
// goroutines.
//
// A Registry may also be a [SessionLimiter], a [Translator] or a [Finisher].
type Registry interface {
	// Schema is the set of namespaces that the registry speaks.
	Schema() *epp.Schema
	// Greeting is what the registry says first. The Server sets nothing in it.
	Greeting() *epp.Greeting
	// Routes binds the registry's handlers.
	Routes(*Mux)
	// Login checks a login that is due, and changes the password when asked.
	// On success the session belongs to q.ClID. The error is a
	// *epp.ResultError; one whose code closes ends the connection. A login
	// with a new password comes twice: without it, and with it when there is
	// a place for the session.
	Login(x *Exchange, q *epp.Login) error
	// Now is the time by the registry's clock.
	Now() time.Time
	// SvTRID makes a new transaction identifier, unique in this registry.
	SvTRID() string
	// Profile is how the registry behaves on the wire.
	Profile() Profile
}

// A SessionLimiter is a registry whose registrars differ in how many sessions they
// may have open.
type SessionLimiter interface {
	// SessionLimit is the limit of one registrar; 0 stands for the profile's.
	SessionLimit(clID string) int
}

// A Translator is a registry that answers in several languages.
type Translator interface {
	// ResultText is the text of a result code in the language of a session,
	// which is one that the greeting offers, or "" before the login.
	ResultText(code epp.Code, lang string) epp.Text
}

// A Finisher is a registry that has the last word on its answers.
type Finisher interface {
	// Finish may change an answer that is about to be written, before the
	// extensions are left out that the login did not name. What the answer's
	// lists hold may be shared: it is replaced, not changed.
	Finish(x *Exchange, m *epp.Response)
}

// A Profile is how a registry behaves where the standards leave room, and its
// limits. A zero field has the default named beside it.
type Profile struct {
	// CloseOnGarbage closes the connection without an answer after a frame
	// that is not well-formed XML, or that is no command; otherwise the
	// answer is 2001.
	CloseOnGarbage bool
	// SchemaFirst is for a registry that validates each frame by its schemas
	// before it looks at anything else, as FRED does: what the schemas don't
	// have is 2001, be it a command, an object or an extension, and a 2001
	// has no clTRID. Otherwise the answers are 2000, 2307 and 2103, and 2001
	// has the clTRID where it can be read.
	SchemaFirst bool
	// InvalidPrefix begins each reason why a frame is not valid by the schemas.
	InvalidPrefix string
	// IgnoreServices takes any objURI and extURI in a login, and lets a
	// session use everything, whatever its login named.
	IgnoreServices bool
	// MaxFrame is the most octets of a frame, header included; 1 MiB.
	MaxFrame int
	// MaxSessions is how many sessions a registrar may have open; 5. The
	// login beyond it is answered 2502. A registrar's account can override it
	// (see [SessionLimiter]).
	MaxSessions int
	// MaxLoginFailures is how many logins may fail on a connection before
	// the answer is 2501 and the connection is closed; 3.
	MaxLoginFailures int
	// IdleTimeout ends a session without commands, LoginTimeout a connection
	// without a login; 5 minutes and 1 minute, by the machine's clock.
	IdleTimeout, LoginTimeout time.Duration
	// IdleCode is sent before an idle session is closed; 0 closes it silently.
	IdleCode epp.Code
}

// withDefaults fills in the fields that are zero.
func (p Profile) withDefaults() Profile {
	p.MaxFrame = cmp.Or(p.MaxFrame, epp.DefaultMaxFrame)
	p.MaxSessions = cmp.Or(p.MaxSessions, 5)
	p.MaxLoginFailures = cmp.Or(p.MaxLoginFailures, 3)
	p.IdleTimeout = cmp.Or(p.IdleTimeout, 5*time.Minute)
	p.LoginTimeout = cmp.Or(p.LoginTimeout, time.Minute)
	return p
}
