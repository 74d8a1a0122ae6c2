package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/mockserver"
)

func (a *app) serveCommand() *cobra.Command {
	var (
		opts   mockOptions
		listen string
		dir    string
		anyone bool
		hosts  []string
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run a mock registry until it is interrupted",
		Long: `Run a mock registry: real EPP over real TLS, with objects, registrars and rules,
in memory. It writes into a directory what a client needs to connect: ca.pem, a
certificate and a key for each registrar, a configuration for eppkit itself, and,
once it is ready, its address in the file addr.`,
		Example: `  eppkit mock serve --dir /tmp/mock &
  eppkit --config /tmp/mock/eppkit.yaml domain check mydomain.cz`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			opts.kind = a.flags.registry
			return a.serveMock(cmd.Context(), opts, dir, mockserver.Options{
				Listen: listen, Hosts: hosts, RequireClientCert: !anyone,
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	f.StringVar(&dir, "dir", "", "`DIR` for certificates, keys and the address (default a new temporary one)")
	f.StringVar(&opts.fixtures, "fixtures", "", "YAML `FILE` with the registrars and objects to begin with (default built-in ones)")
	f.BoolVar(&opts.disclose, "disclose-emails", false, "answer sendAuthInfo with the masked addresses (FRED)")
	f.BoolVar(&opts.secureAuthInfo, "secure-authinfo", false, "keep to RFC 9154: store authInfos hashed, show none, refuse weak ones (gtld)")
	f.IntVar(&opts.authInfoMin, "authinfo-min", 0, "least `CHARACTERS` of a new authInfo (gtld; default no limit, or 20 with --secure-authinfo)")
	f.IntVar(&opts.authInfoMax, "authinfo-max", 0, "most `CHARACTERS` of a new authInfo (gtld; default no limit)")
	f.BoolVar(&anyone, "no-client-certs", false, "let clients connect without a certificate")
	f.StringSliceVar(&hosts, "host", nil, "further `NAME`s or addresses for the server's certificate; clients are told the first when it listens on all")
	return withFlags(cmd, "registry", "verbose")
}

// serveMock runs until ctx ends.
func (a *app) serveMock(ctx context.Context, o mockOptions, dir string, so mockserver.Options) error {
	outliveReaders()
	reg, err := newMock(o)
	if err != nil {
		return err
	}
	so.Registry = reg.Registry
	if dir == "" {
		if dir, err = os.MkdirTemp("", "eppkit-mock-"); err != nil {
			return &configError{err}
		}
		defer os.RemoveAll(dir)
	}
	files := mockFiles{dir: dir, kind: o.kind, registrars: reg.registrars}
	if err := files.check(); err != nil {
		return &configError{err}
	}
	if err := files.prepare(); err != nil {
		return &configError{err}
	}
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
	defer files.remove(srv)
	if err := files.write(srv); err != nil {
		return &configError{err}
	}
	printMock(a.out, srv.Addr(), &files)
	<-ctx.Done()
	fmt.Fprintln(a.out, "stopping")
	return srv.Close()
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
func printMock(w io.Writer, addr string, files *mockFiles) {
	ids := make([]string, len(files.registrars))
	for i, r := range files.registrars {
		ids[i] = r.ClID
	}
	fmt.Fprintf(w, `The mock registry (%s) listens on %s.
  registrars    %s
  files         %s: ca.pem; CLID.pem, CLID.key and CLID.password of each registrar; eppkit.yaml; addr
  with eppkit   eppkit --config %s hello
  with OpenSSL  openssl s_client -connect %s -CAfile %s -cert %s -key %s
Stop it with Ctrl-C.
`, files.kind, addr, strings.Join(ids, ", "), files.dir, files.path("eppkit.yaml"),
		addr, files.path("ca.pem"), files.path(ids[0]+".pem"), files.path(ids[0]+".key"))
}
