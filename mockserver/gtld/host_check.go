package gtld

import (
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
)

// hostCheck tells which names are free (RFC 5732, section 3.1.1): whether the domain
// above is the client's is left to the create.
func (r *Registry) hostCheck(x *mockserver.Exchange, q *host.Check) (*host.ChkData, error) {
	o := r.read(x)
	a := new(host.ChkData)
	for _, name := range q.Names {
		why := ""
		switch {
		case !validName(name):
			why = reasonInvalid
		case r.hosts.Has(o, lower(name)):
			why = reasonInUse
		}
		a.CD = append(a.CD, host.CD{Name: name, Avail: why == "", Reason: reason(why)})
	}
	return a, nil
}
