package gtld

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// hostInfo tells of a host, to whoever asks (RFC 5732, section 3.1.2).
func (r *Registry) hostInfo(x *mockserver.Exchange, q *host.Info) (*host.InfData, error) {
	o := r.read(x)
	h := r.hosts.Get(o, lower(q.Name))
	if h == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(host.NS, "name", q.Name))
	}
	if err := infoTTL(o, r.hostTTLs(h), h.TTL); err != nil {
		return nil, err
	}
	return r.hostInfData(o, h), nil
}

// hostInfData is all of a host.
func (r *Registry) hostInfData(rd registry.Reader, h *Host) *host.InfData {
	a := &host.InfData{
		Name: h.Name, ROID: h.ROID,
		Status: statuses(r.hostStatus(rd, h), h.Texts, rd.Linked(h.ref())),
		ClID:   h.ClID, CrID: h.CrID, CrDate: h.CrDate,
		UpID: h.UpID, UpDate: h.UpDate, TrDate: h.TrDate,
	}
	for _, ip := range h.Addrs {
		a.Addr = append(a.Addr, host.Addr{IP: version(ip), Addr: ip.String()})
	}
	return a
}

// hostStatus adds pendingTransfer while that of the superordinate domain is: the host goes
// with it (RFC 5732, section 2.3).
func (r *Registry) hostStatus(rd registry.Reader, h *Host) []string {
	d := r.domains.Get(rd, h.Superordinate)
	if d == nil || !slices.Contains(d.Status, pendingTransfer) {
		return h.Status
	}
	return with(h.Status, pendingTransfer)
}
