package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/authcode/eppcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mail"
)

// serveOptions say what "authcode serve" serves.
type serveOptions struct {
	dialects         []string
	listen, upstream string
	cert, key        string
	plain            bool
	accounts, audit  string
	outbox           string
	fixtures         map[string]string
	rate             int
	ratePer          time.Duration
}

// upstreamRoutes is the upstream that stands for all systems in authcode.routes.
const upstreamRoutes = "routes"

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

A registry is asked over a pool of sessions, as the section "sessions" of its profile
has it. While it can't be reached, requests are answered at once with an error. One that
refuses the login is left alone for a quarter of an hour, because it may lock the account
after a few; one whose name or certificate does not do, for a minute. The password is
then read anew, so that a new one needs no restart. The log and /readyz say so.

Accounts are in a YAML file that its owner alone can read:

  accounts:
    - name: north
      user: AB123               # Netim, Openprovider, OpenSRS
      secret: its-password      # their password or private key
      key: 8-CHARS-AND-64-MORE  # Mijndomeinreseller
      mail: [{name: North, email: desk@north.example}]
      domains: [alpha.example, "*.cz", {name: beta.example, id: 123456}]
  noCodes: [nu]                 # domains under it have no codes
  sessionTTL: 30m               # default the interface's own
  maxSessions: 100              # of an account

The id is the domain's number at Openprovider. With the mock
registries there is an account without a file, which is printed.

Each hand-over, and each try at one, is a line in JSON: who asked for which domain,
and what became of it, with masked addresses and without the code. A request with wrong
credentials is a line "denied", with the address it came from. An interrupt lets the
requests in progress finish; a second one cuts them off, with lines that their outcome
is unknown, and a third one ends the program at once.`,
		Example: `  eppkit authcode serve --listen 127.0.0.1:8080 --outbox mail
  eppkit authcode serve --dialect netim,opensrs --upstream cz --accounts accounts.yaml \
      --listen :443 --tls-cert server.pem --tls-key server.key --audit audit.log`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serveAuthcode(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.dialects, "dialect", resellerDialects, "`DIALECTS` to serve: netim, mijndomeinreseller, openprovider, opensrs")
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	f.StringVar(&o.upstream, "upstream", "", "`PROFILE` that has the domains, or routes (default the mock registries)")
	f.StringVar(&o.cert, "tls-cert", "", "PEM `FILE` with the server's certificate and those that lead to its root; read again when it changes")
	f.StringVar(&o.key, "tls-key", "", "PEM `FILE` with its key")
	f.BoolVar(&o.plain, "plain-http", false, "listen without TLS on more than loopback, because something in front of it has TLS")
	f.StringVar(&o.accounts, "accounts", "", "YAML `FILE` with the accounts")
	f.StringVar(&o.audit, "audit", "", "append the line of each hand-over to this `FILE` (default standard output)")
	f.StringVar(&o.outbox, "outbox", "", "write mail into this `DIR`: what the mock registries send, and what eppkit sends, in place of the mail server of the configuration")
	f.StringToStringVar(&o.fixtures, "fixtures", nil, "`KIND=FILE` with what a mock registry begins with, as in gtld=own.yaml; eppkit logs in as its first registrar (default built-in ones)")
	f.Lookup("fixtures").DefValue = ""
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
	for kind := range o.fixtures {
		if err := oneOf("the kind of --fixtures", kind, registries); err != nil {
			return err
		}
	}
	switch {
	case len(o.dialects) == 0:
		return usage("--dialect names none")
	case (o.cert == "") != (o.key == ""):
		return usage("--tls-cert and --tls-key go together")
	case o.cert != "" && o.plain:
		return usage("--plain-http and --tls-cert can't be used together")
	case o.upstream != "" && o.accounts == "":
		return usage("--upstream needs --accounts: who may ask for which domains")
	case o.upstream != "" && len(o.fixtures) > 0:
		return usage("--fixtures are of the mock registries; with --upstream there are none")
	case o.rate < 0 || o.ratePer <= 0:
		return usage("--rate can't be negative, and --rate-per must be more than 0")
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
	requestLimit  = time.Minute      // of the gateway
	writeTimeout  = 90 * time.Second // from the end of the header: reading and answering
	idleTimeout   = 2 * time.Minute
	drainTimeout  = requestLimit + 5*time.Second
	cutOffTimeout = 2 * time.Second // for requests that were cut off to say so
)

// serveAuthcode runs until ctx ends.
func (a *app) serveAuthcode(ctx context.Context, o serveOptions) (err error) {
	if err := o.check(); err != nil {
		return err
	}
	outliveReaders()
	opts := gateway.Options{Timeout: requestLimit, Rate: gateway.Rate{Requests: o.rate, Per: o.ratePer}}
	demo, err := serveAccounts(o.accounts, &opts)
	if err != nil {
		return err
	}
	log := a.log()
	secured, err := o.tls(log)
	if err != nil {
		return err
	}
	audit, err := a.openAudit(o.audit, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, audit.close()) }()
	p, err := a.upstream(o)
	if err != nil {
		return err
	}
	defer a.closeProvider(ctx, p, closeTimeout)
	if err := p.open(ctx, log); err != nil {
		return err
	}
	opts.Provider, opts.Log, opts.Audit, opts.Denied = p.Provider, log, audit.entry, audit.denied
	g, err := gateway.New(opts)
	if err != nil { // such as noCodes of the accounts file
		return &configError{err}
	}
	p.warnOfMail(ctx, o.dialects, log)
	ln, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	front := newFront(g, p.pools, o.dialects)
	srv := &http.Server{
		Handler: front, TLSConfig: secured,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	a.printFront(o, ln.Addr().(*net.TCPAddr), demo)
	return a.runFront(ctx, srv, ln, front, p)
}

// tls is the server's TLS, or nil for none.
func (o *serveOptions) tls(log *slog.Logger) (*tls.Config, error) {
	if o.cert == "" {
		return nil, nil
	}
	cert, err := newCertificate(o.cert, o.key, log)
	if err != nil {
		return nil, &configError{err}
	}
	return &tls.Config{GetCertificate: cert.get, MinVersion: tls.VersionTLS12}, nil
}

// upstream is what the interfaces stand on.
func (a *app) upstream(o serveOptions) (*provider, error) {
	var outbox *mail.Outbox
	if o.outbox != "" {
		if err := makePrivate(o.outbox); err != nil {
			return nil, err
		}
		outbox = newOutbox()
		outbox.Dir = o.outbox
	}
	if o.upstream == "" {
		return a.mockProvider("no --upstream is given", outbox, o.fixtures)
	}
	if a.flags.mock {
		return nil, usage("--mock and --upstream can't be used together")
	}
	cfg, path, err := a.loadConfig()
	switch {
	case err != nil:
		return nil, &configError{err}
	case cfg == nil:
		return nil, usage("--upstream %s is asked for, but there is no configuration file %s", o.upstream, path)
	case o.upstream != upstreamRoutes:
		return a.configured(cfg, o.upstream, outbox)
	case len(cfg.Authcode.Routes) == 0:
		return nil, usage("%s has no authcode.routes", path)
	}
	return a.configured(cfg, "", outbox)
}

// makePrivate makes a directory that nobody else can read.
func makePrivate(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = private("the directory", dir)
	}
	if err != nil {
		return &configError{err}
	}
	return nil
}

// openTimeout bounds the opening of one system.
const openTimeout = 30 * time.Second

// open opens all systems. One that can't be reached may come back; one that is
// configured wrongly will not.
func (p *provider) open(ctx context.Context, log *slog.Logger) error {
	for _, open := range p.opens {
		ctx, cancel := context.WithTimeout(ctx, openTimeout)
		err := open(ctx)
		cancel()
		var config *configError
		switch {
		case errors.As(err, &config):
			return err
		case err != nil:
			log.Warn("a system can't be used yet", "error", err)
		}
	}
	return nil
}

// warnOfMail says which dialects can't do what, where nobody mails the codes that a
// registry only takes and shows.
func (p *provider) warnOfMail(ctx context.Context, names []string, log *slog.Logger) {
	mute := slices.ContainsFunc(p.epp, func(to *eppcode.Provider) bool {
		can, err := to.Capabilities(ctx, "")
		return err == nil && len(can.Send) == 0
	})
	if p.mails || !mute {
		return
	}
	for _, name := range names {
		if needs := dialects[name].mails; needs != "" {
			log.Warn("without authcode.mail in the configuration some requests are refused, of domains at a registry that sends no mail",
				"dialect", name, "requests", needs)
		}
	}
}

// runFront serves until ctx ends, then lets the requests in progress finish, unless
// another signal comes.
func (a *app) runFront(ctx context.Context, srv *http.Server, ln net.Listener, front *front, p *provider) error {
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	srv.BaseContext = func(net.Listener) context.Context { return base }
	var running sync.WaitGroup
	for _, to := range p.epp {
		running.Go(func() { _ = to.Run(base) }) // it ends with the context, and logs
	}
	for _, pool := range p.pools {
		running.Go(func() { pool.mend(base) })
	}
	served := make(chan error, 1)
	go func() {
		if srv.TLSConfig != nil {
			served <- srv.ServeTLS(ln, "", "")
		} else {
			served <- srv.Serve(ln)
		}
	}()
	// Hand-overs that are cut off write that into the audit, and answer.
	cutOff := func() error {
		stop()
		err := front.wait(cutOffTimeout)
		// An answer leaves after its handler has returned.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), cutOffTimeout)
		defer cancel()
		_ = srv.Shutdown(last)
		return errors.Join(err, srv.Close())
	}
	var err error
	select {
	case err = <-served:
		err = errors.Join(err, cutOff())
	case <-ctx.Done():
		drain, cancel := context.WithTimeout(base, drainTimeout)
		defer cancel()
		over := onSignal(func() {
			fmt.Fprintln(a.out, "cutting off what is in progress")
			stop()
		})
		defer over()
		fmt.Fprintln(a.out, "stopping") // once another signal is waited for
		if err = srv.Shutdown(drain); err == nil {
			err = drain.Err() // what was cut off may have ended before Shutdown looked
		}
		if err != nil {
			err = errors.Join(fmt.Errorf("requests were cut off: %w", err), cutOff())
		}
		<-served
	}
	stop()
	running.Wait()
	return err
}

// onSignal calls f when another signal asks the program to stop. The one after that ends
// the process at once. It is over when what it returns was called.
func onSignal(f func()) (over func()) {
	signals, end := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, stopSignals()...)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-signals:
			signal.Stop(signals)
			f()
		case <-end:
			signal.Stop(signals)
		}
	})
	return func() { close(end); waiting.Wait() }
}

// printFront says how to reach it.
func (a *app) printFront(o serveOptions, addr *net.TCPAddr, demo *gateway.Account) {
	base := "http://"
	if o.cert != "" {
		base = "https://"
	}
	if addr.IP.IsUnspecified() {
		base += fmt.Sprintf("localhost:%d", addr.Port)
	} else {
		base += addr.String()
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "eppkit offers on %s:\n", addr)
	for _, d := range resellerDialects {
		if slices.Contains(o.dialects, d) {
			fmt.Fprintf(&b, "  %-19s %s\n", d, base+"/"+strings.TrimSuffix(dialects[d].roots[0]+"/", "/"))
		}
	}
	if demo != nil {
		fmt.Fprintf(&b, "The account for all domains is user %s, secret %s, API key %s\n",
			demo.User, demo.Secret.Reveal(), demo.Key.Reveal())
		if slices.Contains(o.dialects, "mijndomeinreseller") {
			fmt.Fprintf(&b, "Try: curl -X POST -H 'Authorization: Bearer %s' %s/v2/domains/alpha.example/auth_code\n", demo.Key.Reveal(), base)
		}
	}
	if o.outbox != "" {
		fmt.Fprintf(&b, "Mail is written into %s\n", o.outbox)
	}
	fmt.Fprintln(&b, "Stop it with Ctrl-C.")
	_, _ = a.out.Write(b.Bytes()) // at once, for who reads it by pieces
}
