package main

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/allocationtoken"
)

// tokenAddition is RFC 8495.
func tokenAddition() addition {
	token := func(x *fields) extender {
		var token *epp.Secret
		secret(x, "allocation-token", "show the allocation token", "token", &token)
		return func([]string) (maker, error) {
			if token == nil {
				return nil, nil
			}
			return always(&allocationtoken.AllocationToken{Token: *token}), nil
		}
	}
	return addition{"gtld", []string{allocationtoken.NS}, map[string]func(*fields) extender{
		"domain check": token, "domain create": token, "domain transfer": token, "domain update": token,
		"domain info": func(x *fields) extender {
			asked := false
			yes(x, "allocation-token", "have the registry show the domain's allocation token", &asked)
			return func([]string) (maker, error) {
				if !asked {
					return nil, nil
				}
				return always(&allocationtoken.Info{}), nil
			}
		},
	}}
}
