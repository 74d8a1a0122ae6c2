package gtld

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// ttls has registrars say how long resolvers may keep the records of domains (RFC 9803).
// Of hosts they say it, too: see hostTTL.
func (r *Registry) ttls() *hooks {
	return &hooks{
		uri:  ttl.NS,
		info: func(o *op, d *Domain) error { return infoTTL(o, r.domainTTLs(o.policy), d.TTL) },
		create: func(o *op, d *Domain) (err error) {
			if q, ok := extension[*ttl.Create](o); ok {
				d.TTL, err = alterTTL(r.domainTTLs(o.policy), d.TTL, q.TTL)
			}
			return err
		},
		update: func(o *op, _, d *Domain) (err error) {
			if q, ok := extension[*ttl.Update](o); ok {
				d.TTL, err = alterTTL(r.domainTTLs(o.policy), d.TTL, q.TTL)
			}
			return err
		},
	}
}

// ttls are what the policy says, or the default: an hour to a week, a day where nothing is
// said, for the records of delegations.
func (p *Policy) ttls() TTLPolicy {
	if p.TTL != nil {
		return p.TTL
	}
	usual := TTLRange{Min: 3600, Default: 86400, Max: 7 * 86400}
	return TTLPolicy{ttl.NSRecord: usual, ttl.DSRecord: usual, ttl.ARecord: usual, ttl.AAAARecord: usual}
}

// glue are the records of a host.
func glue(kind string) bool { return kind == ttl.ARecord || kind == ttl.AAAARecord }

// domainTTLs are those that a domain has: glue belongs to hosts where they are objects (RFC
// 9803, section 1.2.4), and DS records need secDNS.
func (r *Registry) domainTTLs(p *Policy) TTLPolicy {
	all := maps.Clone(p.ttls())
	maps.DeleteFunc(all, func(kind string, _ TTLRange) bool {
		return glue(kind) && r.opts.HostModel == HostObjects || kind == ttl.DSRecord && p.DNSSEC.face() == noInterface
	})
	return all
}

// hostTTLs are those that a host has, none for an external one: nothing is published of it.
func (r *Registry) hostTTLs(h *Host) TTLPolicy {
	p := r.policyOf(h.Name)
	if p == nil {
		return nil
	}
	all := maps.Clone(p.ttls())
	maps.DeleteFunc(all, func(kind string, _ TTLRange) bool { return !glue(kind) })
	return all
}

// hostTTL carries out what the extension asks of a host that is made or changed, and
// reports whether it asks for anything.
func (r *Registry) hostTTL(o *op, h *Host) (asked bool, err error) {
	var list []ttl.TTL
	if q, ok := extension[*ttl.Create](o); ok {
		list = q.TTL
	}
	if q, ok := extension[*ttl.Update](o); ok {
		list = q.TTL
	}
	h.TTL, err = alterTTL(r.hostTTLs(h), h.TTL, list)
	return len(list) > 0, err
}

// alterTTL sets times to live, or goes back to the default. It changes none where it refuses
// one; the map may be nil.
func alterTTL(allowed TTLPolicy, was map[string]uint32, list []ttl.TTL) (map[string]uint32, error) {
	next := maps.Clone(was)
	if next == nil {
		next = make(map[string]uint32)
	}
	for _, t := range list {
		kind := strings.Clone(t.For)
		limits, ok := allowed[kind] // no policy has other types than the extension names
		switch {
		case !ok:
			return was, refuseTTL(epp.ParameterPolicyError, "no TTL of "+kind+" records can be set here")
		case t.Seconds == nil:
			delete(next, kind)
		case *t.Seconds < int(limits.Min) || *t.Seconds > int(limits.Max):
			return was, refuseTTL(epp.ParameterRangeError, fmt.Sprintf("that of %s records must be %d to %d", kind, limits.Min, limits.Max))
		default:
			next[kind] = uint32(*t.Seconds)
		}
	}
	if len(next) == 0 {
		return nil, nil
	}
	return next, nil
}

// infoTTL tells times to live that are not the default, or all with what may be set (RFC
// 9803, section 2.1.1), where the info asks for one of the two.
func infoTTL(o *op, allowed TTLPolicy, set map[string]uint32) error {
	q, ok := extension[*ttl.Info](o)
	if !ok {
		return nil
	}
	policy := q.Policy != nil && *q.Policy
	a := new(ttl.InfData)
	for _, kind := range slices.Sorted(maps.Keys(allowed)) {
		limits := allowed[kind]
		seconds, own := set[kind]
		if !policy && (!own || seconds == limits.Default) {
			continue
		}
		if !own {
			seconds = limits.Default
		}
		m := ttl.Status{TTL: ttl.TTL{For: kind, Seconds: new(int(seconds))}}
		if policy {
			m.Min, m.Default, m.Max = new(int(limits.Min)), new(int(limits.Default)), new(int(limits.Max))
		}
		a.TTL = append(a.TTL, m)
	}
	if len(a.TTL) > 0 {
		o.Extension = append(o.Extension, a)
	}
	return nil
}

func refuseTTL(code epp.Code, why string) error {
	return epp.Refuse(code, registry.Because(ttl.NS, "ttl", "", why))
}
