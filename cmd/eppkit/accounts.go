package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
)

// demoAccount is the account with the mock registries, which has all their domains.
// Its credentials open nothing but mocks.
func demoAccount() gateway.Account {
	return gateway.Account{
		Name: "demo", User: "demo", Secret: "demo-Secret7", Key: authcode.Secret("DEMO0000-" + strings.Repeat("0", 64)),
		Mail:    []authcode.Address{{Name: "The mock's reseller", Email: "desk@reseller.example"}},
		Domains: []gateway.Holding{{Name: "*"}, {Name: "mydomain.cz", ID: 1}, {Name: "alpha.example", ID: 2}},
	}
}

// An accountsFile is who may use the gateway, and what it keeps them to.
type accountsFile struct {
	Accounts []gateway.Account `yaml:"accounts"`
	// These are gateway.Options.
	NoCodes     []string      `yaml:"noCodes"`
	SessionTTL  time.Duration `yaml:"sessionTTL"`
	MaxSessions int           `yaml:"maxSessions"`
}

// serveAccounts adds the accounts, and what their file says beside them, to the options
// of the gateway. Without a file it is demoAccount alone, which it returns.
func serveAccounts(path string, o *gateway.Options) (*gateway.Account, error) {
	if path == "" {
		demo := demoAccount()
		accounts, err := gateway.NewAccounts([]gateway.Account{demo})
		o.Accounts = accounts
		return &demo, err
	}
	file, err := readAccounts(path)
	if err != nil {
		return nil, &configError{err}
	}
	accounts, err := gateway.NewAccounts(file.Accounts)
	if err != nil {
		return nil, &configError{fmt.Errorf("%s: %w", path, err)}
	}
	o.Accounts, o.NoCodes, o.SessionTTL, o.MaxSessions = accounts, file.NoCodes, file.SessionTTL, file.MaxSessions
	return nil, nil
}

func readAccounts(path string) (*accountsFile, error) {
	b, err := readPrivate("the accounts file", path)
	if err != nil {
		return nil, err
	}
	var file accountsFile
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", path, unquoted(err))
	}
	switch {
	case len(file.Accounts) == 0:
		return nil, fmt.Errorf("%s has no accounts", path)
	case file.SessionTTL < 0 || file.MaxSessions < 0:
		return nil, fmt.Errorf("%s: sessionTTL and maxSessions can't be negative", path)
	}
	return &file, nil
}

// unquoted is an error of package yaml without what it quotes of the file, which may be
// a secret.
func unquoted(err error) error {
	lines := []string{err.Error()}
	var several *yaml.TypeError
	if errors.As(err, &several) {
		lines = several.Errors
	}
	said := make([]string, len(lines))
	for i, s := range lines {
		said[i] = s
		if at := strings.IndexAny(s, "`'\""); at >= 0 {
			said[i] = s[:at] + "…"
		}
	}
	return errors.New(strings.Join(said, "; "))
}
