package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/eppkit/eppkit/bench/child"
	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
)

// figures are what a server's process says of itself.
type figures struct {
	CPU      time.Duration
	Heap     uint64 // octets in use after garbage was collected
	Stacks   uint64 // octets in use for goroutines
	RSS      uint64 // octets that the process has of the machine's memory, 0 where that can't be known
	Sessions int    // that are logged in
}

// A backend is a registry of a size, served twice, with validation and without, beside an
// echo, in a process of its own.
type backend struct {
	Domains          int
	Valid, Plain     string // addresses
	Echo             string
	CA               []byte // PEM, of all
	Loaded           took
	File             int // octets of the snapshot file that was loaded
	Empty, Populated figures

	process interface {
		Ask(question string, answer any) error
		Stop() error
	}
}

// took is how long something took, by the wall and by the processors.
type took struct{ Wall, CPU time.Duration }

// start starts a backend.
func start(o options, domains int) (*backend, error) {
	if o.inProcess {
		s, err := newServers(o, domains)
		if err != nil {
			return nil, err
		}
		s.process = s
		return &s.backend, nil
	}
	b := new(backend)
	p, err := child.Start(b, "-"+serveFlag, fmt.Sprintf("-domains=%d", domains), fmt.Sprintf("-nojournal=%t", o.noJournal),
		"-cpuprofile="+o.serverCPU)
	if err != nil {
		return nil, err
	}
	b.process = p
	return b, nil
}

func (b *backend) tls() (*tls.Config, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b.CA) {
		return nil, errors.New("no certificate of the servers")
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: "localhost"}, nil
}

func (b *backend) figures(question string) (f figures, err error) {
	return f, b.process.Ask(question, &f)
}

const serveFlag = "serve"

// serve is the process of a backend.
func serve(o options, domains int, in io.Reader, out io.Writer) error {
	s, err := newServers(o, domains)
	if err != nil {
		return err
	}
	err = child.Serve(in, out, &s.backend, func(question string) any {
		var f figures
		_ = s.Ask(question, &f)
		return f
	})
	return errors.Join(err, s.Stop())
}

// servers are a backend's.
type servers struct {
	backend
	registry     *gtld.Registry
	valid, plain *mockserver.Server
	echo         *echo.Server
}

func newServers(o options, domains int) (*servers, error) {
	s := &servers{backend: backend{Domains: domains}}
	var err error
	if s.registry, err = newRegistry(); err != nil {
		return nil, err
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	if s.plain, err = serveRegistry(s.registry, o, true); err != nil {
		return nil, err
	}
	if s.valid, err = serveRegistry(s.registry, o, false); err != nil {
		return nil, errors.Join(err, s.plain.Close())
	}
	if s.echo, err = echo.NewServer(); err != nil {
		return nil, errors.Join(err, s.plain.Close(), s.valid.Close())
	}
	s.Plain, s.Valid, s.Echo = s.plain.Addr(), s.valid.Addr(), s.echo.Addr()
	for _, ca := range [][]byte{s.plain.CAPEM(), s.valid.CAPEM(), s.echo.CA()} {
		s.CA = append(s.CA, ca...)
	}
	return s, nil
}

// load fills the registry from a snapshot file.
func (s *servers) load() error {
	name, err := populationFile(s.Domains)
	if err != nil {
		return err
	}
	defer os.Remove(name)
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if fi, err := f.Stat(); err == nil {
		s.File = int(fi.Size())
	}
	s.Empty = s.measure(true)
	began, cpu := time.Now(), turns.CPUTime()
	if err := s.registry.Load(f); err != nil {
		return err
	}
	s.Loaded = took{time.Since(began), turns.CPUTime() - cpu}
	s.Populated = s.measure(true)
	return nil
}

func serveRegistry(r *gtld.Registry, o options, unvalidated bool) (*mockserver.Server, error) {
	opts := mockserver.Options{
		Registry: r, Unvalidated: unvalidated,
		Profile: func(p *mockserver.Profile) { p.IdleTimeout, p.LoginTimeout = time.Hour, time.Hour },
	}
	if o.noJournal {
		opts.JournalSize = -1
	}
	m, err := mockserver.New(opts)
	if err != nil {
		return nil, err
	}
	return m, m.Start()
}

// Ask answers a question: "cpu", or "memory", for which garbage is collected.
func (s *servers) Ask(question string, answer any) error {
	*answer.(*figures) = s.measure(question == "memory")
	return nil
}

func (s *servers) measure(memory bool) figures {
	f := figures{CPU: turns.CPUTime()}
	if !memory {
		return f
	}
	runtime.GC() // stacks shrink in one, and what was in pools goes in the second
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	f.Heap, f.Stacks, f.RSS = m.HeapAlloc, m.StackInuse, resident()
	for n := range registrars {
		if s.plain != nil && s.valid != nil {
			f.Sessions += s.plain.Sessions(clID(n)) + s.valid.Sessions(clID(n))
		}
	}
	return f
}

// resident is what the machine says, by Linux's /proc; 0 where it says nothing.
func resident() uint64 {
	doc, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(doc)) {
		var kB uint64
		if n, _ := fmt.Sscanf(line, "VmRSS: %d kB", &kB); n == 1 {
			return kB << 10
		}
	}
	return 0
}

// Stop closes the servers.
func (s *servers) Stop() error { return errors.Join(s.echo.Close(), s.plain.Close(), s.valid.Close()) }
