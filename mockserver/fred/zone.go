package fred

import (
	"regexp"
	"strings"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// Zone is where domains can be registered.
type Zone struct {
	Name string `json:"name"` // in lower case
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
