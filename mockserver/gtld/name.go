package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Why something is not available; at most 32 characters.
const (
	reasonInUse    = "In use"
	reasonInvalid  = "Not a valid name"
	reasonZone     = "Not directly below a zone here"
	reasonShort    = "Too short"
	reasonLong     = "Too long"
	reasonIDN      = "No names in other scripts here"
	reasonHyphens  = "Hyphens in 3rd and 4th place"
	reasonReserved = "Reserved"
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

// unfit says why no domain of a name, in lower case, can be registered, and by which code
// a create is refused; the policy of its top-level domain is nil where there is none.
func (r *Registry) unfit(name string) (p *Policy, code epp.Code, why string) {
	label, parent, _ := strings.Cut(name, ".")
	p = r.policies[parent]
	switch {
	case !validName(name):
		return p, epp.ParameterSyntaxError, reasonInvalid
	case p == nil || r.policies[name] != nil:
		return nil, epp.ParameterPolicyError, reasonZone
	case len(label) < p.minLabel():
		return p, epp.ParameterPolicyError, reasonShort
	case len(label) > p.maxLabel():
		return p, epp.ParameterPolicyError, reasonLong
	case strings.HasPrefix(label, "xn--") && len(p.Names.IDN) == 0:
		return p, epp.ParameterPolicyError, reasonIDN
	case len(label) > 3 && label[2:4] == "--" && !strings.HasPrefix(label, "xn--"): // RFC 5890, section 2.3.1
		return p, epp.ParameterPolicyError, reasonHyphens
	}
	return p, 0, ""
}

// reserved is the reason for which a label is kept from everybody, or "".
func (p *Policy) reserved(name string) string {
	label, _, _ := strings.Cut(name, ".")
	why, ok := p.Names.Reserved[label]
	if ok && why == "" {
		return reasonReserved
	}
	return why
}

func reason(text string) *epp.Reason {
	if text == "" {
		return nil
	}
	return &epp.Reason{Text: text}
}
