package main

import (
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
	// These are of a gtld registry, and are gtld.Options.
	secureAuthInfo bool
	authInfoMin    int
	authInfoMax    int
}

// A registrar is who can log in at a mock registry.
type registrar struct {
	ClID string
	PW   epp.Secret
}

func (a *app) mockCommand() *cobra.Command {
	return group("mock", "The mock registry", a.serveCommand())
}

// A mockRegistry is a mock registry, who can log in there, the first of the fixtures
// first, and where domains are registered.
type mockRegistry struct {
	mockserver.Registry
	registrars []registrar
	zones      []string
	holders    map[string]string // FRED's: the addresses of each domain's registrant
}

func newMock(o mockOptions) (*mockRegistry, error) {
	if o.kind == "gtld" {
		return newGTLDMock(o)
	}
	if o.secureAuthInfo || o.authInfoMin != 0 || o.authInfoMax != 0 {
		return nil, usage("--secure-authinfo, --authinfo-min and --authinfo-max are of a gtld registry; FRED makes authInfos itself")
	}
	fixtures, err := fixturesOf(o.fixtures, fredmock.ReadFixtures, fredmock.DefaultFixtures)
	if err != nil {
		return nil, err
	}
	m := &mockRegistry{registrars: registrars(fixtures.Registrars), zones: fixtures.Zones, holders: holders(fixtures)}
	m.Registry, err = fredmock.New(fredmock.Options{Fixtures: fixtures, PartiallyDiscloseContactEmails: o.disclose})
	return m, err
}

func newGTLDMock(o mockOptions) (*mockRegistry, error) {
	if o.disclose {
		return nil, usage("--disclose-emails is of FRED; a gtld registry has no sendAuthInfo")
	}
	fixtures, err := fixturesOf(o.fixtures, gtld.ReadFixtures, gtld.DefaultFixtures)
	if err != nil {
		return nil, err
	}
	m := &mockRegistry{registrars: registrars(fixtures.Registrars), zones: fixtures.Zones}
	m.Registry, err = gtld.New(gtld.Options{
		Fixtures: fixtures, SecureAuthInfo: o.secureAuthInfo, AuthInfoMin: o.authInfoMin, AuthInfoMax: o.authInfoMax,
	})
	if err != nil {
		return nil, &configError{err} // the fixtures have been checked, these options not
	}
	return m, nil
}

// fixturesOf reads a file of fixtures, or takes the built-in ones for "".
func fixturesOf[F any](file string, read func(string) (F, error), builtIn func() (F, error)) (F, error) {
	if file == "" {
		return builtIn()
	}
	f, err := read(file)
	if err != nil {
		return f, &configError{err}
	}
	return f, nil
}

func registrars(accounts []registry.Account) []registrar {
	list := make([]registrar, len(accounts))
	for i, acc := range accounts {
		list[i] = registrar{ClID: acc.ClID, PW: acc.Password}
	}
	return list
}
