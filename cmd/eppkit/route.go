package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// reachable are the addresses of a profile's registry.
func (p *profile) reachable() []string {
	if p.Address != "" {
		return []string{p.Address}
	}
	return p.Addresses
}

// checkAddresses checks that there is one address, or a list of some.
func (p *profile) checkAddresses() error {
	switch {
	case p.Address != "" && p.Addresses != nil:
		return errors.New("address and addresses do not go together; addresses is a list of all")
	case len(p.reachable()) == 0:
		return errors.New("address is missing")
	}
	for i, addr := range p.Addresses {
		if addr == "" {
			return fmt.Errorf("addresses: number %d is empty", i+1)
		}
	}
	return nil
}

// sessions are how many sessions a pool has with the registry, and for how long. They
// stand for the options of the same names of client.PoolOptions.
type sessions struct {
	Max       int     `yaml:"max,omitempty"`
	Min       int     `yaml:"min,omitempty"`
	Depth     int     `yaml:"depth,omitempty"`
	KeepAlive stretch `yaml:"keepAlive,omitempty"`
	MaxIdle   stretch `yaml:"maxIdle,omitempty"`
	MaxAge    stretch `yaml:"maxAge,omitempty"`
}

// defaultSessions is how many sessions a pool may have where its profile does not say it.
const defaultSessions = 4

func (s *sessions) check() error {
	for _, n := range []struct {
		name  string
		value int
	}{{"max", s.Max}, {"min", s.Min}, {"depth", s.Depth}} {
		if n.value < 0 {
			return fmt.Errorf("%s is %d; it can't be less than 0", n.name, n.value)
		}
	}
	if most := cmp.Or(s.Max, defaultSessions); s.Min > most {
		return fmt.Errorf("min is %d, which is more than max, %d", s.Min, most)
	}
	return nil
}

// options are those of a pool that the profile says.
func (s *sessions) options() client.PoolOptions {
	return client.PoolOptions{
		MaxSessions: cmp.Or(s.Max, defaultSessions), MinSessions: s.Min, Depth: s.Depth,
		KeepAlive: time.Duration(s.KeepAlive), MaxIdle: time.Duration(s.MaxIdle), MaxAge: time.Duration(s.MaxAge),
	}
}

// A stretch is a length of time as a profile says it, as in 90s or 12h. "never" is less than 0, as
// client.PoolOptions has it.
type stretch time.Duration

const never = "never"

// UnmarshalYAML reads a stretch.
func (s *stretch) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == never {
		*s = -1
		return nil
	}
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 {
		return fmt.Errorf("line %d: %q is no length of time, such as 90s or 12h, and not %q", n.Line, n.Value, never)
	}
	*s = stretch(d)
	return nil
}

// MarshalYAML writes a stretch as it is read.
func (s stretch) MarshalYAML() (any, error) {
	if s < 0 {
		return never, nil
	}
	return time.Duration(s).String(), nil
}

// pool is how a pool talks to the registry.
func (t *target) pool() client.PoolOptions {
	o := t.sessions.options()
	o.Options, o.Addresses = t.opts, t.addrs
	return o
}

// dial connects to the first address at which the registry can be reached, and logs in
// where there are credentials. A login that is refused is not tried elsewhere: refusals
// are counted.
func (t *target) dial(ctx context.Context) (*client.Session, error) {
	cred, opts := t.opts.Credentials, t.opts
	opts.Credentials = nil
	s, err := t.connect(ctx, opts)
	if err != nil || cred == nil {
		return s, err
	}
	if err := s.Login(ctx, *cred); err != nil {
		s.Close()
		var re *epp.ResultError
		if errors.As(err, &re) {
			unquoteResults(re.Results, cred)
			unquote(re.Response, cred)
		}
		return nil, err
	}
	unquote(s.LoginResponse(), cred)
	return s, nil
}

// connect tries the addresses in their order. Each gets its share of the time that is
// left.
func (t *target) connect(ctx context.Context, opts client.Options) (*client.Session, error) {
	var failed []error
	for i, addr := range t.addrs {
		s, err := t.connectTo(ctx, addr, len(t.addrs)-i, opts)
		if err == nil {
			t.addr = addr
			return s, nil
		}
		failed = append(failed, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(failed...)
}

// connectTo connects to an address, which is one of some that are left to be tried.
func (t *target) connectTo(ctx context.Context, addr string, left int, opts client.Options) (*client.Session, error) {
	if deadline, ok := ctx.Deadline(); ok && left > 1 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/time.Duration(left))
		defer cancel()
	}
	return client.Dial(ctx, addr, opts)
}
