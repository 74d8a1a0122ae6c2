package gtld

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/allocationtoken"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A Token lets a client have names that are reserved, or premium ones without agreeing to
// the fee (RFC 8495).
type Token struct {
	Token registry.Kept `yaml:"token" json:"allocationToken"`
	// Names are those that it is for, such as sauna.example; the label may begin or
	// end with *.
	Names []string `yaml:"names" json:"names"`
	// ClID is the only registrar that may use it, "" any.
	ClID string `yaml:"clID" json:"clID,omitempty"`
	// Uses are how many domains may be created with it; 0 is any number. Used is how
	// many were.
	Uses int `yaml:"uses" json:"uses,omitempty"`
	Used int `yaml:"used" json:"used,omitempty"`
}

// Key is a digest of the token: keys are no secrets.
func (t *Token) Key() string { return tokenKey(epp.Secret(t.Token)) }

func tokenKey(token epp.Secret) string {
	sum := sha256.Sum256([]byte(epp.Collapse(string(token))))
	return hex.EncodeToString(sum[:16])
}

// applies reports whether a registrar may use the token for a name, in lower case.
func (t *Token) applies(clID, name string) bool {
	label, zone, _ := strings.Cut(name, ".")
	return (t.ClID == "" || t.ClID == clID) && (t.Uses == 0 || t.Used < t.Uses) &&
		slices.ContainsFunc(t.Names, func(n string) bool {
			l, z, _ := strings.Cut(lower(n), ".")
			return z == zone && fits(label, l)
		})
}

// tokens lets clients have what is not for everyone.
func (r *Registry) tokens() *hooks {
	return &hooks{
		uri:       allocationtoken.NS,
		instead:   r.refuseTokenInfo,
		allocates: r.allocates,
		info:      tokenInfo,
		create: func(o *op, d *Domain) error {
			t, err := r.tokenFor(o, d.Name)
			if t == nil {
				return err
			}
			used := *t
			used.Used++
			r.tokenTable.Put(o.tx, &used)
			d.Token = t.Token
			return nil
		},
		transfer: func(o *op, d *Domain) error {
			_, err := r.tokenFor(o, d.Name)
			return err
		},
	}
}

// tokenFor is the token of the command, nil where it has none. The error is 2201 for one
// that does not apply (RFC 8495, section 2.1).
func (r *Registry) tokenFor(o *op, name string) (*Token, error) {
	q, ok := extension[*allocationtoken.AllocationToken](o)
	if !ok {
		return nil, nil
	}
	if t := r.tokenTable.Get(o, tokenKey(q.Token)); t != nil && t.applies(o.ClID(), name) {
		return t, nil
	}
	return nil, refuseToken(epp.AuthorizationError, "does not apply to "+name)
}

// allocates reports whether the command's token is for a name. A check finds the name
// unavailable where it is not, and is not refused (RFC 8495, section 3.1.1).
func (r *Registry) allocates(o *op, name string) (bool, error) {
	t, err := r.tokenFor(o, name)
	if o.tx == nil {
		err = nil
	}
	return t != nil, err
}

// refuseTokenInfo refuses to tell another registrar than the sponsor a domain's token,
// also where it may see the domain (RFC 8495, section 3.1.2).
func (r *Registry) refuseTokenInfo(o *op, q epp.Element) (epp.Element, bool, error) {
	m, ok := q.(*domain.Info)
	if _, asked := extension[*allocationtoken.Info](o); !ok || !asked {
		return nil, false, nil
	}
	if d := r.domains.Get(o, lower(m.Name)); d == nil || d.ClID == o.ClID() {
		return nil, false, nil
	}
	return nil, true, epp.Refuse(epp.AuthorizationError, registry.Because(allocationtoken.NS, "info", "", "only the sponsor may know the token"))
}

func tokenInfo(o *op, d *Domain) error {
	if _, asked := extension[*allocationtoken.Info](o); !asked {
		return nil
	}
	if d.Token == "" {
		return epp.Refuse(epp.ObjectDoesNotExist, registry.Because(allocationtoken.NS, "info", "", "the domain was created without a token"))
	}
	o.Extension = append(o.Extension, &allocationtoken.AllocationToken{Token: epp.Secret(d.Token)})
	return nil
}

func refuseToken(code epp.Code, why string) error {
	return epp.Refuse(code, registry.Because(allocationtoken.NS, "allocationToken", "", why))
}

// loadTokens takes the fixtures' tokens over.
func (r *Registry) loadTokens(tx *registry.Tx, list []Token) {
	for _, t := range list {
		t.Names = slices.Clone(t.Names)
		r.tokenTable.Put(tx, &t)
	}
}

// tokens checks the list "tokens", and says nothing of what is in it.
func (v *validator) tokens(list []Token) {
	seen := make(map[string]bool)
	for i := range list {
		t, at := &list[i], registry.Path{"tokens", i}
		v.token(t, at)
		v.Check(!seen[t.Key()], at.With("token"), "is there twice")
		seen[t.Key()] = true
		v.Check(!v.Exists("tokens", t.Key()), at.With("token"), "is there already")
	}
}

func (v *validator) token(t *Token, at registry.Path) {
	v.Token(string(t.Token), 1, registry.NoLimit, at.With("token"))
	v.Check(len(t.Names) > 0, at, "has no names")
	v.Check(t.Uses >= 0 && t.Used >= 0, at, "can't be used less than 0 times")
	v.Check(t.ClID == "" || v.Registrar(t.ClID), at.With("clID"), "there is no registrar %q", t.ClID)
}
