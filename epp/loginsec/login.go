package loginsec

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
)

// longest is how many characters a password of a login itself may have (RFC 5730, section
// 2.9.1.1).
const longest = 16

// Extend moves passwords of a login that are too long for it into a [LoginSec] (RFC 8807,
// section 4.1), that which the command has or a new one. Other logins stay as they are.
// It is for the option Extend of package client's Credentials, which calls it when the
// greeting is known.
//
// The error is an [*epp.FieldError]: the login does not ask for the extension, because the
// server does not offer it or the client's schema set has none.
func Extend(login *epp.Command) error { return ExtendFor(nil)(login) }

// ExtendFor is [Extend] for a client whose schema set may have another URI for the
// extension (see [epp.Extension.At]).
func ExtendFor(set *epp.Schema) func(login *epp.Command) error {
	uri := set.NameOf(new(LoginSec)).Space
	return func(login *epp.Command) error { return extend(login, uri) }
}

func extend(login *epp.Command, uri string) error {
	q, ok := login.Request.(*epp.Login)
	if !ok {
		return nil
	}
	for _, pw := range []struct {
		local string
		plain *epp.Secret
		long  func(*LoginSec) *epp.Secret
	}{
		{"pw", &q.PW, func(m *LoginSec) *epp.Secret { return &m.PW }},
		{"newPW", &q.NewPW, func(m *LoginSec) *epp.Secret { return &m.NewPW }},
	} {
		n := utf8.RuneCountInString(epp.Collapse(string(*pw.plain)))
		if n <= longest {
			continue
		}
		if !slices.Contains(q.ExtURI, uri) {
			return &epp.FieldError{Path: "/epp/command/login/" + pw.local, Err: &epp.RuleError{Reason: fmt.Sprintf(
				"has %d characters; a login has room for %d, and for more only with loginSec (RFC 8807), which this login does not ask for: the server does not offer it, or the client does not know it", n, longest,
			)}}
		}
		*pw.long(of(login)), *pw.plain = *pw.plain, Elsewhere
	}
	return nil
}

// of is the extension of a login, a new one where it has none.
func of(login *epp.Command) *LoginSec {
	for _, e := range login.Extension {
		if m, ok := e.(*LoginSec); ok {
			return m
		}
	}
	m := new(LoginSec)
	login.Extension = append(login.Extension, m)
	return m
}
