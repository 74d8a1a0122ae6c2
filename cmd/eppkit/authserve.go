package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
)

// dialectHandlers make the handlers, which share a gateway, and say where they are.
var dialectHandlers = map[string]struct {
	roots []string // the first segment of the path; "" is none
	make  func(*gateway.Gateway) http.Handler
}{
	"netim": {[]string{"1.0", "3.0"}, func(g *gateway.Gateway) http.Handler { return netim.NewHandler(g, netim.HandlerOptions{}) }},
	"mijndomeinreseller": {[]string{"v2"}, func(g *gateway.Gateway) http.Handler {
		return mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{})
	}},
	"openprovider": {[]string{"v1beta"}, func(g *gateway.Gateway) http.Handler {
		return openprovider.NewHandler(g, openprovider.HandlerOptions{})
	}},
	"opensrs": {[]string{""}, func(g *gateway.Gateway) http.Handler { return opensrs.NewHandler(g, opensrs.HandlerOptions{}) }},
}

// serveOptions say what "authcode serve" serves.
type serveOptions struct {
	dialects         []string
	listen, upstream string
	cert, key        string
	plain            bool
	accounts, audit  string
	outbox           string
	rate             int
	ratePer          time.Duration
}

func (a *app) authcodeServeCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Offer the resellers' interfaces, over your systems or over the mock registries",
		Long: `Offer the interfaces of Netim, Mijndomeinreseller, Openprovider and OpenSRS to
clients made for them. Without an upstream they stand on the mock registries inside
eppkit, so that the whole way runs with one command: HTTP, the interface, EPP over
TLS, the registry, and mail in an outbox. With --upstream they stand on a profile of
the configuration, or with --upstream routes on all that authcode.routes names.

The interfaces share an address: Netim has the paths /1.0/ and /3.0/,
Mijndomeinreseller /v2/, Openprovider /v1beta/, OpenSRS /. GET /healthz says that the
program runs, GET /readyz that its registries can be reached.

Accounts are in a YAML file that its owner alone can read:

  accounts:
    - name: north
      user: AB123               # Netim, Openprovider, OpenSRS
      secret: its-password      # their password or private key
      key: 8-CHARS-AND-64-MORE  # Mijndomeinreseller
      mail: [{name: North, email: desk@north.example}]
      domains: [{name: alpha.example, id: 123456}, {name: "*.cz"}]

With the mock registries there is one without a file, which is printed.`,
		Example: `  eppkit authcode serve --listen 127.0.0.1:8080
  eppkit authcode serve --dialect netim,opensrs --upstream cz --accounts accounts.yaml \
      --listen :443 --tls-cert server.pem --tls-key server.key --audit audit.log`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serveAuthcode(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.dialects, "dialect", resellerDialects, "`DIALECTS` to serve: netim, mijndomeinreseller, openprovider, opensrs")
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	f.StringVar(&o.upstream, "upstream", "", "`PROFILE` that has the domains, or routes (default the mock registries)")
	f.StringVar(&o.cert, "tls-cert", "", "PEM `FILE` with the server's certificate and those that lead to its root")
	f.StringVar(&o.key, "tls-key", "", "PEM `FILE` with its key")
	f.BoolVar(&o.plain, "plain-http", false, "listen without TLS on more than loopback, because something in front of it has TLS")
	f.StringVar(&o.accounts, "accounts", "", "YAML `FILE` with the accounts")
	f.StringVar(&o.audit, "audit", "", "append a line in JSON for each hand-over to this `FILE` (default standard output)")
	f.StringVar(&o.outbox, "outbox", "", "write the mail of the mock registries that eppkit sends into this `DIR`")
	f.IntVar(&o.rate, "rate", 0, "how many `REQUESTS` an account may make in --rate-per (default no limit)")
	f.DurationVar(&o.ratePer, "rate-per", time.Minute, "the `TIME` of --rate")
	complete(cmd, "dialect", resellerDialects)
	return authcodeFlags(cmd)
}

func (o *serveOptions) check() error {
	for _, d := range o.dialects {
		if err := oneOf("--dialect", d, resellerDialects); err != nil {
			return err
		}
	}
	switch {
	case len(o.dialects) == 0:
		return usage("--dialect names none")
	case (o.cert == "") != (o.key == ""):
		return usage("--tls-cert and --tls-key go together")
	case o.upstream != "" && o.accounts == "":
		return usage("--upstream needs --accounts: who may ask for which domains")
	case o.upstream != "" && o.outbox != "":
		return usage("--outbox is for the mock registries; describe a mail server in authcode.mail of the configuration")
	}
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return usage("--listen %s is no address: %v", o.listen, err)
	}
	if ip := net.ParseIP(host); o.cert == "" && !o.plain && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usage("codes may travel only encrypted: --listen %s needs --tls-cert and --tls-key, or --plain-http where something in front of it has TLS", o.listen)
	}
	return nil
}

// Time-outs of the HTTP server.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 30 * time.Second
	writeTimeout  = 90 * time.Second // more than the gateway takes for an answer
	idleTimeout   = 2 * time.Minute
	drainTimeout  = 15 * time.Second
	readyTimeout  = 5 * time.Second
)

// serveAuthcode runs until ctx ends.
func (a *app) serveAuthcode(ctx context.Context, o serveOptions) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	p, err := a.upstream(o)
	if err != nil {
		return err
	}
	defer a.closeProvider(ctx, p)
	accounts, demo, err := a.serveAccounts(o)
	if err != nil {
		return err
	}
	audit, closeAudit, err := a.auditLog(o.audit)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAudit()) }()
	errlog := slog.New(slog.NewTextHandler(a.err, nil))
	if a.flags.verbose {
		errlog = a.log()
	}
	g, err := gateway.New(gateway.Options{
		Provider: p, Accounts: accounts, Rate: gateway.Rate{Requests: o.rate, Per: o.ratePer},
		Audit: audit, Log: errlog,
	})
	if err != nil {
		return err
	}
	srv := &http.Server{
		Handler:           newFront(g, p, o.dialects),
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(errlog.Handler(), slog.LevelDebug),
	}
	if o.cert != "" {
		pair, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return &configError{err}
		}
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	ln, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	a.printFront(o, ln.Addr().String(), demo)
	return a.runFront(ctx, srv, ln, p)
}

// upstream is what the interfaces stand on.
func (a *app) upstream(o serveOptions) (*provider, error) {
	if o.upstream == "" {
		p, err := a.mockProvider("no --upstream is given")
		if err == nil {
			p.outbox.Dir = o.outbox
		}
		return p, err
	}
	if a.flags.mock {
		return nil, usage("--mock and --upstream can't be used together")
	}
	via := o.upstream
	if via == "routes" {
		via = ""
	}
	cfg, path, err := a.loadConfig()
	switch {
	case err != nil:
		return nil, &configError{err}
	case cfg == nil:
		return nil, usage("--upstream %s is asked for, but there is no configuration file %s", o.upstream, path)
	case via == "" && len(cfg.Authcode.Routes) == 0:
		return nil, usage("%s has no authcode.routes", path)
	}
	return a.newProvider(via)
}

// runFront serves until ctx ends, then lets the requests in progress finish.
func (a *app) runFront(ctx context.Context, srv *http.Server, ln net.Listener, p *provider) error {
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	for _, to := range p.epp {
		running.Go(func() { _ = to.Run(background) }) // it ends with the context, and logs
	}
	served := make(chan error, 1)
	go func() {
		if srv.TLSConfig != nil {
			served <- srv.ServeTLS(ln, "", "")
		} else {
			served <- srv.Serve(ln)
		}
	}()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		fmt.Fprintln(a.out, "stopping")
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
		if err = srv.Shutdown(drain); err != nil {
			err = errors.Join(fmt.Errorf("requests were cut off: %w", err), srv.Close())
		}
		cancel()
		<-served
	}
	stop()
	running.Wait()
	return err
}

// A front passes requests on to the handlers, by the first segment of their path.
type front struct {
	handlers map[string]http.Handler
	p        *provider
}

func newFront(g *gateway.Gateway, p *provider, dialects []string) *front {
	f := &front{handlers: map[string]http.Handler{}, p: p}
	for _, name := range dialects {
		d := dialectHandlers[name]
		h := d.make(g)
		for _, root := range d.roots {
			f.handlers[root] = h
		}
	}
	return f
}

// ServeHTTP passes a request on.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	root, _, _ := strings.Cut(strings.TrimLeft(r.URL.Path, "/"), "/")
	switch {
	case root == "healthz":
		fmt.Fprintln(w, "ok")
	case root == "readyz":
		f.ready(w, r)
	case f.handlers[root] != nil:
		f.handlers[root].ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// ready says whether the registries can be reached. Systems without EPP are not asked:
// their quotas are for work.
func (f *front) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	for _, link := range f.p.links {
		if err := link.Connect(ctx); err != nil {
			http.Error(w, "a registry can't be reached", http.StatusServiceUnavailable)
			return
		}
	}
	fmt.Fprintln(w, "ready")
}

// demoAccount is the account with the mock registries, which has all their domains.
// Its credentials open nothing but mocks.
func demoAccount() gateway.Account {
	return gateway.Account{
		Name: "demo", User: "demo", Secret: "demo-Secret7", Key: authcode.Secret("DEMO0000-" + strings.Repeat("0", 64)),
		Mail:    []authcode.Address{{Name: "The mock's reseller", Email: "desk@reseller.example"}},
		Domains: []gateway.Holding{{Name: "*"}, {Name: "mydomain.cz", ID: 1}, {Name: "alpha.example", ID: 2}},
	}
}

// serveAccounts reads the accounts. Without a file it is demoAccount alone, which it
// returns too.
func (a *app) serveAccounts(o serveOptions) (*gateway.Accounts, *gateway.Account, error) {
	if o.accounts == "" {
		demo := demoAccount()
		accounts, err := gateway.NewAccounts([]gateway.Account{demo})
		return accounts, &demo, err
	}
	b, err := readPrivate("the accounts file", o.accounts)
	if err != nil {
		return nil, nil, &configError{err}
	}
	var file struct {
		Accounts []gateway.Account `yaml:"accounts"`
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && err != io.EOF {
		// The error may quote a value, which may be a secret.
		return nil, nil, &configError{fmt.Errorf("%s: %w", o.accounts, withoutValues(err))}
	}
	if len(file.Accounts) == 0 {
		return nil, nil, &configError{fmt.Errorf("%s has no accounts", o.accounts)}
	}
	accounts, err := gateway.NewAccounts(file.Accounts)
	if err != nil {
		return nil, nil, &configError{fmt.Errorf("%s: %w", o.accounts, err)}
	}
	return accounts, nil, nil
}

// auditLog is where the audit's lines go. A file is for its owner alone.
func (a *app) auditLog(file string) (func(context.Context, gateway.Entry), func() error, error) {
	var w io.Writer = a.out
	end := func() error { return nil }
	if file != "" {
		f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, nil, &configError{err}
		}
		w, end = f, f.Close
	}
	return gateway.AuditLog(slog.New(slog.NewJSONHandler(w, nil))), end, nil
}

// printFront says how to reach it.
func (a *app) printFront(o serveOptions, addr string, demo *gateway.Account) {
	scheme := "http"
	if o.cert != "" {
		scheme = "https"
	}
	base := scheme + "://" + addr
	fmt.Fprintf(a.out, "eppkit offers on %s:\n", base)
	for _, d := range resellerDialects {
		if slices.Contains(o.dialects, d) {
			fmt.Fprintf(a.out, "  %-19s %s\n", d, base+"/"+strings.TrimSuffix(dialectHandlers[d].roots[0]+"/", "/"))
		}
	}
	if demo != nil {
		fmt.Fprintf(a.out, "The account for all domains is user %s, secret %s, API key %s\n",
			demo.User, demo.Secret.Reveal(), demo.Key.Reveal())
		if slices.Contains(o.dialects, "mijndomeinreseller") {
			fmt.Fprintf(a.out, "Try: curl -X POST -H 'Authorization: Bearer %s' %s/v2/domains/alpha.example/auth_code\n", demo.Key.Reveal(), base)
		}
	}
	fmt.Fprintln(a.out, "Stop it with Ctrl-C.")
}

// withoutValues is an error of YAML without what it quotes.
func withoutValues(err error) error {
	return errors.New(quoted.ReplaceAllString(err.Error(), "a value"))
}

// quoted is how package yaml quotes.
var quoted = regexp.MustCompile("`[^`]*`")
