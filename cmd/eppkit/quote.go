package main

import "github.com/eppkit/eppkit/client"

// withoutPasswords is a text, or a document, in which the passwords of a login are
// replaced.
func withoutPasswords[T ~string | ~[]byte](s T, cred *client.Credentials) T {
	return T(cred.Redact([]byte(s)))
}
