package netim

import (
	"context"

	"github.com/eppkit/eppkit/authcode"
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
		return h.g.HandOver(ctx, x.who, regenerate, show)
	}
	send := authcode.Request{Domain: x.arg, Verb: authcode.Send, To: authcode.Registrant, Fresh: !h.opts.KeepCode}
	if to == ToReseller {
		send.To = authcode.Reseller
		// What can't be mailed to resellers they can read.
		if caps.Regenerate.Only(show) && (len(x.who.Mail) == 0 || !caps.For(send).Only(sent)) {
			return h.g.HandOver(ctx, x.who, regenerate, show)
		}
	}
	return h.g.HandOver(ctx, x.who, send, sent)
}
