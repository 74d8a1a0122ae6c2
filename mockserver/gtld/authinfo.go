package gtld

import (
	"cmp"
	"crypto/subtle"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// keep makes of an authInfo's value what the registry keeps: the value itself, or a hash
// with Options.SecureAuthInfo. "" unsets it: both are zero then.
func (r *Registry) keep(pw epp.Secret) (registry.Kept, registry.Hash) {
	switch {
	case pw == "":
		return "", registry.Hash{}
	case r.opts.SecureAuthInfo:
		return "", r.Hasher.Hash(pw)
	}
	return registry.Kept(strings.Clone(string(pw))), registry.Hash{}
}

// matches reports whether a value that was shown is the authInfo that was kept. None
// matches one that is unset (RFC 9154, section 4.4).
func matches(kept registry.Kept, hash registry.Hash, pw epp.Secret) bool {
	if kept != "" {
		return subtle.ConstantTimeCompare([]byte(kept), []byte(pw)) == 1
	}
	return hash.Matches(pw)
}

// shown is what an info shows to the sponsor. Of a hash that is an empty value, which
// says that it is set (RFC 9154, section 5.3).
func shown(kept registry.Kept, hash registry.Hash) *epp.AuthInfo {
	if kept == "" && hash.IsZero() {
		return nil
	}
	return &epp.AuthInfo{PW: epp.Secret(kept)}
}

// proves checks an authInfo that was shown for a domain: its own, or with a roid
// that of its registrant or of another of its contacts (RFC 5731, section 3.1.2).
func (r *Registry) proves(rd registry.Reader, d *Domain, a *epp.AuthInfo) error {
	switch {
	case a.Ext != nil:
		return epp.Refuse(epp.UnimplementedOption)
	case a.ROID == "" && matches(d.AuthInfo, d.AuthHash, a.PW):
		return nil
	case a.ROID == "":
		return epp.Refuse(epp.InvalidAuthInfo)
	}
	for _, id := range append([]string{d.Registrant}, d.contactIDs()...) {
		c := r.contacts.Get(rd, id)
		if c != nil && c.ROID == a.ROID && matches(c.AuthInfo, c.AuthHash, a.PW) {
			return nil
		}
	}
	return epp.Refuse(epp.InvalidAuthInfo)
}

// provesContact checks an authInfo that was shown for a contact.
func provesContact(c *Contact, a *epp.AuthInfo) error {
	switch {
	case a.Ext != nil:
		return epp.Refuse(epp.UnimplementedOption)
	case (a.ROID == "" || a.ROID == c.ROID) && matches(c.AuthInfo, c.AuthHash, a.PW):
		return nil
	}
	return epp.Refuse(epp.InvalidAuthInfo)
}

// secureMin is how many characters RFC 9154, section 4.1, wants of a value of all
// printable ASCII, and secureBits what that is worth.
const (
	secureMin  = 20
	secureBits = 128
)

// limits fills in how long an authInfo must be, and refuses what nothing can meet.
func (o *Options) limits() error {
	if o.SecureAuthInfo && o.AuthInfoMin == 0 {
		o.AuthInfoMin = secureMin
	}
	if o.SecureAuthInfo && o.AuthInfoMin > 0 {
		o.AuthInfoMin = max(o.AuthInfoMin, leastDistinct)
	}
	if o.AuthInfoMin < 0 || o.AuthInfoMax < 0 || o.AuthInfoMax > 0 && o.AuthInfoMax < o.AuthInfoMin {
		return fmt.Errorf("gtld: no authInfo has at least %d and at most %d characters", o.AuthInfoMin, o.AuthInfoMax)
	}
	return nil
}

// judging are the options by which an authInfo of a domain is judged: what the policy says
// stands in place of them.
func (o Options) judging(p *Policy) (*Options, error) {
	o.AuthInfoMin = cmp.Or(p.AuthInfo.Min, o.AuthInfoMin)
	o.AuthInfoMax = cmp.Or(p.AuthInfo.Max, o.AuthInfoMax)
	return &o, o.limits()
}

// weakFor says why a domain of this policy can't have an authInfo, or "".
func (r *Registry) weakFor(p *Policy, pw epp.Secret) string {
	o, _ := r.opts.judging(p) // New has seen the error
	return o.weak(pw)
}

// weak says why nobody can have an authInfo, or "".
func (o *Options) weak(pw epp.Secret) string {
	n := utf8.RuneCountInString(string(pw))
	switch {
	case n < o.AuthInfoMin:
		return fmt.Sprintf("must have %d characters or more", o.AuthInfoMin)
	case o.AuthInfoMax > 0 && n > o.AuthInfoMax:
		return fmt.Sprintf("must have %d characters or fewer", o.AuthInfoMax)
	case !o.SecureAuthInfo:
		return ""
	case distinct(string(pw)) < leastDistinct:
		return "must have more different characters"
	case float64(n)*math.Log2(alphabet(string(pw))) < secureBits*float64(o.AuthInfoMin)/secureMin:
		return "must have more characters, or more kinds of them"
	}
	return ""
}

// leastDistinct is how many different characters a random value as short as
// secureMin, or made of digits alone, all but always exceeds.
const leastDistinct = 8

func distinct(s string) int {
	seen := make(map[rune]bool)
	for _, c := range s {
		seen[c] = true
	}
	return len(seen)
}

// alphabet is the size of the set that a value's characters were chosen from, taken
// to be the largest of the usual ones that they speak for: a good value may lack one
// kind of character by chance.
func alphabet(s string) float64 {
	has := func(from, to rune) bool {
		return strings.ContainsFunc(s, func(c rune) bool { return c >= from && c <= to })
	}
	digits, small, capital := has('0', '9'), has('a', 'z'), has('A', 'Z')
	switch {
	case strings.ContainsFunc(s, notLDH): // sets that are fit for a URL have a hyphen, too
		return 94 // printable ASCII without the space
	case small && capital:
		return 26 + 26 + 10
	case (small || capital) && digits:
		return 26 + 10
	case small || capital:
		return 26
	}
	return 10
}

// createAuthInfo sets the authInfo of a new domain. An empty value leaves it unset, which
// RFC 9154, section 4.1, has a client do; where the registry does not keep to that a
// domain needs one. What is in the element may be a secret, so a refusal names the
// element alone.
func (r *Registry) createAuthInfo(o *op, d *Domain, a *epp.AuthInfo, f *refusals) {
	refuse := func(code epp.Code, reason string) { f.text(code, domain.NS, "authInfo", "", reason) }
	switch {
	case a == nil:
		refuse(epp.RequiredParameterMissing, "a domain needs one")
	case a.Ext != nil:
		refuse(epp.UnimplementedOption, "an ext is not understood")
	case a.ROID != "":
		refuse(epp.ParameterPolicyError, "a roid says that it is another object's")
	case a.PW == "" && r.opts.SecureAuthInfo:
	case a.PW == "":
		refuse(epp.InvalidAuthInfo, "must not be empty")
	default:
		if why := r.weakFor(o.policy, a.PW); why != "" {
			refuse(epp.InvalidAuthInfo, why)
			return
		}
		d.AuthInfo, d.AuthHash = r.keep(a.PW)
	}
}

// alterAuthInfo sets or unsets the authInfo of a domain that is going to be. A refusal
// names the element alone.
func (r *Registry) alterAuthInfo(o *op, d *Domain, a *domain.AuthInfoChg, f *refusals) {
	refuse := func(code epp.Code, reason string) { f.text(code, domain.NS, "authInfo", "", reason) }
	switch {
	case a.Ext != nil:
		refuse(epp.UnimplementedOption, "an ext is not understood")
		return
	case a.ROID != "":
		refuse(epp.ParameterPolicyError, "a roid says that it is another object's")
		return
	case !a.Unsets():
		if why := r.weakFor(o.policy, a.PW); why != "" {
			refuse(epp.InvalidAuthInfo, why)
			return
		}
	}
	d.AuthInfo, d.AuthHash = r.keep(a.PW)
}
