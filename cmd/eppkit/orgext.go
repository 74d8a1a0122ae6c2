package main

import "github.com/eppkit/eppkit/epp/orgext"

// orgextAddition is RFC 8544.
func orgextAddition() addition {
	return addition{"gtld", []string{orgext.NS}, map[string]func(*fields) extender{
		"domain create": func(x *fields) extender {
			m := &orgext.Create{}
			each(x, "org", "tie the organization to the domain, as `ROLE=ID`", &m.IDs, orgID)
			return ifGiven(x, m, "org")
		},
		"domain update": func(x *fields) extender {
			var add, rem, chg orgext.AddRemChg
			each(x, "add-org", "tie the organization to the domain, as `ROLE=ID`", &add.IDs, orgID)
			each(x, "rem-org", "untie the organization from the domain, as `ROLE=ID`, or whichever has the role, as ROLE=", &rem.IDs, orgID)
			each(x, "chg-org", "replace the organization that has the role, as `ROLE=ID`", &chg.IDs, orgID)
			return func(args []string) (maker, error) {
				m := &orgext.Update{Add: some(add), Rem: some(rem), Chg: some(chg)}
				return ifGiven(x, m, "add-org", "rem-org", "chg-org")(args)
			}
		},
	}}
}

func orgID(s string) (orgext.ID, error) {
	role, id, err := cutPair(s)
	return orgext.ID{Role: role, ID: id}, err
}
