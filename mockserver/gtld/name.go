package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Why something is not available; at most 32 characters.
const (
	reasonInUse   = "In use"
	reasonInvalid = "Not a valid name"
	reasonZone    = "Not directly below a zone here"
)

func lower(name string) string { return registry.Lower(name) }

// below reports whether a name is below another, at any depth.
func below(name, zone string) bool { return strings.HasSuffix(name, "."+zone) }

// validName holds a name to RFC 1123, section 2.1: letters, digits and hyphens, no
// hyphen at the ends of a label, no dot at the end, and two labels at least.
func validName(name string) bool {
	labels := strings.Split(name, ".")
	if len(name) > 253 || len(labels) < 2 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.ContainsFunc(l, notLDH) {
			return false
		}
	}
	return true
}

func notLDH(c rune) bool {
	return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-')
}

// nameTaken says why no domain of a name can exist, or "".
func (r *Registry) nameTaken(name string) string {
	_, parent, _ := strings.Cut(name, ".")
	switch {
	case !validName(name):
		return reasonInvalid
	case r.policies[parent] == nil:
		return reasonZone
	}
	return ""
}

func reason(text string) *epp.Reason {
	if text == "" {
		return nil
	}
	return &epp.Reason{Text: text}
}
