package middleware

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// LogOptions configure a [Log].
type LogOptions struct {
	// Log gets the lines; nil means slog.Default().
	Log *slog.Logger
	// Level says how much an outcome matters; nil means [DefaultLevel].
	Level func(Info, Outcome) slog.Level
}

// DefaultLevel is Info for a success and for a command that its caller cancelled before
// it was sent, Warn for a refusal, and Error for all that need somebody's look: 2400 and
// the closing codes from 2500 on, a command that was not sent for another reason, or whose
// outcome is unknown, or whose answer is of no use.
func DefaultLevel(_ Info, o Outcome) slog.Level {
	switch {
	case o.Code.OK():
		return slog.LevelInfo
	case o.Err != nil && o.Fate == client.NotSent && errors.Is(o.Err, context.Canceled):
		return slog.LevelInfo
	case o.Code != 0 && !troubled(o.Code):
		return slog.LevelWarn
	}
	return slog.LevelError
}

// troubled reports whether a code says that the server could not do its work, rather than
// that a rule is against it.
func troubled(c epp.Code) bool { return c >= epp.CommandFailed }

// A Log writes one line for each command: its name, what it is about, the transaction
// identifiers, the code or how far it came, and how long it took. Frames, authInfo,
// passwords and the server's words are never in it.
type Log struct{ opts LogOptions }

// NewLog makes a Log.
func NewLog(opts LogOptions) *Log {
	if opts.Level == nil {
		opts.Level = DefaultLevel
	}
	return &Log{opts}
}

// Exchange passes the command on and writes its line.
func (l *Log) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	start := time.Now()
	resp, err := next.Exchange(ctx, cmd)
	log := l.opts.Log
	if log == nil {
		log = slog.Default()
	}
	i, o := infoOf(cmd), outcomeOf(cmd, start, resp, err)
	if level := l.opts.Level(i, o); log.Enabled(ctx, level) {
		log.LogAttrs(ctx, level, "EPP command", attrs(i, o)...)
	}
	return resp, err
}

func attrs(i Info, o Outcome) []slog.Attr {
	a := []slog.Attr{slog.String("command", i.Name)}
	add := func(key, value string) {
		if value != "" {
			a = append(a, slog.String(key, value))
		}
	}
	add("object", some(i.Objects()))
	add("clTRID", o.ClTRID)
	add("svTRID", o.SvTRID)
	if o.Code != 0 {
		a = append(a, slog.Int("code", int(o.Code)))
	} else {
		add("fate", o.Fate.String())
	}
	a = append(a, slog.Duration("took", o.Took))
	add("error", o.Reason())
	return a
}

// some names a few objects, and how many more there are.
func some(objects []string) string {
	const most = 3
	if len(objects) <= most {
		return strings.Join(objects, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(objects[:most], " "), len(objects)-most)
}
