package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	recording "github.com/eppkit/eppkit/mockserver/record"
)

// passOptions are of what stands where a client expects a registry, "mock record" and
// "mock replay".
type passOptions struct {
	listen, dir   string
	hosts         []string
	byOrder, once bool
}

func (o *passOptions) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	f.StringVar(&o.dir, "dir", "", "`DIR` for what a client needs to connect (default a new temporary one)")
	f.StringSliceVar(&o.hosts, "host", nil, "further `NAME`s or addresses for the certificate")
}

func (a *app) recordCommand() *cobra.Command {
	var o passOptions
	cmd := &cobra.Command{
		Use:   "record FILE",
		Short: "Stand between a client and a real registry, and write down what they say",
		Long: `Stand between a client and the registry of a profile, and write what both say into a
new file, until it is interrupted. The client connects here in place of the registry,
with whatever credentials it has, and trusts ca.pem; the connection to the registry is
made with the profile's certificate. For eppkit as the client, eppkit.yaml has the
profile with the address changed.

Passwords, authInfo and the like are replaced before they are written, and only its
owner can read the file. "eppkit mock replay" answers as the registry did.`,
		Example: `  eppkit mock record session.jsonl --profile cz --dir /tmp/proxy &
  eppkit --config /tmp/proxy/eppkit.yaml domain info mydomain.cz`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.record(cmd.Context(), &o, args[0])
		},
	}
	o.add(cmd)
	return withFlags(cmd, "config", "profile", "registry", "verbose")
}

// record runs until ctx ends.
func (a *app) record(ctx context.Context, o *passOptions, file string) (err error) {
	outliveReaders()
	p, err := a.chosenProfile()
	if err != nil {
		return err
	}
	if p == nil {
		return usage("there is no profile, and so no registry to record; describe one in a configuration file")
	}
	set, err := p.schema(extensions(p.Registry))
	if err != nil {
		return err
	}
	cfg, err := p.tls()
	if err != nil {
		return &configError{fmt.Errorf("profile %s: %w", p.name, err)}
	}
	d, err := p.dialerWith(ctx, a.getenv)
	if err != nil {
		return p.noPassword(ctx, err)
	}
	out, err := recording.Create(file)
	if err != nil {
		return &configError{err}
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	proxy, err := recording.NewProxy(recording.ProxyOptions{
		Server: p.reachable()[0], Dial: upstream(d, p.reachable(), cfg), Listen: o.listen, Hosts: o.hosts, Out: out, Schema: set, Log: a.log(),
	})
	if err != nil {
		return err
	}
	if err := proxy.Start(); err != nil {
		return err
	}
	defer proxy.Close()
	err = a.passing(ctx, o, fmt.Sprintf("The proxy for %s", p.reachable()[0]), proxy.Addr(), func(files *mockFiles) error {
		own, err := p.elsewhere()
		if err != nil {
			return err
		}
		cfg := config{Default: p.name, Profiles: map[string]profile{p.name: own}}
		return files.writeConfig(&cfg, proxy.Addr(), proxy.CAPEM())
	})
	if err := errors.Join(err, proxy.Close()); err != nil {
		return err
	}
	s := proxy.Stats()
	fmt.Fprintf(a.out, "%d sessions, %d frames of clients and %d of the registry\n", s.Sessions, s.FromClient.Frames, s.FromServer.Frames)
	return nil
}

// upstream connects to the first of a registry's addresses that takes a connection.
func upstream(d *client.Dialer, addrs []string, cfg *tls.Config) func(context.Context) (net.Conn, error) {
	return func(ctx context.Context) (net.Conn, error) {
		var failed []error
		for _, addr := range addrs {
			conn, err := d.DialContext(ctx, "tcp", addr)
			if err != nil {
				failed = append(failed, err)
				continue
			}
			own := cfg.Clone()
			if host, _, err := net.SplitHostPort(addr); err == nil && own.ServerName == "" {
				own.ServerName = host
			}
			tc := tls.Client(conn, own)
			if err := tc.HandshakeContext(ctx); err != nil {
				conn.Close()
				return nil, fmt.Errorf("with %s: %w", addr, err)
			}
			return tc, nil
		}
		return nil, errors.Join(failed...)
	}
}

func (a *app) replayCommand() *cobra.Command {
	var o passOptions
	cmd := &cobra.Command{
		Use:   "replay FILE",
		Short: "Answer as a registry did that was recorded",
		Long: `Answer as the registry did that "eppkit mock record" has written down, until it is
interrupted. A command must fit the next one of the record; clTRIDs, and the times that
have passed since, are adapted. One that does not fit is answered 2400, and the message
says what the record has in its place.

A login gets the session of its clID, whatever the password and the certificate. The
client trusts ca.pem. For eppkit as the client, eppkit.yaml has a profile for each clID.`,
		Example: `  eppkit mock replay session.jsonl --registry gtld --dir /tmp/replay &
  eppkit --config /tmp/replay/eppkit.yaml domain info alpha.example`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.replay(cmd.Context(), &o, args[0])
		},
	}
	o.add(cmd)
	cmd.Flags().BoolVar(&o.byOrder, "by-order", false, "give connections the sessions of the record in their order, whoever logs in")
	cmd.Flags().BoolVar(&o.once, "once", false, "serve each session once")
	return withFlags(cmd, "registry", "verbose")
}

// replayPassword is one for a client of a replay, which takes any.
const replayPassword = "any-password"

// replay runs until ctx ends.
func (a *app) replay(ctx context.Context, o *passOptions, file string) error {
	outliveReaders()
	set, err := epp.NewSchema(extensions(a.flags.registry)...)
	if err != nil {
		return err
	}
	r, err := recording.Read(file)
	if err != nil {
		return &configError{err}
	}
	reg, err := recording.NewReplay(r, recording.ReplayOptions{Schema: set, ByOrder: o.byOrder, Once: o.once})
	if err != nil {
		return &configError{fmt.Errorf("%s: %w", file, err)}
	}
	so := mockserver.Options{Registry: reg, Listen: o.listen, Hosts: o.hosts, AnyClientCert: true, Log: a.log()}
	if a.flags.verbose {
		so.Trace = a.showEntry
	}
	srv, err := mockserver.New(so)
	if err != nil {
		return err
	}
	if err := srv.Start(); err != nil {
		return err
	}
	defer srv.Close()
	err = a.passing(ctx, o, fmt.Sprintf("The replay of %s", file), srv.Addr(), func(files *mockFiles) error {
		files.kind = a.flags.registry
		for _, clID := range reg.ClIDs() {
			files.registrars = append(files.registrars, registrar{ClID: clID, PW: replayPassword})
		}
		return files.writeReplay(srv)
	})
	return errors.Join(err, srv.Close())
}

// passing has the files written that a client needs to connect, and waits until ctx ends.
func (a *app) passing(ctx context.Context, o *passOptions, what, addr string, write func(*mockFiles) error) error {
	files := mockFiles{dir: o.dir}
	if files.dir == "" {
		var err error
		if files.dir, err = os.MkdirTemp("", "eppkit-mock-"); err != nil {
			return &configError{err}
		}
		defer os.RemoveAll(files.dir)
	}
	err := files.prepare()
	if err == nil {
		err = write(&files)
	}
	if err != nil {
		return &configError{err}
	}
	defer files.remove(addr, "")
	fmt.Fprintf(a.out, "%s listens on %s.\n  files         %s: ca.pem; addr", what, addr, files.dir)
	if files.configured {
		fmt.Fprintf(a.out, "; %s\n  with eppkit   eppkit --config %s hello", confFile, files.path(confFile))
	}
	fmt.Fprintln(a.out, "\nStop it with Ctrl-C.")
	<-ctx.Done()
	fmt.Fprintln(a.out, "stopping")
	return nil
}
