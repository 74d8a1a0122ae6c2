package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A config is the content of the configuration file.
type config struct {
	Default  string             `yaml:"default"`
	Profiles map[string]profile `yaml:"profiles"`

	dir string // that paths are taken from
}

// A profile describes one registry and how to log in there.
type profile struct {
	Address     string   `yaml:"address"`
	Registry    string   `yaml:"registry"`
	ClID        string   `yaml:"clID"`
	Password    password `yaml:"password"`
	Certificate string   `yaml:"certificate"`
	Key         string   `yaml:"key"`
	Roots       string   `yaml:"roots"`
	ServerName  string   `yaml:"serverName"`
	Lang        string   `yaml:"lang"`

	name, dir string
}

// A password says where the password is. It is never in the configuration itself.
type password struct {
	Command []string `yaml:"command"` // prints it on its first line
	Env     string   `yaml:"env"`     // environment variable
	File    string   `yaml:"file"`    // holds it on its first line
}

// UnmarshalYAML reads a password. Its errors don't quote what stands there, which
// may be the password itself.
func (pw *password) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: password does not hold the password; it needs one of command, env and file", n.Line)
	}
	for i := 0; i < len(n.Content); i += 2 {
		if err := oneOf("password", n.Content[i].Value, []string{"command", "env", "file"}); err != nil {
			return fmt.Errorf("line %d: password needs one of command, env and file", n.Content[i].Line)
		}
	}
	type plain password
	if err := n.Decode((*plain)(pw)); err != nil {
		return fmt.Errorf("line %d: password: command is a list of words, env and file are words", n.Line)
	}
	return nil
}

// chosenProfile returns the profile to use, or nil when none is configured.
func (a *app) chosenProfile() (*profile, error) {
	if a.flags.mock {
		return nil, nil
	}
	cfg, path, err := a.loadConfig()
	if err != nil {
		return nil, &usageError{err}
	}
	name := a.flags.profile
	if name == "" {
		name = a.getenv("EPPKIT_PROFILE")
	}
	if name == "" && cfg != nil {
		name = cfg.Default
	}
	if name == "" {
		return nil, nil
	}
	if cfg == nil {
		return nil, usage("profile %q is asked for, but there is no configuration file %s", name, path)
	}
	p, ok := cfg.Profiles[name]
	if !ok {
		return nil, usage("%s has no profile %q; it has %s", path, name, strings.Join(slices.Sorted(maps.Keys(cfg.Profiles)), ", "))
	}
	p.name, p.dir = name, cfg.dir
	if p.Registry == "" {
		p.Registry = "fred"
	}
	if err := p.check(); err != nil {
		return nil, &usageError{fmt.Errorf("%s: profile %s: %w", path, name, err)}
	}
	return &p, nil
}

// loadConfig reads the configuration file; nil when there is none and none was
// asked for.
func (a *app) loadConfig() (*config, string, error) {
	path, asked := a.flags.config, true
	if path == "" {
		path = a.getenv("EPPKIT_CONFIG")
	}
	if path == "" {
		dir := a.getenv("XDG_CONFIG_HOME")
		if dir == "" {
			var err error
			if dir, err = os.UserConfigDir(); err != nil {
				return nil, "eppkit/config.yaml", nil
			}
		}
		path, asked = filepath.Join(dir, "eppkit", "config.yaml"), false
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, path, nil
	}
	if err != nil {
		return nil, path, err
	}
	cfg := config{dir: filepath.Dir(path)}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&cfg); err != nil {
		return nil, path, fmt.Errorf("%s: %w", path, err)
	}
	return &cfg, path, nil
}

func (p *profile) check() error {
	switch {
	case p.Address == "":
		return errors.New("address is missing")
	case p.ClID == "":
		return errors.New("clID is missing")
	case (p.Certificate == "") != (p.Key == ""):
		return errors.New("certificate and key go together")
	}
	return oneOf("registry", p.Registry, registries)
}

func (p *profile) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.dir, name)
}

// tls makes the TLS configuration.
func (p *profile) tls() (*tls.Config, error) {
	cfg := &tls.Config{ServerName: p.ServerName, MinVersion: tls.VersionTLS12}
	if p.Roots != "" {
		pem, err := os.ReadFile(p.path(p.Roots))
		if err != nil {
			return nil, err
		}
		cfg.RootCAs = x509.NewCertPool()
		if !cfg.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("%s holds no certificate in PEM form", p.path(p.Roots))
		}
	}
	if p.Certificate != "" {
		cert, err := tls.LoadX509KeyPair(p.path(p.Certificate), p.path(p.Key))
		if err != nil {
			return nil, err
		}
		cfg.Certificates = []tls.Certificate{cert}
	}
	return cfg, nil
}

// read fetches the password from where it is.
func (pw *password) read(ctx context.Context, p *profile, getenv func(string) string) (string, error) {
	ways := 0
	for _, used := range []bool{len(pw.Command) > 0, pw.Env != "", pw.File != ""} {
		if used {
			ways++
		}
	}
	if ways != 1 {
		return "", errors.New("password needs one of command, env and file")
	}
	switch {
	case len(pw.Command) > 0:
		cmd := exec.CommandContext(ctx, pw.Command[0], pw.Command[1:]...)
		cmd.Dir, cmd.Stderr = p.dir, os.Stderr
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("the password command %s: %w", pw.Command[0], err)
		}
		return firstLine(out, "the password command "+pw.Command[0])
	case pw.Env != "":
		return firstLine([]byte(getenv(pw.Env)), "the environment variable "+pw.Env)
	}
	path := p.path(pw.File)
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if perm := info.Mode().Perm(); runtime.GOOS != "windows" && perm&0o077 != 0 {
		return "", fmt.Errorf("the password file %s can be read by others (mode %04o); make it 0600", path, perm)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return firstLine(b, "the password file "+path)
}

func firstLine(b []byte, from string) (string, error) {
	sc := bufio.NewScanner(bytes.NewReader(b))
	if !sc.Scan() || sc.Text() == "" {
		return "", fmt.Errorf("%s gives no password", from)
	}
	return sc.Text(), nil
}
