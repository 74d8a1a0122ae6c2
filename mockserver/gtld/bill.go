package gtld

import "github.com/eppkit/eppkit/mockserver/registry"

// A bill is what a command costs the registrar that gives it.
type bill struct {
	Act      string // create, renew, transfer or restore
	Years    int    // 0 for a restore
	Class    string // of the name: standard, or the name of a premium class
	Amount   registry.Amount
	Currency string
	Zone     string // of the credit that it is taken from
}
