package netim

import (
	"context"
	"fmt"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// The outcomes for which an operation has words: of a sending, and of the making of a
// code that domain info shows.
const (
	sent = authcode.KindSent | authcode.KindPending
	made = authcode.KindCode | authcode.KindPending
)

// sendAuthID answers PATCH domain/{domain}/authid/.
func (h *handler) sendAuthID(x *exchange) *httpserve.Answer {
	var w wireSendTo
	if _, err := jsonwire.Unmarshal(x.Body, &w); err != nil {
		return h.malformed()
	}
	flag := *w.of(x.version)
	if flag == nil || !SendTo(*flag).valid(x.version) {
		return h.refused(authcode.Refused{Class: authcode.Invalid, Text: "sendtoregistrant (1.0) must be 0 or 1, and sendto (3.0) 0, 1 or 2"})
	}
	out, err := h.handOver(x.Context(), x, SendTo(*flag))
	if err != nil {
		return h.error(err)
	}
	no, refused := out.(authcode.Refused)
	if refused && !(h.opts.FailedInBody && inBody(no.Class)) {
		return h.refused(no)
	}
	e := entry{Operation: Operation{Type: "domainAuthID"}, domain: x.arg}
	e.Status, e.Message = statusAndMessage(out)
	if p, ok := out.(authcode.Pending); ok {
		e.upstream = p.Operation
	}
	return h.started(x, e)
}

// handOver carries out what a flag asks for.
func (h *handler) handOver(ctx context.Context, x *exchange, to SendTo) (authcode.Outcome, error) {
	if to != ToRegistrant {
		// Some Providers find out that their registry shows no codes when they look
		// at a domain. What goes wrong here goes wrong again below.
		_, _ = h.g.Describe(ctx, x.who, x.arg)
	}
	caps, err := h.g.Capabilities(ctx, x.who, x.arg)
	if _, refused := authcode.AsRefused(err); err != nil && !refused {
		return nil, err
	} // a refusal comes again, and is written into the audit then
	regenerate := authcode.Request{Domain: x.arg, Verb: authcode.Regenerate}
	show := made
	if !readable(caps) {
		show = 0 // so that it is refused: nobody would ever see the code
	}
	if to == ToNobody {
		return h.make(ctx, x, regenerate, show)
	}
	send := authcode.Request{Domain: x.arg, Verb: authcode.Send, To: authcode.Registrant, Fresh: !h.opts.KeepCode}
	if to == ToReseller {
		send.To = authcode.Reseller
		// What can't be mailed to resellers they can read.
		if caps.Regenerate.Only(show) && (len(x.who.Mail) == 0 || !caps.For(send).Only(sent)) {
			return h.make(ctx, x, regenerate, show)
		}
	}
	return h.g.HandOver(ctx, x.who, send, sent)
}

// make has a code made for domain info to show.
func (h *handler) make(ctx context.Context, x *exchange, r authcode.Request, show authcode.Kinds) (authcode.Outcome, error) {
	out, err := h.g.HandOver(ctx, x.who, r, show)
	if err != nil {
		return nil, err
	}
	return out, h.unseen(ctx, x, x.arg, out)
}

// unseen is an error where a code was made that domain info does not show: no answer has
// it, so that nobody would ever get it.
func (h *handler) unseen(ctx context.Context, x *exchange, domain string, out authcode.Outcome) error {
	made, ok := out.(authcode.Code)
	if !ok {
		return nil
	}
	read, err := h.g.HandOver(ctx, x.who, authcode.Request{Domain: domain, Verb: authcode.Retrieve}, authcode.KindCode)
	if err == nil {
		if shown, ok := read.(authcode.Code); ok && gateway.Same(shown.Value, made.Value.Reveal()) {
			return nil
		}
		err = errNotShown
	}
	h.g.Log().Error("a new code was made, and nobody has it", "domain", domain, "error", err)
	return &authcode.Error{
		System: "netim", Op: "PATCH domain/authid", Domain: domain, Unknown: true,
		Err: fmt.Errorf("a new code was made, and can't be read back: %w", err),
	}
}
