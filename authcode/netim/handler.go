package netim

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// HandlerOptions are what the document leaves open. A zero field has the default named
// beside it.
type HandlerOptions struct {
	// SessionTTL is how long a session lasts that is not used; 20 minutes. The
	// gateway's own SessionTTL goes before it.
	SessionTTL time.Duration
	// Statuses are the HTTP statuses of refusals; Class.HTTPStatus. That of
	// RateLimited is also for a session too many.
	Statuses map[authcode.Class]int
	// FailedInBody answers a refusal of class Failed or Undeliverable with 200 and
	// an operation whose STATUS is Failed.
	FailedInBody bool
	// KeepCode sends the code that the domain has where the Provider can. Otherwise
	// it is asked for a fresh one, for the document says that each request makes a
	// new code.
	KeepCode bool
	// Operations is how many operations are remembered for each account; 1000.
	Operations int
	// Location is the time zone of dates; UTC.
	Location *time.Location
}

// NewHandler serves /1.0/ and /3.0/ over a gateway. It must not be behind an
// http.ServeMux, which redirects paths with doubled slashes.
func NewHandler(g *gateway.Gateway, o HandlerOptions) http.Handler {
	o.Operations = cmp.Or(max(o.Operations, 0), 1000)
	if o.Location == nil {
		o.Location = time.UTC
	}
	h := &handler{
		g: g, opts: o, sessions: g.NewSessions(cmp.Or(o.SessionTTL, 20*time.Minute), true),
		// A restart must not give out a number a second time.
		ops: ledger{max: o.Operations, next: g.Now().Unix(), of: map[string][]entry{}},
	}
	return &httpserve.Server{
		MaxBody: g.MaxBody(), Answer: h.answer, Bad: h.bad, Failed: httpserve.Unknown, Log: g.Log(),
	}
}

type handler struct {
	g        *gateway.Gateway
	opts     HandlerOptions
	sessions *gateway.Sessions
	ops      ledger
}

// An exchange is one request of a known account.
type exchange struct {
	*httpserve.Request
	version Version
	who     gateway.Caller
	arg     string // the domain or the number in the path
}

// A route is a path below the version, in which "" stands for any segment.
type route struct {
	path    []string
	methods map[string]func(*handler, *exchange) *httpserve.Answer
}

var routes = []route{
	{[]string{"session"}, methods{http.MethodPost: nil, http.MethodDelete: (*handler).closeSession}},
	{[]string{"domain", "", "authid"}, methods{http.MethodPatch: (*handler).sendAuthID}},
	{[]string{"domain", "", "info"}, methods{http.MethodGet: (*handler).domainInfo}},
	{[]string{"domain", "", "preference"}, methods{http.MethodPatch: (*handler).setPreference}},
	{[]string{"operation", ""}, methods{http.MethodGet: (*handler).operation}},
	{[]string{"operations", "pending"}, methods{http.MethodGet: (*handler).pendingOperations}},
}

type methods = map[string]func(*handler, *exchange) *httpserve.Answer

// match reports whether a path is the route's, and what its "" stands for.
func (r route) match(path []string) (arg string, ok bool) {
	if len(path) != len(r.path) {
		return "", false
	}
	for i, want := range r.path {
		if want == "" {
			arg = path[i]
		} else if want != path[i] {
			return "", false
		}
	}
	return arg, true
}

// answer looks at who asks before it looks at what for, so that the answer to strangers
// tells nothing.
func (h *handler) answer(q *httpserve.Request) *httpserve.Answer {
	x := &exchange{Request: q, who: gateway.Caller{Via: "netim", Addr: q.RemoteAddr}}
	path := q.Segments
	if len(path) > 0 {
		x.version, path = Version(path[0]), path[1:]
	}
	known := x.version == V1 || x.version == V3
	opens := known && len(path) == 1 && path[0] == "session" && q.Method == http.MethodPost
	if opens {
		x.who.Account = h.login(q)
	} else {
		x.who.Account = h.sessions.Account(httpserve.Bearer(q.Request))
	}
	switch {
	case x.who.Account == nil:
		user, _, _ := q.BasicAuth()
		h.g.Deny(q.Context(), x.who.Via, user, x.who.Addr)
		return h.stranger(opens)
	case !h.g.Allow(x.who.Account):
		return h.tooMany()
	case opens:
		return h.openSession(x)
	case known:
		for _, r := range routes {
			if arg, ok := r.match(path); ok {
				x.arg = arg
				return h.call(x, r)
			}
		}
	}
	return h.fail(http.StatusNotFound, "there is nothing at this path")
}

func (h *handler) call(x *exchange, r route) *httpserve.Answer {
	f := r.methods[x.Method]
	if f == nil {
		a := h.fail(http.StatusMethodNotAllowed, "this path does not take the method")
		a.Header = http.Header{"Allow": {strings.Join(slices.Sorted(maps.Keys(r.methods)), ", ")}}
		return a
	}
	if x.Method == http.MethodPatch && !isJSON(x.Header.Get("Content-Type")) {
		return h.fail(http.StatusUnsupportedMediaType, "only application/json is accepted")
	}
	return f(h, x)
}

// isJSON reports whether a Content-Type is JSON's, or not told.
func isJSON(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	kind = strings.TrimSpace(kind)
	return kind == "" || strings.EqualFold(kind, "application/json")
}

// login returns the account of HTTP basic credentials; nil for none. It takes as long
// for a name that nobody has.
func (h *handler) login(q *httpserve.Request) *gateway.Account {
	id, secret, _ := q.BasicAuth()
	account := h.g.Accounts().ByUser(id)
	wanted := authcode.Secret("nobody's")
	if account != nil {
		wanted = account.Secret
	}
	if !gateway.Same(wanted, secret) {
		return nil
	}
	return account
}

// stranger is the answer to wrong credentials, or to a wrong session: the same for every
// path.
func (h *handler) stranger(opens bool) *httpserve.Answer {
	status := statusOf(authcode.Unauthorized, h.opts.Statuses)
	if opens {
		a := h.fail(status, "the identifier or the secret is wrong")
		a.Header = http.Header{"Www-Authenticate": {`Basic realm="netim"`}}
		return a
	}
	a := h.fail(status, "there is no such session")
	a.Header = http.Header{"Www-Authenticate": {`Bearer realm="netim"`}}
	return a
}

func (h *handler) tooMany() *httpserve.Answer {
	a := h.refused(authcode.Refused{Class: authcode.RateLimited, Text: "too many requests"})
	if wait := h.g.RetryAfter(); wait > 0 {
		a.Header = http.Header{"Retry-After": {strconv.Itoa(int(wait / time.Second))}}
	}
	return a
}

// openSession takes a body that is empty, or JSON: preferences, which change nothing.
func (h *handler) openSession(x *exchange) *httpserve.Answer {
	if body := strings.TrimSpace(string(x.Body)); body != "" && !json.Valid(x.Body) {
		if _, err := jsonwire.Unmarshal(x.Body, new(struct{})); err != nil {
			return h.malformed()
		}
	}
	token, err := h.sessions.Open(x.who.Account)
	switch {
	case errors.Is(err, gateway.ErrTooManySessions):
		return h.refused(authcode.Refused{Class: authcode.RateLimited, Text: err.Error()})
	case err != nil:
		h.g.Log().Error("no session", "error", err)
		return h.refused(authcode.Refused{Class: authcode.Unavailable, Text: "no session can be opened now"})
	}
	return ok(wireSession{Token: token})
}

func (h *handler) closeSession(x *exchange) *httpserve.Answer {
	h.sessions.Close(httpserve.Bearer(x.Request.Request))
	return ok(failure{Message: "the session is closed"})
}

// domainInfo shows the code where that has no side effects.
func (h *handler) domainInfo(x *exchange) *httpserve.Answer {
	d, err := h.g.Describe(x.Context(), x.who, x.arg)
	if err != nil {
		return h.error(err)
	}
	caps, err := h.g.Capabilities(x.Context(), x.who, x.arg)
	if err != nil {
		return h.error(err)
	}
	var code authcode.Secret
	if readable(caps) {
		out, err := h.g.HandOver(x.Context(), x.who, authcode.Request{Domain: x.arg, Verb: authcode.Retrieve}, authcode.KindCode)
		if err != nil {
			return h.error(err)
		}
		switch out := out.(type) {
		case authcode.Code:
			code = out.Value
		case authcode.Refused:
			if !codeless(out.Class) {
				return h.refused(out)
			}
		}
	}
	d.Name = cmp.Or(d.Name, x.arg)
	doc, err := jsonwire.Marshal(wireInfoOf(d, code, h.opts.Location))
	if err != nil {
		h.g.Log().Error("a code can't be shown", "domain", d.Name, "error", err)
		return httpserve.Unknown()
	}
	return withJSON(http.StatusOK, doc)
}

// readable reports whether a code can be read without side effects.
func readable(c authcode.Capabilities) bool { return c.Retrieve.Any() && !c.Retrieve.SideEffects() }

// codeless says which refusals mean that there is no code to show, and no more.
func codeless(class authcode.Class) bool {
	return class == authcode.Unset || class == authcode.NoCodes || class == authcode.Unsupported
}

func (h *handler) setPreference(x *exchange) *httpserve.Answer {
	var w wirePreference
	if _, err := jsonwire.Unmarshal(x.Body, &w); err != nil {
		return h.malformed()
	}
	switch {
	case w.Code != registrarLock:
		return h.refused(authcode.Refused{Class: authcode.Unsupported, Text: "codePref can only be " + registrarLock + " here"})
	case w.Value == nil || *w.Value != 0 && *w.Value != 1:
		return h.refused(authcode.Refused{Class: authcode.Invalid, Text: "value must be 0 or 1"})
	}
	err := h.g.SetLock(x.Context(), x.who, x.arg, *w.Value == 1)
	e := entry{Operation: Operation{Type: "domainSetPreference", Status: Done}, domain: x.arg}
	if no, refused := authcode.AsRefused(err); refused && h.opts.FailedInBody && inBody(no.Class) {
		e.Status, e.Message = Failed, message(no)
	} else if err != nil {
		return h.error(err)
	}
	return h.started(x, e)
}

// started answers with an operation, and remembers it.
func (h *handler) started(x *exchange, e entry) *httpserve.Answer {
	e.Date = h.g.Now()
	e = h.ops.add(x.who.Name, e)
	return ok(e.wire(x.version, h.opts.Location))
}

func (h *handler) operation(x *exchange) *httpserve.Answer {
	id, err := strconv.ParseInt(x.arg, 10, 64)
	e, found := h.ops.find(x.who.Name, id)
	if err != nil || !found {
		return h.refused(authcode.Refused{Class: authcode.NotFound, Text: "there is no such operation"})
	}
	if e, err = h.refresh(x, e); err != nil {
		return h.error(err)
	}
	return ok(e.wire(x.version, h.opts.Location))
}

// maxRefresh bounds what one request may ask of the Provider.
const maxRefresh = 20

func (h *handler) pendingOperations(x *exchange) *httpserve.Answer {
	list := []wirePending{}
	for i, e := range h.ops.pending(x.who.Name) {
		if i < maxRefresh {
			var err error
			e, err = h.refresh(x, e)
			if err != nil && !authcode.OutcomeUnknown(err) { // which is no end
				return h.error(err)
			}
		}
		if e.Status == Pending {
			op := PendingOperation{ID: e.ID, Type: e.Type, Date: e.Date, Data: e.domain}
			list = append(list, op.wire(h.opts.Location))
		}
	}
	return ok(list)
}

// refresh asks what became of an operation that was pending. Of one that the Provider
// does not know any more, nothing new is said.
func (h *handler) refresh(x *exchange, e entry) (entry, error) {
	if e.Status != Pending || e.upstream == "" {
		return e, nil
	}
	out, err := h.g.Operation(x.Context(), x.who, e.domain, e.upstream)
	if _, refused := authcode.AsRefused(err); refused {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	if no, refused := out.(authcode.Refused); refused && no.Class == authcode.NotFound {
		return e, nil
	}
	if err := h.unseen(x.Context(), x, e.domain, out); err != nil {
		return e, err
	}
	return h.ops.settle(x.who.Name, e.ID, out), nil
}

func (h *handler) bad(err error) *httpserve.Answer {
	if errors.Is(err, httpserve.ErrTooLarge) {
		return h.fail(http.StatusRequestEntityTooLarge, err.Error())
	}
	return h.fail(http.StatusBadRequest, "the request can't be read")
}

func (h *handler) malformed() *httpserve.Answer {
	return h.refused(authcode.Refused{Class: authcode.Invalid, Text: "the body is not the JSON that is expected"})
}

func (h *handler) refused(no authcode.Refused) *httpserve.Answer {
	return asJSON(statusOf(no.Class, h.opts.Statuses), failureOf(no))
}

// error is the answer to a Refused, or to what has no outcome.
func (h *handler) error(err error) *httpserve.Answer {
	if authcode.OutcomeUnknown(err) {
		return httpserve.Unknown()
	}
	if no, refused := authcode.AsRefused(err); refused {
		return h.refused(no)
	}
	return h.refused(authcode.Refused{Class: authcode.Unavailable, Text: "the upstream can't be reached; nothing was done"})
}

func (h *handler) fail(status int, text string) *httpserve.Answer {
	return asJSON(status, failure{Message: text})
}

func ok(v any) *httpserve.Answer { return asJSON(http.StatusOK, v) }

func asJSON(status int, v any) *httpserve.Answer { return withJSON(status, jsonwire.Append(v)) }

func withJSON(status int, doc []byte) *httpserve.Answer {
	return &httpserve.Answer{Status: status, ContentType: "application/json", Body: doc}
}
