// Package httpcall makes calls to a system's HTTP interface: with a deadline, a limit
// for the answer, no redirects to elsewhere, and repetitions only where they can do
// no harm. Its errors say whether a call may have been carried out.
package httpcall

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// A Caller makes calls to one system. Any number of goroutines may use it at once.
type Caller struct {
	system string
	base   *url.URL
	client http.Client
	opts   authcode.HTTP
}

// New makes a Caller of a system whose address is base unless the options say another.
func New(system, base string, o authcode.HTTP) (*Caller, error) {
	o.Base = strings.TrimRight(cmp.Or(o.Base, base), "/")
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.MaxBody = cmp.Or(o.MaxBody, 1<<20)
	o.Retries = cmp.Or(o.Retries, 2)
	o.Backoff = cmp.Or(o.Backoff, 250*time.Millisecond)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	u, err := url.Parse(o.Base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return nil, fmt.Errorf("%s: the base %q is not the address of an interface, such as %s", system, redactURL(o.Base), base)
	}
	c := &Caller{system: system, base: u, opts: o}
	if o.Client != nil {
		c.client = *o.Client
	}
	c.client.CheckRedirect = stay
	return c, nil
}

func redactURL(s string) string {
	if u, err := url.Parse(s); err == nil {
		return u.Redacted()
	}
	return "(not a URL)"
}

// Now is the time by the options' clock.
func (c *Caller) Now() time.Time { return c.opts.Now() }

// System is the name that errors have.
func (c *Caller) System() string { return c.system }

// CloseIdle closes connections that no call is using, so that the next one gets a new
// connection.
func (c *Caller) CloseIdle() { c.client.CloseIdleConnections() }

type safeKey struct{}

// stay follows a redirect on the same host and scheme, and of a safe call alone.
func stay(to *http.Request, via []*http.Request) error {
	from := via[0]
	safe, _ := from.Context().Value(safeKey{}).(bool)
	if !safe || to.URL.Scheme != from.URL.Scheme || to.URL.Host != from.URL.Host || len(via) > 3 {
		return http.ErrUseLastResponse
	}
	return nil
}

// A Call is one request.
type Call struct {
	// Op names the call in errors, as in "PATCH domain/authid".
	Op     string
	Domain string // that it is about, for errors
	Method string
	// Path is what follows the base, escaped, as Path makes it.
	Path   string
	Query  url.Values
	Header http.Header // taken over
	Body   []byte
	// Safe says that the call changes nothing, so that it may be repeated.
	Safe bool
}

// Path joins segments, each escaped, with a slash before each.
func Path(segments ...string) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// A Reply is an answer, whatever its status.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
}

// OK reports whether the status is 2xx.
func (r *Reply) OK() bool { return r.Status >= 200 && r.Status < 300 }

var (
	errTooLarge = errors.New("the answer is larger than the limit")
	errRedirect = errors.New("the answer is a redirect, which is not followed")
	errGarbled  = errors.New("the answer is not valid HTTP")
)

// Do makes a call. The error is an *authcode.Error; an answer that is no redirect is
// none, whatever its status.
func (c *Caller) Do(ctx context.Context, q Call) (*Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	ctx = context.WithValue(ctx, safeKey{}, q.Safe)
	wait := c.opts.Backoff
	for try := 0; ; try++ {
		r, sent, err := c.once(ctx, q)
		if err == nil && r.Status >= 300 && r.Status < 400 {
			// 303 is the answer to what was carried out (RFC 9110, section 15.4.4).
			return nil, c.Error(q, r, !q.Safe && r.Status == http.StatusSeeOther, errRedirect)
		}
		again := err != nil && (q.Safe || !sent) && !errors.Is(err, errTooLarge) ||
			err == nil && q.Safe && overloaded(r.Status)
		if !again || try >= c.opts.Retries || ctx.Err() != nil {
			if err != nil {
				return nil, c.Error(q, r, sent && !q.Safe, err)
			}
			return r, nil
		}
		if !sleep(ctx, max(wait, retryAfter(r, c.Now()))) {
			if err == nil {
				return r, nil
			}
			return nil, c.Error(q, r, sent && !q.Safe, err)
		}
		wait *= 2
	}
}

// Error is an *authcode.Error about a call; r may be nil. Unknown says that the call
// may have been carried out.
func (c *Caller) Error(q Call, r *Reply, unknown bool, err error) *authcode.Error {
	e := &authcode.Error{System: c.system, Op: q.Op, Domain: q.Domain, Unknown: unknown, Err: err}
	if r != nil {
		e.HTTPStatus, e.Body = r.Status, r.Body
	}
	return e
}

// once makes one request. sent says whether it may have reached the system: it is false
// where a connection was asked for and none was had. Who does not ask, such as a
// RoundTripper of the caller's own, may have sent it.
func (c *Caller) once(ctx context.Context, q Call) (r *Reply, sent bool, err error) {
	if ctx.Err() != nil {
		return nil, false, context.Cause(ctx)
	}
	u := *c.base
	u.RawPath = u.EscapedPath() + q.Path
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, false, err
	}
	u.RawQuery = q.Query.Encode()
	var asked, got bool
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked = true },
		GotConn: func(httptrace.GotConnInfo) { got = true },
	})
	req, err := http.NewRequestWithContext(traced, q.Method, u.String(), bytes.NewReader(q.Body))
	if err != nil {
		return nil, false, err
	}
	req.Header = q.Header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "eppkit")
	}
	resp, err := c.client.Do(req)
	if err != nil {
		sent = got || !asked
		err = cause(ctx, err, sent)
		c.opts.Log.DebugContext(ctx, "no answer", "system", c.system, "method", q.Method, "path", u.Path, "error", err)
		return nil, sent, err
	}
	defer resp.Body.Close()
	r = &Reply{Status: resp.StatusCode, Header: resp.Header}
	r.Body, err = io.ReadAll(io.LimitReader(resp.Body, c.opts.MaxBody+1))
	c.opts.Log.DebugContext(ctx, "answer", "system", c.system, "method", q.Method, "path", u.Path, "status", r.Status)
	switch {
	case int64(len(r.Body)) > c.opts.MaxBody:
		r.Body = r.Body[:c.opts.MaxBody]
		return r, true, errTooLarge
	case err != nil:
		return r, true, cause(ctx, err, true)
	}
	return r, true, nil
}

// cause is why there is no answer, without the URL, and without what the other side
// sent, which may hold a code: package net/http quotes what it can't read.
func cause(ctx context.Context, err error, sent bool) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if sent && (strings.Contains(err.Error(), "malformed") || strings.Contains(err.Error(), `"`)) {
		return errGarbled
	}
	return err
}

func overloaded(status int) bool {
	switch status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// retryAfter is how long an answer asks to wait (RFC 9110, section 10.2.3).
func retryAfter(r *Reply, now time.Time) time.Duration {
	if r == nil {
		return 0
	}
	v := r.Header.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil && s > 0 {
		return time.Duration(s) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return t.Sub(now)
	}
	return 0
}

// sleep waits, and reports whether ctx lasted so long.
func sleep(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d {
		return false // and so says now what it would say then
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
