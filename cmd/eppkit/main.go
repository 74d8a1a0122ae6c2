// Command eppkit speaks EPP to a registry, or to the mock registry that it brings
// along. Run "eppkit help" for what it can do.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
)

func main() {
	// Package net/http logs here what a server sends beyond its answer: perhaps a code.
	log.SetOutput(io.Discard)
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, stopSignals()...)
	go func() {
		<-signals
		signal.Stop(signals) // before anybody can see the first: a second one ends the process at once
		cancel()
	}()
	os.Exit(run(ctx, os.Args[1:], stdio{in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv}))
}

// stopSignals are those that end a run in good order. A hangup is none where
// whoever started the program has it ignored, as nohup does.
func stopSignals() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// outliveReaders makes writing to a standard output that nobody reads any more an error,
// where it would end the process: in the middle of what a server does for its clients.
func outliveReaders() { signal.Ignore(syscall.SIGPIPE) }

// stdio is what a process has around it.
type stdio struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
}

// oneAtATime is a Writer for several goroutines.
type oneAtATime struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *oneAtATime) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(b)
}

// run carries out one command line and returns the exit status.
func run(ctx context.Context, args []string, std stdio) int {
	std.out, std.err = &oneAtATime{w: std.out}, &oneAtATime{w: std.err}
	app := &app{stdio: std}
	root := app.root()
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	if app.cancel != nil {
		app.cancel()
	}
	if err != nil {
		app.printError(err)
	}
	return exitStatus(err)
}

// app is one run of the program: its flags and its surroundings.
type app struct {
	stdio
	flags  flags
	cancel context.CancelFunc // ends --timeout

	logLevel slog.Level // the least that log shows without --verbose

	shared   peer                   // what many commands are sent to, as in a shell; nil for a session each
	mocked   bool                   // the registry is the mock inside this process
	received atomic.Pointer[[]byte] // the latest frame

	lasting func(context.Context) (*client.Session, error) // opens what the lines of a shell share; nil elsewhere
	become  func(*client.Credentials) error                // makes credentials those of the shell's session; nil elsewhere
	within  *startedMock                                   // the mock of a shell, which outlives its lines
}

const about = `eppkit speaks EPP (RFC 5730 to 5734), with the extensions of CZ.NIC's FRED.

Without a configuration file each command talks to a mock registry that eppkit
starts inside itself, on loopback and over real TLS, and that is gone afterwards.
To talk to a registry of your own, describe it as a profile in a YAML file, by
default eppkit/config.yaml in your configuration directory:

  default: cz
  profiles:
    cz:
      address: epp.registry.example:700
      registry: fred                # or gtld
      clID: REG-EXAMPLE
      password:                     # one of command, env and file
        file: cz.password           # must be readable by its owner alone
      certificate: client.pem
      key: client.key
      roots: ca.pem                 # leave out to trust the system's
      source: [192.0.2.7, 2001:db8::7]        # to connect from, of each family one
      proxy: socks5h://reg@proxy.example:1080 # or socks5, http, https
      proxyPassword:                # as password
        env: PROXY_PASSWORD
      userAgent: office 2.1         # what logins call the software (RFC 8807), or none
      sessions:                     # of what has several at once; these are the defaults
        max: 4
        min: 0                      # that are kept open
        depth: 1                    # commands on their way on one
        keepAlive: 1m               # a hello after so much silence, or never
        maxIdle: 10m                # a logout after so long without a command, or never
        maxAge: 12h                 # a new one after so long, or never
      namespaces:                   # what the registry calls by a URI of its own
        domain-1.4: urn:registry.example:domain-2

Paths are taken from where the file is. A registry with several servers has addresses, a
list, in place of address: one session tries them in their order. A proxy by socks5 gets
the server's address, all others its name; one by https is verified with the system's
roots.

Exit status: 0 done; 1 the registry refused; 2 usage or configuration;
3 connection or TLS; 4 authentication; 5 timed out or interrupted before the
command was sent; 6 outcome unknown; 7 invalid answer.`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "eppkit",
		Short:         "Talk EPP to a registry, or to a mock of one",
		Long:          about,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	a.flags.add(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return a.begin(cmd) }
	root.AddCommand(
		a.helloCommand(), a.loginCommand(),
		a.listCommand(), a.authcodeCommand(), a.creditCommand(), a.pollCommand(), a.rawCommand(), a.bulkCommand(), a.loadCommand(),
		a.validateCommand(), a.convertCommand(),
		a.mockCommand(), a.shellCommand(), a.versionCommand(),
	)
	for _, o := range objectTypes() {
		root.AddCommand(a.objectCommand(o))
	}
	usageErrors(root)
	return root
}

// begin checks the flags that all commands share, and starts their clock.
func (a *app) begin(cmd *cobra.Command) error {
	if err := a.flags.check(cmd); err != nil {
		return err
	}
	if slices.Contains(flagsOf(cmd), "timeout") && cmd.Annotations[timeoutOfEach] == "" {
		var ctx context.Context
		ctx, a.cancel = context.WithTimeout(cmd.Context(), a.flags.timeout)
		cmd.SetContext(ctx)
	}
	return nil
}

// usageErrors makes wrong arguments of every command a usageError.
func usageErrors(cmd *cobra.Command) {
	if check := cmd.Args; check != nil {
		cmd.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return &usageError{fmt.Errorf("%w\nUsage: %s", err, c.UseLine())}
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		usageErrors(sub)
	}
}

// group is a command that only holds others.
func group(use, short string, subs ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	cmd.AddCommand(subs...)
	return cmd
}
