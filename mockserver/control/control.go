package control

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A Mock is a mock registry that is controlled.
type Mock struct {
	// Name is its tenant's: letters, digits, hyphens and underscores.
	Name   string
	Server *mockserver.Server
	State  *registry.State
	// Seed adds objects from a document of fixtures, YAML or JSON, to those that there
	// are. nil refuses it.
	Seed func(doc []byte) error
	// Acts are what the registry's staff can do, which its method Acts returns.
	Acts []registry.Act
}

// Options are for a Control.
type Options struct {
	// Mocks are there from the beginning; the first is the one that paths without a
	// tenant mean. There must be one.
	Mocks []*Mock
	// Make makes a Mock for a tenant, whose server is started; nil refuses tenants. The
	// Control closes it.
	Make func(context.Context, *Tenant) (*Mock, error)
	// Hosts are names under which the Control may be reached, beside loopback.
	Hosts []string
	// Log gets what goes wrong; the default discards it.
	Log *slog.Logger
}

// A Tenant is a wish for a registry of one's own.
type Tenant struct {
	Name string `yaml:"name" json:"name"`
	// Registry is the kind, such as gtld or fred.
	Registry string `yaml:"registry" json:"registry,omitempty"`
	Seed     uint64 `yaml:"seed" json:"seed,omitempty"`
	// Time is where its clock stands still from the beginning; without it, Make decides.
	// "eppkit mock serve" has it begin as that of its first registry did.
	Time time.Time `yaml:"time" json:"time,omitzero"`
	// Fixtures are a document of fixtures, YAML or JSON, in place of the built-in ones.
	Fixtures string `yaml:"fixtures" json:"fixtures,omitempty"`
}

// A Control is the HTTP handler. Its methods may be called by any number of goroutines.
type Control struct {
	opts   Options
	log    *slog.Logger
	mux    *http.ServeMux
	routes []route

	mu      sync.Mutex
	mocks   map[string]*tenant
	first   string
	closing context.Context
	close   context.CancelFunc
}

// tenant is a Mock and whether the Control made it.
type tenant struct {
	*Mock
	own bool
}

// New makes a Control.
func New(o Options) (*Control, error) {
	if len(o.Mocks) == 0 {
		return nil, errors.New("control: there is no mock registry to control")
	}
	c := &Control{
		opts: o, log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)), mux: http.NewServeMux(),
		mocks: make(map[string]*tenant), first: o.Mocks[0].Name,
	}
	c.closing, c.close = context.WithCancel(context.Background())
	for _, m := range o.Mocks {
		if err := validTenant(m.Name); err != nil {
			return nil, fmt.Errorf("control: %w", err)
		}
		if c.mocks[m.Name] != nil {
			return nil, fmt.Errorf("control: there are two mock registries %q", m.Name)
		}
		c.mocks[m.Name] = &tenant{Mock: m}
	}
	c.bind()
	return c, nil
}

// Serve answers requests on a listener until Close, or until it breaks; the error is nil
// after Close.
func (c *Control) Serve(l net.Listener) error {
	srv := &http.Server{
		Handler: c, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(c.log.Handler(), slog.LevelWarn),
	}
	var wg sync.WaitGroup
	defer wg.Wait()
	done := make(chan struct{})
	defer close(done)
	wg.Go(func() {
		select {
		case <-done:
			srv.Close()
			return
		case <-c.closing.Done():
		}
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if srv.Shutdown(ctx) != nil {
			srv.Close()
		}
	})
	err := srv.Serve(l)
	if c.closing.Err() != nil {
		return nil
	}
	return err
}

// Close ends what waits and what serves, and closes the registries that it made.
func (c *Control) Close() error {
	c.close()
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for name, t := range c.mocks {
		if t.own {
			errs = append(errs, t.Server.Close())
			delete(c.mocks, name)
		}
	}
	return errors.Join(errs...)
}

// mock finds a tenant's registry; "" is the first.
func (c *Control) mock(name string) (*Mock, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.mocks[cmp.Or(name, c.first)]
	if t == nil {
		return nil, &problem{http.StatusNotFound, "tenant", fmt.Sprintf("there is no tenant %q", name)}
	}
	return t.Mock, nil
}

// local reports whether a request's Host is one that the Control is meant by.
func (c *Control) local(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return true
	}
	return strings.EqualFold(host, "localhost") ||
		slices.ContainsFunc(c.opts.Hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

func validTenant(name string) error {
	ok := len(name) >= 1 && len(name) <= 64 && !strings.ContainsFunc(name, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	})
	if !ok {
		return fmt.Errorf("a tenant's name has 1 to 64 letters, digits, hyphens or underscores; %q is none", name)
	}
	return nil
}
