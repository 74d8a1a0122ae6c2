package fred

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/internal/mask"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// maxEmailList is how many characters a list of addresses may have in FRED's schema
// (emailCommaListType).
const maxEmailList = 320

// emailList is the form of such a list there, which takes much for an address that
// is none.
var emailList = regexp.MustCompile(`^[^@, ]{1,64}@[^@, ]+(,[^@, ]{1,64}@[^@, ]+)*$`)

// A recipient is an address, and whether its contact discloses it.
type recipient struct {
	email     string
	disclosed bool
}

// recipients splits the contacts' lists of addresses, drops what is no address, and
// keeps each address once, in the order in which they come.
func (r *Registry) recipients(rd registry.Reader, contacts []string) []recipient {
	var list []recipient
	for _, id := range contacts {
		c := r.contacts.Get(rd, id)
		for _, email := range commaList(c.Email) {
			email = strings.TrimSpace(email)
			known := slices.ContainsFunc(list, func(a recipient) bool { return a.email == email })
			if registry.EmailAddress(email) && !known {
				list = append(list, recipient{email: email, disclosed: c.discloses("email")})
			}
		}
	}
	return list
}

// Mask is how addresses are disclosed in part. FRED's documents have one example
// and no rule; the zero Mask is the simplest rule that makes that example: of
// jana@example.cz it leaves "j*****@e*****.*".
type Mask struct {
	// Stars is how many stars follow the first character; 0 means 5.
	Stars int `yaml:"stars"`
	// Once leaves out a masked address that looks like an earlier one.
	Once bool `yaml:"once"`
	// ShowDisclosed shows addresses in full whose contacts disclose them.
	ShowDisclosed bool `yaml:"showDisclosed"`
}

// list masks addresses. Those that do not fit into what the schema allows are left
// out whole, from the first such on.
func (m Mask) list(to []recipient) []string {
	var out []string
	length := 0
	for _, a := range to {
		shown := m.mask(a.email)
		if m.ShowDisclosed && a.disclosed {
			shown = a.email
		}
		if m.Once && slices.Contains(out, shown) {
			continue
		}
		if len(out) > 0 {
			length++ // the comma
		}
		if length += utf8.RuneCountInString(shown); length > maxEmailList {
			break
		}
		out = append(out, shown)
	}
	return out
}

func (m Mask) mask(email string) string {
	stars := m.Stars
	if stars == 0 {
		stars = 5
	}
	return mask.Email(email, stars)
}
