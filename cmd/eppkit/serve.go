package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/mockserver"
)

// mockServeOptions say what "mock serve" serves.
type mockServeOptions struct {
	mock   mockOptions
	server mockserver.Options
	dir    string
	anyone bool

	control      string
	controlHosts []string

	clock string
	scale float64
	paced bool // scale was given

	faults, scripts, hostile string
	spoiled                  *spoiling // what they say

	load, keep, onExit string
	sync               bool

	relay         string
	relayAnywhere bool
}

func (a *app) serveCommand() *cobra.Command {
	var o mockServeOptions
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a mock registry until it is interrupted",
		Long: `Run a mock registry: real EPP over real TLS, with objects, registrars and rules,
in memory. It writes into a directory what a client needs to connect: ca.pem, a
certificate and a key for each registrar, a configuration for eppkit itself, and,
once it is ready, its address in the file addr.

With --control a test in any language steers it, over HTTP and JSON: objects, clock,
messages, mail, journal, snapshots, faults, scripts, and registries of one's own
(tenants), for which --clock, --faults, --scripts and --hostile count as well. The
address of the control is in the file control; GET / there lists what there is, and
GET /openapi.json describes it. Everything in the registry can be seen there, and so
it is for loopback alone unless --control-host names the hosts that it is for.

What goes wrong is in a file (--faults), or added over the control:

  faults:
    - {kind: commit-then-drop, match: {verb: transfer, object: alpha.example}, times: 1}

and so are answers that a test chooses (--scripts):

  stubs:
    - {match: {verb: create, object: sauna.example}, times: 1, answer: {code: 2400}}

The clock is the machine's, unless --clock has it stand still at a time; the control
moves it. With --keep the registry is on disk, and no command whose answer was sent is
lost when the process is killed: the next run goes on from there.

The key of the registry's certificate authority is in ca.key, in the directory of --keep
or else of --dir. The next run uses it again, so that clients trust that one too; whoever
has it can pass for the registry.`,
		Example: `  eppkit mock serve --dir /tmp/mock &
  eppkit --config /tmp/mock/eppkit.yaml domain check mydomain.cz

  eppkit mock serve --registry gtld --dir /tmp/mock --clock 2026-03-01 --control :0 &
  curl -X POST -H 'Content-Type: application/json' -d '{"by": "5d"}' http://$(cat /tmp/mock/control)/clock/advance

  eppkit mock serve --registry gtld --policy tlds.yaml --faults faults.yaml --hostile=7 --keep state
  eppkit mock serve --registry gtld --load million.jsonl.gz --snapshot-on-exit after.jsonl.gz
  eppkit mock serve --relay smtp://127.0.0.1:1025`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.mock.kind = a.flags.registry
			o.server.RequireClientCert = !o.anyone
			o.paced = cmd.Flags().Changed("clock-scale")
			return a.serveMock(cmd.Context(), &o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.server.Listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	f.StringVar(&o.dir, "dir", "", "`DIR` for certificates, keys and the address (default a new temporary one)")
	f.StringSliceVar(&o.server.Hosts, "host", nil, "further `NAME`s or addresses for the server's certificate; clients are told the first when it listens on all")
	f.BoolVar(&o.anyone, "no-client-certs", false, "let clients connect without a certificate")

	f.StringVar(&o.mock.fixtures, "fixtures", "", "YAML `FILE` with the registrars and objects to begin with (default built-in ones)")
	f.StringVar(&o.mock.policies, "policy", "", "YAML `FILE` with the policies of top-level domains (gtld; default those of the fixtures)")
	f.BoolVar(&o.mock.disclose, "disclose-emails", false, "answer sendAuthInfo with the masked addresses (FRED)")
	f.BoolVar(&o.mock.secureAuthInfo, "secure-authinfo", false, "keep to RFC 9154: store authInfos hashed, show none, refuse weak ones (gtld)")
	f.IntVar(&o.mock.authInfoMin, "authinfo-min", 0, "least `CHARACTERS` of a new authInfo (gtld; default no limit, or 20 with --secure-authinfo)")
	f.IntVar(&o.mock.authInfoMax, "authinfo-max", 0, "most `CHARACTERS` of a new authInfo (gtld; default no limit)")
	f.Uint64Var(&o.mock.Seed, "seed", 0, "`NUMBER` that decides all that is random; two runs with one seed, clock and history give the same answers")
	f.StringVar(&o.clock, "clock", "", "`TIME` at which the registry's clock stands still, as in 2026-03-01 or 2026-03-01T12:00:00Z (default the machine's clock)")
	f.Float64Var(&o.scale, "clock-scale", 1, "how many seconds `N` pass by the registry's clock in one of the machine's (default 1, or 0 with --clock)")
	f.Lookup("clock-scale").DefValue = "0" // which is not shown

	f.StringVar(&o.control, "control", "", "`ADDRESS` of the control over HTTP, as in 127.0.0.1:8700 or :0 for a free port on loopback (default none)")
	f.StringSliceVar(&o.controlHosts, "control-host", nil, "`NAME`s under which the control may be reached from elsewhere; whoever reaches it sees everything")
	f.StringVar(&o.faults, "faults", "", "YAML `FILE` with what goes wrong")
	f.StringVar(&o.scripts, "scripts", "", "YAML `FILE` with stubs: answers in place of the registry's")
	f.StringVar(&o.hostile, "hostile", "", "say everything in unusual ways that the standards allow; a `SEED` decides which")
	f.Lookup("hostile").NoOptDefVal = "0"

	f.StringVar(&o.load, "load", "", "`FILE` with a snapshot, compressed with gzip or not, to begin with in place of the objects of the fixtures")
	f.StringVar(&o.keep, "keep", "", "`DIR` to keep the registry in: what is there from an earlier run comes first")
	f.BoolVar(&o.sync, "keep-sync", false, "answer a command only when the disk has it, so that it survives the machine's end too")
	f.StringVar(&o.onExit, "snapshot-on-exit", "", "`FILE` for a snapshot at the end, compressed where the name ends in .gz; it holds secrets")
	f.StringVar(&o.relay, "relay", "", "`URL` of a mail server that gets what the registry mails, as in smtp://127.0.0.1:1025 (default it stays in the outbox)")
	f.BoolVar(&o.relayAnywhere, "relay-anywhere", false, "let --relay be another machine, over TLS")
	return withFlags(cmd, "registry", "verbose")
}

// serveMock runs until ctx ends.
func (a *app) serveMock(ctx context.Context, o *mockServeOptions) (err error) {
	outliveReaders()
	relayed, err := o.relayServer()
	if err != nil {
		return err
	}
	listener, err := o.listenControl()
	if err != nil {
		return err
	}
	if listener != nil {
		defer listener.Close()
	}
	o.mock.Log = a.log()
	reg, keeper, err := o.registry()
	if err != nil {
		return err
	}
	if keeper != nil {
		defer func() { err = errors.Join(err, keeper.Close()) }()
	}
	so := o.server
	so.Registry = reg.Registry
	if o.spoiled, err = o.spoiling(); err != nil {
		return err
	}
	if err := o.spoiled.spoil(&so, o.mock.Seed); err != nil {
		return err
	}
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "eppkit-mock-"); err != nil {
			return &configError{err}
		}
		defer os.RemoveAll(dir)
	}
	files := mockFiles{dir: dir, kind: o.mock.kind, registrars: reg.registrars}
	if err := files.check(); err != nil {
		return &configError{err}
	}
	if err := files.prepare(); err != nil {
		return &configError{err}
	}
	files.recall()
	if home := cmp.Or(o.keep, o.dir); home != "" {
		if so.Authority, err = authorityIn(home); err != nil {
			return &configError{err}
		}
	}
	if a.flags.verbose {
		so.Trace = a.showEntry
	}
	return a.runMock(ctx, o, reg, so, &files, listener, relayed)
}

// runMock serves what serveMock has prepared.
func (a *app) runMock(ctx context.Context, o *mockServeOptions, reg *mockRegistry, so mockserver.Options, files *mockFiles, listener net.Listener, relayed string) error {
	srv, err := mockserver.New(so)
	if err != nil {
		return err
	}
	if err := srv.Start(); err != nil {
		return err
	}
	defer srv.Close()
	steered, broken, closeControl := "", make(chan error, 1), func() error { return nil }
	if listener != nil {
		steered = o.controlAddr(listener)
		if closeControl, err = a.startControl(o, reg, srv, listener, broken); err != nil {
			return err
		}
		defer func() { _ = closeControl() }()
	}
	if relayed != "" {
		stop, err := a.startRelay(o, reg.state, relayed)
		if err != nil {
			return err
		}
		defer stop()
	}
	addr := srv.Addr()
	defer files.remove(addr, steered)
	if err := files.write(srv, steered); err != nil {
		return &configError{err}
	}
	printMock(a.out, addr, steered, files)
	select {
	case <-ctx.Done():
	case err = <-broken:
	}
	fmt.Fprintln(a.out, "stopping")
	return errors.Join(err, closeControl(), srv.Close(), o.saveAtEnd(reg.state))
}

// showEntry shows a frame that the mock registry received or sent.
func (a *app) showEntry(e mockserver.Entry) {
	mark := "C:"
	if e.Sent {
		mark = "S:"
	}
	a.showFrame(fmt.Sprintf("%d %s", e.Session, mark), []byte(e.Frame()))
}

// printMock says how to connect.
func printMock(w io.Writer, addr, control string, files *mockFiles) {
	known, unknown := files.known(true), files.known(false)
	fmt.Fprintf(w, "The mock registry (%s) listens on %s.\n", files.kind, addr)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-12s  %s\n", name, fmt.Sprintf(format, args...))
	}
	also := addrFile
	if control != "" {
		also += "; " + controlFile
	}
	if len(known) > 0 {
		line("registrars", "%s", strings.Join(known, ", "))
		also = confFile + "; " + also
	}
	if len(unknown) > 0 {
		line("no profile", "%s: only hashes of their passwords are known", strings.Join(unknown, ", "))
	}
	line("files", "%s: ca.pem; CLID.pem, CLID.key and, where it is known, CLID.password of each registrar; %s", files.dir, also)
	if len(known) > 0 {
		line("with eppkit", "eppkit --config %s hello", files.path(confFile))
	}
	first := files.path(slices.Concat(known, unknown)[0])
	line("with OpenSSL", "openssl s_client -connect %s -CAfile %s -cert %s.pem -key %s.key", addr, files.path("ca.pem"), first, first)
	if control != "" {
		line("control", "curl http://%s/", control)
	}
	fmt.Fprintln(w, "Stop it with Ctrl-C.")
}
