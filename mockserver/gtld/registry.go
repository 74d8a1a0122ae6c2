package gtld

import (
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/secureauthinfo"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Options are how a Registry behaves. The zero value works.
type Options struct {
	registry.Options
	// Fixtures are the objects at the start; nil are [DefaultFixtures]. A
	// Registry takes them over.
	Fixtures *Fixtures
	// SecureAuthInfo has the registry keep to RFC 9154, and announce it: an
	// authInfo is stored as a hash, an info tells the sponsor that there is one
	// and nobody its value, and an update can't set a weak one. Those of the
	// fixtures may be weak.
	SecureAuthInfo bool
	// AuthInfoMin and AuthInfoMax are how many characters a domain's authInfo
	// must have for an update to set it. 0 is no limit.
	//
	// With SecureAuthInfo a Min of 0 is 20, and the least is 8. There it is the
	// limit for values of all printable ASCII; one of fewer kinds of characters
	// must be longer, to be as hard to guess: 25 of letters of one case and
	// digits where 20 is the limit (RFC 9154, section 4.1).
	AuthInfoMin, AuthInfoMax int
}

// Registry is a registry by the RFCs. It is a [mockserver.Registry], whose methods
// it documents. Its exported fields, such as Queue and Clock, are for tests.
type Registry struct {
	*registry.State
	opts Options

	policies map[string]*Policy // by top-level domain, in lower case
	hooks    []*hooks

	contacts *registry.Table[*Contact] // by identifier, which is case-sensitive
	hosts    *registry.Table[*Host]    // by name, in lower case, as domains
	domains  *registry.Table[*Domain]
}

var (
	_ mockserver.Registry       = (*Registry)(nil)
	_ mockserver.SessionLimiter = (*Registry)(nil)
)

// New makes a registry. The error says what is wrong with the fixtures or the
// options.
func New(o Options) (*Registry, error) {
	if err := o.limits(); err != nil {
		return nil, err
	}
	f, err := registry.OrDefault(o.Fixtures, DefaultFixtures)
	if err != nil {
		return nil, err
	}
	exts := []epp.Extension{domain.Extension(), contact.Extension()}
	if o.SecureAuthInfo {
		exts = append(exts, secureauthinfo.Extension())
	}
	state, err := registry.NewState(o.Options, exts)
	if err != nil {
		return nil, err
	}
	r := &Registry{State: state, opts: o}
	r.contacts = registry.NewTable[*Contact](state, registry.Contact, nil)
	r.hosts = registry.NewTable[*Host](state, registry.Host, nil)
	r.domains = registry.NewTable[*Domain](state, registry.Domain, nil)
	if err := r.Begin(func(tx *registry.Tx) error { return r.load(tx, f) }); err != nil {
		return nil, err
	}
	return r, nil
}

// Greeting announces domain-1.0, contact-1.0, with Options.SecureAuthInfo RFC 9154,
// and Options.Extensions.
func (r *Registry) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID:    "eppkit mock registry",
		SvDate:  r.Now(),
		Version: []string{"1.0"},
		Lang:    []string{"en"},
		ObjURI:  r.Schema().ObjURI(),
		ExtURI:  r.Schema().ExtURI(),
		DCP: epp.DCP{
			Access: "all",
			Statements: []epp.Statement{{
				Purpose:   epp.Purpose{Admin: true, Prov: true},
				Recipient: epp.Recipient{Ours: []epp.Ours{{}}, Public: true},
				Retention: "stated",
			}},
		},
	}
}

// Routes binds the handlers.
func (r *Registry) Routes(m *mockserver.Mux) {
	r.State.Routes(m)
	mockserver.Handle(m, r.domainCheck)
	mockserver.Handle(m, r.domainInfo)
	mockserver.Handle(m, r.domainUpdate)
	mockserver.Handle(m, r.contactCheck)
	mockserver.Handle(m, r.contactInfo)
}

// Login refuses wrong credentials with 2200, so that the client may try again, and
// a registrar that is blocked with 2201.
func (r *Registry) Login(x *mockserver.Exchange, q *epp.Login) error {
	err := r.Accounts.Login(x.Session, q)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, registry.ErrBlocked):
		return epp.Refuse(epp.AuthorizationError)
	}
	return epp.Refuse(epp.AuthenticationError)
}

// SvTRID counts.
func (r *Registry) SvTRID() string { return fmt.Sprintf("MOCK-%d", r.NextCommand()) }

// Profile is the defaults.
func (r *Registry) Profile() mockserver.Profile { return mockserver.Profile{} }
