package fred

import (
	"regexp"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Zone is where domains can be registered.
type Zone struct {
	Name string `json:"name"` // in lower case
	ZoneRules
}

// ZoneRules are the rules and the prices of a zone. The zero value works.
type ZoneRules struct {
	// MinPeriod and MaxPeriod are how many months a domain can be registered for,
	// and MaxPeriod is also how far ahead it may expire. A period is a multiple of
	// the first. 0 means 12, and 120.
	MinPeriod int `yaml:"minPeriod" json:"minPeriod"`
	MaxPeriod int `yaml:"maxPeriod" json:"maxPeriod"`
	// MaxValidation is how many months the validation of an ENUM domain holds at
	// most; 0 means 6.
	MaxValidation int `yaml:"maxValidation" json:"maxValidation"`
	// CreatePrice is billed for a create, and RenewPrice for each year of a create
	// and of a renew.
	CreatePrice registry.Amount `yaml:"createPrice" json:"createPrice,omitempty"`
	RenewPrice  registry.Amount `yaml:"renewPrice" json:"renewPrice,omitempty"`
	// LowCredit is the limit below which a registrar is told that its credit is
	// low; 0 means never.
	LowCredit registry.Amount `yaml:"lowCredit" json:"lowCredit,omitempty"`
}

func (z ZoneRules) withDefaults() ZoneRules {
	for _, d := range []struct {
		field *int
		value int
	}{{&z.MinPeriod, 12}, {&z.MaxPeriod, 120}, {&z.MaxValidation, 6}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return z
}

// Key is the name.
func (z *Zone) Key() string { return z.Name }

// enum reports whether the zone's domains stand for telephone numbers (RFC 6116).
func (z *Zone) enum() bool { return strings.HasSuffix(z.Name, "e164.arpa") }

var enumDigits = regexp.MustCompile(`^[0-9](\.[0-9])*$`)

// has reports whether a name can be registered in the zone: directly below it, and in
// an ENUM zone below it by any number of digits.
func (z *Zone) has(name string) bool {
	below, ok := strings.CutSuffix(name, "."+z.Name)
	if z.enum() {
		return ok && enumDigits.MatchString(below)
	}
	return ok && !strings.Contains(below, ".")
}

// zoneOf is the zone in which a name can be registered, or nil.
func (r *Registry) zoneOf(rd registry.Reader, name string) *Zone {
	for z := range r.zones.All(rd) {
		if z.has(name) {
			return z
		}
	}
	return nil
}

// mayUse reports whether a registrar has access to a zone: it has a credit there. One
// that has no credit at all pays nothing, and may use every zone.
func (r *Registry) mayUse(rd registry.Reader, clID string, z *Zone) bool {
	acc := r.Accounts.Table.Get(rd, clID)
	if acc == nil {
		return false
	}
	_, ok := acc.Credit[z.Name]
	return ok || len(acc.Credit) == 0
}

// registered is a domain that a command is for, and its zone. A zone that is not known
// is 2303, one that the registrar has no access to is 2201, and a domain that is not
// there is 2303, in this order.
func (r *Registry) registered(tx *registry.Tx, x *mockserver.Exchange, name string) (*Domain, *Zone, error) {
	z := r.zoneOf(tx, lower(name))
	switch {
	case z == nil:
		return nil, nil, unknown(x, domain.NS, "name", name)
	case !r.mayUse(tx, x.ClID(), z):
		return nil, nil, epp.Refuse(epp.AuthorizationError)
	}
	d := r.domains.Get(tx, lower(name))
	if d == nil {
		return nil, nil, unknown(x, domain.NS, "name", name)
	}
	return d, z, nil
}

// months is how long a domain is registered for: as long as the period says, or as
// short as the zone has it.
func (z *Zone) months(p *epp.Period) int {
	switch {
	case p == nil:
		return z.MinPeriod
	case p.Unit == epp.Years:
		return 12 * p.N
	}
	return p.N
}

// addMonths adds months to a day. Where the month has no such day, it is its last one.
func addMonths(day time.Time, n int) time.Time {
	y, m, d := day.Date()
	if last := time.Date(y, m+time.Month(n)+1, 0, 0, 0, 0, 0, time.UTC); d > last.Day() {
		return last
	}
	return time.Date(y, m+time.Month(n), d, 0, 0, 0, 0, time.UTC)
}
