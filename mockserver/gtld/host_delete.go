package gtld

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
)

// hostDelete removes a host (RFC 5732, section 3.2.2).
func (r *Registry) hostDelete(x *mockserver.Exchange, q *host.Delete) (*epp.NoData, error) {
	return change(r, x, func(o *op) (*epp.NoData, error) {
		h, err := r.ownHost(o, q.Name)
		if err != nil {
			return nil, err
		}
		if s := prohibits(r.hostStatus(o, h), actDelete); s != "" {
			return nil, refuseHost(epp.StatusProhibitsOperation, "name", h.Name, "its status is "+s)
		}
		if o.Linked(h.ref()) {
			return nil, refuseHost(epp.AssociationProhibitsOp, "name", h.Name, "a domain is delegated to it")
		}
		if !r.hostWaits(o, commandDelete, h, nil) {
			r.hosts.Delete(o.tx, h.Name)
		}
		return nil, nil
	})
}
