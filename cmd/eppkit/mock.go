package main

import (
	"fmt"
	"os"
	"slices"

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
	document []byte // fixtures in place of a file's
	registry.Options
	disclose bool
	// These are of a gtld registry, and are gtld.Options.
	secureAuthInfo bool
	authInfoMin    int
	authInfoMax    int
	policies       string // a file, or "" for those of the fixtures
}

// A registrar is who can log in at a mock registry.
type registrar struct {
	ClID string
	PW   epp.Secret    // "" where it is not known
	hash registry.Hash // of the password, of one that was read from disk
}

func (a *app) mockCommand() *cobra.Command {
	return group("mock", "The mock registry", a.serveCommand(), a.recordCommand(), a.replayCommand())
}

// A mockRegistry is a mock registry, who can log in there, the first of the fixtures
// first, and where domains are registered.
type mockRegistry struct {
	mockserver.Registry
	state      *registry.State
	seed       func([]byte) error
	acts       []registry.Act
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
	if o.policies != "" {
		return nil, usage("--policy is of a gtld registry; FRED's zones have their rules in --fixtures")
	}
	fixtures, err := fixturesOf(&o, fredmock.ParseFixtures, fredmock.DefaultFixtures)
	if err != nil {
		return nil, err
	}
	reg, err := fredmock.New(fredmock.Options{Options: o.Options, Fixtures: fixtures, PartiallyDiscloseContactEmails: o.disclose})
	if err != nil {
		return nil, err
	}
	return &mockRegistry{
		Registry: reg, state: reg.State, seed: reg.Seed, acts: reg.Acts(),
		registrars: registrars(fixtures.Registrars), zones: fixtures.Zones, holders: holders(fixtures),
	}, nil
}

func newGTLDMock(o mockOptions) (*mockRegistry, error) {
	if o.disclose {
		return nil, usage("--disclose-emails is of FRED; a gtld registry has no sendAuthInfo")
	}
	fixtures, err := fixturesOf(&o, gtld.ParseFixtures, gtld.DefaultFixtures)
	if err != nil {
		return nil, err
	}
	var policies []gtld.Policy
	if o.policies != "" {
		if policies, err = gtld.ReadPolicies(o.policies); err != nil {
			return nil, &configError{err}
		}
	}
	reg, err := gtld.New(gtld.Options{
		Options: o.Options, Fixtures: fixtures, Policies: policies,
		SecureAuthInfo: o.secureAuthInfo, AuthInfoMin: o.authInfoMin, AuthInfoMax: o.authInfoMax,
	})
	if err != nil {
		return nil, &configError{err} // the fixtures have been checked, these options not
	}
	return &mockRegistry{
		Registry: reg, state: reg.State, seed: reg.Seed, acts: reg.Acts(),
		registrars: registrars(fixtures.Registrars), zones: zones(fixtures),
	}, nil
}

// zones are where domains are registered.
func zones(f *gtld.Fixtures) []string {
	list := slices.Clone(f.Zones)
	for _, p := range f.TLDs {
		list = append(list, p.Name)
	}
	return list
}

// fixturesOf reads the fixtures that are asked for, or takes the built-in ones.
func fixturesOf[F any](o *mockOptions, parse func(string, []byte) (F, error), builtIn func() (F, error)) (F, error) {
	doc := o.document
	if o.fixtures != "" {
		var err error
		if doc, err = os.ReadFile(o.fixtures); err != nil {
			return *new(F), &configError{fmt.Errorf("reading fixtures: %w", err)}
		}
	}
	if doc == nil {
		return builtIn()
	}
	f, err := parse(o.fixtures, doc)
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
