// Package httpserve is what the handlers of the resellers' interfaces have in common:
// it takes requests as their real clients send them, and writes whole answers.
package httpserve

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// A Request is what a client sent.
type Request struct {
	*http.Request
	// Segments are those of the path, unescaped; slashes that are doubled or at
	// the end make none.
	Segments []string
	Body     []byte
}

// ErrTooLarge is a body above the limit, ErrBody one that did not come in whole.
var (
	ErrTooLarge = errors.New("the body is larger than the limit")
	ErrBody     = errors.New("the body could not be read")
)

// An Answer is what goes back.
type Answer struct {
	Status      int
	ContentType string
	Header      http.Header // further headers; may be nil
	Body        []byte
}

// Unknown is the answer where nobody can say whether the request was carried out. It is in
// no interface's form, so that no client takes it for a refusal.
func Unknown() *Answer {
	return &Answer{
		Status: http.StatusGatewayTimeout, ContentType: "text/plain; charset=utf-8",
		Body: []byte("The outcome is unknown: the request may have been carried out. Look before you repeat it.\n"),
	}
}

// A Server turns functions of a Request into an http.Handler.
type Server struct {
	MaxBody int64
	// Answer makes the answer.
	Answer func(*Request) *Answer
	// Bad makes the answer to a request that can't be read: ErrTooLarge or
	// ErrBody.
	Bad func(error) *Answer
	// Failed makes the answer to a request at which Answer panicked.
	Failed func() *Answer
	Log    *slog.Logger
}

// drainTimeout is how long what is left of a body may take to come in.
const drainTimeout = 5 * time.Second

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := &Request{Request: r, Segments: segments(r.URL.EscapedPath())}
	a := s.read(w, q)
	if a == nil {
		a = s.answer(q)
	}
	write(w, r, a)
}

// read takes the request in. The answer is nil when that went well.
func (s *Server) read(w http.ResponseWriter, q *Request) *Answer {
	var err error
	q.Body, err = io.ReadAll(http.MaxBytesReader(w, q.Request.Body, s.MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(drainTimeout))
		return s.Bad(ErrTooLarge)
	case err != nil:
		return s.Bad(ErrBody)
	}
	return nil
}

func (s *Server) answer(q *Request) (a *Answer) {
	defer func() {
		if v := recover(); v != nil {
			s.Log.Error("a handler panicked", "panic", fmt.Sprintf("%T", v), "stack", string(debug.Stack()))
			a = s.Failed()
		}
	}()
	return s.Answer(q)
}

// segments splits an escaped path. Its escapes are right: package net/url sees to that.
func segments(path string) []string {
	var list []string
	for part := range strings.SplitSeq(path, "/") {
		if seg, err := url.PathUnescape(part); err == nil && seg != "" {
			list = append(list, seg)
		}
	}
	return list
}

// write sends an answer with its length. Some clients speak HTTP/1.0 and take only an
// answer that begins with HTTP/1.1; for them the connection is taken over, and closed.
func write(w http.ResponseWriter, r *http.Request, a *Answer) {
	h := w.Header()
	for name, values := range a.Header {
		h[name] = values
	}
	if a.ContentType != "" {
		h.Set("Content-Type", a.ContentType)
	}
	h.Set("Cache-Control", "no-store")
	if a.Status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(a.Body)))
	}
	if !r.ProtoAtLeast(1, 1) && hijack(w, r, a) {
		return
	}
	w.WriteHeader(a.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.Body) // a client that has gone needs no answer
	}
}

// hijackTimeout bounds the writing of an answer on a connection that was taken over.
const hijackTimeout = 30 * time.Second

// hijack writes the answer on the bare connection. It is false, with nothing done, where
// there is none to be had.
func hijack(w http.ResponseWriter, r *http.Request, a *Answer) bool {
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(hijackTimeout))
	fmt.Fprintf(buf, "HTTP/1.1 %d %s\r\n", a.Status, http.StatusText(a.Status))
	h := w.Header()
	h.Set("Connection", "close")
	if err := h.Write(buf); err == nil {
		buf.WriteString("\r\n")
		if r.Method != http.MethodHead && a.Status != http.StatusNoContent {
			buf.Write(a.Body)
		}
	}
	buf.Flush() // its error is the client's
	// To close a connection on which something still comes in would take the answer
	// back.
	_ = conn.SetDeadline(time.Now().Add(drainTimeout))
	if half, ok := conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_, _ = io.Copy(io.Discard, conn)
	}
	return true
}

// Bearer returns the token of an Authorization header. The scheme may be in any case,
// and what real clients put around it, commas and white space, is dropped. It is
// "" where there is none.
func Bearer(r *http.Request) string {
	v := strings.Trim(r.Header.Get("Authorization"), " \t,:")
	const scheme = "bearer"
	if len(v) <= len(scheme) || !strings.EqualFold(v[:len(scheme)], scheme) {
		return ""
	}
	rest := v[len(scheme):]
	if !strings.ContainsRune(" \t,:", rune(rest[0])) {
		return ""
	}
	return strings.Trim(rest, " \t,:")
}
