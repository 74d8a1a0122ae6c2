package registry

import (
	"regexp"
	"strings"
)

// emailForm is a dot-atom (RFC 5322, section 3.2.3), an @, and a domain name of two labels
// or more.
var emailForm = regexp.MustCompile(`^[a-zA-Z0-9!#$%&'*+/=?^_{|}~` + "`" + `-]+(\.[a-zA-Z0-9!#$%&'*+/=?^_{|}~` + "`" + `-]+)*` +
	`@([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`)

// EmailAddress reports whether s is an address that mail can be sent to: an addr-spec of
// RFC 5322, section 3.4.1, without what nobody uses any more, such as quoted local parts,
// comments and address literals, and within the lengths of RFC 5321, section 4.5.3.1.
func EmailAddress(s string) bool {
	local, _, _ := strings.Cut(s, "@")
	return len(local) <= 64 && len(s) <= 254 && emailForm.MatchString(s)
}
