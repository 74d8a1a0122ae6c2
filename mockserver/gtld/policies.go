package gtld

import (
	"maps"
	"regexp"
	"slices"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Policies are what a file of policies holds: those of top-level domains, under the key
// that they have in fixtures, too.
type Policies struct {
	TLDs []Policy `yaml:"tlds"`
}

// ReadPolicies reads policies from a YAML file. See [ParsePolicies].
func ReadPolicies(file string) ([]Policy, error) {
	p, err := registry.ReadFixtures[Policies](file)
	if err != nil {
		return nil, err
	}
	return p.TLDs, nil
}

// ParsePolicies reads policies from YAML and checks them, for Options.Policies. The error
// is a *registry.FixtureError, and names the file, the line and the key.
func ParsePolicies(file string, doc []byte) ([]Policy, error) {
	p, err := registry.ParseFixtures[Policies](file, doc)
	if err != nil {
		return nil, err
	}
	return p.TLDs, nil
}

// Validate checks that each policy makes sense. The error is a *registry.FixtureError.
func (m *Policies) Validate() error {
	v := new(validator)
	v.Check(len(m.TLDs) > 0, registry.Path{"tlds"}, "there must be at least one")
	v.policies(nil, m.TLDs)
	return v.Err
}

var currencyForm = regexp.MustCompile(`^[A-Z]{3}$`)

// policies checks the lists "zones" and "tlds".
func (v *validator) policies(zones []string, tlds []Policy) {
	seen := make(map[string]bool)
	name := func(name string, at registry.Path) {
		v.Check(validName("x."+name), at, "%q is not a domain name", name)
		v.Check(!seen[lower(name)], at, "%s is there twice", name)
		seen[lower(name)] = true
	}
	for i, z := range zones {
		name(z, registry.Path{"zones", i})
	}
	for i := range tlds {
		at := registry.Path{"tlds", i}
		name(tlds[i].Name, at.With("name"))
		v.policy(&tlds[i], at)
	}
}

func (v *validator) policy(p *Policy, at registry.Path) {
	v.ordered(at.With("periods"), []string{"min", "default", "max", "total"},
		p.minYears(), p.defaultYears(), p.maxYears(), p.totalYears())
	v.Check(p.totalYears() <= 99, at.With("periods", "total"), "must be 99 at most")
	v.oneOf(p.Transfer.Outcome, at.With("transfer", "outcome"), "", outcomeApprove, outcomeCancel)
	v.Check(p.Transfer.Years >= 0 && p.Transfer.Years <= p.totalYears(), at.With("transfer", "years"), "must be 0 to %d", p.totalYears())
	v.Check(p.Transfer.Years == 0 || !p.Transfer.NoExtension, at.With("transfer", "years"), "must not be there beside noExtension")

	v.oneOf(p.contacts(), at.With("contacts", "model"), ThickModel, ThinModel, OptionalModel)
	for _, clID := range slices.Sorted(maps.Keys(p.Contacts.Models)) {
		v.oneOf(p.Contacts.Models[clID], at.With("contacts", "models", clID), ThickModel, ThinModel, OptionalModel)
	}
	for i, role := range p.Contacts.Required {
		v.oneOf(role, at.With("contacts", "required", i), roles...)
		v.Check(p.hasContacts(), at.With("contacts", "required"), "must not be there: the model is %s", ThinModel)
	}
	v.Check(p.Contacts.MaxPerType >= 0, at.With("contacts", "maxPerType"), "must not be negative")
	v.ordered(at.With("ns"), []string{"min", "max"}, p.minNS(), p.maxNS())
	v.Check(p.AuthInfo.Min >= 0 && p.AuthInfo.Max >= 0 && (p.AuthInfo.Max == 0 || p.AuthInfo.Min <= p.AuthInfo.Max),
		at.With("authInfo"), "min and max must be in this order")
	v.names(p, at.With("names"))
	v.prices(&p.Prices, at.With("prices"))

	v.oneOf(p.DNSSEC.Interface, at.With("dnssec", "interface"), "", dsInterface, keyInterface, noInterface)
	v.Check(p.DNSSEC.MaxRecords >= 0, at.With("dnssec", "maxRecords"), "must not be negative")
	for _, list := range []struct {
		key    string
		values []int
	}{{"algorithms", p.DNSSEC.Algorithms}, {"digests", p.DNSSEC.Digests}} {
		for i, n := range list.values {
			v.Check(n >= 0 && n <= 255, at.With("dnssec", list.key, i), "must be 0 to 255")
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(p.TTL)) {
		r, at := p.TTL[kind], at.With("ttl", kind)
		v.oneOf(kind, at, "NS", "DS", "DNAME", "A", "AAAA")
		v.Check(r.Min <= r.Default && r.Default <= r.Max && r.Max <= 1<<31-1, at, "min, default and max must be in this order, and 2147483647 at most")
	}
	v.phases(p.Launch, at.With("launch"))
	v.offline(p.Offline, at.With("offline"), commandCreate, commandRenew, commandUpdate, commandDelete)
}

// offline checks which commands wait for somebody.
func (v *validator) offline(list []Offline, at registry.Path, commands ...string) {
	for i, o := range list {
		v.Check(len(o.Names) > 0, at.With(i, "names"), "there must be at least one")
		for k, c := range o.Commands {
			v.oneOf(c, at.With(i, "commands", k), commands...)
		}
	}
}

// names checks which names there are.
func (v *validator) names(p *Policy, at registry.Path) {
	v.ordered(at, []string{"minLength", "maxLength"}, p.minLabel(), p.maxLabel())
	v.Check(p.maxLabel() <= 63, at.With("maxLength"), "must be 63 at most")
	for _, label := range slices.Sorted(maps.Keys(p.Names.Reserved)) {
		v.label(label, at.With("reserved", label))
		n := utf8.RuneCountInString(p.Names.Reserved[label])
		v.Check(n <= 32, at.With("reserved", label), "a reason has 32 characters at most")
	}
	seen := make(map[string]bool)
	for i, t := range p.Names.IDN {
		v.Token(t.Tag, 1, 63, at.With("idn", i, "tag"))
		v.Check(!seen[t.Tag], at.With("idn", i, "tag"), "%s is there twice", t.Tag)
		seen[t.Tag] = true
	}
}

func (v *validator) label(label string, at registry.Path) {
	v.Check(validName(label+".x") && label == lower(label) && !slices.Contains([]byte(label), '.'), at, "must be a label in lower case")
}

func (v *validator) prices(p *Prices, at registry.Path) {
	v.Check(p.Currency == "" || currencyForm.MatchString(p.Currency), at.With("currency"), "must be a code of three capital letters")
	v.Check(p.LowBalance >= 0, at.With("lowBalance"), "must not be negative")
	price := func(c Price, at registry.Path) {
		v.Check(min(c.Create, c.Renew, c.Transfer, c.Restore) >= 0, at, "a price must not be negative")
	}
	price(p.Standard, at.With("standard"))
	for _, class := range slices.Sorted(maps.Keys(p.Classes)) {
		v.Token(class, 1, 64, at.With("classes", class))
		price(p.Classes[class], at.With("classes", class))
	}
	for _, label := range slices.Sorted(maps.Keys(p.Premium)) {
		v.label(label, at.With("premium", label))
		_, ok := p.Classes[p.Premium[label]]
		v.Check(ok, at.With("premium", label), "there is no class %s", p.Premium[label])
	}
}

func (v *validator) phases(list []Phase, at registry.Path) {
	for i, p := range list {
		at := at.With(i)
		v.oneOf(p.Phase, at.With("phase"), launch.Sunrise, launch.Landrush, launch.Claims, launch.Open, launch.Custom)
		v.Check(p.Phase != launch.Custom || p.Name != "", at.With("name"), "a custom phase needs one")
		v.Token(p.Name, 0, 64, at.With("name"))
		v.Check(p.To.IsZero() || p.From.Before(p.To), at.With("to"), "must be after from")
		v.Check(!p.First || p.Applications && !p.To.IsZero(), at.With("first"), "is for a phase with applications that ends")
		for _, label := range slices.Sorted(maps.Keys(p.Claims)) {
			v.label(label, at.With("claims", label))
		}
	}
}

// ordered wants positive numbers none of which is less than the one before.
func (v *validator) ordered(at registry.Path, keys []string, values ...int) {
	for i, n := range values {
		v.Check(n > 0, at.With(keys[i]), "must be positive")
		v.Check(i == 0 || n >= values[i-1], at.With(keys[i]), "must not be less than %s", keys[max(i-1, 0)])
	}
}

func (v *validator) oneOf(value string, at registry.Path, allowed ...string) {
	v.Check(slices.Contains(allowed, value), at, "there is no such choice as %q", value)
}
