package main

import "github.com/eppkit/eppkit/epp/idn"

// idnAddition is draft-ietf-eppext-idnmap-02.
func idnAddition() addition {
	return addition{"gtld", []string{idn.NS}, map[string]func(*fields) extender{"domain create": func(x *fields) extender {
		m := &idn.Data{}
		one(x, "idn-table", "the characters of the name are of this `TABLE` of the registry", &m.Table, text)
		one(x, "idn-uname", "the `NAME` in these characters", &m.UName, text)
		x.needs("idn-uname", "idn-table")
		return ifGiven(x, m, "idn-table")
	}}}
}
