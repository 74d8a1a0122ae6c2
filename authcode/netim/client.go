package netim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A Version is one of the interface.
type Version string

// The versions.
const (
	V1 Version = "1.0"
	V3 Version = "3.0"
)

// Options say which account a client works for. ID and Secret are required.
type Options struct {
	// HTTP is how Netim is reached. Base is https://rest.netim.com/ and the version.
	authcode.HTTP
	Version Version // V1
	ID      string
	Secret  authcode.Secret
	// Language of messages: EN or FR; EN.
	Language string
	// Mailed says that the reseller gets mail with the code wherever version 1.0 is
	// asked to send it there, also where domain info does not show it. Then a
	// Regenerate after which no code is shown is Sent; otherwise it is unknown.
	Mailed bool
	// Location is the time zone of Netim's dates; UTC.
	Location *time.Location
	// Classes say what HTTP statuses mean, where it is not what
	// authcode.ClassOfStatus says.
	Classes map[int]authcode.Class
}

// A Client talks to Netim. It is a Provider, a Describer, a Locker and an Operator. Any
// number of goroutines may use it at once.
//
// The error of its methods is a Refused, or an *authcode.Error.
type Client struct {
	opts    Options
	http    *httpcall.Caller
	session *httpcall.Session
	asked   asked
}

var (
	_ authcode.Provider  = (*Client)(nil)
	_ authcode.Describer = (*Client)(nil)
	_ authcode.Locker    = (*Client)(nil)
	_ authcode.Operator  = (*Client)(nil)
)

// New makes a Client. It sends nothing: the first call opens the session.
func New(o Options) (*Client, error) {
	o.Version = cmp.Or(o.Version, V1)
	o.Language = cmp.Or(o.Language, "EN")
	if o.Location == nil {
		o.Location = time.UTC
	}
	switch {
	case o.Version != V1 && o.Version != V3:
		return nil, fmt.Errorf("netim: there is no version %q, but %s and %s", o.Version, V1, V3)
	case o.Language != "EN" && o.Language != "FR":
		return nil, fmt.Errorf("netim: there is no language %q, but EN and FR", o.Language)
	case o.ID == "" || o.Secret == "":
		return nil, errors.New("netim: ID and Secret are required")
	}
	caller, err := httpcall.New("netim", "https://rest.netim.com/"+string(o.Version), o.HTTP)
	if err != nil {
		return nil, err
	}
	c := &Client{opts: o, http: caller}
	c.session = httpcall.NewSession(caller, c.openSession)
	return c, nil
}

// Format shows the account and the version, and neither secret nor session.
func (c *Client) Format(f fmt.State, _ rune) {
	io.WriteString(f, "netim "+string(c.opts.Version)+" as "+c.opts.ID)
}

// A SendTo is who gets the code that SendAuthID makes.
type SendTo int

// The recipients.
const (
	ToReseller   SendTo = 0
	ToRegistrant SendTo = 1
	ToNobody     SendTo = 2 // in version 3.0
)

type wireSendTo struct {
	ToRegistrant *jsonwire.Int `json:"sendtoregistrant,omitempty"` // 1.0
	To           *jsonwire.Int `json:"sendto,omitempty"`           // 3.0
}

// of is the flag of a version.
func (w *wireSendTo) of(v Version) **jsonwire.Int {
	if v == V3 {
		return &w.To
	}
	return &w.ToRegistrant
}

// valid reports whether a version has a recipient.
func (to SendTo) valid(v Version) bool {
	return to == ToReseller || to == ToRegistrant || to == ToNobody && v == V3
}

// SendAuthID makes a new transfer code, and has it sent (PATCH domain/{domain}/authid/).
// The one before ends. An operation that is Failed is no error; see Operation.Refused.
func (c *Client) SendAuthID(ctx context.Context, domain string, to SendTo) (*Operation, error) {
	if !to.valid(c.opts.Version) {
		return nil, authcode.Refused{
			Class: authcode.Unsupported,
			Text:  fmt.Sprintf("version %s has no recipient %d", c.opts.Version, to),
		}
	}
	var w wireSendTo
	flag := jsonwire.Int(to)
	*w.of(c.opts.Version) = &flag
	return c.change(ctx, domain, "authid", w)
}

type wirePreference struct {
	Code  string        `json:"codePref"`
	Value *jsonwire.Int `json:"value"`
}

const registrarLock = "registrar_lock"

// SetRegistrarLock sets or clears the lock that forbids transfers
// (PATCH domain/{domain}/preference/).
func (c *Client) SetRegistrarLock(ctx context.Context, domain string, locked bool) (*Operation, error) {
	value := "0"
	if locked {
		value = "1"
	}
	return c.change(ctx, domain, "preference", map[string]string{"codePref": registrarLock, "value": value})
}

// DomainInfo tells about a domain (GET domain/{domain}/info/).
func (c *Client) DomainInfo(ctx context.Context, domain string) (*DomainInfo, error) {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return nil, err
	}
	q := httpcall.Call{
		Op: "GET domain/info", Domain: name, Method: http.MethodGet, Safe: true,
		Path: httpcall.Path("domain", name, "info") + "/",
	}
	return call(ctx, c, q, func(doc []byte) (*DomainInfo, error) { return parseInfo(doc, name, c.opts.Location) })
}

// QueryOperation tells how far an operation is (GET operation/{id}).
func (c *Client) QueryOperation(ctx context.Context, id int64) (*Operation, error) {
	q := httpcall.Call{
		Op: "GET operation", Method: http.MethodGet, Safe: true,
		Path: httpcall.Path("operation", strconv.FormatInt(id, 10)),
	}
	return call(ctx, c, q, func(doc []byte) (*Operation, error) {
		op, err := parseOperation(doc, c.opts.Location)
		if err == nil && op.ID != id {
			return nil, errOtherOperation
		}
		return op, err
	})
}

// PendingOperations are all that go on (GET operations/pending/).
func (c *Client) PendingOperations(ctx context.Context) ([]PendingOperation, error) {
	q := httpcall.Call{Op: "GET operations/pending", Method: http.MethodGet, Safe: true, Path: "/operations/pending/"}
	return call(ctx, c, q, func(doc []byte) ([]PendingOperation, error) { return parsePending(doc, c.opts.Location) })
}

// change makes a PATCH of a part of a domain.
func (c *Client) change(ctx context.Context, domain, part string, body any) (*Operation, error) {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return nil, err
	}
	q := httpcall.Call{
		Op: "PATCH domain/" + part, Domain: name, Method: http.MethodPatch,
		Path: httpcall.Path("domain", name, part) + "/", Body: jsonwire.Append(body),
	}
	return call(ctx, c, q, func(doc []byte) (*Operation, error) { return parseOperation(doc, c.opts.Location) })
}

// call makes a call in the session, and reads its answer.
func call[T any](ctx context.Context, c *Client, q httpcall.Call, parse func([]byte) (T, error)) (T, error) {
	var none T
	q.Header = c.header()
	r, err := c.session.Do(ctx, q, unauthorized)
	if err != nil {
		return none, err
	}
	if !r.OK() {
		return none, c.failure(q, r)
	}
	t, err := parse(r.Body)
	if err != nil {
		return none, c.http.Error(q, r, !q.Safe, err)
	}
	return t, nil
}

// unauthorized reports whether Netim does not know the session.
func unauthorized(r *httpcall.Reply) bool { return r.Status == http.StatusUnauthorized }

func (c *Client) header() http.Header {
	return http.Header{
		"Accept":          {"application/json"},
		"Accept-Language": {c.opts.Language},
		"Content-Type":    {"application/json"},
	}
}

var (
	errStatus         = errors.New("the answer is no documented error")
	errOtherOperation = errors.New("the answer is about another operation")
)

// failure is the error of an answer that is no success.
func (c *Client) failure(q httpcall.Call, r *httpcall.Reply) error {
	if no, ok := refusal(r, q.Safe, c.opts.Classes); ok {
		return no
	}
	return c.http.Foreign(q, r, errStatus)
}
