package openprovider

import (
	"cmp"
	"errors"
	"hash/fnv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// SessionTTL is how long a token lasts that a login gave, unless the gateway's options
// say otherwise.
const SessionTTL = 48 * time.Hour

// HandlerOptions are what Openprovider does not document. The zero value works.
type HandlerOptions struct {
	// Codes are the codes of refusals, where they are not to be those of the
	// package's table.
	Codes map[authcode.Class]int
	// Status are the HTTP statuses of errors by their codes. Without an entry 196
	// has 401, what makes no sense 400, and all else 500, as real answers do.
	Status map[int]int
	// ResellerID is what a login answers as reseller_id; a number made of the
	// account's name.
	ResellerID func(*gateway.Account) int64
}

// NewHandler offers Openprovider's interface over a gateway, below /v1beta/.
func NewHandler(g *gateway.Gateway, o HandlerOptions) http.Handler {
	if o.ResellerID == nil {
		o.ResellerID = numberOf
	}
	h := &handler{g: g, o: o, sessions: g.NewSessions(SessionTTL, false)}
	return &httpserve.Server{
		MaxBody: g.MaxBody(), Answer: h.answer, Bad: h.bad, Failed: httpserve.Unknown, Log: g.Log(),
	}
}

// numberOf makes a number of an account's name, the same each time.
func numberOf(who *gateway.Account) int64 {
	h := fnv.New32a()
	h.Write([]byte(who.Name))
	return int64(h.Sum32() >> 1)
}

type handler struct {
	g        *gateway.Gateway
	o        HandlerOptions
	sessions *gateway.Sessions
}

// exchange is a request of an account that was let in.
type exchange struct {
	*httpserve.Request
	who   gateway.Caller
	query url.Values
}

// routes are the paths below /v1beta, and who answers them. A segment "*" is a domain's
// number.
var routes = [...]struct {
	path   string
	method string
	verb   authcode.Verb // of a hand-over
	answer func(h *handler, x *exchange, domain string) *httpserve.Answer
}{
	{"auth/login", http.MethodPost, "", nil}, // before there is an account
	{"domains", http.MethodGet, "", (*handler).find},
	{"domains/*", http.MethodGet, "", (*handler).show},
	{"domains/*", http.MethodPut, "", (*handler).update},
	{"domains/*/authcode", http.MethodGet, authcode.Retrieve, (*handler).request},
	{"domains/*/authcode/reset", http.MethodPost, authcode.Regenerate, (*handler).reset},
}

// answer lets an account in before it looks at anything else.
func (h *handler) answer(q *httpserve.Request) *httpserve.Answer {
	if q.Method == http.MethodPost && slices.Equal(q.Segments, []string{"v1beta", "auth", "login"}) {
		return h.login(q)
	}
	who := h.sessions.Account(httpserve.Bearer(q.Request))
	if who == nil {
		return h.stranger(q, "")
	}
	if !h.g.Allow(who) {
		return h.refuse(errRate)
	}
	query, err := url.ParseQuery(q.URL.RawQuery)
	if err != nil {
		return h.refuse(invalid("the query is malformed"))
	}
	x := &exchange{q, gateway.Caller{Account: who, Via: "openprovider", Addr: q.RemoteAddr}, query}
	if len(q.Segments) == 0 || q.Segments[0] != "v1beta" {
		return h.with(h.refuse(errPath), http.StatusNotFound)
	}
	var allow []string
	for _, route := range routes {
		id, ok := match(route.path, q.Segments[1:])
		switch {
		case !ok:
		case route.method != q.Method:
			allow = append(allow, route.method)
		case id == "":
			return route.answer(h, x, "")
		default:
			return h.withDomain(x, id, route.verb, route.answer)
		}
	}
	if allow != nil {
		a := h.with(h.refuse(errMethod), http.StatusMethodNotAllowed)
		a.Header = http.Header{"Allow": {strings.Join(allow, ", ")}}
		return a
	}
	return h.with(h.refuse(errPath), http.StatusNotFound)
}

// match compares a path with a route, and returns what stands for "*".
func match(route string, path []string) (id string, ok bool) {
	parts := strings.Split(route, "/")
	if len(parts) != len(path) {
		return "", false
	}
	for i, part := range parts {
		if part == "*" {
			id = path[i]
		} else if part != path[i] {
			return "", false
		}
	}
	return id, true
}

// withDomain answers a request about a domain that is the account's. A number that is
// nobody's is answered as one that is another's. That a hand-over was tried, which the
// verb says, is written down.
func (h *handler) withDomain(x *exchange, id string, verb authcode.Verb, answer func(*handler, *exchange, string) *httpserve.Answer) *httpserve.Answer {
	n, err := strconv.ParseInt(id, 10, 32)
	if err != nil {
		return h.refuse(invalid("the id of a domain is a number"))
	}
	domain := h.g.Accounts().Domain(x.who.Account, int32(n))
	if holder := h.g.Accounts().Holder(domain); domain == "" || holder == nil || holder.Name != x.who.Name {
		if verb != "" {
			h.g.TurnedDown(x.Context(), x.who, authcode.Request{Domain: id, Verb: verb}, authcode.Refused{
				Class: authcode.NotYours, Code: strconv.Itoa(codeNotInAccount),
			})
		}
		return envelop(statusOf(codeNotInAccount, h.o.Status), response{
			Code: codeNotInAccount, Desc: "the account has no such domain", Data: "",
		})
	}
	return answer(h, x, domain)
}

// login opens a session.
func (h *handler) login(q *httpserve.Request) *httpserve.Answer {
	var d loginRequest
	if _, err := jsonwire.Unmarshal(q.Body, &d); err != nil {
		return h.refuse(errMalformed)
	}
	who := h.g.Accounts().ByUser(d.Username)
	var secret authcode.Secret
	if who != nil {
		secret = who.Secret
	}
	if !gateway.Same(secret, string(d.Password)) {
		return h.stranger(q, d.Username)
	}
	if !h.g.Allow(who) {
		return h.refuse(errRate)
	}
	token, err := h.sessions.Open(who)
	if errors.Is(err, gateway.ErrTooManySessions) {
		return h.refuse(authcode.Refused{Class: authcode.RateLimited, Text: "the account has too many sessions open"})
	}
	if err != nil {
		h.g.Log().Error("no session", "error", err)
		return h.refuse(authcode.Refused{Class: authcode.Unavailable, Text: "no session can be opened"})
	}
	return h.ok(loginData{Token: token, ResellerID: jsonwire.Int(h.o.ResellerID(who))})
}

// stranger is the answer to wrong credentials, or to a wrong token.
func (h *handler) stranger(q *httpserve.Request, user string) *httpserve.Answer {
	h.g.Deny(q.Context(), "openprovider", user, q.RemoteAddr)
	return h.refuse(errUnauthorized)
}

// Refusals of the handler itself.
var (
	errUnauthorized = authcode.Refused{Class: authcode.Unauthorized, Text: "authentication failed"}
	errRate         = authcode.Refused{Class: authcode.RateLimited, Text: "too many requests"}
	errPath         = authcode.Refused{Class: authcode.Unsupported, Text: "there is no such operation"}
	errMethod       = authcode.Refused{Class: authcode.Unsupported, Text: "the operation has another method"}
	errMalformed    = invalid("the body is not the JSON of a request")
)

func invalid(text string) authcode.Refused {
	return authcode.Refused{Class: authcode.Invalid, Text: text}
}

// bad is the answer to a request that can't be read.
func (h *handler) bad(err error) *httpserve.Answer {
	switch {
	case errors.Is(err, httpserve.ErrTooLarge):
		return h.with(h.refuse(invalid("the body is too large")), http.StatusRequestEntityTooLarge)
	case errors.Is(err, httpserve.ErrBody):
		return h.refuse(invalid("the body did not come in whole"))
	}
	return h.refuse(invalid("the path is malformed"))
}

// ok is the answer of a success. One that has a code which JSON can't hold says that
// nothing is known.
func (h *handler) ok(data any) *httpserve.Answer {
	doc, err := jsonwire.Marshal(response{Data: data})
	if err != nil {
		h.g.Log().Error("a success can't be told", "error", err)
		return httpserve.Unknown()
	}
	return withJSON(http.StatusOK, doc)
}

// refuse is the answer of a refusal.
func (h *handler) refuse(no authcode.Refused) *httpserve.Answer {
	code := codeOf(no.Class, h.o.Codes)
	return envelop(statusOf(code, h.o.Status), response{
		Code: code, Desc: cmp.Or(no.Text, string(no.Class)), Data: "", Maintenance: no.Class == authcode.Unavailable,
	})
}

func envelop(status int, r response) *httpserve.Answer {
	return withJSON(status, jsonwire.Append(r))
}

func withJSON(status int, doc []byte) *httpserve.Answer {
	return &httpserve.Answer{Status: status, ContentType: "application/json", Body: doc}
}

// with is an answer with a status that HTTP demands.
func (h *handler) with(a *httpserve.Answer, status int) *httpserve.Answer {
	a.Status = status
	return a
}

// failure is the answer to an error of the gateway. One that leaves open what was done
// has no envelope, so that nobody takes it for a refusal.
func (h *handler) failure(err error) *httpserve.Answer {
	if no, refused := authcode.AsRefused(err); refused {
		return h.refuse(no)
	}
	if authcode.SafeToRetry(err) {
		return h.refuse(authcode.Refused{Class: authcode.Unavailable, Text: "the registry is out of reach; nothing was done"})
	}
	return httpserve.Unknown()
}
