package gtld

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

func (w *walk) createHost() {
	name := w.host()
	clID := w.hostSponsor(name)
	q := &host.Create{Name: name}
	above := superordinateOf(name)
	if above != "" {
		q.Addr = []host.Addr{{IP: "v4", Addr: "192.0.2." + strconv.Itoa(1+w.rnd.IntN(250))}}
	}
	_, err := send(w, clID, q)
	d := w.model.domains[above]
	switch w.did(err, "%s creates host %s", clID, name) {
	case epp.Success:
		w.holds(w.model.hosts[name] == "", "%s is there", name)
		w.holds(above == "" || d != nil && d.clID == clID, "%s is not %s's", above, clID)
		w.model.hosts[name] = clID
	case epp.ObjectExists:
		w.holds(w.model.hosts[name] != "", "%s is not there", name)
	case epp.ObjectDoesNotExist:
		w.holds(above != "" && d == nil, "%s is there", above)
	case epp.AuthorizationError:
		w.holds(d != nil && d.clID != clID, "it is %s's", clID)
	}
}

func (w *walk) renameHost() {
	from, to := w.host(), w.host()
	for range 4 { // most of the time one that is there to one that is not
		if w.model.hosts[from] == "" {
			from = w.host()
		}
		if w.model.hosts[to] != "" {
			to = w.host()
		}
	}
	clID := w.hostSponsor(from)
	q := &host.Update{Name: from, Chg: &host.Chg{Name: to}}
	if superordinateOf(to) != "" && superordinateOf(from) == "" {
		q.Add = &host.AddRem{Addr: []host.Addr{{IP: "v4", Addr: "192.0.2.251"}}}
	}
	links := w.linksTo(from)
	_, err := send(w, clID, q)
	switch w.did(err, "%s renames host %s to %s", clID, from, to) {
	case epp.Success:
		w.holds(w.model.hosts[from] == clID && (w.model.hosts[to] == "" || from == to), "renamed")
		above := superordinateOf(to)
		w.holds(above == "" || w.model.domains[above] != nil && w.model.domains[above].clID == clID, "%s is not %s's", above, clID)
		delete(w.model.hosts, from)
		w.model.hosts[to] = clID
		w.holds(slices.Equal(links, w.linksTo(to)), "the links did not follow")
	case epp.ObjectDoesNotExist:
		w.holds(w.model.hosts[from] == "" || superordinateOf(to) != "" && w.model.domains[superordinateOf(to)] == nil, "both are there")
	case epp.ObjectExists:
		w.holds(w.model.hosts[to] != "", "%s is not there", to)
	}
}

func (w *walk) linksTo(host string) []string {
	var list []string
	for ref := range w.reg.View(nil).Referrers(registry.Ref{Kind: registry.Host, Handle: host}, registry.Domain) {
		list = append(list, ref.Handle)
	}
	return list
}

func (w *walk) deleteHost() {
	name := w.host()
	clID := w.hostSponsor(name)
	linked := len(w.linksTo(name)) > 0
	_, err := send(w, clID, &host.Delete{Name: name})
	switch w.did(err, "%s deletes host %s", clID, name) {
	case epp.Success:
		w.holds(w.model.hosts[name] == clID && !linked, "deleted")
		delete(w.model.hosts, name)
	case epp.ObjectDoesNotExist:
		w.holds(w.model.hosts[name] == "", "%s is there", name)
	case epp.AuthorizationError:
		w.holds(w.model.hosts[name] != clID, "it is %s's", clID)
	case epp.AssociationProhibitsOp:
		w.holds(linked, "nothing is delegated to it")
	}
}

func (w *walk) contacts() {
	id, clID := w.contact(), w.clID()
	if w.model.contacts[id] != "" && w.rnd.IntN(5) > 0 {
		clID = w.model.contacts[id]
	}
	if w.rnd.IntN(2) == 0 {
		linked := w.reg.View(nil).Linked(registry.Ref{Kind: registry.Contact, Handle: id})
		_, err := send(w, clID, &contact.Delete{ID: id})
		switch w.did(err, "%s deletes contact %s", clID, id) {
		case epp.Success:
			w.holds(w.model.contacts[id] == clID && !linked, "deleted")
			delete(w.model.contacts, id)
		case epp.AssociationProhibitsOp:
			w.holds(linked, "nothing refers to it")
		}
		return
	}
	_, err := send(w, clID, &contact.Create{
		ID: id, Email: "olli@warm.example", AuthInfo: &epp.AuthInfo{PW: "olli-Secret7"},
		PostalInfo: []contact.PostalInfo{{Type: "int", Name: "Olli Warm", Addr: contact.Addr{City: "Oulu", CC: "FI"}}},
	})
	switch w.did(err, "%s creates contact %s", clID, id) {
	case epp.Success:
		w.holds(w.model.contacts[id] == "", "%s is there", id)
		w.model.contacts[id] = clID
	case epp.ObjectExists:
		w.holds(w.model.contacts[id] != "", "%s is not there", id)
	}
}

// poll reads a message, and takes it off most of the time: the same comes until then, and
// the numbers agree.
func (w *walk) poll() {
	clID := w.clID()
	before := w.reg.Queue.Len(clID)
	ctx, cancel := w.ctx()
	defer cancel()
	a, err := client.Call(ctx, w.sessions[clID], &epp.Poll{Op: epp.PollReq})
	w.did(err, "%s polls, of %d", clID, before)
	if before == 0 {
		w.holds(a.Code() == epp.NoMessages && a.MsgQ == nil, "there is none")
		return
	}
	w.holds(a.Code() == epp.AckToDequeue && a.MsgQ.Count == uint64(before), "there are %d", before)
	if w.rnd.IntN(4) == 0 {
		return
	}
	ack, err := client.Call(ctx, w.sessions[clID], &epp.Poll{Op: epp.PollAck, MsgID: a.MsgQ.ID})
	w.did(err, "%s acks %s", clID, a.MsgQ.ID)
	left := uint64(0)
	if ack.MsgQ != nil {
		left = ack.MsgQ.Count
	}
	w.holds(left == uint64(before-1) && w.reg.Queue.Len(clID) == before-1, "%d are left", left)
	_, err = client.Call(ctx, w.sessions[clID], &epp.Poll{Op: epp.PollAck, MsgID: a.MsgQ.ID})
	w.holds(errors.Is(err, epp.ObjectDoesNotExist), "acked twice")
}

// invariants are what holds in every registry at any time, seen in its tables.
func (r *Registry) invariants() error {
	v := r.View(nil)
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	roids := make(map[string]string)
	once := func(kind, name, roid string) {
		if other, twice := roids[roid]; twice || roid == "" {
			bad("%s %s and %s have the ROID %q", kind, name, other, roid)
		}
		roids[roid] = name
	}
	linked := make(map[registry.Ref]int)
	for d := range r.domains.All(v) {
		once("domain", d.Name, d.ROID)
		for _, ref := range slices.Compact(sortedRefs(d.Links())) {
			linked[ref]++
		}
		for i, s := range d.Status {
			for _, t := range d.Status[:i] {
				if s == t || excludes(s, t) {
					bad("domain %s is %s and %s", d.Name, s, t)
				}
			}
		}
		list := d.statusList()
		if len(list) == 0 || len(list) > 1 && slices.Contains(list, "ok") {
			bad("domain %s is %v", d.Name, list)
		}
		if d.transferring() != slices.Contains(d.Status, pendingTransfer) {
			bad("domain %s: its transfer is %v, and it is %v", d.Name, d.Transfer, d.Status)
		}
		if (d.RGP != "") != slices.Contains(d.Status, pendingDelete) {
			bad("domain %s is in %q, and it is %v", d.Name, d.RGP, d.Status)
		}
		if due := d.Due(); !due.After(v.Now()) {
			bad("domain %s was due on %s", d.Name, due)
		}
		if d.RGP == "" && (!d.ExDate.After(v.Now()) || d.ExDate.After(v.Now().AddDate(10, 0, 1))) {
			bad("domain %s ends on %s", d.Name, d.ExDate)
		}
		for _, g := range d.graceAt(v.Now()) {
			if g.PaidBy != d.ClID {
				bad("domain %s is %s's, and a grace period %s's", d.Name, d.ClID, g.PaidBy)
			}
		}
		for _, name := range d.NS {
			if h := r.hosts.Get(v, name); !h.external() && len(h.Addrs) == 0 {
				bad("domain %s is delegated to %s, which has no address", d.Name, name)
			}
		}
	}
	for h := range r.hosts.All(v) {
		once("host", h.Name, h.ROID)
		if d := r.domains.Get(v, h.Superordinate); h.Superordinate != "" && (d == nil || d.ClID != h.ClID) {
			bad("host %s is %s's, and domain %s is not", h.Name, h.ClID, h.Superordinate)
		}
		if strings.HasSuffix(h.Name, ".sauna") != (h.Superordinate != "") {
			bad("host %s is below %q", h.Name, h.Superordinate)
		}
		if got := count(v, registry.Ref{Kind: registry.Host, Handle: h.Name}, registry.Domain); got != linked[h.ref()] {
			bad("host %s has %d links, and %d domains have it", h.Name, got, linked[h.ref()])
		}
	}
	for c := range r.contacts.All(v) {
		once("contact", c.ID, c.ROID)
		ref := registry.Ref{Kind: registry.Contact, Handle: c.ID}
		if got := count(v, ref, registry.Domain); got != linked[ref] {
			bad("contact %s has %d links, and %d domains have it", c.ID, got, linked[ref])
		}
	}
	waiting := make(map[string]int)
	list, err := r.Records("message", "", 1_000_000)
	if err != nil {
		return err
	}
	for _, m := range list {
		clID, _, _ := strings.Cut(m.Key, "\t")
		waiting[clID]++
	}
	for acc := range r.Accounts.Table.All(v) {
		if got := r.Queue.Len(acc.ClID); got != waiting[acc.ClID] {
			bad("%s has %d messages, and the count is %d", acc.ClID, waiting[acc.ClID], got)
		}
	}
	return errors.Join(errs...)
}

func sortedRefs(list []registry.Ref) []registry.Ref {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b registry.Ref) int { return strings.Compare(a.String(), b.String()) })
	return list
}

func count(v *registry.View, to registry.Ref, kind string) (n int) {
	for range v.Referrers(to, kind) {
		n++
	}
	return n
}

// TestWalk walks at random for 10,000 steps, and for several seeds. With -short, and under
// the race detector, it walks less far.
func TestWalk(t *testing.T) {
	seeds, steps := uint64(4), 10_000
	if testing.Short() || raceDetector {
		seeds, steps = 2, 1_500
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, seed)
			for n := range steps {
				w.step()
				if n%20 == 0 {
					if err := w.reg.invariants(); err != nil {
						w.fail("step %d: %v", n, err)
					}
				}
			}
			t.Logf("answers by code: %v", w.codes)
			require.Greater(t, w.codes[epp.Success], steps/6, "a walk in which hardly anything is done shows little")
			for _, code := range []epp.Code{
				epp.ObjectExists, epp.ObjectDoesNotExist, epp.AuthorizationError, epp.StatusProhibitsOperation,
				epp.AssociationProhibitsOp, epp.ObjectPendingTransfer, epp.ObjectNotPendingTransfer, epp.NotEligibleForTransfer,
				epp.BillingFailure, epp.ParameterPolicyError,
			} {
				require.NotZero(t, w.codes[code], "nobody was refused with %d", code)
			}
		})
	}
}

// TestInvariantsSee makes each kind of thing wrong, and wants it seen.
func TestInvariantsSee(t *testing.T) {
	at := walkStart
	obj := func(roid string) registry.Object {
		return registry.Object{ROID: roid, ClID: "reg-north", CrID: "reg-north", CrDate: at}
	}
	ex := at.AddDate(1, 0, 0)
	for want, make := range map[string]func(r *Registry, tx *registry.Tx){
		"have the ROID": func(r *Registry, tx *registry.Tx) {
			r.domains.Put(tx, &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex})
			r.domains.Put(tx, &Domain{Name: "b.sauna", Object: obj("D1-MOCK"), ExDate: ex})
		},
		"is clientHold and clientHold": func(r *Registry, tx *registry.Tx) {
			d := &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex}
			d.Status = []string{"clientHold", "clientHold"}
			r.domains.Put(tx, d)
		},
		"is pendingDelete and clientDeleteProhibited": func(r *Registry, tx *registry.Tx) {
			d := &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex, RGP: rgp.PendingDelete, RGPUntil: ex}
			d.Status = []string{"clientDeleteProhibited", "pendingDelete"}
			r.domains.Put(tx, d)
		},
		"its transfer is": func(r *Registry, tx *registry.Tx) {
			d := &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex}
			d.Status = []string{"pendingTransfer"}
			r.domains.Put(tx, d)
		},
		`is in "redemptionPeriod"`: func(r *Registry, tx *registry.Tx) {
			r.domains.Put(tx, &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex, RGP: rgp.RedemptionPeriod, RGPUntil: ex})
		},
		"ends on": func(r *Registry, tx *registry.Tx) {
			r.domains.Put(tx, &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: at.AddDate(11, 0, 0)})
		},
		"a grace period reg-south's": func(r *Registry, tx *registry.Tx) {
			r.domains.Put(tx, &Domain{
				Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex,
				Grace: []GracePeriod{{Kind: rgp.AddPeriod, Until: ex, PaidBy: "reg-south"}},
			})
		},
		"which has no address": func(r *Registry, tx *registry.Tx) {
			r.domains.Put(tx, &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex, NS: []string{"ns1.a.sauna"}})
			r.hosts.Put(tx, &Host{Name: "ns1.a.sauna", Object: obj("H1-MOCK"), Superordinate: "a.sauna"})
		},
		"is reg-north's, and domain a.sauna is not": func(r *Registry, tx *registry.Tx) {
			d := &Domain{Name: "a.sauna", Object: obj("D1-MOCK"), ExDate: ex}
			d.ClID = "reg-south"
			r.domains.Put(tx, d)
			r.hosts.Put(tx, &Host{Name: "ns1.a.sauna", Object: obj("H1-MOCK"), Superordinate: "a.sauna"})
		},
		`host ns1.a.sauna is below ""`: func(r *Registry, tx *registry.Tx) {
			r.hosts.Put(tx, &Host{Name: "ns1.a.sauna", Object: obj("H1-MOCK")})
		},
	} {
		t.Run(want, func(t *testing.T) {
			r := walkRegistry(t, 1)
			require.NoError(t, r.invariants())
			require.NoError(t, r.Change(func(tx *registry.Tx) error {
				make(r, tx)
				return nil
			}))
			require.ErrorContains(t, r.invariants(), want)
		})
	}
}
