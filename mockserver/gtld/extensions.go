package gtld

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/allocationtoken"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/idn"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/epp/signedmark"
	"github.com/eppkit/eppkit/epp/ttl"
	"github.com/eppkit/eppkit/epp/unhandled"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// extensions are those that the registry speaks and announces beside its objects, in the
// order in which it does. What Options.Extensions has is not among them: whoever gives
// one answers for it. The error is a URI in Options.Announce that nobody knows.
func (o *Options) extensions(f *Fixtures) ([]epp.Extension, error) {
	all := []epp.Extension{
		secdns.Extension(),
		rgp.Extension(),
		allocationtoken.Extension(),
		changepoll.Extension(),
		launch.Extension(),
		loginsec.Extension(),
		maintenance.Extension(),
		ttl.Extension(),
		idn.Extension(),
		unhandled.Extension(),
	}
	for _, v := range o.feeVersions() {
		all = append(all, v.Extension())
	}
	known := func(uri string) bool {
		return slices.ContainsFunc(all, func(e epp.Extension) bool { return e.URI == uri })
	}
	for _, uri := range o.Announce {
		if !known(uri) {
			return nil, fmt.Errorf("gtld: Options.Announce: the registry knows no extension %q", uri)
		}
	}
	given := func(uri string) bool {
		return slices.ContainsFunc(o.Extensions, func(e epp.Extension) bool { return e.URI == uri })
	}
	all = slices.DeleteFunc(all, func(e epp.Extension) bool {
		unwanted := o.Announce != nil && !slices.Contains(o.Announce, e.URI)
		return unwanted || given(e.URI) || e.URI == secdns.NS && !f.signs()
	})
	if known(launch.NS) { // what is in its elements has namespaces of its own
		for _, e := range []epp.Extension{mark.Extension(), signedmark.Extension()} {
			if !given(e.URI) {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// signs reports whether delegations are signed below any top-level domain.
func (f *Fixtures) signs() bool {
	for _, p := range f.policies() {
		if p.DNSSEC.face() != noInterface {
			return true
		}
	}
	return false
}

// extend adds what these extensions keep, and what they do in commands.
func (r *Registry) extend(own []epp.Extension) {
	r.tokenTable = registry.NewTable[*Token](r.State, "token", nil)
	r.applications = registry.NewTable(r.State, "application", r.applicationDue)
	has := func(uri string) bool {
		return slices.ContainsFunc(own, func(e epp.Extension) bool { return e.URI == uri })
	}
	r.maintenances = registry.NewTable(r.State, "maintenance", r.maintenanceDue)
	r.maintained = has(maintenance.NS)
	if has(secdns.NS) {
		r.hooks = append(r.hooks, r.secDNS())
	}
	if has(rgp.NS) {
		r.hooks = append(r.hooks, r.rgp())
	}
	if has(allocationtoken.NS) {
		r.hooks = append(r.hooks, r.tokens())
	}
	if has(idn.NS) {
		r.hooks = append(r.hooks, r.idns())
	}
	if has(ttl.NS) {
		r.hooks = append(r.hooks, r.ttls())
	}
	if has(launch.NS) {
		r.hooks = append(r.hooks, r.launch())
	}
	if slices.ContainsFunc(r.opts.feeVersions(), func(v fee.Version) bool { return has(v.URI()) }) {
		r.hooks = append(r.hooks, r.fees())
	}
}

// extended checks what fixtures say of a domain that extensions tell.
func (v *validator) extended(d *Domain, at registry.Path) {
	if s := d.SecDNS; s != nil {
		at := at.With("secDNS")
		v.Check(s.MaxSigLife >= 0, at.With("maxSigLife"), "can't be less than 0")
		v.Check((len(s.DS) == 0) != (len(s.Keys) == 0), at, "must have ds or keys, and not both")
		for i, ds := range s.DS {
			_, err := hex.DecodeString(ds.Digest)
			v.Check(err == nil, at.With("ds", i, "digest"), "is not hexadecimal")
			if ds.KeyData != nil {
				v.key(ds.KeyData, at.With("ds", i, "keyData"))
			}
		}
		for i := range s.Keys {
			v.key(&s.Keys[i], at.With("keys", i))
		}
	}
	v.ttls(d.TTL, at.With("ttl"))
	if d.IDN != nil {
		v.Token(d.IDN.Table, 1, registry.NoLimit, at.With("idn", "table"))
		v.Token(d.IDN.Uname, 0, 255, at.With("idn", "uname"))
	}
	if d.LaunchPhase != "" {
		v.oneOf(d.LaunchPhase, at.With("launchPhase"), launch.Sunrise, launch.Landrush, launch.Claims, launch.Open, launch.Custom)
	}
	v.Token(string(d.Token), 0, registry.NoLimit, at.With("allocationToken"))
}

func (v *validator) ttls(m map[string]uint32, at registry.Path) {
	for _, kind := range slices.Sorted(maps.Keys(m)) {
		v.oneOf(kind, at.With(kind), ttl.NSRecord, ttl.DSRecord, ttl.DNAMERecord, ttl.ARecord, ttl.AAAARecord)
		v.Check(m[kind] <= ttl.Max, at.With(kind), "may be %d at most", ttl.Max)
	}
}

func (v *validator) key(k *Key, at registry.Path) {
	b, err := base64.StdEncoding.DecodeString(k.PubKey)
	v.Check(err == nil && len(b) > 0, at.With("pubKey"), "is not base64")
}
