package gateway

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// An Entry says who asked for which code, and what became of it; never the code, and
// nothing in the upstream's words, which might quote it.
type Entry struct {
	Time    time.Time
	Via     string // the interface
	Account string
	Addr    string // the client's network address
	Domain  string // as it was asked for where it is no valid name
	// Verb, To and Scope are of the request; Verb is "" where it is not known any
	// more, because an operation came to its end.
	Verb  authcode.Verb
	To    authcode.Recipient
	Scope authcode.Scope
	// Outcome is code, sent, pending, refused, unknown, or failed, where nothing
	// was done.
	Outcome string
	// Recipients and Addresses say who got it; the addresses are masked. Of an
	// unknown outcome they are those who got it for certain.
	Recipients []authcode.Recipient
	Addresses  []string
	// Replaced says that the code before does not work any more, of a refusal.
	Replaced bool
	// Class and Code are of a refusal.
	Class authcode.Class
	Code  string
	// Operation is of what is or was pending.
	Operation string
}

func entry(now time.Time, who Caller, r authcode.Request, out authcode.Outcome, err error) Entry {
	e := Entry{
		Time: now, Via: who.Via, Account: who.Name, Addr: who.Addr,
		Domain: r.Domain, Verb: r.Verb, To: r.To, Scope: r.Scope.OrExternal(),
	}
	switch {
	case out != nil: // what happened, whatever the client is told
	case authcode.SafeToRetry(err):
		e.Outcome = "failed"
		return e
	default:
		e.Outcome = "unknown"
		var why *authcode.Error
		if errors.As(err, &why) {
			e.Addresses = why.Delivered
		}
		return e
	}
	e.Outcome = out.Kind().String()
	switch out := out.(type) {
	case authcode.Sent:
		e.Recipients, e.Addresses = out.To, out.Addresses
	case authcode.Pending:
		e.Operation = out.Operation
	case authcode.Refused:
		e.Class, e.Code, e.Addresses, e.Replaced = out.Class, out.Code, out.Delivered, out.Replaced
	}
	return e
}

// LogValue is the entry as structured logs have it: what is empty is left out.
func (e Entry) LogValue() slog.Value {
	attrs := []slog.Attr{slog.Time("time", e.Time.UTC())}
	add := func(key, value string) {
		if value != "" {
			attrs = append(attrs, slog.String(key, value))
		}
	}
	add("via", e.Via)
	add("account", e.Account)
	add("addr", e.Addr)
	add("domain", e.Domain)
	add("verb", string(e.Verb))
	add("to", string(e.To))
	if e.Scope == authcode.Internal {
		add("scope", string(e.Scope))
	}
	add("outcome", e.Outcome)
	if len(e.Recipients) > 0 {
		attrs = append(attrs, slog.Any("recipients", e.Recipients))
	}
	if len(e.Addresses) > 0 {
		attrs = append(attrs, slog.Any("addresses", e.Addresses))
	}
	if e.Replaced {
		attrs = append(attrs, slog.Bool("replaced", true))
	}
	add("class", string(e.Class))
	add("code", e.Code)
	add("operation", e.Operation)
	return slog.GroupValue(attrs...)
}

// AuditLog is an Options.Audit that writes each entry as a line of a log.
func AuditLog(log *slog.Logger) func(context.Context, Entry) {
	return func(ctx context.Context, e Entry) {
		log.LogAttrs(ctx, slog.LevelInfo, "hand-over", slog.Any("entry", e))
	}
}
