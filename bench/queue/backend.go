package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/eppkit/eppkit/bench/child"
	"github.com/eppkit/eppkit/bench/echo"
	"github.com/eppkit/eppkit/bench/turns"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
	"github.com/eppkit/eppkit/namespaces"
)

const serveFlag = "serve"

// A backend is a registry, and an echo.
type backend struct {
	Echo, EPP string   // addresses
	CA        []byte   // PEM, of both
	Clients   []string // registrars, each with a queue

	cpu  func() (time.Duration, error) // of both ends
	stop func() error
}

// registrars is how many have a queue: one for each contender.
const registrars = 3

const password = "metronome-3"

// start starts the backend, here or in a process of its own.
func start(o options) (*backend, error) {
	if o.inProcess {
		b, err := newBackend(o)
		if err == nil {
			b.cpu = func() (time.Duration, error) { return turns.CPUTime(), nil }
		}
		return b, err
	}
	b := new(backend)
	p, err := child.Start(b, "-"+serveFlag, fmt.Sprintf("-messages=%d", o.messages))
	if err != nil {
		return nil, err
	}
	b.stop = p.Stop
	b.cpu = func() (theirs time.Duration, err error) {
		err = p.Ask("cpu", &theirs)
		return turns.CPUTime() + theirs, err
	}
	return b, nil
}

// serve is the backend's process.
func serve(o options, in io.Reader, out io.Writer) error {
	b, err := newBackend(o)
	if err != nil {
		return err
	}
	err = child.Serve(in, out, b, func(string) any { return turns.CPUTime() })
	return errors.Join(err, b.stop())
}

func newBackend(o options) (*backend, error) {
	b := new(backend)
	fixtures := "registrars:\n"
	for i := range registrars {
		b.Clients = append(b.Clients, fmt.Sprintf("reg-bench-%d", i))
		fixtures += fmt.Sprintf("  - {clID: %s, password: %s}\n", b.Clients[i], password)
	}
	objects, err := gtld.ParseFixtures("bench", []byte(fixtures))
	if err != nil {
		return nil, err
	}
	reg, err := gtld.New(gtld.Options{Options: registry.Options{HashIterations: 1}, Fixtures: objects})
	if err != nil {
		return nil, err
	}
	for _, clID := range b.Clients {
		err := reg.Change(func(tx *registry.Tx) error {
			for i := range o.messages {
				reg.Queue.Put(tx, registry.Message{ClID: clID, Text: fmt.Sprintf("Transfer %d was approved", i), ResData: []epp.Element{transferred(i)}})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	srv, err := mockserver.New(mockserver.Options{
		Registry: reg, Unvalidated: true,
		Profile: func(p *mockserver.Profile) { p.MaxSessions = 100_000 },
	})
	if err != nil {
		return nil, err
	}
	if err := srv.Start(); err != nil {
		return nil, err
	}
	floor, err := echo.NewServer()
	if err != nil {
		return nil, errors.Join(err, srv.Close())
	}
	b.Echo, b.EPP, b.CA = floor.Addr(), srv.Addr(), append(srv.CAPEM(), floor.CA()...)
	b.stop = func() error { return errors.Join(floor.Close(), srv.Close()) }
	return b, nil
}

// transferred is what a message is about.
func transferred(i int) *domain.TrnData {
	at := time.Date(2026, 3, 1, 0, 0, i, 0, time.UTC)
	return &domain.TrnData{
		Name: fmt.Sprintf("name%06d.example", i), TrStatus: "clientApproved",
		ReID: "reg-bench-0", ReDate: at, AcID: "reg-bench-1", AcDate: at, ExDate: at.AddDate(1, 0, 0),
	}
}

func (b *backend) tls() (*tls.Config, error) {
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b.CA) {
		return nil, errors.New("no certificate of the servers")
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: "localhost"}, nil
}

// pool makes a pool of a registrar.
func (b *backend) pool(clID string, change func(*client.PoolOptions)) (*client.Pool, error) {
	cfg, err := b.tls()
	if err != nil {
		return nil, err
	}
	set, err := epp.NewSchema(namespaces.RFC()...)
	if err != nil {
		return nil, err
	}
	opts := client.PoolOptions{
		Options: client.Options{
			Schema: set, TLS: cfg, Credentials: &client.Credentials{ClID: clID, PW: password},
		},
		Addresses: []string{b.EPP},
	}
	change(&opts)
	return client.NewPool(opts)
}
