package main

import "github.com/eppkit/eppkit/epp/addlemail"

// addlEmailAddition is RFC 9873.
func addlEmailAddition() addition {
	flags := func(help string) func(*fields) extender {
		return func(x *fields) extender {
			m := &addlemail.AddlEmail{}
			one(x, "addl-email", help, &m.Email, text)
			yesNo(x, "addl-email-primary", "that address comes before the other", &m.Primary)
			x.needs("addl-email-primary", "addl-email")
			return ifGiven(x, m, "addl-email")
		}
	}
	return addition{"gtld", []string{addlemail.NS}, map[string]func(*fields) extender{
		"contact create": flags("second e-mail `ADDRESS`"),
		"contact update": flags("second e-mail `ADDRESS`; empty for none"),
	}}
}
