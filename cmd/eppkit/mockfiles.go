package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/eppkit/eppkit/mockserver"
)

// mockFiles is a directory for what clients of a mock registry need.
type mockFiles struct {
	dir        string
	kind       string
	registrars []registrar
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

// The files with addresses: that of the registry, and that of its control.
const (
	addrFile    = "addr"
	controlFile = "control"
)

// prepare makes the directory. An address that an earlier run left there would say
// that this one is ready, and goes.
func (m *mockFiles) prepare() error {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return err
	}
	for _, name := range []string{addrFile, controlFile} {
		if err := os.Remove(m.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// write writes the files; control is the address of the control, or "". That of the
// registry comes last: whoever sees it finds the rest.
func (m *mockFiles) write(srv *mockserver.Server, control string) error {
	if err := m.put("ca.pem", srv.CAPEM(), 0o644); err != nil {
		return err
	}
	conf := fmt.Appendf(nil, "default: %q\nprofiles:\n", m.registrars[0].ClID)
	for _, r := range m.registrars {
		cert, key, err := srv.ClientPEM(r.ClID)
		if err != nil {
			return err
		}
		if err := errors.Join(
			m.put(r.ClID+".pem", cert, 0o644),
			m.put(r.ClID+".key", key, 0o600),
			m.putPassword(&r),
		); err != nil {
			return err
		}
		conf = fmt.Appendf(conf, "  %q:\n    address: %q\n    registry: %s\n    clID: %q\n    password: {file: %q}\n    certificate: %q\n    key: %q\n    roots: ca.pem\n",
			r.ClID, srv.Addr(), m.kind, r.ClID, r.ClID+".password", r.ClID+".pem", r.ClID+".key")
	}
	if err := m.put("eppkit.yaml", conf, 0o644); err != nil {
		return err
	}
	if control != "" {
		if err := m.put(controlFile, []byte(control+"\n"), 0o644); err != nil {
			return err
		}
	}
	return m.put(addrFile, []byte(srv.Addr()+"\n"), 0o644)
}

// putPassword writes a registrar's password. One that was set in an earlier run is not
// known; what the file has of it then, stays.
func (m *mockFiles) putPassword(r *registrar) error {
	if r.PW == "" {
		return nil
	}
	return m.put(r.ClID+".password", []byte(string(r.PW)+"\n"), 0o600)
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
	return replaceFile(m.path(name), mode, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// replaceFile writes a file, all of it or nothing.
func replaceFile(name string, mode os.FileMode, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), ".tmp-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if err := errors.Join(write(tmp), tmp.Chmod(mode), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}
