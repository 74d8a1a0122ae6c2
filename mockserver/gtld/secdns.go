package gtld

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// The interfaces of RFC 5910, section 4, and none at all.
const (
	dsInterface  = "ds"
	keyInterface = "key"
	noInterface  = "none"
)

func (p *DNSSECPolicy) face() string    { return cmp.Or(p.Interface, dsInterface) }
func (p *DNSSECPolicy) maxRecords() int { return cmp.Or(p.MaxRecords, 13) }

// dnssecAlgorithms are those that IANA lists for the signing of zones, and
// dnssecDigests the lengths of the digests that it lists, in octets. What is deprecated
// is there, too.
var (
	dnssecAlgorithms = []int{3, 5, 6, 7, 8, 10, 12, 13, 14, 15, 16, 17, 23, 253, 254}
	dnssecDigests    = map[int]int{1: 20, 2: 32, 3: 32, 4: 48, 5: 32, 6: 32}
)

// The flags of a key that may sign a zone, and the only protocol that there is (RFC
// 4034, section 2.1).
const (
	zoneKey        = 1 << 8
	dnssecProtocol = 3
)

// secDNS signs delegations (RFC 5910).
func (r *Registry) secDNS() *hooks {
	return &hooks{
		uri:  secdns.NS,
		info: secDNSInfo,
		create: func(o *op, d *Domain) error {
			q, ok := extension[*secdns.Create](o)
			if !ok {
				return nil
			}
			return addSecDNS(o.policy, d, q.MaxSigLife, q.DSData, q.KeyData)
		},
		update: func(o *op, _, d *Domain) error {
			q, ok := extension[*secdns.Update](o)
			if !ok {
				return nil
			}
			return updateSecDNS(o.policy, d, q)
		},
	}
}

func secDNSInfo(o *op, d *Domain) error {
	s := d.SecDNS
	if s == nil || len(s.DS)+len(s.Keys) == 0 {
		return nil
	}
	a := &secdns.InfData{MaxSigLife: s.MaxSigLife}
	for _, ds := range s.DS {
		m := secdns.DSData{KeyTag: int(ds.KeyTag), Alg: int(ds.Alg), DigestType: int(ds.DigestType), Digest: ds.Digest}
		if ds.KeyData != nil {
			m.KeyData = ds.KeyData.data()
		}
		a.DSData = append(a.DSData, m)
	}
	for i := range s.Keys {
		a.KeyData = append(a.KeyData, *s.Keys[i].data())
	}
	o.Extension = append(o.Extension, a)
	return nil
}

func (k *Key) data() *secdns.KeyData {
	return &secdns.KeyData{Flags: int(k.Flags), Protocol: int(k.Protocol), Alg: int(k.Alg), PubKey: k.PubKey}
}

// updateSecDNS removes before it adds (RFC 5910, section 5.2.5).
func updateSecDNS(p *Policy, d *Domain, q *secdns.Update) error {
	switch {
	case q.Rem == nil && q.Add == nil && q.Chg == nil:
		return refuseSecDNS(epp.RequiredParameterMissing, "update", "needs a rem, an add or a chg")
	case q.Urgent != nil && *q.Urgent:
		return refuseSecDNS(epp.UnimplementedOption, "update", "nothing is urgent here")
	case q.Chg != nil && q.Chg.MaxSigLife > 0 && !p.DNSSEC.MaxSigLife:
		return refuseSecDNS(epp.UnimplementedOption, "maxSigLife", "is the registry's choice")
	}
	if q.Rem != nil {
		if err := remSecDNS(p, d, q.Rem); err != nil {
			return err
		}
	}
	if q.Add != nil {
		if err := addSecDNS(p, d, q.Add.MaxSigLife, q.Add.DSData, q.Add.KeyData); err != nil {
			return err
		}
	}
	if q.Chg != nil && q.Chg.MaxSigLife > 0 {
		next := d.SecDNS.clone()
		next.MaxSigLife = q.Chg.MaxSigLife
		d.SecDNS = next
	}
	return nil
}

// remSecDNS removes what is there with all its values.
func remSecDNS(p *Policy, d *Domain, q *secdns.Rem) error {
	if q.All != nil {
		if *q.All { // of whatever interface: it is how a domain changes it
			d.SecDNS = nil
		}
		return nil
	}
	if err := p.oneInterface(len(q.DSData), len(q.KeyData)); err != nil {
		return err
	}
	next := d.SecDNS.clone()
	for i := range q.DSData {
		k := slices.IndexFunc(next.DS, newDS(&q.DSData[i]).is)
		if k < 0 {
			return refuseSecDNS(epp.ParameterPolicyError, "dsData", "no record has these four values")
		}
		next.DS = slices.Delete(next.DS, k, k+1)
	}
	for i := range q.KeyData {
		k := slices.Index(next.Keys, newKey(&q.KeyData[i]))
		if k < 0 {
			return refuseSecDNS(epp.ParameterPolicyError, "keyData", "no key has these four values")
		}
		next.Keys = slices.Delete(next.Keys, k, k+1)
	}
	d.SecDNS = next
	return nil
}

// addSecDNS adds records by the policy.
func addSecDNS(p *Policy, d *Domain, life int, ds []secdns.DSData, keys []secdns.KeyData) error {
	if err := p.oneInterface(len(ds), len(keys)); err != nil {
		return err
	}
	next := d.SecDNS.clone()
	if life > 0 {
		if !p.DNSSEC.MaxSigLife {
			return refuseSecDNS(epp.UnimplementedOption, "maxSigLife", "is the registry's choice")
		}
		next.MaxSigLife = life
	}
	for i := range ds {
		m := newDS(&ds[i])
		if code, local, why := p.DNSSEC.wrong(m); why != "" {
			return refuseSecDNS(code, local, why)
		}
		if slices.ContainsFunc(next.DS, m.is) {
			return refuseSecDNS(epp.ParameterPolicyError, "dsData", "is there already")
		}
		next.DS = append(next.DS, m)
	}
	for i := range keys {
		m := newKey(&keys[i])
		if local, why := p.DNSSEC.wrongKey(m); why != "" {
			return refuseSecDNS(epp.ParameterPolicyError, local, why)
		}
		if slices.Contains(next.Keys, m) {
			return refuseSecDNS(epp.ParameterPolicyError, "keyData", "is there already")
		}
		next.Keys = append(next.Keys, m)
	}
	switch {
	case len(next.DS) > 0 && len(next.Keys) > 0: // fixtures may hold the other kind
		return refuseSecDNS(epp.ParameterPolicyError, "add", "the domain has data of the other interface, which must be removed first")
	case len(next.DS)+len(next.Keys) > p.DNSSEC.maxRecords():
		return refuseSecDNS(epp.ParameterPolicyError, "add", fmt.Sprintf("a domain may have %d records", p.DNSSEC.maxRecords()))
	}
	d.SecDNS = next
	return nil
}

// oneInterface refuses the interface that the policy does not have.
func (p *Policy) oneInterface(ds, keys int) error {
	face := p.DNSSEC.face()
	switch {
	case face == noInterface:
		return refuseSecDNS(epp.ParameterPolicyError, "dsData", "names below "+p.Name+" are not signed")
	case keys > 0 && face != keyInterface:
		return refuseSecDNS(epp.ParameterPolicyError, "keyData", "the registry takes dsData")
	case ds > 0 && face != dsInterface:
		return refuseSecDNS(epp.ParameterPolicyError, "dsData", "the registry takes keyData")
	}
	return nil
}

// wrong says what of a record is wrong, and why; or "".
func (p *DNSSECPolicy) wrong(m DS) (code epp.Code, local, why string) {
	octets, known := dnssecDigests[int(m.DigestType)]
	if len(p.Digests) > 0 {
		known = slices.Contains(p.Digests, int(m.DigestType))
	}
	switch {
	case !p.signs(m.Alg):
		return epp.ParameterPolicyError, "alg", fmt.Sprintf("no zone is signed with algorithm %d", m.Alg)
	case !known:
		return epp.ParameterPolicyError, "digestType", fmt.Sprintf("digest type %d is not taken", m.DigestType)
	case octets > 0 && len(m.Digest) != 2*octets:
		return epp.ParameterSyntaxError, "digest", fmt.Sprintf("one of type %d has %d octets", m.DigestType, octets)
	case m.KeyData != nil:
		local, why = p.wrongKey(*m.KeyData)
		return epp.ParameterPolicyError, local, why
	}
	return 0, "", ""
}

func (p *DNSSECPolicy) wrongKey(k Key) (local, why string) {
	switch {
	case k.Flags&zoneKey == 0:
		return "flags", "are not those of a zone key"
	case k.Protocol != dnssecProtocol:
		return "protocol", fmt.Sprintf("must be %d", dnssecProtocol)
	case !p.signs(k.Alg):
		return "alg", fmt.Sprintf("no zone is signed with algorithm %d", k.Alg)
	}
	return "", ""
}

func (p *DNSSECPolicy) signs(alg uint8) bool {
	if len(p.Algorithms) > 0 {
		return slices.Contains(p.Algorithms, int(alg))
	}
	return slices.Contains(dnssecAlgorithms, int(alg))
}

func newDS(m *secdns.DSData) DS {
	ds := DS{
		KeyTag: uint16(m.KeyTag), Alg: uint8(m.Alg), DigestType: uint8(m.DigestType),
		Digest: strings.Clone(strings.ToUpper(epp.Collapse(m.Digest))),
	}
	if m.KeyData != nil {
		k := newKey(m.KeyData)
		ds.KeyData = &k
	}
	return ds
}

func newKey(m *secdns.KeyData) Key {
	return Key{
		Flags: uint16(m.Flags), Protocol: uint8(m.Protocol), Alg: uint8(m.Alg),
		PubKey: strings.Clone(strings.Join(strings.Fields(m.PubKey), "")),
	}
}

// is compares the four values of a record.
func (m DS) is(o DS) bool {
	m.KeyData, o.KeyData = nil, nil
	m.Digest, o.Digest = strings.ToUpper(m.Digest), strings.ToUpper(o.Digest)
	return m == o
}

// clone is a copy that can be changed, also of none.
func (s *SecDNS) clone() *SecDNS {
	if s == nil {
		return new(SecDNS)
	}
	c := *s
	c.DS, c.Keys = slices.Clone(s.DS), slices.Clone(s.Keys)
	return &c
}

func refuseSecDNS(code epp.Code, local, why string) error {
	return epp.Refuse(code, registry.Because(secdns.NS, local, "", why))
}
