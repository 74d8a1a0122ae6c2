package secret

import (
	"slices"
	"strings"
)

// Names of elements and attributes, of any namespace, whose content is never shown:
// these, and those that contain one of the parts. They are compared in lower case.
var (
	names = []string{"pw", "newpw", "oldpw", "auth", "key", "token"}
	parts = []string{
		"password", "passwd", "passphrase", "secret", "token", "apikey",
		"authinfo", "auth_info", "auth-info", "authcode", "auth_code", "auth-code",
	}
)

// IsName reports whether what is in an element or attribute of this local name is a
// secret.
func IsName(local string) bool {
	if len(local) < 2 {
		return false
	}
	l := strings.ToLower(local)
	if strings.HasPrefix(l, "sendauthinfo") { // a command about one
		return false
	}
	return slices.Contains(names, l) ||
		slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(l, part) })
}
