package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// hostCreate makes a host (RFC 5732, section 3.2.1).
func (r *Registry) hostCreate(x *mockserver.Exchange, q *host.Create) (*host.CreData, error) {
	return change(r, x, func(o *op) (*host.CreData, error) {
		superordinate, err := r.newName(o, o.ClID(), q.Name)
		if err != nil {
			return nil, err
		}
		h := &Host{Name: strings.Clone(lower(q.Name)), Superordinate: superordinate}
		var f refusals
		r.alterAddrs(h, q.Addr, nil, &f)
		r.holdGlue(o, nil, h, &f)
		if err := f.err(); err != nil {
			return nil, err
		}
		if _, err := r.hostTTL(o, h); err != nil {
			return nil, err
		}
		clID := strings.Clone(o.ClID())
		h.Object = registry.Object{
			ROID: registry.NewROID(o.tx, hostLetter, roid),
			ClID: clID, CrID: clID, CrDate: o.Now(),
		}
		if !r.hostWaits(o, commandCreate, h, nil) {
			r.hosts.Put(o.tx, h)
		}
		return &host.CreData{Name: h.Name, CrDate: h.CrDate}, nil
	})
}
