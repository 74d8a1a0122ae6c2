package gateway

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode"
)

// A Denial is a request that came with wrong credentials, or with none: who has it done
// often is guessing. A session that has ended makes one too.
type Denial struct {
	Time time.Time
	Via  string // the interface
	User string // as the client named itself; "" where it names nobody
	Addr string // the client's network address
}

// maxUser is how many octets of a user's name are kept, which anybody may have made up.
const maxUser = 64

// Deny tells Options.Denied that an interface let nobody in. user is what the client
// calls itself, or "".
func (g *Gateway) Deny(ctx context.Context, via, user, addr string) {
	g.opts.Denied(context.WithoutCancel(ctx), Denial{Time: g.Now(), Via: via, User: printable(user), Addr: addr})
}

// printable is the beginning of a text, without what may move the cursor of who reads it.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		if b.Len()+len(string(r)) > maxUser {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}

// LogValue is the denial as structured logs have it: what is empty is left out.
func (d Denial) LogValue() slog.Value {
	attrs := []slog.Attr{slog.Time("time", d.Time.UTC()), slog.String("via", d.Via)}
	if d.User != "" {
		attrs = append(attrs, slog.String("user", d.User))
	}
	return slog.GroupValue(append(attrs, slog.String("addr", d.Addr))...)
}

// DenialLog is an Options.Denied that writes each denial as a line of a log.
func DenialLog(log *slog.Logger) func(context.Context, Denial) {
	return func(ctx context.Context, d Denial) {
		log.LogAttrs(ctx, slog.LevelWarn, "denied", slog.Any("entry", d))
	}
}
