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
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

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
	o.MaxBody = cmp.Or(max(o.MaxBody, 0), 1<<20)
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
	} else {
		c.client.Transport = ownTransport()
	}
	c.client.CheckRedirect = stay
	return c, nil
}

// maxIdleConns is how many connections to the system stay open for the next calls: as
// many as goroutines are likely to share a Caller.
const maxIdleConns = 64

// ownTransport is the standard library's, with connections of its own.
func ownTransport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // the program has put something else in its place
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = maxIdleConns
	return t
}

// redactURL is an address without what may be a secret in it.
func redactURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return "(not a URL)"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

// Now is the time by the options' clock.
func (c *Caller) Now() time.Time { return c.opts.Now() }

// System is the name that errors have.
func (c *Caller) System() string { return c.system }

// CloseIdle closes connections that no call is using, so that the next one gets a new
// connection. Those of a client that came with the options are left alone: others may
// use them.
func (c *Caller) CloseIdle() {
	if c.opts.Client == nil {
		c.client.CloseIdleConnections()
	}
}

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
	errGarbled  = errors.New("the connection failed, or the answer is not valid HTTP")
	errSegment  = errors.New("a part of the path is empty or dots, and would name something else")
	errHeader   = errors.New("a header has characters that can't be sent")
	errRepeated = errors.New("the connection was lost, and the request is not sent again")
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
			return nil, c.Error(q, r, !q.Safe && !elsewhere(r.Status), errRedirect)
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
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var asked, got bool
	req, err := c.request(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked = true },
		GotConn: func(httptrace.GotConnInfo) {
			if got && !q.Safe {
				stop(errRepeated) // HTTP/2 repeats what a server has reset
			}
			got = true
		},
	}), q)
	if err != nil {
		return nil, false, err
	}
	log := c.opts.Log.With("system", c.system, "method", q.Method, "path", req.URL.Path)
	resp, err := c.client.Do(req)
	if err != nil {
		sent = got || !asked
		err = cause(ctx, err, sent)
		log.DebugContext(ctx, "no answer", "error", err)
		return nil, sent, err
	}
	defer resp.Body.Close()
	log.DebugContext(ctx, "answer", "status", resp.StatusCode)
	r = &Reply{Status: resp.StatusCode, Header: resp.Header}
	if r.Status == http.StatusSwitchingProtocols {
		return r, true, errGarbled // nobody asked for that; its body has no deadline and no end
	}
	r.Body, err = io.ReadAll(http.MaxBytesReader(nil, resp.Body, c.opts.MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return r, true, errTooLarge
	case err != nil:
		return r, true, cause(ctx, err, true)
	}
	return r, true, nil
}

// request makes the request of a call.
func (c *Caller) request(ctx context.Context, q Call) (*http.Request, error) {
	for part := range strings.SplitSeq(q.Path, "/") {
		if part == "." || part == ".." || strings.Contains(q.Path, "//") {
			return nil, errSegment
		}
	}
	u := *c.base
	u.RawPath = u.EscapedPath() + q.Path
	var err error
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, err
	}
	u.RawQuery = q.Query.Encode()
	req, err := http.NewRequestWithContext(ctx, q.Method, u.String(), bytes.NewReader(q.Body))
	if err != nil {
		return nil, cause(ctx, err, false)
	}
	if !q.Safe && (q.Method == http.MethodGet || q.Method == http.MethodHead) {
		// Package net/http takes them for safe and repeats them, unless it can't
		// read the body again.
		req.Body, req.GetBody = io.NopCloser(req.Body), nil
	}
	for _, values := range q.Header {
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return nil, errHeader
			}
		}
	}
	req.Header = q.Header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", "eppkit")
	}
	return req, nil
}

// cause is why there is no answer, without the URL, and without what the other side
// sent, which may hold a code: package net/http quotes what it can't read. So of what
// went wrong once something was sent, only kinds that quote nothing are told.
func cause(ctx context.Context, err error, sent bool) error {
	var (
		call    *url.Error
		network *net.OpError
	)
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !sent && errors.As(err, &call):
		return call.Err
	case !sent:
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return os.ErrDeadlineExceeded
	case errors.As(err, &network):
		return network
	}
	return errGarbled
}

// elsewhere reports whether a redirect says that the same request is to be made at
// another address, and so was not carried out at this one (RFC 9110, sections 15.4.8 and
// 15.4.9). The others are in use also for what was carried out, 302 as widely as 303.
func elsewhere(status int) bool {
	return status == http.StatusTemporaryRedirect || status == http.StatusPermanentRedirect
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
	if s, _ := strconv.Atoi(v); s > 0 { // also where it is more than an int holds
		return time.Duration(min(s, math.MaxInt32)) * time.Second
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
