package fred

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	nic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Options are how a Registry behaves. The zero value works.
type Options struct {
	registry.Options
	// Fixtures are the objects at the start; nil are [DefaultFixtures].
	Fixtures *Fixtures
	// PartiallyDiscloseContactEmails makes the answer to sendAuthInfo say to
	// which addresses the mail went, masked as Mask says.
	PartiallyDiscloseContactEmails bool
	Mask                           Mask
	// HideContacts is FRED's data_share_policy cznic_specific: a registrar
	// sees of a stranger's contact what the contact discloses. Otherwise, as in
	// FRED's default show_all, it sees everything.
	HideContacts bool
	// AuthInfoTTL is how long an authInfo is valid; 0 means 14 days.
	AuthInfoTTL time.Duration
	// AuthInfoLength is how many characters it has; 0 means 8.
	AuthInfoLength int
}

// Registry is a FRED. It is a [mockserver.Registry], whose methods it documents.
// Its exported fields, such as Outbox and Clock, are for tests.
type Registry struct {
	*registry.State
	// AuthInfos are those that sendAuthInfo made.
	AuthInfos *registry.AuthInfos

	opts Options

	zones      *registry.Table[*Zone]
	prohibited *registry.Table[*Prohibited]
	protected  *registry.Table[*Protected]
	contacts   *registry.Table[*Contact]
	nssets     *registry.Table[*NSSet]
	keysets    *registry.Table[*KeySet]
	domains    *registry.Table[*Domain]
}

var (
	_ mockserver.Registry       = (*Registry)(nil)
	_ mockserver.SessionLimiter = (*Registry)(nil)
	_ mockserver.Translator     = (*Registry)(nil)
)

// New makes a registry. The error says what is wrong with the fixtures.
func New(o Options) (*Registry, error) {
	f, err := registry.OrDefault(o.Fixtures, DefaultFixtures)
	if err != nil {
		return nil, err
	}
	if o.AuthInfoTTL == 0 {
		o.AuthInfoTTL = 14 * 24 * time.Hour
	}
	if o.AuthInfoLength == 0 {
		o.AuthInfoLength = 8
	}
	state, err := registry.NewState(o.Options, extensions())
	if err != nil {
		return nil, err
	}
	state.Queue.InMsg, state.Queue.AckNext, state.Queue.TTL = true, true, 7*24*time.Hour
	r := &Registry{State: state, opts: o}
	r.AuthInfos = registry.NewAuthInfos(state, o.AuthInfoTTL)
	r.zones = registry.NewTable[*Zone](state, "zone", nil)
	r.prohibited = registry.NewTable[*Prohibited](state, "prohibited", nil)
	r.protected = registry.NewTable(state, "protected", r.unprotect)
	r.contacts = registry.NewTable[*Contact](state, registry.Contact, nil)
	r.nssets = registry.NewTable[*NSSet](state, registry.NSSet, nil)
	r.keysets = registry.NewTable[*KeySet](state, registry.KeySet, nil)
	r.domains = registry.NewTable[*Domain](state, registry.Domain, nil)
	if err := state.Begin(func(tx *registry.Tx) error { return r.load(tx, f) }); err != nil {
		return nil, err
	}
	return r, nil
}

// extensions are those of fred.Extensions that the mock does something with. The others
// are neither announced nor known, as at a FRED without them.
func extensions() []epp.Extension {
	return []epp.Extension{
		nic.Extension(), contact.Extension(), domain.Extension(), nsset.Extension(), keyset.Extension(),
	}
}

// Greeting is FRED's, as .cz configures it, without the extensions that the mock does
// not have yet. The protocol extension fred-1.5 is
// spoken without being announced.
func (r *Registry) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID:    "EPP server (DSDng)",
		SvDate:  r.Now(),
		Version: []string{"1.0"},
		Lang:    []string{"en", "cs"},
		ObjURI:  r.Schema().ObjURI(),
		ExtURI:  r.Schema().ExtURI(),
		DCP: epp.DCP{
			Access: "none",
			Statements: []epp.Statement{{
				Purpose:   epp.Purpose{Admin: true, Prov: true},
				Recipient: epp.Recipient{Public: true},
				Retention: "stated",
			}},
		},
	}
}

// Routes binds the handlers.
func (r *Registry) Routes(m *mockserver.Mux) {
	r.State.Routes(m)
	mockserver.Handle(m, r.contactCheck)
	mockserver.Handle(m, r.contactInfo)
	mockserver.Handle(m, r.domainCheck)
	mockserver.Handle(m, r.domainInfo)
	mockserver.Handle(m, r.contactSendAuthInfo)
	mockserver.Handle(m, r.domainSendAuthInfo)
	mockserver.Handle(m, r.nssetSendAuthInfo)
	mockserver.Handle(m, r.keysetSendAuthInfo)
	mockserver.Handle(m, r.creditInfo)
}

// SvTRID has FRED's form.
func (r *Registry) SvTRID() string { return fmt.Sprintf("ReqID-%010d", r.NextCommand()) }

// Profile is FRED's: it closes on garbage, looks at its schemas before anything
// else, does not look at a login's services, and takes documents of 16,000 octets.
func (r *Registry) Profile() mockserver.Profile {
	return mockserver.Profile{
		CloseOnGarbage: true,
		SchemaFirst:    true,
		InvalidPrefix:  "XML validation error: ",
		IgnoreServices: true,
		MaxFrame:       16004,
		MaxSessions:    5,
		IdleTimeout:    300 * time.Second,
		IdleCode:       epp.AuthenticationErrorClosing,
	}
}
