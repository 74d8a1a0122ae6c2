package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// A profile describes one registry, or another system that has transfer codes, and how
// to log in there.
type profile struct {
	// Dialect is epp, or one of resellerDialects.
	Dialect string `yaml:"dialect,omitempty"`
	// Address is where the registry is, or Addresses where it is at several, in the
	// order in which they are tried.
	Address     string   `yaml:"address,omitempty"`
	Addresses   []string `yaml:"addresses,omitempty"`
	Registry    string   `yaml:"registry,omitempty"`
	ClID        string   `yaml:"clID,omitempty"`
	Password    password `yaml:"password,omitempty"`
	Certificate string   `yaml:"certificate,omitempty"`
	Key         string   `yaml:"key,omitempty"`
	Roots       string   `yaml:"roots,omitempty"`
	ServerName  string   `yaml:"serverName,omitempty"`
	Lang        string   `yaml:"lang,omitempty"`
	Codes       codes    `yaml:"codes,omitempty"`
	// Namespaces are the URIs that the registry has of its own, by the name or the URI of
	// a namespace.
	Namespaces map[string]string `yaml:"namespaces,omitempty"`
	// UserAgent is the software that a login names where the registry asks for it (RFC
	// 8807), or noUserAgent.
	UserAgent string `yaml:"userAgent,omitempty"`
	// Source is where connections come from, and Proxy what they go through, by URL
	// and without the password.
	Source        sources  `yaml:"source,omitempty"`
	Proxy         string   `yaml:"proxy,omitempty"`
	ProxyPassword password `yaml:"proxyPassword,omitempty"`
	// Sessions are for what has a pool of them.
	Sessions sessions `yaml:"sessions,omitempty"`
	// These are for the other dialects.
	User    string `yaml:"user,omitempty"`
	Base    string `yaml:"base,omitempty"`
	Version string `yaml:"version,omitempty"`
	Test    bool   `yaml:"test,omitempty"`

	name, dir string
}

// codes are what the registry takes for an authInfo, and whether it shows any.
type codes struct {
	authcode.Limits `yaml:",inline"`
	// Hidden says that it shows none (RFC 9154).
	Hidden bool `yaml:"hidden,omitempty"`
}

// chosenProfile returns the profile to use, or nil for the mock: when it is asked for,
// and when there is no configuration.
func (a *app) chosenProfile() (*profile, error) {
	if a.flags.mock {
		return nil, nil
	}
	cfg, path, err := a.loadConfig()
	if err != nil {
		return nil, &configError{err}
	}
	name := cmp.Or(a.flags.profile, a.getenv("EPPKIT_PROFILE"))
	if cfg == nil {
		if name != "" {
			return nil, usage("profile %q is asked for, but there is no configuration file %s", name, path)
		}
		return nil, nil
	}
	names := slices.Sorted(maps.Keys(cfg.Profiles))
	name = cmp.Or(name, cfg.Default)
	if name == "" && len(names) == 1 {
		name = names[0]
	}
	if name == "" {
		return nil, usage("%s has no default; choose one with --profile: %s", path, strings.Join(names, ", "))
	}
	p, err := cfg.profile(name, a.flags.registry)
	if err != nil {
		return nil, err
	}
	if p.Dialect != dialectEPP {
		return nil, usage("profile %q is of %s, which does not speak EPP; it is for the commands of authcode", name, p.Dialect)
	}
	return p, nil
}

// profile returns the profile of a name, checked. registry is the kind of registry
// where the profile does not say it.
func (c *config) profile(name, registry string) (*profile, error) {
	p, ok := c.Profiles[name]
	if !ok {
		names := slices.Sorted(maps.Keys(c.Profiles))
		return nil, usage("%s has no profile %q; it has %s", c.path, name, strings.Join(names, ", "))
	}
	p.name, p.dir = name, filepath.Dir(c.path)
	p.Dialect = cmp.Or(p.Dialect, dialectEPP)
	err := p.checkFields()
	if err == nil && p.Dialect == dialectEPP {
		p.Registry = cmp.Or(p.Registry, registry)
		err = p.checkEPP()
	}
	if err != nil {
		return nil, &configError{fmt.Errorf("%s: profile %s: %w", c.path, name, err)}
	}
	return &p, nil
}

// checkEPP checks what a registry's profile must have.
func (p *profile) checkEPP() error {
	if err := p.checkRoute(); err != nil {
		return err
	}
	switch {
	case p.ClID == "":
		return errors.New("clID is missing")
	case (p.Certificate == "") != (p.Key == ""):
		return errors.New("certificate and key go together")
	case p.Registry == "fred" && p.Codes != codes{}:
		return errors.New("codes are for a gtld registry; FRED makes them itself")
	}
	if _, err := p.Codes.Length(); err != nil {
		return fmt.Errorf("codes: %w", err)
	}
	if err := p.Sessions.check(); err != nil {
		return fmt.Errorf("sessions: %w", err)
	}
	if err := oneOf("registry", p.Registry, registries); err != nil {
		return err
	}
	if _, err := p.schema(extensions(p.Registry)); err != nil {
		return fmt.Errorf("namespaces: %w", err)
	}
	return nil
}

// noUserAgent is for a profile that does not say what software it is used by.
const noUserAgent = "none"

// userAgent is what logins say of their software; nil is what package client says.
func (p *profile) userAgent() *loginsec.UserAgent {
	switch p.UserAgent {
	case "":
		return nil
	case noUserAgent:
		return new(loginsec.UserAgent)
	}
	agent := client.DefaultUserAgent()
	agent.App = &p.UserAgent
	return agent
}

// elsewhere is the profile for a configuration in another directory, and for another
// address: without what is of the connection. A password command is run there.
func (p *profile) elsewhere() (profile, error) {
	own := *p
	own.Addresses, own.Source, own.Proxy, own.ProxyPassword = nil, nil, "", password{}
	own.Certificate, own.Key, own.Roots, own.ServerName = "", "", "", ""
	var err error
	if f := p.Password.File; f != "" {
		own.Password.File, err = filepath.Abs(p.path(f))
	}
	return own, err
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
