package fred

import (
	"fmt"
	"time"

	"github.com/eppkit/eppkit/epp"
	nic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/auction"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Options are how a Registry behaves. The zero value works. Those that are zero are as the
// fixtures say (see [Settings]), and otherwise as beside them.
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
	// DiscloseAll is a registry that discloses what a contact does not hide; the
	// greeting says access all. Otherwise, as at .cz, it hides what a contact does
	// not disclose.
	DiscloseAll bool
	// MailingAddress has contacts with an address for letters (extra-addr-1.0).
	MailingAddress bool
	// SystemRegistrar is the clID of the registry's own registrar, if there is one.
	// It changes the objects of all, and their statuses don't bind it.
	SystemRegistrar string
	// IdleMonths is after how many months without a reference to it a contact, an
	// nsset or a keyset is deleted; 0 means 6, and less than 0 never. What
	// fixtures bring is idle from the registry's start on.
	IdleMonths int
	// ProtectionMonths is for how many months a handle that was deleted can't be
	// taken again; 0 means 2, and less than 0 none.
	ProtectionMonths int
	// AuthInfoTTL is how long an authInfo is valid; 0 means 14 days.
	AuthInfoTTL time.Duration
	// AuthInfoLength is how many characters it has; 0 means 8.
	AuthInfoLength int
	// Life is when a domain expires in earnest, and is deleted; nil is
	// [DefaultLife].
	Life *Life
	// NSSetClearsKeySet is FRED's epp_update_domain_keyset_clear: an update that
	// gives a domain another nsset takes its keyset away, unless it names one.
	NSSetClearsKeySet bool
	// Auction announces auction-1.0: a check can say for whom a name is wanted.
	Auction bool
	// RequestFee counts commands; nil does not, and no registrar is told of them.
	RequestFee *RequestFee
	// Tests are the technical tests of an nsset; nil are [DefaultTests].
	Tests []TechnicalTest
	// TestDelay is after what time their results are there; 0 means a minute.
	TestDelay time.Duration
}

// Registry is a FRED. It is a [mockserver.Registry], whose methods it documents.
// Its exported fields, such as Outbox and Clock, are for tests.
type Registry struct {
	*registry.State
	// AuthInfos are those that sendAuthInfo made.
	AuthInfos *registry.AuthInfos

	opts Options
	life Life

	zones      *registry.Table[*Zone]
	prohibited *registry.Table[*Prohibited]
	protected  *registry.Table[*Protected]
	contacts   *registry.Table[*Contact]
	nssets     *registry.Table[*NSSet]
	keysets    *registry.Table[*KeySet]
	domains    *registry.Table[*Domain]
	auctions   *registry.Table[*Auction]
	results    *registry.Table[*Chunk]
	tests      *registry.Table[*Pending]
	requests   *registry.Table[*Requests]
}

var (
	_ mockserver.Registry       = (*Registry)(nil)
	_ mockserver.SessionLimiter = (*Registry)(nil)
	_ mockserver.Translator     = (*Registry)(nil)
	_ mockserver.Finisher       = (*Registry)(nil)
)

// New makes a registry. The error says what is wrong with the fixtures.
func New(o Options) (*Registry, error) {
	f, err := registry.OrDefault(o.Fixtures, DefaultFixtures)
	if err != nil {
		return nil, err
	}
	if err := o.adopt(&f.Options); err != nil {
		return nil, err
	}
	state, err := registry.NewState(o.Options, o.extensions())
	if err != nil {
		return nil, err
	}
	state.Kind = "fred"
	state.Queue.InMsg, state.Queue.AckNext, state.Queue.TTL = true, true, 7*24*time.Hour
	r := &Registry{State: state, opts: o, life: *o.Life}
	r.AuthInfos = registry.NewAuthInfos(state, o.AuthInfoTTL)
	r.zones = registry.NewTable[*Zone](state, "zone", nil)
	r.prohibited = registry.NewTable[*Prohibited](state, "prohibited", nil)
	r.protected = registry.NewTable(state, "protected", r.unprotect)
	r.contacts = registry.NewTable(state, registry.Contact, r.contactIdle)
	r.nssets = registry.NewTable(state, registry.NSSet, r.nssetIdle)
	r.keysets = registry.NewTable(state, registry.KeySet, r.keysetIdle)
	r.domains = registry.NewTable(state, registry.Domain, r.domainDue)
	r.auctions = registry.NewTable[*Auction](state, "auction", nil)
	r.results = registry.NewTable[*Chunk](state, "result", nil)
	r.tests = registry.NewTable(state, "test", r.tested)
	r.requests = registry.NewTable(state, "requests", r.dayOver)
	r.hold()
	if err := state.Begin(func(tx *registry.Tx) error { return r.load(tx, f) }); err != nil {
		return nil, err
	}
	return r, nil
}

// extensions are those of fred.Extensions that the mock does something with. The others
// are neither announced nor known, as at a FRED without them.
func (o *Options) extensions() []epp.Extension {
	list := []epp.Extension{
		nic.Extension(), contact.Extension(), domain.Extension(), nsset.Extension(), keyset.Extension(),
		enumval.Extension(),
	}
	if o.MailingAddress {
		list = append(list, extraaddr.Extension())
	}
	if o.Auction {
		list = append(list, auction.Extension())
	}
	return list
}

// Greeting is FRED's, as .cz configures it. The protocol extension fred-1.5 is spoken
// without being announced.
func (r *Registry) Greeting() *epp.Greeting {
	return &epp.Greeting{
		SvID:    "EPP server (DSDng)",
		SvDate:  r.Now(),
		Version: []string{"1.0"},
		Lang:    []string{"en", "cs"},
		ObjURI:  r.Schema().ObjURI(),
		ExtURI:  r.Schema().ExtURI(),
		DCP: epp.DCP{
			Access: r.access(),
			Statements: []epp.Statement{{
				Purpose:   epp.Purpose{Admin: true, Prov: true},
				Recipient: epp.Recipient{Public: true},
				Retention: "stated",
			}},
		},
	}
}

// access says whether what a contact does not speak of is disclosed.
func (r *Registry) access() string {
	if r.opts.DiscloseAll {
		return "all"
	}
	return "none"
}

// Routes binds the handlers.
func (r *Registry) Routes(m *mockserver.Mux) {
	r.State.Routes(m)
	mockserver.Handle(m, r.contactCheck)
	mockserver.Handle(m, r.contactInfo)
	mockserver.Handle(m, r.contactCreate)
	mockserver.Handle(m, r.contactUpdate)
	mockserver.Handle(m, r.contactDelete)
	mockserver.Handle(m, r.contactTransfer)
	mockserver.Handle(m, r.contactSendAuthInfo)
	mockserver.Handle(m, r.nssetCheck)
	mockserver.Handle(m, r.nssetInfo)
	mockserver.Handle(m, r.nssetCreate)
	mockserver.Handle(m, r.nssetUpdate)
	mockserver.Handle(m, r.nssetDelete)
	mockserver.Handle(m, r.nssetTransfer)
	mockserver.Handle(m, r.nssetSendAuthInfo)
	mockserver.Handle(m, r.keysetCheck)
	mockserver.Handle(m, r.keysetInfo)
	mockserver.Handle(m, r.keysetCreate)
	mockserver.Handle(m, r.keysetUpdate)
	mockserver.Handle(m, r.keysetDelete)
	mockserver.Handle(m, r.keysetTransfer)
	mockserver.Handle(m, r.keysetSendAuthInfo)
	mockserver.Handle(m, r.domainCheck)
	mockserver.Handle(m, r.domainInfo)
	mockserver.Handle(m, r.domainCreate)
	mockserver.Handle(m, r.domainUpdate)
	mockserver.Handle(m, r.domainRenew)
	mockserver.Handle(m, r.domainDelete)
	mockserver.Handle(m, r.domainTransfer)
	mockserver.Handle(m, r.domainSendAuthInfo)
	mockserver.Handle(m, r.creditInfo)
	mockserver.Handle(m, r.listContacts)
	mockserver.Handle(m, r.listDomains)
	mockserver.Handle(m, r.listNssets)
	mockserver.Handle(m, r.listKeysets)
	mockserver.Handle(m, r.domainsByContact)
	mockserver.Handle(m, r.domainsByNsset)
	mockserver.Handle(m, r.domainsByKeyset)
	mockserver.Handle(m, r.nssetsByContact)
	mockserver.Handle(m, r.keysetsByContact)
	mockserver.Handle(m, r.nssetsByNs)
	mockserver.Handle(m, r.getResults)
	mockserver.Handle(m, r.nssetTest)
	mockserver.Handle(m, r.keysetTest)
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
