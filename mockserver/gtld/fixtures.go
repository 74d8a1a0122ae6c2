package gtld

import (
	_ "embed"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Fixtures are the objects that a registry starts with. Names of domains and hosts
// are compared in lower case.
type Fixtures struct {
	// HostModel is how domains are delegated: objects ([HostObjects]), the default, or
	// attributes ([HostAttributes]), where the hosts are merely name servers' addresses.
	HostModel string `yaml:"hostModel"`
	// SecureAuthInfo and Announce are as in [Options], which come first.
	SecureAuthInfo bool     `yaml:"secureAuthInfo"`
	Announce       []string `yaml:"announce"`
	// Zones are top-level domains with the default policy, and TLDs those with
	// policies of their own. Names are registered directly below.
	Zones []string `yaml:"zones"`
	TLDs  []Policy `yaml:"tlds"`
	// ContactRules and HostRules are the policies of objects that belong to no
	// top-level domain.
	ContactRules ContactRules `yaml:"contactRules"`
	HostRules    HostRules    `yaml:"hostRules"`
	// Passwords are the rules for those of registrars.
	Passwords PasswordRules `yaml:"passwords"`
	// MessageTTL is how long a message waits to be polled; for ever when 0.
	MessageTTL registry.Duration `yaml:"messageTTL"`

	Registrars []registry.Account `yaml:"registrars"`
	Messages   []registry.Message `yaml:"messages"`
	Contacts   []Contact          `yaml:"contacts"`
	Domains    []Domain           `yaml:"domains"`
	Hosts      []Host             `yaml:"hosts"`
	Tokens     []Token            `yaml:"tokens"`
	// Maintenance is what registrars know of already.
	Maintenance []Maintenance `yaml:"maintenance"`
}

//go:embed fixtures/gtld.yaml
var defaultFixtures []byte

// DefaultFixtures returns the fixtures of a registry that is given none.
func DefaultFixtures() (*Fixtures, error) {
	return ParseFixtures("fixtures/gtld.yaml", defaultFixtures)
}

// ReadFixtures reads fixtures from a YAML file. See [ParseFixtures].
func ReadFixtures(file string) (*Fixtures, error) { return registry.ReadFixtures[Fixtures](file) }

// ParseFixtures reads fixtures from YAML and checks them, as
// [registry.ParseFixtures] does.
func ParseFixtures(file string, doc []byte) (*Fixtures, error) {
	return registry.ParseFixtures[Fixtures](file, doc)
}

var (
	contactStatus = []string{
		"clientDeleteProhibited", "clientTransferProhibited", "clientUpdateProhibited",
		"serverDeleteProhibited", "serverTransferProhibited", "serverUpdateProhibited",
		"pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate",
	}
	domainStatus = append([]string{
		"clientHold", "clientRenewProhibited", "serverHold", "serverRenewProhibited", "pendingRenew",
	}, contactStatus...)
	hostStatus = []string{
		"clientDeleteProhibited", "clientUpdateProhibited", "serverDeleteProhibited", "serverUpdateProhibited",
		"pendingCreate", "pendingDelete", "pendingTransfer", "pendingUpdate",
	}
	forms = []string{"int", "loc"}
	roles = []string{"admin", "billing", "tech"}

	// langForm is xs:language's.
	langForm = regexp.MustCompile(`^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$`)
	// roidForm is RFC 5730's, in ASCII.
	roidForm = regexp.MustCompile(`^[A-Za-z0-9_]{1,80}-[A-Za-z0-9_]{1,8}$`)
)

// Validate checks that the fixtures are complete and refer to what exists. The
// error is a *registry.FixtureError.
func (f *Fixtures) Validate() error {
	v := newValidator(f.policies(), f.Passwords)
	v.passwords(&f.Passwords)
	v.contactRules(&f.ContactRules)
	v.hostRules(&f.HostRules)
	v.oneOf(f.HostModel, registry.Path{"hostModel"}, "", HostObjects, HostAttributes)
	v.policies(f.Zones, f.TLDs)
	v.objects(f)
	return v.Err
}

// policies are those of all top-level domains, by name in lower case.
func (f *Fixtures) policies() map[string]*Policy {
	all := make(map[string]*Policy)
	for _, z := range f.Zones {
		all[lower(z)] = &Policy{Name: lower(z)}
	}
	for _, p := range f.TLDs {
		p.Name = lower(p.Name)
		all[p.Name] = &p
	}
	return all
}

// adopt puts policies in place of those for the same top-level domains.
func (f *Fixtures) adopt(list []Policy) error {
	if len(list) == 0 {
		return nil
	}
	for _, p := range list {
		same := func(q Policy) bool { return lower(q.Name) == lower(p.Name) }
		f.Zones = slices.DeleteFunc(slices.Clone(f.Zones), func(z string) bool { return lower(z) == lower(p.Name) })
		f.TLDs = append(slices.DeleteFunc(slices.Clone(f.TLDs), same), p)
	}
	return f.Validate()
}

// parent is what a name is directly below of.
func parent(name string) string {
	_, above, _ := strings.Cut(name, ".")
	return above
}

type validator struct {
	registry.Validator
	zones map[string]*Policy
	// sponsored, unless nil, reports whether a registrar has a domain that a host is
	// below, in a registry that is there already.
	sponsored func(clID, host string) bool
}

func newValidator(zones map[string]*Policy, passwords PasswordRules) *validator {
	return &validator{
		Validator: registry.Validator{ROID: roidForm, ROIDLike: "D1-MOCK", MaxPassword: passwords.max()},
		zones:     zones,
	}
}

// objects checks the lists of objects.
func (v *validator) objects(f *Fixtures) {
	v.Registrars(f.Registrars)
	v.Messages(f.Messages)
	v.contacts(f.Contacts)
	v.hosts(f.Hosts)
	v.domains(f.Domains)
	v.superordinates(f)
	v.tokens(f.Tokens)
	for i := range f.Maintenance {
		v.maintenance(&f.Maintenance[i], registry.Path{"maintenance", i})
	}
}

func (v *validator) contacts(list []Contact) {
	for i := range list {
		v.contact(&list[i], registry.Path{"contacts", i})
	}
}

func (v *validator) contact(c *Contact, at registry.Path) {
	v.Token(c.ID, 3, 16, at.With("id"))
	v.Define("contacts", c.ID, &c.Object, contactStatus, at)
	v.Check(len(c.Status) <= 6, at.With("status"), "may have six at most, beside which linked may stand")
	v.Check(len(c.Postal) == 1 || len(c.Postal) == 2 && c.Postal[0].Type != c.Postal[1].Type, at,
		"%s needs a postal of type int or loc, or one of each", c.ID)
	for k := range c.Postal {
		v.postal(&c.Postal[k], at.With("postal", k))
	}
	v.phone(c.Voice, at.With("voice"))
	v.phone(c.Fax, at.With("fax"))
	v.Token(c.Email, 1, registry.NoLimit, at.With("email"))
	v.Check(registry.EmailAddress(c.Email), at.With("email"), "is not an address")
	v.Line(string(c.AuthInfo), 0, registry.NoLimit, at.With("authInfo"))
	if c.Transfer != nil {
		v.transfer(c.Transfer, &c.Object, at.With("transfer"))
	}
	if d := c.Disclose; d != nil {
		for _, f := range slices.Concat(d.Name, d.Org, d.Addr) {
			v.Check(slices.Contains(forms, f), at.With("disclose"), "a form must be int or loc")
		}
	}
	v.texts(c.Texts, at.With("texts"))
}

// postal checks the lengths of RFC 5733's schema.
func (v *validator) postal(p *Postal, at registry.Path) {
	v.Check(slices.Contains(forms, p.Type), at, "the type must be int or loc")
	local, _ := p.notASCII()
	v.Check(p.Type != "int" || local == "", at, "type int must be ASCII alone")
	v.Line(p.Name, 1, 255, at.With("name"))
	v.Line(p.Org, 0, 255, at.With("org"))
	v.Check(len(p.Street) <= 3, at.With("street"), "may have three lines at most")
	for k, line := range p.Street {
		v.Line(line, 0, 255, at.With("street", k))
	}
	v.Line(p.City, 1, 255, at.With("city"))
	v.Line(p.SP, 0, 255, at.With("sp"))
	v.Token(p.PC, 0, 16, at.With("pc"))
	v.Check(registry.CountryCode(p.CC), at.With("cc"), "is not a country code of two letters, in capitals")
}

func (v *validator) phone(p Phone, at registry.Path) {
	v.Check(epp.IsE164(p.Number), at.With("number"), "is not a telephone number like +1.2025550123")
	v.Token(p.X, 0, registry.NoLimit, at.With("x"))
}

func (v *validator) hosts(list []Host) {
	for i := range list {
		v.host(&list[i], registry.Path{"hosts", i})
	}
}

func (v *validator) host(h *Host, at registry.Path) {
	v.Check(validName(h.Name), at, "%q is not a host name", h.Name)
	v.Define("hosts", lower(h.Name), &h.Object, hostStatus, at)
	v.addrs(h.Addrs, at.With("addrs"))
	v.texts(h.Texts, at.With("texts"))
	v.ttls(h.TTL, at.With("ttl"))
}

func (v *validator) addrs(list []netip.Addr, at registry.Path) {
	for k, ip := range list {
		v.Check(ip.IsValid() && ip.Zone() == "", at.With(k), "is not an address without a zone")
	}
}

// texts checks what is said of statuses.
func (v *validator) texts(list map[string]Text, at registry.Path) {
	for _, s := range slices.Sorted(maps.Keys(list)) {
		v.Line(list[s].Text, 0, registry.NoLimit, at.With(s, "text"))
		v.Check(list[s].Lang == "" || langForm.MatchString(list[s].Lang), at.With(s, "lang"), "is no language")
	}
}

func (v *validator) domains(list []Domain) {
	for i := range list {
		v.domain(&list[i], registry.Path{"domains", i})
	}
}

func (v *validator) domain(d *Domain, at registry.Path) {
	v.Check(validName(d.Name) && v.zones[parent(lower(d.Name))] != nil, at, "%q is not a name directly below a zone", d.Name)
	v.Define("domains", lower(d.Name), &d.Object, domainStatus, at)
	v.Check(len(d.Status) <= 10, at.With("status"), "may have ten at most, beside which inactive may stand")
	if p := v.zones[parent(lower(d.Name))]; p != nil && (d.Registrant != "" || p.contactsOf(d.ClID) == ThickModel) {
		v.Check(p.contactsOf(d.ClID) != ThinModel, at.With("registrant"), "there are no contacts below %s", p.Name)
		v.Refer("contacts", d.Registrant, at.With("registrant"))
	}
	for k, l := range d.Contacts {
		if p := v.zones[parent(lower(d.Name))]; p != nil {
			v.Check(p.contactsOf(d.ClID) != ThinModel, at.With("contacts"), "there are no contacts below %s", p.Name)
		}
		v.Check(slices.Contains(roles, l.Type), at.With("contacts", k), "the type must be admin, billing or tech")
		v.Refer("contacts", l.ID, at.With("contacts", k, "id"))
	}
	for k, name := range d.NS {
		v.Refer("hosts", lower(name), at.With("ns", k))
	}
	v.Line(string(d.AuthInfo), 0, registry.NoLimit, at.With("authInfo"))
	v.Check(!d.ExDate.IsZero(), at, "%s has no exDate", d.Name)
	for k, a := range d.Attr {
		v.Check(validName(a.Name), at.With("attr", k, "name"), "is not a host name")
		v.addrs(a.Addrs, at.With("attr", k, "addrs"))
	}
	v.texts(d.Texts, at.With("texts"))
	v.life(d, at)
	v.extended(d, at)
}

// superordinates checks that a host in one of the zones is below a domain of the
// same sponsor (RFC 5732, section 3.2.1).
func (v *validator) superordinates(f *Fixtures) {
	for i := range f.Hosts {
		h, at := &f.Hosts[i], registry.Path{"hosts", i}
		name := lower(h.Name)
		if policyOf(v.zones, name) == nil {
			continue
		}
		ok := v.sponsored != nil && v.sponsored(h.ClID, name) || slices.ContainsFunc(f.Domains, func(d Domain) bool {
			return (name == lower(d.Name) || below(name, lower(d.Name))) && d.ClID == h.ClID
		})
		v.Check(ok, at, "%s is not below a domain of its sponsor", h.Name)
	}
}
