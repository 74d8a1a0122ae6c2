package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	fredmock "github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// mockOptions say which mock registry to make.
type mockOptions struct {
	kind     string
	fixtures string // a file, or "" for the built-in ones
	disclose bool
}

// A registrar is who can log in at a mock registry.
type registrar struct {
	ClID string
	PW   epp.Secret
}

func (a *app) mockCommand() *cobra.Command {
	var (
		opts   mockOptions
		listen string
		dir    string
		anyone bool
		hosts  []string
	)
	serve := &cobra.Command{
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
	f := serve.Flags()
	f.StringVar(&listen, "listen", "127.0.0.1:0", "`ADDRESS` to listen on; port 0 takes a free one")
	f.StringVar(&dir, "dir", "", "`DIR` for certificates, keys and the address (default a new temporary one)")
	f.StringVar(&opts.fixtures, "fixtures", "", "YAML `FILE` with the registrars and objects to begin with (default built-in ones)")
	f.BoolVar(&opts.disclose, "disclose-emails", false, "answer sendAuthInfo with the masked addresses (FRED)")
	f.BoolVar(&anyone, "no-client-certs", false, "let clients connect without a certificate")
	f.StringSliceVar(&hosts, "host", nil, "further `NAME`s or addresses for the server's certificate")
	return group("mock", "The mock registry", serve)
}

// newMock makes a mock registry and says who can log in there, the first of the
// fixtures first.
func newMock(o mockOptions) (mockserver.Registry, []registrar, error) {
	if o.kind == "gtld" {
		return newGTLDMock(o)
	}
	fixtures, err := fixturesOf(o.fixtures, fredmock.ReadFixtures, fredmock.DefaultFixtures)
	if err != nil {
		return nil, nil, err
	}
	who := registrars(fixtures.Registrars)
	reg, err := fredmock.New(fredmock.Options{Fixtures: fixtures, PartiallyDiscloseContactEmails: o.disclose})
	return reg, who, err
}

func newGTLDMock(o mockOptions) (mockserver.Registry, []registrar, error) {
	if o.disclose {
		return nil, nil, usage("--disclose-emails is of FRED; a gtld registry has no sendAuthInfo")
	}
	fixtures, err := fixturesOf(o.fixtures, gtld.ReadFixtures, gtld.DefaultFixtures)
	if err != nil {
		return nil, nil, err
	}
	who := registrars(fixtures.Registrars)
	reg, err := gtld.New(gtld.Options{Fixtures: fixtures})
	return reg, who, err
}

// fixturesOf reads a file of fixtures, or takes the built-in ones for "".
func fixturesOf[F any](file string, read func(string) (F, error), builtIn func() (F, error)) (F, error) {
	if file == "" {
		return builtIn()
	}
	return read(file)
}

func registrars(accounts []registry.Account) []registrar {
	list := make([]registrar, len(accounts))
	for i, acc := range accounts {
		list[i] = registrar{ClID: acc.ClID, PW: acc.Password}
	}
	return list
}

// serveMock runs until ctx ends.
func (a *app) serveMock(ctx context.Context, o mockOptions, dir string, so mockserver.Options) error {
	reg, registrars, err := newMock(o)
	if err != nil {
		return &usageError{err}
	}
	so.Registry = reg
	if dir == "" {
		if dir, err = os.MkdirTemp("", "eppkit-mock-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return &usageError{err}
	}
	srv, err := mockserver.New(so)
	if err != nil {
		return err
	}
	if err := srv.Start(); err != nil {
		return &usageError{err}
	}
	defer srv.Close()
	if err := writeMockFiles(srv, o.kind, dir, registrars); err != nil {
		return &usageError{err}
	}
	defer os.Remove(filepath.Join(dir, "addr"))
	printMock(a.out, srv.Addr(), o.kind, dir, registrars)
	<-ctx.Done()
	fmt.Fprintln(a.out, "stopping")
	return srv.Close()
}

// writeMockFiles writes what clients need. The address comes last: whoever sees it
// finds the rest.
func writeMockFiles(srv *mockserver.Server, kind, dir string, registrars []registrar) error {
	conf := "default: " + registrars[0].ClID + "\nprofiles:\n"
	files := []struct {
		name    string
		content []byte
		mode    os.FileMode
	}{{"ca.pem", srv.CAPEM(), 0o644}}
	add := func(name string, content []byte, mode os.FileMode) {
		files = append(files, struct {
			name    string
			content []byte
			mode    os.FileMode
		}{name, content, mode})
	}
	for _, r := range registrars {
		cert, key, err := srv.ClientPEM(r.ClID)
		if err != nil {
			return err
		}
		add(r.ClID+".pem", cert, 0o644)
		add(r.ClID+".key", key, 0o600)
		add(r.ClID+".password", []byte(string(r.PW)+"\n"), 0o600)
		conf += fmt.Sprintf("  %q:\n    address: %q\n    registry: %s\n    clID: %q\n    password: {file: %q}\n    certificate: %q\n    key: %q\n    roots: ca.pem\n",
			r.ClID, srv.Addr(), kind, r.ClID, r.ClID+".password", r.ClID+".pem", r.ClID+".key")
	}
	add("eppkit.yaml", []byte(conf), 0o644)
	add("addr", []byte(srv.Addr()+"\n"), 0o644)
	for _, f := range files {
		if err := writeFile(filepath.Join(dir, f.name), f.content, f.mode); err != nil {
			return err
		}
	}
	return nil
}

// writeFile replaces a file at once, so that nobody reads half of it.
func writeFile(path string, content []byte, mode os.FileMode) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".tmp-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := tmp.Chmod(mode); err != nil {
		return err
	}
	if _, err := tmp.Write(content); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// printMock says how to connect.
func printMock(w io.Writer, addr, kind, dir string, registrars []registrar) {
	ids := make([]string, len(registrars))
	for i, r := range registrars {
		ids[i] = r.ClID
	}
	fmt.Fprintf(w, `The mock registry (%s) listens on %s.
  registrars    %s
  files         %s: ca.pem; CLID.pem, CLID.key and CLID.password of each registrar; addr
  with eppkit   eppkit --config %s hello
  with OpenSSL  openssl s_client -connect %s -CAfile %s -cert %s -key %s
Stop it with Ctrl-C.
`, kind, addr, strings.Join(ids, ", "), dir, filepath.Join(dir, "eppkit.yaml"),
		addr, filepath.Join(dir, "ca.pem"), filepath.Join(dir, ids[0]+".pem"), filepath.Join(dir, ids[0]+".key"))
}
