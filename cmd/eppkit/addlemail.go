package main

import "github.com/eppkit/eppkit/epp/addlemail"

// addlEmailAddition is RFC 9873.
func addlEmailAddition() addition {
	flags := func(mayBeEmpty ...string) func(*fields) extender {
		return func(x *fields) extender {
			m := &addlemail.AddlEmail{}
			one(x, "addl-email", "second e-mail `ADDRESS`", &m.Email, text)
			yesNo(x, "addl-email-primary", "that address comes before the other", &m.Primary)
			x.emptyForNone(mayBeEmpty...)
			x.needs("addl-email-primary", "addl-email")
			return ifGiven(x, m, "addl-email")
		}
	}
	return addition{"gtld", []string{addlemail.NS}, map[string]func(*fields) extender{
		"contact create": flags(),
		"contact update": flags("addl-email"),
	}}
}
