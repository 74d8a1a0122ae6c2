package openprovider

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// DefaultBase is the address of the live system.
const DefaultBase = "https://api.openprovider.eu/v1beta"

// Options say how a Client reaches Openprovider, and as whom. Required is either
// Username and Password, or Token.
type Options struct {
	// HTTP is how the system is reached; its Base is DefaultBase.
	authcode.HTTP

	// Username and Password open a session when the first call is made, and
	// again when it has become old or was ended.
	Username string
	Password authcode.Secret
	// IP is what a login says of the address it comes from; nothing.
	IP string
	// Token is a session that somebody else opened. It is not renewed.
	Token authcode.Secret

	// TokenTTL is how long a token is used; 47 h, for the system ends one after
	// about 48.
	TokenTTL time.Duration
	// RetrieveFromInfo has Retrieve read the code in the domain's information,
	// which changes nothing and mails nobody. A domain that has none there is
	// Refused with class Unset. Without it Retrieve asks the registry, which may
	// mail the holder.
	RetrieveFromInfo bool
	// Zone is where the system's clock stands, of which its dates say nothing;
	// UTC.
	Zone *time.Location
	// Classes are the meanings of error codes, where they differ from those in
	// the package's table, or are not in it. Code 393 stays what it is.
	Classes map[int]authcode.Class
}

// A Client calls Openprovider. It is an authcode.Provider, a Describer and a Locker.
// Any number of goroutines may use it at once.
type Client struct {
	http    *httpcall.Caller
	account *account // behind a pointer, so that printing a Client shows no secret
	ttl     time.Duration
	session *httpcall.Session
	ids     *ids
	info    bool
	zone    *time.Location
	classes map[int]authcode.Class
}

var (
	_ authcode.Provider  = (*Client)(nil)
	_ authcode.Describer = (*Client)(nil)
	_ authcode.Locker    = (*Client)(nil)
)

// New makes a Client. It makes no call.
func New(o Options) (*Client, error) {
	user := o.Username != "" && o.Password != ""
	if user == (o.Token != "") || (o.Username != "") != (o.Password != "") {
		return nil, errors.New("openprovider: either a username with a password or a token is required")
	}
	caller, err := httpcall.New("openprovider", DefaultBase, o.HTTP)
	if err != nil {
		return nil, err
	}
	c := &Client{
		http:    caller,
		account: &account{username: o.Username, password: o.Password, ip: o.IP},
		ttl:     cmp.Or(o.TokenTTL, 47*time.Hour),
		session: httpcall.GivenSession(caller, o.Token),
		ids:     &ids{},
		info:    o.RetrieveFromInfo,
		zone:    cmp.Or(o.Zone, time.UTC),
		classes: o.Classes,
	}
	if user {
		c.session = httpcall.NewSession(caller, c.open)
	}
	return c, nil
}

// Capabilities are the same for all domains: whether the code is shown or mailed is
// the registry's choice, of which nobody knows before.
func (c *Client) Capabilities(context.Context, string) (authcode.Capabilities, error) {
	// What a registry mails is often a new code.
	either := authcode.Ability{Outcomes: authcode.KindCode | authcode.KindSent, NewCode: true}
	caps := authcode.Capabilities{
		Retrieve:   either,
		Regenerate: either,
		Send:       map[authcode.Recipient]authcode.Ability{authcode.Registrant: either},
		Internal:   true,
	}
	if c.info {
		caps.Retrieve = authcode.Ability{Outcomes: authcode.KindCode}
	}
	return caps, nil
}

// HandOver carries out a request. Neither the request for a code nor its reset is ever
// repeated once it was sent, but for one that the system did not let in.
func (c *Client) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	r, err := authcode.Begin(ctx, c, r)
	if err != nil {
		return authcode.AsOutcome(nil, err)
	}
	var out authcode.Outcome
	err = c.byID(ctx, r.Domain, func(id int32) (err error) {
		out, err = c.handOver(ctx, id, r)
		return err
	})
	return authcode.AsOutcome(out, about(r.Domain, err))
}

// handOver makes the call for a request. Sending is left to the registry, which may show
// the code instead.
func (c *Client) handOver(ctx context.Context, id int32, r authcode.Request) (authcode.Outcome, error) {
	var (
		a   *AuthCode
		err error
	)
	switch {
	case r.Verb == authcode.Regenerate:
		a, err = c.ResetAuthCode(ctx, id, r.Domain, r.Scope)
	case r.Verb == authcode.Retrieve && c.info:
		return c.fromInfo(ctx, id, r.Domain, r.Scope.OrExternal())
	default:
		a, err = c.RequestAuthCode(ctx, id, r.Scope)
	}
	if err != nil {
		return nil, err
	}
	return a.Outcome(), nil
}

// fromInfo reads the code in the domain's information.
func (c *Client) fromInfo(ctx context.Context, id int32, name string, scope authcode.Scope) (authcode.Outcome, error) {
	d, err := c.infoOf(ctx, id, name)
	if err != nil {
		return nil, err
	}
	code := d.AuthCode
	if scope == authcode.Internal {
		code = d.InternalAuthCode
	}
	if code == "" {
		return nil, authcode.Refused{Class: authcode.Unset, Text: "the domain's information has no code"}
	}
	return authcode.Code{Value: code, Scope: scope}, nil
}

// about fills in the domain of an error about a call that names it by its number.
func about(domain string, err error) error {
	var e *authcode.Error
	if errors.As(err, &e) && e.Domain == "" && e.Op != loginOp {
		e.Domain = domain
	}
	return err
}

// payload is the data of an answer.
type payload interface {
	// complete reports whether that is there without which the answer says
	// nothing.
	complete() bool
}

// answer is what came with a payload.
type answer struct {
	Reply
	extra  map[string]json.RawMessage // of the data
	status int
	body   []byte
}

// do makes a call with the token, and reads its data into v. A call that the system
// did not let in was not carried out: it is made again, once, with a new token.
func (c *Client) do(ctx context.Context, q httpcall.Call, v payload) (*answer, error) {
	var (
		e      *envelope
		judged error
	)
	q.Header = jsonHeader()
	r, err := c.session.Do(ctx, q, func(r *httpcall.Reply) bool {
		e, judged = c.judge(q, r)
		no, refused := authcode.AsRefused(judged)
		return refused && no.Class == authcode.Unauthorized
	})
	if err != nil {
		return nil, err
	}
	if judged != nil {
		return nil, judged
	}
	extra, err := e.read(v)
	if err != nil {
		return nil, c.unusable(q, r, e)
	}
	return &answer{Reply: e.reply(), extra: extra, status: r.Status, body: r.Body}, nil
}

func jsonHeader() http.Header {
	return http.Header{"Accept": {"application/json"}, "Content-Type": {"application/json"}}
}
