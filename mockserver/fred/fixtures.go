package fred

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

// Fixtures are the objects that a registry starts with. Handles are compared in
// upper case, names in lower case.
type Fixtures struct {
	// Options are how the registry behaves where [Options] don't say.
	Options Settings `yaml:"options"`
	// Zones are where domains can be registered.
	Zones []string `yaml:"zones"`
	// ZoneRules are the rules and prices of zones, for those that have their own.
	ZoneRules  map[string]ZoneRules `yaml:"zoneRules"`
	Registrars []registry.Account   `yaml:"registrars"`
	Messages   []registry.Message   `yaml:"messages"`
	Contacts   []Contact            `yaml:"contacts"`
	NSSets     []NSSet              `yaml:"nssets"`
	KeySets    []KeySet             `yaml:"keysets"`
	Domains    []Domain             `yaml:"domains"`
	// Prohibited are names that nobody may register.
	Prohibited []string `yaml:"prohibited"`
	// Protected are handles that were deleted not long ago.
	Protected []Protected `yaml:"protected"`
	// Auctions are names that were auctioned.
	Auctions []Auction `yaml:"auctions"`
}

//go:embed fixtures/fred.yaml
var defaultFixtures []byte

// DefaultFixtures returns the fixtures of a registry that is given none.
func DefaultFixtures() (*Fixtures, error) {
	return ParseFixtures("fixtures/fred.yaml", defaultFixtures)
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
		"serverTransferProhibited", "serverDeleteProhibited", "serverUpdateProhibited", "deleteCandidate",
		"conditionallyIdentifiedContact", "identifiedContact", "validatedContact", "mojeidContact",
		"serverContactNameChangeProhibited", "serverContactOrganizationChangeProhibited",
		"serverContactIdentChangeProhibited", "serverContactPermanentAddressChangeProhibited",
		"serverLinkProhibited", "serverBlocked",
	}
	domainStatus = []string{
		"serverDeleteProhibited", "serverRenewProhibited", "serverTransferProhibited", "serverUpdateProhibited",
		"serverRegistrantChangeProhibited", "serverBlocked", "serverOutzoneManual", "serverInzoneManual",
		"expired", "outzone", "notValidated", "deleteCandidate", "premiumDomain",
	}
	setStatus = []string{
		"serverTransferProhibited", "serverDeleteProhibited", "serverUpdateProhibited", "deleteCandidate",
	}
	disclosable = []string{"addr", "voice", "fax", "email", "vat", "ident", "notifyEmail"}
	identTypes  = []string{"op", "passport", "mpsv", "ico", "birthday"}

	// roidForm is stricter than the schema: one kind of letter, ten digits.
	roidForm = regexp.MustCompile(`^[A-Z][0-9]{10}-[A-Z]{1,8}$`)
)

// roidLike is an example of a ROID.
const roidLike = "C0000000001-CZ"

// Validate checks that the fixtures are complete and refer to what exists. The
// error is a *registry.FixtureError.
func (f *Fixtures) Validate() error { return f.validate(nil) }

// validate is Validate; known is that of a [registry.Validator].
func (f *Fixtures) validate(known func(list, name string) bool) error {
	v := &validator{registry.Validator{ROID: roidForm, ROIDLike: roidLike, Known: known}}
	v.Registrars(f.Registrars)
	v.settings(&f.Options)
	v.Messages(f.Messages)
	v.contacts(f.Contacts)
	v.nssets(f.NSSets)
	v.keysets(f.KeySets)
	v.zones(f)
	v.domains(f)
	return v.Err
}

type validator struct{ registry.Validator }

func (v *validator) contacts(list []Contact) {
	for i := range list {
		v.contact(&list[i], registry.Path{"contacts", i})
	}
}

func (v *validator) contact(c *Contact, at registry.Path) {
	v.Check(validHandle(c.ID), at, "%q is not a handle", c.ID)
	v.Define("contacts", upper(c.ID), &c.Object, contactStatus, at)
	v.postal(c, at)
	if c.Mailing != nil {
		v.mailing(c.Mailing, at.With("mailing"))
	}
	v.phone(c.Voice, at.With("voice"))
	v.phone(c.Fax, at.With("fax"))
	v.emails(c.Email, at.With("email"))
	v.emails(c.NotifyEmail, at.With("notifyEmail"))
	v.Token(c.VAT, 0, 20, at.With("vat"))
	if c.Ident != nil {
		v.Check(slices.Contains(identTypes, c.Ident.Type), at.With("ident", "type"),
			"must be one of %s", strings.Join(identTypes, ", "))
		v.Token(c.Ident.Text, 0, 32, at.With("ident", "text"))
	}
	for k, d := range c.Disclose {
		v.Check(slices.Contains(disclosable, d), at.With("disclose", k), "%q can't be disclosed", d)
	}
}

// postal checks the lengths of FRED's schema.
func (v *validator) postal(c *Contact, at registry.Path) {
	v.Line(c.Name, 1, 255, at.With("name"))
	v.Line(c.Org, 0, 255, at.With("org"))
	v.Check(len(c.Street) <= 3, at.With("street"), "may have three lines at most")
	for k, line := range c.Street {
		v.Line(line, 0, 255, at.With("street", k))
	}
	v.Line(c.City, 0, 255, at.With("city"))
	v.Line(c.SP, 0, 255, at.With("sp"))
	v.Token(c.PC, 0, 16, at.With("pc"))
	v.Check(c.CC == "" || registry.CountryCode(c.CC), at.With("cc"), "is not a country code of two letters, in capitals")
}

// mailing checks what the schema of extra-addr-1.0 wants, which is more.
func (v *validator) mailing(a *Address, at registry.Path) {
	v.Check(len(a.Street) >= 1 && len(a.Street) <= 3, at.With("street"), "must have one to three lines")
	for k, line := range a.Street {
		v.Line(line, 1, 255, at.With("street", k))
	}
	v.Line(a.City, 1, 255, at.With("city"))
	v.Line(a.SP, 0, 255, at.With("sp"))
	v.Token(a.PC, 0, 16, at.With("pc"))
	v.Check(registry.CountryCode(a.CC), at.With("cc"), "is not a country code of two letters, in capitals")
}

func (v *validator) phone(number string, at registry.Path) {
	v.Check(epp.IsE164(number), at, "is not a telephone number like +420.222123456")
}

func (v *validator) emails(list string, at registry.Path) {
	v.Token(list, 0, maxEmailList, at)
	v.Check(list == "" || emailList.MatchString(list), at, "is not a comma list of addresses")
}

func (v *validator) nssets(list []NSSet) {
	for i := range list {
		v.nsset(&list[i], registry.Path{"nssets", i})
	}
}

func (v *validator) nsset(s *NSSet, at registry.Path) {
	v.set("nssets", s.ID, &s.Object, s.Techs, at)
	v.Check(len(s.Hosts) <= maxHosts, at, "%s has more than %d hosts", s.ID, maxHosts)
	for k, h := range s.Hosts {
		at := at.With("hosts", k)
		v.Check(validName(lower(h.Name)), at, "%q is not a host name", h.Name)
		for _, a := range h.Addrs {
			_, err := netip.ParseAddr(a)
			v.Check(err == nil, at, "%q is not an IP address", a)
		}
	}
	v.Check(s.ReportLevel == nil || *s.ReportLevel >= 0 && *s.ReportLevel <= maxReportLevel,
		at.With("reportLevel"), "must be 0 to %d", maxReportLevel)
}

func (v *validator) keysets(list []KeySet) {
	for i := range list {
		v.keyset(&list[i], registry.Path{"keysets", i})
	}
}

func (v *validator) keyset(s *KeySet, at registry.Path) {
	v.set("keysets", s.ID, &s.Object, s.Techs, at)
	v.Check(len(s.DNSKeys) <= maxKeys, at, "%s has more than %d keys", s.ID, maxKeys)
	for k, d := range s.DNSKeys {
		v.Check(!d.flawed(), at.With("dnsKeys", k), "is not a key that FRED takes")
	}
}

// set checks what nssets and keysets share.
func (v *validator) set(key, id string, m *registry.Object, techs []string, at registry.Path) {
	v.Check(validHandle(id), at, "%q is not a handle", id)
	v.Define(key, upper(id), m, setStatus, at)
	v.Check(len(techs) > 0, at, "%s has no techs", id)
	v.Check(len(techs) <= maxTechs, at.With("techs"), "may have %d techs at most", maxTechs)
	for k, tech := range techs {
		v.Refer("contacts", upper(tech), at.With("techs", k))
	}
}

func (v *validator) zones(f *Fixtures) {
	for _, zone := range slices.Sorted(maps.Keys(f.ZoneRules)) {
		z, at := f.ZoneRules[zone].withDefaults(), registry.Path{"zoneRules", zone}
		v.Check(slices.Contains(f.Zones, zone), at, "%s is not among the zones", zone)
		v.rules(z, at)
	}
	for i, a := range f.Auctions {
		at := registry.Path{"auctions", i}
		v.Check(f.inZone(lower(a.Name)), at, "%s is in none of the zones", a.Name)
		v.Check(!v.Exists("auctions", lower(a.Name)), at, "%s was auctioned already", a.Name)
		v.Refer("contacts", upper(a.Winner), at.With("winner"))
	}
}

func (v *validator) rules(z ZoneRules, at registry.Path) {
	v.Check(z.MinPeriod > 0 && z.MinPeriod <= z.MaxPeriod, at, "minPeriod must be 1 to maxPeriod")
	v.Check(z.MaxValidation > 0, at.With("maxValidation"), "must be 1 at least")
	v.Check(z.CreatePrice >= 0 && z.RenewPrice >= 0 && z.LowCredit >= 0, at, "an amount can't be negative")
	v.Check(z.LowCredit <= maxAmount, at.With("lowCredit"), "may be %s at most", maxAmount)
}

func (v *validator) domains(f *Fixtures) {
	for i := range f.Domains {
		d, at := &f.Domains[i], registry.Path{"domains", i}
		v.Check(f.inZone(lower(d.Name)), at, "%s is in none of the zones", d.Name)
		v.domain(d, at)
	}
	for i, p := range f.Protected {
		known := p.Kind == registry.Contact || p.Kind == registry.NSSet || p.Kind == registry.KeySet
		v.Check(known, registry.Path{"protected", i, "kind"}, "must be contact, nsset or keyset")
	}
}

func (v *validator) domain(d *Domain, at registry.Path) {
	v.Check(validName(lower(d.Name)), at, "%q is not a domain name", d.Name)
	enum := (&Zone{Name: lower(d.Name)}).enum()
	v.Check(enum || d.ValExDate.IsZero() && d.Publish == nil, at, "%s is no ENUM domain, and has no validation", d.Name)
	v.Define("domains", lower(d.Name), &d.Object, domainStatus, at)
	v.Refer("contacts", upper(d.Registrant), at.With("registrant"))
	for k, id := range d.Admins {
		v.Refer("contacts", upper(id), at.With("admins", k))
	}
	if d.NSSet != "" {
		v.Refer("nssets", upper(d.NSSet), at.With("nsset"))
	}
	if d.KeySet != "" {
		v.Refer("keysets", upper(d.KeySet), at.With("keyset"))
	}
	v.Check(!d.ExDate.IsZero(), at, "%s has no exDate", d.Name)
}

func (f *Fixtures) inZone(name string) bool {
	return slices.ContainsFunc(f.Zones, func(zone string) bool { return (&Zone{Name: lower(zone)}).has(name) })
}
