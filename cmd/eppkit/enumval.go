package main

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/enumval"
)

// enumvalAddition is CZ.NIC's extension for ENUM domains.
func enumvalAddition() addition {
	form := func(extension func(time.Time, *bool) epp.Element) func(*fields) extender {
		return func(x *fields) extender {
			var until time.Time
			var publish *bool
			one(x, "val-ex-date", "the `DAY` on which the validation of an ENUM domain expires", &until, day)
			yesNo(x, "publish", "list the ENUM domain in the public directory; =false for not", &publish)
			return func(args []string) (maker, error) {
				return ifGiven(x, extension(until, publish), "val-ex-date", "publish")(args)
			}
		}
	}
	return addition{"fred", []string{enumval.NS}, map[string]func(*fields) extender{
		"domain create": form(func(until time.Time, publish *bool) epp.Element {
			return &enumval.Create{ValExDate: until, Publish: publish}
		}),
		"domain renew": form(func(until time.Time, publish *bool) epp.Element {
			return &enumval.Renew{ValExDate: until, Publish: publish}
		}),
		"domain update": form(func(until time.Time, publish *bool) epp.Element {
			return &enumval.Update{Chg: enumval.Chg{ValExDate: until, Publish: publish}}
		}),
	}}
}
