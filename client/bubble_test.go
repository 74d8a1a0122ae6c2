package client_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// A world is a registry inside a bubble of package synctest, to which pools connect by
// pipes with TLS. What it does at each step can be changed while it runs.
type world struct {
	cert tls.Certificate
	set  *epp.Schema

	mu       sync.Mutex
	all      sync.WaitGroup
	open     map[net.Conn]bool // logged in
	most     int               // that were open at once
	dials    []time.Time
	dialed   []string // addresses
	logins   []epp.Login
	commands []string
	logouts  int
	hellos   []time.Time

	limit    int
	password epp.Secret
	greet    func(*epp.Greeting)
	// dial, login and answer may do something else than what is usual.
	dial   func(ctx context.Context, addr string) error
	login  func(*epp.Login) (epp.Code, []epp.Element)
	answer func(n int, q *epp.Command) *epp.Response // nil closes the connection
	delay  time.Duration                             // of each answer to a check
}

var errRefused = errors.New("connection refused")

// certificate is one for all tests; making it takes a while.
var certificate = sync.OnceValues(func() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"epp.registry.example"},
		NotBefore: time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
})

// inWorld runs a test in a bubble, with a registry and a pool, which is shut down
// afterwards.
func inWorld(t *testing.T, change func(*world, *client.PoolOptions), f func(t *testing.T, w *world, p *client.Pool)) {
	t.Helper()
	cert, err := certificate()
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		w := &world{cert: cert, set: schema(t), open: map[net.Conn]bool{}, password: "north-Gate9"}
		opts := client.PoolOptions{
			Options: client.Options{
				Schema: w.set, TLS: &tls.Config{InsecureSkipVerify: true}, DialContext: w.DialContext,
				Credentials: &client.Credentials{ClID: "reg-north", PW: "north-Gate9"},
			},
			Addresses: []string{"epp.registry.example"},
		}
		if change != nil {
			change(w, &opts)
		}
		p, err := client.NewPool(opts)
		require.NoError(t, err)
		defer w.all.Wait()
		defer p.Close()
		f(t, w, p)
	})
}

// DialContext is that of the pool.
func (w *world) DialContext(ctx context.Context, _, addr string) (net.Conn, error) {
	w.mu.Lock()
	w.dials = append(w.dials, time.Now())
	w.dialed = append(w.dialed, addr)
	dial := w.dial
	w.mu.Unlock()
	if dial != nil {
		if err := dial(ctx, addr); err != nil {
			return nil, err
		}
	}
	ours, theirs := net.Pipe()
	w.all.Go(func() { w.serve(tls.Server(theirs, &tls.Config{Certificates: []tls.Certificate{w.cert}})) })
	return ours, nil
}

func (w *world) serve(conn *tls.Conn) {
	defer conn.Close()
	defer w.over(conn)
	p := &peer{conn: conn, in: epp.FrameReader{R: bufio.NewReader(conn)}}
	hello := func() error {
		g := greeting()
		g.SvDate = time.Now().UTC()
		w.mu.Lock()
		change := w.greet
		w.mu.Unlock()
		if change != nil {
			change(g)
		}
		return send(g)(p)
	}
	if hello() != nil {
		return
	}
	for {
		doc, err := p.in.Next()
		if err != nil {
			return
		}
		m, err := w.set.Parse(doc)
		if err != nil {
			return
		}
		if _, ok := m.(*epp.Hello); ok {
			w.mu.Lock()
			w.hellos = append(w.hellos, time.Now())
			w.mu.Unlock()
			if hello() != nil {
				return
			}
			continue
		}
		r := w.respond(conn, m.(*epp.Command))
		if r == nil || send(r)(p) != nil || r.Code().Closes() {
			return
		}
	}
}

func (w *world) over(conn net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.open, conn)
}

func (w *world) respond(conn net.Conn, q *epp.Command) *epp.Response {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch m := q.Request.(type) {
	case *epp.Login:
		w.logins = append(w.logins, *m)
		code, exts := epp.Success, []epp.Element(nil)
		switch {
		case w.login != nil:
			if code, exts = w.login(m); code == 0 {
				return nil
			}
		case m.PW != w.password:
			code = epp.AuthenticationError
		case w.limit > 0 && len(w.open) >= w.limit:
			code = epp.SessionLimitExceeded
		}
		if code == epp.Success {
			w.open[conn] = true
			w.most = max(w.most, len(w.open))
			if m.NewPW != "" {
				w.password = m.NewPW
			}
		}
		r := respond(q, code)
		r.Extension = exts
		return r
	case *epp.Logout:
		w.logouts++
		delete(w.open, conn)
		return respond(q, epp.EndingSession)
	}
	w.commands = append(w.commands, q.ClTRID)
	if w.answer != nil {
		if r := w.answer(len(w.commands), q); r == nil || r.Code().Closes() {
			return r
		}
	}
	if delay := w.delay; delay > 0 {
		w.mu.Unlock()
		time.Sleep(delay)
		w.mu.Lock()
	}
	return respond(q, epp.Success)
}

// now is what a world has counted.
func (w *world) now() (open, logins, logouts, commands int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.open), len(w.logins), w.logouts, len(w.commands)
}

// seen is what a world has seen, to be read while it runs.
func (w *world) seen() (dials []time.Time, dialed []string, logins []epp.Login, hellos []time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.dials), slices.Clone(w.dialed), slices.Clone(w.logins), slices.Clone(w.hellos)
}

// peak is how many sessions were open at once.
func (w *world) peak() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.most
}

// with changes a world while it runs.
func (w *world) with(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

// drop ends all connections.
func (w *world) drop() {
	w.mu.Lock()
	conns := make([]net.Conn, 0, len(w.open))
	for c := range w.open {
		conns = append(conns, c)
	}
	w.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
	synctest.Wait()
}

// told collects the events of a pool.
type told struct {
	mu     sync.Mutex
	events []client.Event
}

func (e *told) on(o *client.PoolOptions) {
	o.OnEvent = func(ev client.Event) {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.events = append(e.events, ev)
	}
}

// told returns the events of a kind.
func eventsOf[E client.Event](e *told) (list []E) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, ev := range e.events {
		if ev, ok := ev.(E); ok {
			list = append(list, ev)
		}
	}
	return list
}

func asks(ctx context.Context, p *client.Pool, name string) error {
	chk, err := client.Do(ctx, p, check(name))
	if err == nil && chk.CD[0].Name != name {
		return errors.New("the answer is about " + chk.CD[0].Name)
	}
	return err
}

func renew() *domain.Renew {
	return &domain.Renew{Name: "a.example", CurExpDate: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
}

func gaps(times []time.Time) (list []time.Duration) {
	for i := range times[1:] {
		list = append(list, times[i+1].Sub(times[i]))
	}
	return list
}
