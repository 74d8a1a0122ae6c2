package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/durable"
	"github.com/eppkit/eppkit/mockserver"
)

// mockFiles is a directory for what clients of a mock registry need.
type mockFiles struct {
	dir        string
	kind       string
	registrars []registrar
	configured bool // there is a configuration for eppkit
}

func (m *mockFiles) path(name string) string { return filepath.Join(m.dir, name) }

// check refuses registrars whose files would not be in the directory.
func (m *mockFiles) check() error {
	for _, r := range m.registrars {
		if !filepath.IsLocal(r.ClID) || filepath.Base(r.ClID) != r.ClID {
			return fmt.Errorf("the registrar %q can't be served: its clID would name the files for its clients, and is no file name", r.ClID)
		}
	}
	return nil
}

// The files with addresses: that of the registry, that of its control, and the
// configuration of a client.
const (
	addrFile    = "addr"
	controlFile = "control"
	confFile    = "eppkit.yaml"
)

// prepare makes the directory. An address that an earlier run left there would say
// that this one is ready, and goes.
func (m *mockFiles) prepare() error {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{addrFile, controlFile, confFile} {
		if err := os.Remove(m.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// authorityFile has the certificate and the key of a mock registry's authority. No clID is
// so short that a client's files had its name.
const authorityFile = "ca.key"

// authorityIn returns the authority whose key is in a directory, or makes one and writes its
// key there: a registry that is started again has to be the one that its clients trust.
func authorityIn(dir string) (*mockserver.Authority, error) {
	name := filepath.Join(dir, authorityFile)
	doc, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return newAuthorityAt(name)
	}
	if err != nil {
		return nil, err
	}
	ca, err := mockserver.ParseAuthority(doc)
	if err != nil {
		return nil, fmt.Errorf("%s: %w; without this file there will be a new authority, which clients have to be told", name, err)
	}
	return ca, nil
}

func newAuthorityAt(name string) (*mockserver.Authority, error) {
	ca, err := mockserver.NewAuthority()
	if err != nil {
		return nil, err
	}
	doc, err := ca.KeyPEM()
	if err != nil {
		return nil, err
	}
	return ca, durable.WriteFile(name, doc)
}

// recall finds the passwords that the directory alone has: those that were set in an
// earlier run, of which the registry has the hash.
func (m *mockFiles) recall() {
	for i := range m.registrars {
		r := &m.registrars[i]
		if r.PW != "" {
			continue
		}
		b, err := os.ReadFile(m.path(r.ClID + ".password"))
		if pw := epp.Secret(firstLine(b)); err == nil && r.hash.Matches(pw) {
			r.PW = pw
		}
	}
}

// known are the registrars with a password that is known, or those without.
func (m *mockFiles) known(known bool) []string {
	var ids []string
	for _, r := range m.registrars {
		if (r.PW != "") == known {
			ids = append(ids, r.ClID)
		}
	}
	return ids
}

// write writes the files; control is the address of the control, or "". That of the
// registry comes last: whoever sees it finds the rest.
func (m *mockFiles) write(srv *mockserver.Server, control string) error {
	cfg := config{Profiles: make(map[string]profile)}
	for _, r := range m.registrars {
		cert, key, err := srv.ClientPEM(r.ClID)
		if err != nil {
			return err
		}
		if err := errors.Join(
			m.put(r.ClID+".pem", cert, 0o644),
			m.put(r.ClID+".key", key, 0o600),
		); err != nil {
			return err
		}
		if r.PW == "" { // of a snapshot, which has its hash alone
			continue
		}
		p, err := m.profile(&r)
		if err != nil {
			return err
		}
		p.Certificate, p.Key = r.ClID+".pem", r.ClID+".key"
		cfg.Default = cmp.Or(cfg.Default, r.ClID)
		cfg.Profiles[r.ClID] = p
	}
	if control != "" {
		if err := m.put(controlFile, []byte(control+"\n"), 0o644); err != nil {
			return err
		}
	}
	return m.writeConfig(&cfg, srv.Addr(), srv.CAPEM())
}

// writeReplay writes the files for the clients of a replay.
func (m *mockFiles) writeReplay(srv *mockserver.Server) error {
	if err := m.check(); err != nil {
		return err
	}
	cfg := config{Profiles: make(map[string]profile)}
	for _, r := range m.registrars {
		p, err := m.profile(&r)
		if err != nil {
			return err
		}
		cfg.Default = cmp.Or(cfg.Default, r.ClID)
		cfg.Profiles[r.ClID] = p
	}
	return m.writeConfig(&cfg, srv.Addr(), srv.CAPEM())
}

// profile is that of a registrar's client, and writes the password for it.
func (m *mockFiles) profile(r *registrar) (profile, error) {
	file := r.ClID + ".password"
	p := profile{Registry: m.kind, ClID: r.ClID, Password: password{File: file}}
	return p, m.put(file, []byte(r.PW.Reveal()+"\n"), 0o600)
}

// writeConfig writes what clients need to connect to an address.
func (m *mockFiles) writeConfig(cfg *config, addr string, ca []byte) error {
	if err := m.put("ca.pem", ca, 0o644); err != nil {
		return err
	}
	for name, p := range cfg.Profiles {
		p.Address, p.Roots = addr, "ca.pem"
		cfg.Profiles[name] = p
	}
	if len(cfg.Profiles) > 0 {
		var doc bytes.Buffer
		enc := yaml.NewEncoder(&doc)
		enc.SetIndent(2)
		if err := errors.Join(enc.Encode(cfg), enc.Close()); err != nil {
			return err
		}
		if err := m.put(confFile, doc.Bytes(), 0o644); err != nil {
			return err
		}
		m.configured = true
	}
	return m.put(addrFile, []byte(addr+"\n"), 0o644)
}

// remove takes the addresses back, unless another run has written its own since.
func (m *mockFiles) remove(addr, control string) {
	for name, own := range map[string]string{addrFile: addr, controlFile: control} {
		if b, err := os.ReadFile(m.path(name)); err == nil && string(b) == own+"\n" {
			os.Remove(m.path(name))
		}
	}
}

// put replaces a file at once, so that nobody reads half of it.
func (m *mockFiles) put(name string, content []byte, mode os.FileMode) error {
	return durable.Replace(m.path(name), mode, func(f *os.File) error {
		_, err := f.Write(content)
		return err
	})
}
