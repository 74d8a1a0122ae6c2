package httpcall_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
)

// A peer is a system at the other end of a pipe, that does to each connection what a
// test says.
type peer struct {
	serve func(net.Conn)

	mu       sync.Mutex
	dialled  []string // the addresses
	requests []*http.Request
}

// client returns an http.Client that reaches the peer at any address.
func (p *peer) client(t *testing.T) *http.Client {
	t.Helper()
	var running sync.WaitGroup
	tr := &http.Transport{DialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
		p.mu.Lock()
		p.dialled = append(p.dialled, addr)
		p.mu.Unlock()
		near, far := net.Pipe()
		running.Go(func() {
			defer far.Close()
			p.serve(far)
		})
		return near, nil
	}}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		running.Wait()
	})
	return &http.Client{Transport: tr}
}

// read takes a whole request in; nil when the caller has gone.
func (p *peer) read(r *bufio.Reader) *http.Request {
	q, err := http.ReadRequest(r)
	if err != nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, q.Body); err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = append(p.requests, q)
	return q
}

// count is how many requests were read whole.
func (p *peer) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.requests)
}

// answering makes a peer that answers the nth request, from 1, with the nth text, and
// all further ones with the last. An empty text closes the connection.
func answering(texts ...string) *peer {
	p := &peer{}
	p.serve = func(c net.Conn) {
		for r := bufio.NewReader(c); p.read(r) != nil; {
			text := texts[min(p.count(), len(texts))-1]
			if _, err := io.WriteString(c, text); text == "" || err != nil {
				return
			}
		}
	}
	return p
}

// saying makes a peer that answers with a text, and says no more.
func saying(text string) *peer {
	p := &peer{}
	p.serve = func(c net.Conn) {
		p.read(bufio.NewReader(c))
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, c)
	}
	return p
}

const (
	ok    = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
	empty = "\r\nContent-Length: 0\r\n\r\n"
)

var (
	safe   = httpcall.Call{Op: "GET it", Method: http.MethodGet, Path: "/it", Safe: true}
	unsafe = httpcall.Call{Op: "PATCH it", Method: http.MethodPatch, Path: "/it", Body: []byte(`{"sendto":1}`)}
)

// caller makes a Caller of a client's.
func caller(t *testing.T, client *http.Client, o authcode.HTTP) *httpcall.Caller {
	t.Helper()
	o.Client = client
	c, err := httpcall.New("test", "http://api.example", o)
	require.NoError(t, err)
	return c
}

// closing makes what serves a connection answer one request and close it.
func closing(serve func(net.Conn)) func(net.Conn) {
	return func(c net.Conn) { serve(&once{Conn: c}) }
}

// once is a connection that is closed after one write.
type once struct{ net.Conn }

func (c *once) Write(b []byte) (int, error) {
	defer c.Close()
	return c.Conn.Write(b)
}
