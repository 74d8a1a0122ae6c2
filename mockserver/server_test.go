package mockserver_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

var quiet = slog.New(slog.DiscardHandler)

func TestLoginLimits(t *testing.T) {
	t.Run("2501 at the third failure", func(t *testing.T) {
		s := newServer(t, mockserver.Options{Registry: &toy{}})
		p, ended := pipe(t, s)
		for range 2 {
			require.Equal(t, epp.AuthenticationError, p.ask(loginDoc("REG-A", "wrong one")).Code())
		}
		require.Equal(t, epp.AuthorizationError, p.ask(loginDoc("BLOCKED", password)).Code(), "not counted")
		require.Equal(t, epp.AuthenticationErrorClosing, p.ask(loginDoc("REG-A", "wrong one")).Code())
		p.ended()
		require.NoError(t, <-ended)
	})
	t.Run("2200 and then a login, RFC 5730 section 2", func(t *testing.T) {
		s := newServer(t, mockserver.Options{Registry: &toy{}})
		p, _ := pipe(t, s)
		require.Equal(t, epp.AuthenticationError, p.ask(loginDoc("REG-A", "wrong one")).Code())
		require.Zero(t, s.Sessions("REG-A"))
		p.login("REG-A")
		require.Equal(t, 1, s.Sessions("REG-A"))
	})
	t.Run("2502 beyond the sessions", func(t *testing.T) {
		reg := &toy{profile: mockserver.Profile{MaxSessions: 2}, limits: map[string]int{"REG-B": 1}}
		s := newServer(t, mockserver.Options{Registry: reg})
		first, _ := pipe(t, s)
		first.login("REG-A")
		second, _ := pipe(t, s)
		second.login("REG-A")
		third, ended := pipe(t, s)
		require.Equal(t, epp.AuthenticationError, third.ask(loginDoc("REG-A", "wrong one")).Code(), "told to the registrar alone")
		newPW := strings.Replace(loginDoc("REG-A", password), "</pw>", "</pw><newPW>another one</newPW>", 1)
		require.Equal(t, epp.SessionLimitExceeded, third.ask(newPW).Code())
		third.ended()
		require.NoError(t, <-ended)
		require.Zero(t, reg.changed.Load(), "the password stays")

		other, _ := pipe(t, s)
		other.login("REG-B")
		another, _ := pipe(t, s)
		require.Equal(t, epp.SessionLimitExceeded, another.ask(loginDoc("REG-B", password)).Code())

		first.ask(logoutDoc) // at once there is a place
		fourth, _ := pipe(t, s)
		require.Equal(t, epp.Success, fourth.ask(newPW).Code())
		require.EqualValues(t, 1, reg.changed.Load())
		require.Equal(t, 2, s.Sessions("REG-A"))
	})
}

// slow is a registry whose login waits once the password was found wrong.
type slow struct {
	toy
	entered, open chan struct{}
}

func (r *slow) Login(x *mockserver.Exchange, q *epp.Login) error {
	err := r.toy.Login(x, q)
	if errors.Is(err, epp.AuthenticationError) {
		r.entered <- struct{}{}
		<-r.open
	}
	return err
}

// A login takes a place among the sessions when the password is known to be right,
// or anybody could lock a registrar out.
func TestLoginThatFailsTakesNoPlace(t *testing.T) {
	reg := &slow{entered: make(chan struct{}), open: make(chan struct{})}
	reg.profile.MaxSessions = 1
	s := newServer(t, mockserver.Options{Registry: reg})
	bad, _ := pipe(t, s)
	bad.send(loginDoc("REG-A", "wrong one"))
	<-reg.entered
	require.Zero(t, s.Sessions("REG-A"))
	good, _ := pipe(t, s)
	good.login("REG-A")
	close(reg.open)
	require.Equal(t, epp.AuthenticationError, bad.answer().Code())
	require.Equal(t, 1, s.Sessions("REG-A"))
}

// stuck is a registry that can't change a password.
type stuck struct{ toy }

func (r *stuck) Login(x *mockserver.Exchange, q *epp.Login) error {
	switch q.NewPW {
	case "panics now":
		panic("a registry's mistake")
	case "refused":
		return epp.Refuse(epp.AuthorizationError)
	}
	return r.toy.Login(x, q)
}

func TestLoginThatCannotChangeThePassword(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &stuck{}})
	p, _ := pipe(t, s)
	for newPW, code := range map[string]epp.Code{"panics now": epp.CommandFailed, "refused": epp.AuthorizationError} {
		doc := strings.Replace(loginDoc("REG-A", password), "</pw>", "</pw><newPW>"+newPW+"</newPW>", 1)
		require.Equal(t, code, p.ask(doc).Code())
		require.Zero(t, s.Sessions("REG-A"))
	}
	p.login("REG-A")
	require.Equal(t, 1, s.Sessions("REG-A"))
}

// Options.Profile changes what the registry says of itself.
func TestOptionsProfile(t *testing.T) {
	reg := &toy{profile: mockserver.Profile{MaxSessions: 7, MaxLoginFailures: 2}}
	s := newServer(t, mockserver.Options{Registry: reg, Profile: func(p *mockserver.Profile) {
		require.Equal(t, 7, p.MaxSessions)
		p.MaxSessions = 1
	}})
	first, _ := pipe(t, s)
	first.login("REG-A")
	second, _ := pipe(t, s)
	require.Equal(t, epp.SessionLimitExceeded, second.ask(loginDoc("REG-A", password)).Code())
	third, _ := pipe(t, s)
	require.Equal(t, epp.AuthenticationError, third.ask(loginDoc("REG-A", "wrong one")).Code())
	require.Equal(t, epp.AuthenticationErrorClosing, third.ask(loginDoc("REG-A", "wrong one")).Code(), "the registry's own limit stays")
}

func TestCertificates(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{
		Registry: &toy{needCert: true}, RequireClientCert: true, Hosts: []string{"epp.example", "192.0.2.7"}, Log: quiet,
	})
	dial(t, s, "REG-A").login("REG-A")
	require.Equal(t, epp.AuthenticationErrorClosing, dial(t, s, "REG-A").ask(loginDoc("REG-B", password)).Code())

	c, err := tls.Dial("tcp", s.Addr(), s.ClientTLS(""))
	if err == nil { // in TLS 1.3 a client learns of it when it reads
		_, err = c.Read(make([]byte, 1))
	}
	require.ErrorContains(t, err, "certificate required")

	stranger, err := mockserver.New(mockserver.Options{Registry: &toy{}})
	require.NoError(t, err)
	cfg := s.ClientTLS("")
	foreign, err := stranger.ClientCert("REG-A")
	require.NoError(t, err)
	cfg.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &foreign, nil }
	c, err = tls.Dial("tcp", s.Addr(), cfg)
	if err == nil {
		_, err = c.Read(make([]byte, 1))
	}
	require.Error(t, err, "a certificate of another authority")
	_, err = tls.Dial("tcp", s.Addr(), stranger.ClientTLS("REG-A"))
	require.ErrorContains(t, err, "unknown authority")

	for _, name := range []string{"epp.example", "192.0.2.7", "127.0.0.1", "::1", "localhost"} {
		cfg := s.ClientTLS("REG-A")
		cfg.ServerName = name
		c, err := tls.Dial("tcp", s.Addr(), cfg)
		require.NoError(t, err, name)
		require.NoError(t, c.Close())
	}

	one, err := s.ClientCert("REG-A")
	require.NoError(t, err)
	again, err := s.ClientCert("REG-A")
	require.NoError(t, err)
	require.Equal(t, mockserver.Fingerprint(one.Leaf), mockserver.Fingerprint(again.Leaf))
	require.Regexp(t, `^([0-9A-F]{2}:){31}[0-9A-F]{2}$`, mockserver.Fingerprint(one.Leaf))
	cert, key, err := s.ClientPEM("REG-A")
	require.NoError(t, err)
	pair, err := tls.X509KeyPair(cert, key)
	require.NoError(t, err)
	require.Equal(t, one.Certificate, pair.Certificate)
	require.Contains(t, string(s.CAPEM()), "BEGIN CERTIFICATE")
	require.True(t, s.CA().IsCA)
}

func TestClientCAs(t *testing.T) {
	other := newServer(t, mockserver.Options{Registry: &toy{}})
	pool := other.ClientTLS("").RootCAs
	var got mockserver.Session
	reg := &toy{routes: func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, q *otherCheck) (*epp.NoData, error) {
			got = *x.Session
			return nil, nil
		})
	}}
	s := mockserver.StartTest(t, mockserver.Options{Registry: reg, ClientCAs: pool})
	cfg := s.ClientTLS("")
	foreign, err := other.ClientCert("REG-A")
	require.NoError(t, err)
	cfg.Certificates = []tls.Certificate{foreign}
	c, err := tls.Dial("tcp", s.Addr(), cfg)
	require.NoError(t, err)
	defer c.Close()
	p := newPeer(t, c)
	p.recv()
	p.login("REG-A")
	p.ask(commandDoc(`<check><o:check xmlns:o="`+otherNS+`"><o:id>1</o:id></o:check></check>`, "ABC-1"))
	require.Equal(t, mockserver.Fingerprint(foreign.Leaf), mockserver.Fingerprint(got.Cert))
	require.Empty(t, got.CertFor, "the Server did not make it")
	require.Equal(t, "REG-A", got.ClID)
	require.Equal(t, []string{domain.NS, otherNS}, got.ObjURI)
	require.True(t, got.Speaks(extNS))
	require.NotEmpty(t, got.RemoteAddr)
}

func TestAnyClientCert(t *testing.T) {
	other := newServer(t, mockserver.Options{Registry: &toy{}})
	foreign, err := other.ClientCert("REG-A")
	require.NoError(t, err)
	for _, row := range []struct {
		name          string
		cert          *tls.Certificate
		any, required bool
		taken         bool
	}{
		{"another's", &foreign, true, false, true},
		{"none", &tls.Certificate{}, true, false, true},
		{"another's, required", &foreign, true, true, true},
		{"none, required", &tls.Certificate{}, true, true, false},
		{"another's, not any", &foreign, false, false, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{}, AnyClientCert: row.any, RequireClientCert: row.required})
			cfg := s.ClientTLS("")
			authorities := -1
			cfg.GetClientCertificate = func(q *tls.CertificateRequestInfo) (*tls.Certificate, error) {
				authorities = len(q.AcceptableCAs)
				return row.cert, nil
			}
			c, err := tls.Dial("tcp", s.Addr(), cfg)
			require.NoError(t, err, "with TLS 1.3 the client hears later that it is refused")
			defer c.Close()
			require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
			_, err = c.Read(make([]byte, 1))
			require.Equal(t, row.taken, err == nil, "%v", err)
			if row.any {
				require.Zero(t, authorities, "a client with a certificate of another would present none")
			}
		})
	}
}

// gate is a registry whose other:check waits until it is let through.
type gate struct {
	toy
	entered, open chan struct{}
}

func newGate(untilCut bool) *gate {
	r := &gate{entered: make(chan struct{}, 8), open: make(chan struct{})}
	r.routes = func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, q *otherCheck) (*epp.NoData, error) {
			r.entered <- struct{}{}
			if untilCut {
				<-x.Context().Done()
				return nil, x.Context().Err()
			}
			<-r.open
			return nil, nil
		})
	}
	return r
}

var gateDoc = commandDoc(`<check><o:check xmlns:o="`+otherNS+`"><o:id>1</o:id></o:check></check>`, "GATE-1")

func TestCloseDrains(t *testing.T) {
	before := runtime.NumGoroutine()
	reg := newGate(false)
	s, err := mockserver.New(mockserver.Options{Registry: reg, Log: quiet})
	require.NoError(t, err)
	require.Empty(t, s.Addr())
	require.NoError(t, s.Start())
	require.Error(t, s.Start(), "twice")

	idle := dial(t, s, "").login("REG-A")
	fresh := dial(t, s, "")
	busy := dial(t, s, "").login("REG-A")
	busy.send(gateDoc)
	busy.send(checkDoc("a.example"))
	<-reg.entered

	closed := make(chan error, 2)
	for range 2 {
		go func() { closed <- s.Close() }()
	}
	idle.ended()
	fresh.ended()
	_, err = tls.Dial("tcp", s.Addr(), s.ClientTLS(""))
	require.Error(t, err, "no longer accepting")
	select {
	case err := <-closed:
		t.Fatal("closed while a command is in progress: ", err)
	default:
	}
	close(reg.open)
	require.Equal(t, "GATE-1", busy.answer().TrID.ClTRID)
	busy.ended() // by close_notify, or tls would say unexpected EOF
	require.NoError(t, <-closed)
	require.NoError(t, <-closed)
	require.ErrorIs(t, s.Start(), mockserver.ErrClosed)
	require.ErrorIs(t, s.ServeConn(t.Context(), busy.c), mockserver.ErrClosed)
	require.Zero(t, s.Sessions("REG-A"))
	for began := time.Now(); time.Since(began) < 10*time.Second; { // those that closed are done, but may not be gone yet
		if runtime.NumGoroutine() <= before {
			return
		}
		runtime.Gosched()
	}
	buf := make([]byte, 64<<10)
	require.NotContains(t, string(buf[:runtime.Stack(buf, true)]), "mockserver.(*")
}

func TestCloseCuts(t *testing.T) {
	t.Run("a handler that heeds its context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			reg := newGate(true)
			s, err := mockserver.New(mockserver.Options{Registry: reg, DrainTimeout: 3 * time.Second})
			require.NoError(t, err)
			p, ended := pipe(t, s)
			p.login("REG-A")
			p.send(gateDoc)
			<-reg.entered
			began := time.Now()
			require.NoError(t, s.Close())
			require.Equal(t, 3*time.Second, time.Since(began))
			p.ended()
			require.Error(t, <-ended)
		})
	})
	t.Run("a handler that does not return", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			reg := newGate(false)
			s, err := mockserver.New(mockserver.Options{Registry: reg, DrainTimeout: 3 * time.Second})
			require.NoError(t, err)
			p, _ := pipe(t, s)
			p.login("REG-A")
			p.send(gateDoc)
			<-reg.entered
			began := time.Now()
			require.ErrorContains(t, s.Close(), "does not return")
			require.Equal(t, 6*time.Second, time.Since(began))
			close(reg.open)
			require.NoError(t, s.Close())
		})
	})
	t.Run("a peer that does not read", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s, err := mockserver.New(mockserver.Options{Registry: &toy{}, DrainTimeout: 3 * time.Second})
			require.NoError(t, err)
			p, ended := pipe(t, s)
			p.send(helloDoc)
			synctest.Wait()
			require.NoError(t, s.Close())
			require.Error(t, <-ended)
		})
	})
}

func TestServeConnContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, mockserver.Options{Registry: &toy{}})
		p, ended := pipe(t, s)
		p.login("REG-A")
		ctx, cancel := context.WithCancel(t.Context())
		a, b := net.Pipe()
		done := make(chan error, 1)
		go func() { done <- s.ServeConn(ctx, b) }()
		q := newPeer(t, a)
		q.recv()
		cancel()
		q.ended()
		require.NoError(t, <-done)
		require.True(t, p.ask(checkDoc("a.example")).Code().OK(), "the other goes on")
		require.NoError(t, p.c.Close())
		require.NoError(t, <-ended)
	})
}

func TestManyConnections(t *testing.T) {
	s := mockserver.StartTest(t, mockserver.Options{Registry: &toy{profile: mockserver.Profile{MaxSessions: 100}}})
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			p := dial(t, s, "").login("REG-A")
			for k := range 50 {
				id := fmt.Sprintf("MANY-%d-%d", i, k)
				if got := p.ask(commandDoc(checkXML("a.example"), id)).TrID.ClTRID; got != id {
					t.Errorf("asked %s, answered %s", id, got)
				}
			}
			p.ask(logoutDoc)
		})
	}
	wg.Wait()
	require.Zero(t, s.Sessions("REG-A"))
}

// A registry's log tells of a mistake with its stack, and never of a password.
func TestLog(t *testing.T) {
	var log strings.Builder
	s := newServer(t, mockserver.Options{
		Registry: &toy{},
		Log:      slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	p, ended := pipe(t, s)
	p.login("REG-A")
	r := p.ask(checkDoc("panic.example"))
	require.NotContains(t, r.Frame, "mistake")
	p.ask(checkDoc("error.example"))
	p.ask(logoutDoc)
	require.NoError(t, <-ended)
	for _, part := range []string{"a handler's mistake", "toy_test.go", "a broken disk", r.TrID.SvTRID, "clID=REG-A"} {
		require.Contains(t, log.String(), part)
	}
	require.NotContains(t, log.String(), password)
}

// A Server that nothing went wrong with has nothing to say.
func TestQuietEnd(t *testing.T) {
	var log strings.Builder
	s, err := mockserver.New(mockserver.Options{
		Registry: &toy{},
		Log:      slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo})),
	})
	require.NoError(t, err)
	require.NoError(t, s.Start())
	dial(t, s, "").login("REG-A")
	p := dial(t, s, "").login("REG-A")
	p.ask(logoutDoc)
	p.ended()
	require.NoError(t, s.Close())
	require.Empty(t, log.String())
}

// badTB is a test that fails and goes on.
type badTB struct{ failed []string }

func (*badTB) Helper()             {}
func (*badTB) Cleanup(func())      {}
func (*badTB) Logf(string, ...any) {}
func (b *badTB) Fatalf(format string, args ...any) {
	b.failed = append(b.failed, fmt.Sprintf(format, args...))
}

func TestStartTestFails(t *testing.T) {
	var tb badTB
	require.Nil(t, mockserver.StartTest(&tb, mockserver.Options{Registry: &toy{}, Listen: "192.0.2.1:1"}))
	require.Len(t, tb.failed, 1)
}

func TestGreetingThatIsInvalid(t *testing.T) {
	_, err := mockserver.New(mockserver.Options{Registry: &noGreeting{}})
	var field *epp.FieldError
	require.True(t, errors.As(err, &field), "%v", err)
}

type noGreeting struct{ toy }

func (*noGreeting) Greeting() *epp.Greeting { return new(epp.Greeting) }

var _ io.Closer = (*mockserver.Server)(nil)
