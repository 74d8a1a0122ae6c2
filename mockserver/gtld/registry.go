package gtld

import (
	"cmp"
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/launch"
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
	// HostModel is how domains are delegated: [HostObjects] or [HostAttributes].
	// "" leaves it to the fixtures, which mean objects where they don't say.
	HostModel string
	// Policies stand in place of the fixtures' for the same top-level domains, or
	// beside them.
	Policies []Policy
	// Announce are the URIs of the extensions that the registry speaks and
	// announces; nil are all that it knows and that its policies have a use for.
	// RFC 9154's, SecureAuthInfo decides.
	Announce []string
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
	// MessageTTL is how long a message waits to be polled; 0 leaves it to the
	// fixtures, where it is for ever unless they say otherwise.
	MessageTTL time.Duration
	// VerifyMarks, unless nil, decides whether the marks of a create for a name
	// are right: the signatures of signed marks, and the codes. Its error is the
	// answer, a *epp.ResultError for instance. Labels and dates of signed marks
	// are held to the name and the clock before. Without it signatures are
	// believed, and codes are not taken.
	VerifyMarks func(name string, q *launch.Create) error
}

// The models of hosts (RFC 5731, section 1.1): with objects name servers are hosts of
// their own and host-1.0 is announced; with attributes they are parts of domains.
const (
	HostObjects    = "objects"
	HostAttributes = "attributes"
)

// Registry is a registry by the RFCs. It is a [mockserver.Registry], whose methods
// it documents. Its exported fields, such as Queue and Clock, are for tests.
type Registry struct {
	*registry.State
	opts Options

	policies     map[string]*Policy // by top-level domain, in lower case
	contactRules ContactRules
	hostRules    HostRules
	passwords    PasswordRules
	hooks        []*hooks

	contacts *registry.Table[*Contact] // by identifier, which is case-sensitive
	hosts    *registry.Table[*Host]    // by name, in lower case, as domains
	waiting  *registry.Table[*Waiting] // with a host or a contact
	domains  *registry.Table[*Domain]

	tokenTable   *registry.Table[*Token] // by a digest
	applications *registry.Table[*Application]
	maintenances *registry.Table[*Maintenance]
	maintained   bool // whether registrars may ask
}

var (
	_ mockserver.Registry       = (*Registry)(nil)
	_ mockserver.SessionLimiter = (*Registry)(nil)
	_ mockserver.Finisher       = (*Registry)(nil)
)

// New makes a registry. The error says what is wrong with the fixtures or the
// options.
func New(o Options) (*Registry, error) {
	f, err := registry.OrDefault(o.Fixtures, DefaultFixtures)
	if err != nil {
		return nil, err
	}
	if err := f.adopt(o.Policies); err != nil {
		return nil, err
	}
	if err := o.settle(f); err != nil {
		return nil, err
	}
	own, err := o.extensions(f)
	if err != nil {
		return nil, err
	}
	state, err := registry.NewState(o.Options, append(o.objects(f), own...))
	if err != nil {
		return nil, err
	}
	state.Kind = "gtld"
	r := &Registry{State: state, opts: o, policies: f.policies(), contactRules: f.ContactRules, hostRules: f.HostRules, passwords: f.Passwords}
	r.Accounts.MaxPassword = f.Passwords.max()
	r.Queue.TTL = cmp.Or(o.MessageTTL, f.MessageTTL.D())
	r.contacts = registry.NewTable(state, registry.Contact, r.contactDue)
	r.hosts = registry.NewTable[*Host](state, registry.Host, nil)
	r.waiting = registry.NewTable(state, "waiting", r.waitingDue)
	r.domains = registry.NewTable(state, registry.Domain, r.domainDue)
	r.extend(own)
	r.hold()
	if err := r.Begin(func(tx *registry.Tx) error { return r.load(tx, f) }); err != nil {
		return nil, err
	}
	return r, nil
}

// settle takes from the fixtures what the options leave open, and refuses what makes no
// sense.
func (o *Options) settle(f *Fixtures) error {
	o.HostModel = cmp.Or(o.HostModel, f.HostModel, HostObjects)
	if o.HostModel != HostObjects && o.HostModel != HostAttributes {
		return fmt.Errorf("gtld: there is no host model %q", o.HostModel)
	}
	o.SecureAuthInfo = o.SecureAuthInfo || f.SecureAuthInfo
	if o.Announce == nil {
		o.Announce = f.Announce
	}
	for _, p := range f.policies() {
		if _, err := o.judging(p); err != nil {
			return err
		}
	}
	return o.limits()
}

// objects are the namespaces of the objects that there are by the host model and by the
// policies, and that of RFC 9154.
func (o *Options) objects(f *Fixtures) []epp.Extension {
	list := []epp.Extension{domain.Extension()}
	for _, p := range f.policies() {
		if p.hasContacts() {
			list = append(list, contact.Extension())
			break
		}
	}
	if o.HostModel == HostObjects {
		list = append(list, host.Extension())
	}
	if o.SecureAuthInfo {
		list = append(list, secureauthinfo.Extension())
	}
	return list
}

// Greeting announces the objects that there are by the policies, the extensions (see
// Options.Announce), and Options.Extensions.
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
	mockserver.Handle(m, r.domainRenew)
	mockserver.Handle(m, r.domainDelete)
	mockserver.Handle(m, r.domainTransfer)
	mockserver.Handle(m, r.domainCreate)
	mockserver.Handle(m, r.domainUpdate)
	mockserver.Handle(m, r.contactCheck)
	mockserver.Handle(m, r.contactInfo)
	mockserver.Handle(m, r.contactCreate)
	mockserver.Handle(m, r.contactUpdate)
	mockserver.Handle(m, r.contactDelete)
	mockserver.Handle(m, r.contactTransfer)
	mockserver.Handle(m, r.hostCheck)
	mockserver.Handle(m, r.hostInfo)
	mockserver.Handle(m, r.hostCreate)
	mockserver.Handle(m, r.hostUpdate)
	mockserver.Handle(m, r.hostDelete)
	if r.maintained {
		mockserver.Handle(m, r.maintenanceInfo)
	}
}

// SvTRID counts.
func (r *Registry) SvTRID() string { return fmt.Sprintf("MOCK-%d", r.NextCommand()) }

// Profile is the defaults.
func (r *Registry) Profile() mockserver.Profile { return mockserver.Profile{} }
