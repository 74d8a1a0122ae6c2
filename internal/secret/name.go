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

// IsElement is [IsName] for an element, whose namespace may say it too: a trademark's
// code is a secret (RFC 8334, section 2.6.1), that of a result is not.
func IsElement(space, local string) bool {
	return IsName(local) || local == "code" && strings.HasPrefix(space, "urn:ietf:params:xml:ns:launch-")
}
