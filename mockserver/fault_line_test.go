package mockserver_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// A tap keeps what came over the wire.
type tap struct {
	net.Conn
	mu   sync.Mutex
	came bytes.Buffer
}

func (c *tap) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.came.Write(b[:n])
	return n, err
}

func (c *tap) octets() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.came.Bytes())
}

// struckServer is a Server on a socket, with faults.
func struckServer(t *testing.T, faults ...fault.Fault) (*mockserver.Server, *ledger) {
	t.Helper()
	reg := newLedger()
	s := mockserver.StartTest(t, mockserver.Options{Registry: reg, Log: quiet})
	require.NoError(t, s.Faults().AddAll(faults))
	return s, reg
}

// dialTCP connects without TLS.
func dialTCP(t *testing.T, s *mockserver.Server) *tap {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr())
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(time.Minute)))
	return &tap{Conn: c}
}

// shake connects with TLS and says why that failed.
func shake(t *testing.T, s *mockserver.Server) (*tap, *tls.Conn, error) {
	t.Helper()
	raw := dialTCP(t, s)
	c := tls.Client(raw, s.ClientTLS("REG-A"))
	return raw, c, c.Handshake()
}

var lineFaults = map[fault.Kind]func(*testing.T){
	fault.Refuse: func(t *testing.T) {
		s, _ := struckServer(t, fault.Fault{Kind: fault.Refuse, Match: fault.Match{Connection: 2, Remote: "127.0.0.1"}})
		_, _, err := shake(t, s)
		require.NoError(t, err)
		c, err := net.Dial("tcp", s.Addr()) // that may fail already
		if err == nil {
			defer c.Close()
			_, err = c.Read(make([]byte, 1))
		}
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, _, err = shake(t, s)
		require.NoError(t, err)
	},
	fault.AcceptDelay: func(t *testing.T) {
		const delay = 30 * time.Millisecond
		s, _ := struckServer(t, fault.Fault{Kind: fault.AcceptDelay, Delay: delay, Times: 1})
		began := time.Now()
		_, _, err := shake(t, s)
		require.NoError(t, err)
		require.GreaterOrEqual(t, time.Since(began), delay)

		add(t, s, fault.Fault{Kind: fault.AcceptDelay, Delay: time.Hour})
		failed := make(chan error)
		c := dialTCP(t, s)
		go func() { failed <- tls.Client(c, s.ClientTLS("")).Handshake() }()
		for s.Faults().List()[1].Fired == 0 {
			time.Sleep(time.Millisecond)
		}
		require.NoError(t, s.Close(), "does not wait for it")
		require.Error(t, <-failed)
	},
	fault.StallBeforeTLS: func(t *testing.T) {
		const delay = 30 * time.Millisecond
		f := fault.Fault{Kind: fault.StallBeforeTLS}
		s, _ := struckServer(t, fault.Fault{Kind: fault.StallBeforeTLS, Delay: delay, Times: 1}, f)
		began := time.Now()
		raw, _, err := shake(t, s)
		require.ErrorIs(t, err, io.EOF)
		require.GreaterOrEqual(t, time.Since(began), delay)
		require.Empty(t, raw.octets())

		require.Error(t, stalled(t, s, s.Faults().Reset))
		add(t, s, f)
		require.Error(t, stalled(t, s, func() { require.NoError(t, s.Close()) }))
	},
	fault.StallInTLS: func(t *testing.T) {
		f := fault.Fault{Kind: fault.StallInTLS}
		s, _ := struckServer(t, fault.Fault{Kind: fault.StallInTLS, Delay: 30 * time.Millisecond, Times: 1}, f)
		raw, _, err := shake(t, s)
		require.Error(t, err)
		got := raw.octets()
		require.EqualValues(t, 22, got[0], "a handshake record")
		require.EqualValues(t, len(got)-5, int(got[3])<<8|int(got[4]), "one record alone")
		require.EqualValues(t, 2, got[5], "ServerHello")

		require.Error(t, stalled(t, s, s.Faults().Reset))
		add(t, s, f)
		require.Error(t, stalled(t, s, func() { require.NoError(t, s.Close()) }))
	},
	fault.ExpiredCertificate: badCertificate(fault.ExpiredCertificate, func(t *testing.T, err error) {
		invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
		require.True(t, ok)
		require.Equal(t, x509.Expired, invalid.Reason)
		require.Contains(t, err.Error(), "is after")
	}),
	fault.EarlyCertificate: badCertificate(fault.EarlyCertificate, func(t *testing.T, err error) {
		require.ErrorContains(t, err, "is before")
	}),
	fault.WrongNameCertificate: badCertificate(fault.WrongNameCertificate, func(t *testing.T, err error) {
		_, ok := errors.AsType[x509.HostnameError](err)
		require.True(t, ok)
	}),
	fault.UntrustedCertificate: badCertificate(fault.UntrustedCertificate, func(t *testing.T, err error) {
		_, ok := errors.AsType[x509.UnknownAuthorityError](err)
		require.True(t, ok)
	}),
	fault.IncompleteCertificate: badCertificate(fault.IncompleteCertificate, func(t *testing.T, err error) {
		unknown, ok := errors.AsType[x509.UnknownAuthorityError](err)
		require.True(t, ok)
		require.Equal(t, "eppkit mock registry intermediate CA", unknown.Cert.Issuer.CommonName)
	}),
	fault.OldTLS: func(t *testing.T) {
		s, _ := struckServer(t, fault.Fault{Kind: fault.OldTLS})
		_, _, err := shake(t, s)
		require.ErrorContains(t, err, "protocol version")
		cfg := s.ClientTLS("REG-A")
		cfg.MinVersion = tls.VersionTLS10
		c, err := tls.Dial("tcp", s.Addr(), cfg)
		require.NoError(t, err)
		defer c.Close()
		require.EqualValues(t, tls.VersionTLS11, c.ConnectionState().Version)
	},
	fault.StallBeforeGreeting: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: newLedger()})
			add(t, s, fault.Fault{Kind: fault.StallBeforeGreeting, Delay: 5 * time.Second, Times: 1})
			add(t, s, fault.Fault{Kind: fault.StallBeforeGreeting})
			began := time.Now()
			p, ended := rawPipe(t, s)
			go func() { _, _ = p.c.Write(frame(helloDoc)) }() // is not answered
			p.ended()
			require.Equal(t, 5*time.Second, time.Since(began))
			require.ErrorContains(t, <-ended, "fault-1 (stall-before-greeting)")

			p, ended = rawPipe(t, s)
			p.silent(24 * time.Hour)
			require.NoError(t, p.c.Close())
			<-ended
		})
	},
	fault.LateGreeting: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: newLedger()})
			add(t, s, fault.Fault{Kind: fault.LateGreeting, Delay: 3 * time.Second})
			began := time.Now()
			p, _ := rawPipe(t, s)
			require.IsType(t, new(epp.Greeting), p.recv())
			require.Equal(t, 3*time.Second, time.Since(began))
			p.login("REG-A")
		})
	},
	fault.MissingGreeting: func(t *testing.T) {
		s := newServer(t, mockserver.Options{Registry: newLedger()})
		add(t, s, fault.Fault{Kind: fault.MissingGreeting})
		p, _ := rawPipe(t, s)
		p.login("REG-A")
	},
	fault.Reset: func(t *testing.T) {
		s, reg := struckServer(t, fault.Fault{Kind: fault.Reset, Times: 1})
		_, c, err := shake(t, s)
		if err == nil {
			_, err = c.Read(make([]byte, 1))
		}
		require.ErrorIs(t, err, syscall.ECONNRESET)

		p := dial(t, s, "REG-A").login("REG-A")
		add(t, s, fault.Fault{Kind: fault.Reset, Match: onAny})
		p.send(gateDoc)
		_, err = p.in.Next()
		require.ErrorIs(t, err, syscall.ECONNRESET)
		require.Zero(t, reg.commits.Load())
		require.Zero(t, s.Sessions("REG-A"))
	},
	fault.CloseWithoutNotify: func(t *testing.T) {
		s, reg := struckServer(t)
		raw, c, err := shake(t, s)
		require.NoError(t, err)
		p := newPeer(t, c)
		p.recv()
		p.login("REG-A")
		add(t, s, fault.Fault{Kind: fault.CloseWithoutNotify, Match: onAny})
		before := len(raw.octets())
		p.send(gateDoc)
		_, err = p.in.Next()
		require.ErrorIs(t, err, io.EOF, "no reset")
		require.Len(t, raw.octets(), before, "no alert")
		require.Zero(t, reg.commits.Load())

		// The same without the fault, to show that an alert would be seen.
		s.Faults().Reset()
		raw, c, err = shake(t, s)
		require.NoError(t, err)
		p = newPeer(t, c)
		p.recv()
		p.login("REG-A")
		before = len(raw.octets())
		a := p.ask(logoutDoc)
		p.ended()
		const record = 5 + 1 + 16 // what TLS 1.3 puts around an answer
		require.Greater(t, len(raw.octets())-before, 4+len(a.Frame)+record, "an alert")
	},
	fault.HalfOpen: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p, s, reg, ended := struckPipe(t, fault.Fault{Kind: fault.HalfOpen, Delay: time.Minute, Match: onAny})
			began := time.Now()
			p.send(gateDoc)
			require.NoError(t, p.c.SetWriteDeadline(time.Now().Add(10*time.Second)))
			_, err := p.c.Write([]byte{0})
			require.ErrorIs(t, err, os.ErrDeadlineExceeded, "nobody reads")
			require.Equal(t, 1, s.Sessions("REG-A"), "it keeps its place")
			p.silent(40 * time.Second)
			p.ended()
			require.Equal(t, time.Minute, time.Since(began))
			<-ended
			require.Zero(t, reg.commits.Load())
			require.Zero(t, s.Sessions("REG-A"))
		})
	},
	fault.Bandwidth: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: newLedger()})
			add(t, s, fault.Fault{Kind: fault.Bandwidth, Rate: 100})
			p, _ := rawPipe(t, s)
			require.NoError(t, p.c.SetDeadline(time.Time{}))
			began := time.Now()
			p.recv()
			octets := len(sent(t, s)) + 4
			require.Greater(t, octets, 500)
			wanted := time.Duration(octets) * time.Second / 100
			require.InDelta(t, wanted.Seconds(), time.Since(began).Seconds(), 0.11)

			s.Faults().Reset()
			began = time.Now()
			p.login("REG-A")
			require.Less(t, time.Since(began), time.Second)
		})
	},
	fault.OctetByOctet: func(t *testing.T) {
		s, _ := struckServer(t, fault.Fault{Kind: fault.OctetByOctet})
		_, c, err := shake(t, s)
		require.NoError(t, err)
		whole := readRecords(t, c, 1)
		require.Equal(t, string(frame(sent(t, s))), string(whole))
	},
	fault.SmallRecords: func(t *testing.T) {
		s, _ := struckServer(t, fault.Fault{Kind: fault.SmallRecords, Times: 1}, fault.Fault{Kind: fault.SmallRecords, Size: 7})
		_, c, err := shake(t, s)
		require.NoError(t, err)
		readRecords(t, c, 7) // the later fault has the last word
		p := newPeer(t, c)
		p.login("REG-A")

		_, c, err = shake(t, s)
		require.NoError(t, err)
		readRecords(t, c, 7)
	},
}

// readRecords reads the greeting, of which no record but the last may be other than
// size octets long.
func readRecords(t *testing.T, c *tls.Conn, size int) (whole []byte) {
	t.Helper()
	b := make([]byte, 1<<14)
	for len(whole) < 4 || len(whole) < int(header(whole)) {
		n, err := c.Read(b)
		require.NoError(t, err)
		whole = append(whole, b[:n]...)
		if len(whole) < 4 || len(whole) < int(header(whole)) {
			require.Equal(t, size, n)
		}
	}
	return whole
}

// badCertificate tests a fault of the Server's certificate.
func badCertificate(kind fault.Kind, check func(*testing.T, error)) func(*testing.T) {
	return func(t *testing.T) {
		s, _ := struckServer(t, fault.Fault{Kind: kind, Times: 2})
		for range 2 {
			_, _, err := shake(t, s)
			require.Error(t, err)
			check(t, err)
		}
		_, _, err := shake(t, s)
		require.NoError(t, err)
	}
}

// stalled connects to a Server that stalls, ends that meanwhile, and returns what the
// client is told.
func stalled(t *testing.T, s *mockserver.Server, end func()) error {
	t.Helper()
	struck := func() (n int) {
		for _, f := range s.Faults().List() {
			n += f.Fired
		}
		return n
	}
	before := struck()
	failed := make(chan error, 1)
	raw := dialTCP(t, s)
	go func() { failed <- tls.Client(raw, s.ClientTLS("")).Handshake() }()
	for struck() == before {
		time.Sleep(time.Millisecond)
	}
	end()
	return <-failed
}
