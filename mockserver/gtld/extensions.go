package gtld

import (
	"fmt"
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
