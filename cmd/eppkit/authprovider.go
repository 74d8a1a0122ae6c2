package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/mail"
	"github.com/eppkit/eppkit/client"
)

// authcodeConfig is the part of the configuration that is about handing over codes.
type authcodeConfig struct {
	// Routes are profiles by suffix; "" is for all other domains.
	Routes   map[string]string `yaml:"routes"`
	Reseller authcode.Address  `yaml:"reseller"`
	TTL      time.Duration     `yaml:"ttl"`
	State    string            `yaml:"state"`
	Mail     *mailConfig       `yaml:"mail"`
}

// A provider is what the commands of authcode work with.
type provider struct {
	authcode.Provider
	reseller []authcode.Address
	outbox   *mail.Outbox // of the mocks; nil otherwise
	mails    bool         // that somebody mails what a system only shows
	epp      []*eppcode.Provider
	pools    []*registryPool
	opens    []func(context.Context) error // opens what is opened when it is first asked

	mu     sync.Mutex // opening goes on while others work
	closes []func(context.Context) error
}

// closeTimeout bounds the logging out, and lateTimeout that of a command whose time is
// up already.
const (
	closeTimeout = 5 * time.Second
	lateTimeout  = time.Second
)

// withProvider runs f with the systems of the configuration, or with the one of a
// profile, and logs out after it.
func (a *app) withProvider(ctx context.Context, via string, f func(*provider) error) error {
	a.logLevel = slog.LevelWarn
	p, err := a.newProvider(via)
	if err != nil {
		return err
	}
	defer func() {
		grace := closeTimeout
		if ctx.Err() != nil {
			grace = lateTimeout
		}
		a.closeProvider(ctx, p, grace)
	}()
	return f(p)
}

// closeProvider ends what the provider has opened, also when ctx has ended.
func (a *app) closeProvider(ctx context.Context, p *provider, grace time.Duration) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, end := range slices.Backward(p.closes) {
		if err := end(ctx); err != nil { // changes nothing of what was done
			a.note(err.Error())
		}
	}
}

func (p *provider) atEnd(f func(context.Context) error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closes = append(p.closes, f)
}

// newProvider prepares the systems. Nothing is connected before it is needed.
func (a *app) newProvider(via string) (*provider, error) {
	if a.flags.mock {
		if via != "" {
			return nil, usage("--mock and --via can't be used together")
		}
		return a.mockProvider("as --mock asks", nil, nil)
	}
	cfg, path, err := a.loadConfig()
	if err != nil {
		return nil, &configError{err}
	}
	name := cmp.Or(via, a.getenv("EPPKIT_PROFILE"))
	switch {
	case cfg == nil && name != "":
		return nil, usage("profile %q is asked for, but there is no configuration file %s", name, path)
	case cfg == nil:
		return a.mockProvider("no system is configured", nil, nil)
	case name == "" && len(cfg.Authcode.Routes) == 0:
		if name, err = cfg.onlyProfile(); err != nil {
			return nil, err
		}
	}
	return a.configured(cfg, name, nil)
}

// onlyProfile is the profile to use where no routes are given.
func (c *config) onlyProfile() (string, error) {
	names := slices.Sorted(maps.Keys(c.Profiles))
	switch {
	case c.Default != "":
		return c.Default, nil
	case len(names) == 1:
		return names[0], nil
	}
	return "", usage("%s has neither authcode.routes nor a default; choose a profile with --via: %s",
		c.path, strings.Join(names, ", "))
}

// configured is the provider of a profile, or with "" the router of all in the routes.
// Mail goes to the outbox, or where that is nil to the configured server.
func (a *app) configured(cfg *config, name string, outbox *mail.Outbox) (*provider, error) {
	p := new(provider)
	if cfg.Authcode.Reseller.Email != "" {
		p.reseller = []authcode.Address{cfg.Authcode.Reseller}
	}
	var courier *lazy[authcode.Courier]
	switch {
	case outbox != nil:
		courier = newLazy(p, func(context.Context) (authcode.Courier, error) { return outbox, nil })
	case cfg.Authcode.Mail != nil:
		courier = newLazy(p, func(ctx context.Context) (authcode.Courier, error) { return a.courier(ctx, cfg) })
	}
	p.mails = courier != nil
	byName := map[string]authcode.Provider{}
	of := func(name string) (authcode.Provider, error) {
		var err error
		if byName[name] == nil {
			byName[name], err = a.profileProvider(p, cfg, name, courier)
		}
		return byName[name], err
	}
	var err error
	if name != "" {
		p.Provider, err = of(name)
		return p, err
	}
	routes := map[string]authcode.Provider{}
	for _, suffix := range slices.Sorted(maps.Keys(cfg.Authcode.Routes)) {
		if routes[suffix], err = of(cfg.Authcode.Routes[suffix]); err != nil {
			return nil, err
		}
	}
	if p.Provider, err = authcode.NewRouter(routes); err != nil {
		return nil, &configError{fmt.Errorf("%s: authcode.routes: %w", cfg.path, err)}
	}
	return p, nil
}

// profileProvider is the provider of a profile, with mail where it is configured.
func (a *app) profileProvider(p *provider, cfg *config, name string, courier *lazy[authcode.Courier]) (authcode.Provider, error) {
	prof, err := cfg.profile(name, a.flags.registry)
	if err != nil {
		return nil, err
	}
	var to authcode.Provider
	if prof.Dialect == dialectEPP {
		to, err = a.eppProvider(p, cfg, prof)
	} else {
		to = provided(prof.Dialect, newLazy(p, func(ctx context.Context) (authcode.Provider, error) {
			return a.resellerClient(ctx, p, prof)
		}))
	}
	if err != nil || courier == nil {
		return to, err
	}
	return &posted{to, courier}, nil
}

// A posted is a provider with mail. Its courier is opened for what may need it, so that
// codes can be shown while the mail server's password is wrong.
type posted struct {
	to      authcode.Provider
	courier *lazy[authcode.Courier]
}

// Choose lets what else the provider is be found.
func (p *posted) Choose(context.Context, string) (authcode.Provider, error) { return p.to, nil }

// Capabilities are those with mail.
func (p *posted) Capabilities(ctx context.Context, domain string) (authcode.Capabilities, error) {
	return (&authcode.Mailing{Provider: p.to}).Capabilities(ctx, domain)
}

// HandOver carries out a request.
func (p *posted) HandOver(ctx context.Context, r authcode.Request) (authcode.Outcome, error) {
	if r.Verb != authcode.Send {
		return p.to.HandOver(ctx, r)
	}
	c, err := p.courier.get(ctx)
	if err != nil { // before a code is made that can't be sent
		return nil, &authcode.Error{System: "mail", Op: "open", Domain: r.Domain, Err: err}
	}
	return (&authcode.Mailing{Provider: p.to, Courier: c}).HandOver(ctx, r)
}

// provided is a provider that is opened when it is first asked.
func provided(system string, l *lazy[authcode.Provider]) authcode.Provider {
	return &authcode.Router{Lookup: func(ctx context.Context, domain string) (authcode.Provider, error) {
		to, err := l.get(ctx)
		if err != nil {
			return nil, &authcode.Error{System: system, Op: "open", Domain: domain, Err: err}
		}
		return to, nil
	}}
}

// A lazy value needs a password, and is made when it is first asked for. Making it is
// tried again after it failed.
type lazy[T any] struct {
	open func(context.Context) (T, error)

	mu    sync.Mutex
	made  bool
	value T
}

func newLazy[T any](p *provider, open func(context.Context) (T, error)) *lazy[T] {
	l := &lazy[T]{open: open}
	p.opens = append(p.opens, func(ctx context.Context) error {
		_, err := l.get(ctx)
		return err
	})
	return l
}

func (l *lazy[T]) get(ctx context.Context) (T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.made {
		return l.value, nil
	}
	v, err := l.open(ctx)
	if err == nil {
		l.value, l.made = v, true
	}
	return v, err
}

// eppProvider is the provider over a registry's EPP. It connects when it is first asked.
func (a *app) eppProvider(p *provider, cfg *config, prof *profile) (authcode.Provider, error) {
	state, err := a.stateDir(cfg)
	if err != nil {
		return nil, err
	}
	if prof.name == ".." || filepath.Base(prof.name) != prof.name {
		return nil, &configError{fmt.Errorf("%s: the profile %q would name a directory in %s, and is no file name", cfg.path, prof.name, state)}
	}
	pool := a.newRegistryPool(p, prof.name, func(ctx context.Context) (client.PoolOptions, error) {
		t, err := a.profileTarget(ctx, prof, true)
		if err != nil {
			return client.PoolOptions{}, err
		}
		return t.pool(), nil
	})
	return p.addEPP(pool, eppcode.Options{
		ClID: prof.ClID, Kind: eppKind(prof.Registry), TTL: cfg.Authcode.TTL, Limits: prof.Codes.Limits, Hidden: prof.Codes.Hidden,
		Ledger: eppcode.Dir{Path: filepath.Join(state, prof.name)}, Log: a.log(),
	})
}

func eppKind(registry string) eppcode.Kind {
	if registry == "fred" {
		return eppcode.FRED
	}
	return eppcode.RFC
}

// addEPP makes a provider over EPP, which is asked to end codes.
func (p *provider) addEPP(pool *registryPool, o eppcode.Options) (*eppcode.Provider, error) {
	o.Doer = pool
	to, err := eppcode.New(o)
	if err != nil {
		return nil, &configError{err}
	}
	p.epp, p.pools, p.opens = append(p.epp, to), append(p.pools, pool), append(p.opens, pool.ready)
	return to, nil
}

// stateDir is where it is kept which domain has a code until when.
func (a *app) stateDir(cfg *config) (string, error) {
	if dir := cfg.Authcode.State; dir != "" {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(cfg.path), dir)
		}
		return dir, nil
	}
	if dir := a.getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "eppkit", "authcode"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", &configError{fmt.Errorf("where to keep which codes are to end: %w; set authcode.state in %s", err, cfg.path)}
	}
	return filepath.Join(home, ".local", "state", "eppkit", "authcode"), nil
}

// resellerClient is the client of another interface than EPP.
func (a *app) resellerClient(ctx context.Context, p *provider, prof *profile) (authcode.Provider, error) {
	fail := func(err error) (authcode.Provider, error) {
		err = fmt.Errorf("profile %s: %w", prof.name, err)
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, &configError{err}
	}
	secret, err := prof.Password.read(ctx, prof, a.getenv)
	if err != nil {
		return fail(err)
	}
	at := authcode.HTTP{Base: prof.Base, Log: a.log()}
	if prof.Roots != "" {
		cfg, err := prof.tls()
		if err != nil {
			return fail(err)
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig = cfg
		at.Client = &http.Client{Transport: transport}
		p.atEnd(func(context.Context) error { transport.CloseIdleConnections(); return nil })
	}
	to, err := dialects[prof.Dialect].client(prof, at, secret)
	if err != nil {
		return fail(err)
	}
	if c, ok := to.(interface{ Close(context.Context) error }); ok { // such as Netim's session
		p.atEnd(c.Close)
	}
	return to, nil
}

// log is for what happens beside the outcome.
func (a *app) log() *slog.Logger {
	level := a.logLevel
	if a.flags.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: level}))
}

// expire ends the codes whose time is over.
func (p *provider) expire(ctx context.Context) (ended []string, err error) {
	for _, to := range p.epp {
		domains, e := to.Expire(ctx)
		ended, err = append(ended, domains...), errors.Join(err, e)
	}
	return ended, err
}
