package client

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"time"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
)

// Options configure a session. The zero value works, but knows no objects. A zero
// or negative number stands for the default that is named beside it.
type Options struct {
	// Schema is the set of namespaces that the client speaks.
	Schema *epp.Schema
	// Credentials, when given to Dial, log the session in.
	Credentials *Credentials

	// TLS is used by Dial, with TLS 1.2 as the least version. Without a
	// ServerName the host of the address is verified.
	TLS *tls.Config
	// DialContext makes the connection below TLS; nil means a net.Dialer. It
	// is the place for a proxy or a source address.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)

	// Timeout bounds each wait whose context has no deadline: a Dial as a
	// whole, the greeting, one call; and in any case one write; 30 s.
	Timeout time.Duration
	// StallTimeout ends a session on which commands wait and no answer has come
	// for so long, whatever the deadlines of the calls; 2 minutes.
	StallTimeout time.Duration
	// Pipeline is how many commands may be on their way at once; 64. Further
	// ones wait here, where they can be taken back. 1 turns pipelining off.
	Pipeline int
	// MaxFrame is the most octets of a frame that is accepted; 1 MiB.
	MaxFrame int

	// TRIDPrefix begins each clTRID that the session makes; "eppkit". More
	// than 32 characters are an error of Dial and Greet.
	TRIDPrefix string
	// NewTRID makes clTRIDs of 3 to 64 characters in place of the session's
	// own. Any number of goroutines may call it at once.
	NewTRID func() string

	// Validator, where it is given, is asked of every frame that goes or comes,
	// such as by a [schemas.Validator]. A command that is not valid is not sent.
	// An answer that is not valid is an [ErrInvalidAnswer] to its call, which was
	// executed; the session goes on. A greeting that is not valid ends the session.
	//
	// [schemas.Validator]: https://pkg.go.dev/github.com/eppkit/eppkit/schemas#Validator
	Validator Validator

	// Log gets a line for each frame, at debug level, with secrets redacted.
	// Nil logs nothing.
	Log *slog.Logger
	// Trace is called with each frame as it is on the wire, without its
	// header, secrets and all, by two goroutines at once: one for each
	// direction. It must not keep or change the slice, nor block or call the
	// session: the session waits for it.
	Trace func(dir Direction, frame []byte)
}

// A Validator says whether a frame, without its header, is valid. Any number of
// goroutines may call it.
type Validator interface {
	Validate(ctx context.Context, frame []byte) error
}

// Direction says who sent a frame.
type Direction uint8

// The directions.
const (
	Sent Direction = iota
	Received
)

func (d Direction) String() string {
	if d == Sent {
		return "sent"
	}
	return "received"
}

// withDefaults is the one place where defaults are.
func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.StallTimeout <= 0 {
		o.StallTimeout = 2 * time.Minute
	}
	if o.Pipeline <= 0 {
		o.Pipeline = 64
	}
	if o.MaxFrame <= 0 {
		o.MaxFrame = epp.DefaultMaxFrame
	}
	if o.TRIDPrefix == "" {
		o.TRIDPrefix = "eppkit"
	}
	if o.DialContext == nil {
		o.DialContext = new(net.Dialer).DialContext
	}
	return o
}

// maxPrefix leaves room in a clTRID for what [newTRIDs] adds.
const maxPrefix = 32

// check refuses options with which no command could be sent.
func (o *Options) check() error {
	if n := utf8.RuneCountInString(o.TRIDPrefix); n > maxPrefix && o.NewTRID == nil {
		return fmt.Errorf("the option TRIDPrefix has %d characters; at most %d are allowed", n, maxPrefix)
	}
	return nil
}

// within returns ctx with the default deadline where it has none.
func (o *Options) within(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, o.Timeout)
}

// frame reports a frame to the log and the trace. known are passwords that it may quote.
func (o *Options) frame(dir Direction, frame []byte, known *passwords) {
	if o.Trace != nil {
		o.Trace(dir, frame)
	}
	if o.Log != nil && o.Log.Enabled(context.Background(), slog.LevelDebug) {
		o.Log.Debug("EPP frame", "direction", dir.String(), "octets", len(frame)+4, "frame", string(known.redact(o.Schema.Redact(frame))))
	}
}
