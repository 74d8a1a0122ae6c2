package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
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
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
	"github.com/eppkit/eppkit/client"
)

// resellerDialects are the interfaces other than EPP. One more is added here, in
// resellerClient and in dialectHandlers, and nowhere else in this program.
var resellerDialects = []string{"netim", "mijndomeinreseller", "openprovider", "opensrs"}

// authcodeConfig is the part of the configuration that is about handing over codes.
type authcodeConfig struct {
	// Routes are profiles by suffix; "" is for all other domains.
	Routes   map[string]string `yaml:"routes"`
	Reseller authcode.Address  `yaml:"reseller"`
	TTL      time.Duration     `yaml:"ttl"`
	State    string            `yaml:"state"`
	Mail     *mailConfig       `yaml:"mail"`
}

type mailConfig struct {
	Server    string           `yaml:"server"`
	From      authcode.Address `yaml:"from"`
	User      string           `yaml:"user"`
	Password  password         `yaml:"password"`
	Roots     string           `yaml:"roots"`
	Templates string           `yaml:"templates"`
	Lang      string           `yaml:"lang"`
}

// resellerFields are the fields of a profile that a dialect has a use for, beside
// dialect, password and base.
var resellerFields = map[string][]string{
	"netim":              {"user", "version", "lang"},
	"mijndomeinreseller": {"test"},
	"openprovider":       {"user"},
	"opensrs":            {"user", "test"},
}

// checkReseller checks a profile of another dialect than EPP.
func (p *profile) checkReseller() error {
	if err := oneOf("dialect", p.Dialect, append([]string{dialectEPP}, resellerDialects...)); err != nil {
		return err
	}
	for name, given := range map[string]bool{
		"address": p.Address != "", "clID": p.ClID != "", "certificate": p.Certificate != "", "key": p.Key != "",
		"serverName": p.ServerName != "", "user": p.User != "", "version": p.Version != "",
		"lang": p.Lang != "", "test": p.Test,
	} {
		if given && !slices.Contains(resellerFields[p.Dialect], name) {
			return fmt.Errorf("%s has no use for %s", p.Dialect, name)
		}
	}
	if p.User == "" && slices.Contains(resellerFields[p.Dialect], "user") {
		return errors.New("user is missing")
	}
	return nil
}

// A provider is what the commands of authcode work with.
type provider struct {
	authcode.Provider
	reseller []authcode.Address
	outbox   *mail.Outbox // of the mocks; nil otherwise

	mu     sync.Mutex
	epp    []*eppcode.Provider
	links  []*eppcode.Link
	closes []func(context.Context) error
}

// closeTimeout bounds the logging out.
const closeTimeout = 5 * time.Second

// withProvider runs f with the systems of the configuration, or with the one of a
// profile, and logs out after it.
func (a *app) withProvider(ctx context.Context, via string, f func(*provider) error) error {
	p, err := a.newProvider(via)
	if err != nil {
		return err
	}
	defer a.closeProvider(ctx, p)
	return f(p)
}

func (a *app) closeProvider(ctx context.Context, p *provider) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, end := range slices.Backward(p.closes) {
		if err := end(ctx); err != nil { // changes nothing of what was done
			fmt.Fprintf(a.err, "eppkit: %s\n", oneLine(err.Error()))
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
		return a.mockProvider("as --mock asks")
	}
	cfg, path, err := a.loadConfig()
	switch {
	case err != nil:
		return nil, &configError{err}
	case cfg == nil && via != "":
		return nil, usage("profile %q is asked for, but there is no configuration file %s", via, path)
	case cfg == nil:
		return a.mockProvider("no system is configured")
	}
	p := new(provider)
	if cfg.Authcode.Reseller.Email != "" {
		p.reseller = []authcode.Address{cfg.Authcode.Reseller}
	}
	if p.Provider, err = a.configured(p, cfg, via); err != nil {
		return nil, err
	}
	return p, nil
}

// configured is the provider of one profile, or the router of all.
func (a *app) configured(p *provider, cfg *config, via string) (authcode.Provider, error) {
	only := cmp.Or(via, a.getenv("EPPKIT_PROFILE"))
	if only == "" && len(cfg.Authcode.Routes) == 0 {
		if only = cfg.Default; only == "" && len(cfg.Profiles) == 1 {
			for only = range cfg.Profiles {
			}
		}
		if only == "" {
			return nil, usage("%s has neither authcode.routes nor a default; choose a profile with --via: %s",
				cfg.path, strings.Join(slices.Sorted(maps.Keys(cfg.Profiles)), ", "))
		}
	}
	if only != "" {
		return a.profileProvider(p, cfg, only)
	}
	router := &authcode.Router{Suffixes: map[string]authcode.Provider{}}
	byName := map[string]authcode.Provider{}
	for suffix, name := range cfg.Authcode.Routes {
		if byName[name] == nil {
			to, err := a.profileProvider(p, cfg, name)
			if err != nil {
				return nil, err
			}
			byName[name] = to
		}
		router.Suffixes[strings.ToLower(strings.Trim(suffix, "."))] = byName[name]
	}
	return router, nil
}

// profileProvider is the provider of a profile, with mail where it is configured. What
// needs a password is made when it is first asked.
func (a *app) profileProvider(p *provider, cfg *config, name string) (authcode.Provider, error) {
	prof, err := cfg.profile(name, a.flags.registry)
	if err != nil {
		return nil, err
	}
	var to authcode.Provider
	if prof.Dialect == dialectEPP {
		to, err = a.eppProvider(p, cfg, prof)
	} else {
		to = lazily(func(ctx context.Context) (authcode.Provider, error) { return a.resellerClient(ctx, p, prof) })
	}
	if err != nil || cfg.Authcode.Mail == nil {
		return to, err
	}
	return lazily(func(ctx context.Context) (authcode.Provider, error) {
		courier, err := a.courier(ctx, cfg)
		if err != nil {
			return nil, err
		}
		return &authcode.Mailing{Provider: to, Courier: courier}, nil
	}), nil
}

// lazily is a provider that is made when it is first asked. Making it is tried again
// after it failed.
func lazily(open func(context.Context) (authcode.Provider, error)) authcode.Provider {
	var (
		mu   sync.Mutex
		made authcode.Provider
	)
	return &authcode.Router{Lookup: func(ctx context.Context, _ string) (authcode.Provider, error) {
		mu.Lock()
		defer mu.Unlock()
		if made == nil {
			to, err := open(ctx)
			if err != nil {
				return nil, err
			}
			made = to
		}
		return made, nil
	}}
}

// eppProvider is the provider over a registry's EPP. It connects when it is first asked.
func (a *app) eppProvider(p *provider, cfg *config, prof *profile) (authcode.Provider, error) {
	dir, err := a.stateDir(cfg)
	if err != nil {
		return nil, err
	}
	link := &eppcode.Link{Dial: func(ctx context.Context) (*client.Session, error) {
		t, err := a.profileTarget(ctx, prof, true)
		if err != nil {
			return nil, err
		}
		return client.Dial(ctx, t.addr, t.opts)
	}}
	return p.addEPP(link, eppcode.Options{
		Doer: link, ClID: prof.ClID, Kind: eppKind(prof.Registry), TTL: cfg.Authcode.TTL,
		Ledger: eppcode.Dir{Path: filepath.Join(dir, prof.name)}, Log: a.log(),
	})
}

func eppKind(registry string) eppcode.Kind {
	if registry == "fred" {
		return eppcode.FRED
	}
	return eppcode.RFC
}

// addEPP makes a provider over EPP, which is asked to end codes, and whose link is
// closed at the end.
func (p *provider) addEPP(link *eppcode.Link, o eppcode.Options) (*eppcode.Provider, error) {
	to, err := eppcode.New(o)
	if err != nil {
		return nil, &configError{err}
	}
	p.mu.Lock()
	p.epp, p.links = append(p.epp, to), append(p.links, link)
	p.mu.Unlock()
	p.atEnd(link.Close)
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
	secret, err := prof.Password.read(ctx, prof, a.getenv)
	if err != nil {
		err = fmt.Errorf("profile %s: %w", prof.name, err)
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, &configError{err}
	}
	at := authcode.HTTP{Base: prof.Base, Log: a.log()}
	if prof.Roots != "" {
		cfg, err := prof.tls()
		if err != nil {
			return nil, &configError{fmt.Errorf("profile %s: %w", prof.name, err)}
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig = cfg
		at.Client = &http.Client{Transport: transport}
		p.atEnd(func(context.Context) error { transport.CloseIdleConnections(); return nil })
	}
	var to authcode.Provider
	switch prof.Dialect {
	case "netim":
		var c *netim.Client
		c, err = netim.New(netim.Options{HTTP: at, ID: prof.User, Secret: secret, Version: netim.Version(prof.Version), Language: strings.ToUpper(prof.Lang)})
		if err == nil {
			p.atEnd(c.Close)
		}
		to = c
	case "mijndomeinreseller":
		to, err = mijndomeinreseller.New(mijndomeinreseller.Options{HTTP: at, Key: secret, Test: prof.Test})
	case "openprovider":
		to, err = openprovider.New(openprovider.Options{HTTP: at, Username: prof.User, Password: secret})
	case "opensrs":
		to, err = opensrs.New(opensrs.Options{HTTP: at, Username: prof.User, Key: secret, Test: prof.Test})
	}
	if err != nil {
		return nil, &configError{fmt.Errorf("profile %s: %w", prof.name, err)}
	}
	return to, nil
}

// courier sends mail by the configured server.
func (a *app) courier(ctx context.Context, cfg *config) (authcode.Courier, error) {
	m := cfg.Authcode.Mail
	fail := func(err error) (authcode.Courier, error) {
		return nil, &configError{fmt.Errorf("%s: authcode.mail: %w", cfg.path, err)}
	}
	// What the paths and the password of a profile are read with.
	where := &profile{name: "authcode.mail", dir: filepath.Dir(cfg.path), Roots: m.Roots, Password: m.Password}
	o := mail.Options{Addr: m.Server, From: m.From, Username: m.User, Lang: m.Lang}
	var err error
	if m.Roots != "" {
		if o.TLS, err = where.tls(); err != nil {
			return fail(err)
		}
	}
	if m.User != "" {
		if o.Password, err = m.Password.read(ctx, where, a.getenv); err != nil {
			return fail(err)
		}
	}
	if m.Templates != "" {
		var texts fs.FS = os.DirFS(where.path(m.Templates))
		if o.Templates, err = mail.LoadTemplates(texts); err != nil {
			return fail(err)
		}
	}
	c, err := mail.New(o)
	if err != nil {
		return fail(err)
	}
	return c, nil
}

// log is for what happens beside the outcome; --verbose shows it.
func (a *app) log() *slog.Logger {
	if !a.flags.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// expire ends the codes whose time is over.
func (p *provider) expire(ctx context.Context) (ended []string, err error) {
	p.mu.Lock()
	list := slices.Clone(p.epp)
	p.mu.Unlock()
	for _, to := range list {
		domains, e := to.Expire(ctx)
		ended, err = append(ended, domains...), errors.Join(err, e)
	}
	return ended, err
}
