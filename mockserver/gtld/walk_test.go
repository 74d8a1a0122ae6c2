package gtld

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var walkStart = time.Date(2026, 2, 27, 8, 0, 0, 0, time.UTC)

var walkers = []string{"reg-north", "reg-south", "reg-east"}

const walkFixtures = `
tlds:
  - name: sauna
    contacts: {model: optional}
    prices: {standard: {create: 10.00, renew: 8.00, transfer: 7.00, restore: 40.00}}
registrars:
  - {clID: reg-north, password: walk-Gate9, maxSessions: 100, credit: {sauna: 90000000.00}}
  - {clID: reg-south, password: walk-Gate9, maxSessions: 100, credit: {sauna: 90000000.00}}
  - {clID: reg-east, password: walk-Gate9, maxSessions: 100, credit: {sauna: 500.00}}
`

// walk is a random history: commands by several registrars, and time that passes.
type walk struct {
	t        testing.TB
	rnd      *rand.Rand
	reg      *Registry
	sessions map[string]*client.Session
	model    *model
	steps    []string // what was done, for whoever has to understand a failure
	codes    map[epp.Code]int
}

func walkRegistry(t testing.TB, seed uint64) *Registry {
	f, err := ParseFixtures("walk.yaml", []byte(walkFixtures))
	require.NoError(t, err)
	reg, err := New(Options{
		Options:  registry.Options{Clock: registry.NewClock(walkStart), Seed: seed, HashIterations: 1},
		Fixtures: f,
	})
	require.NoError(t, err)
	return reg
}

// walkSession logs a registrar in.
func walkSession(t testing.TB, srv *mockserver.Server, clID string) *client.Session {
	schema, err := epp.NewSchema(domain.Extension(), contact.Extension(), host.Extension(), rgp.Extension(), secdns.Extension())
	require.NoError(t, err)
	n := 0
	s, err := client.Dial(t.Context(), srv.Addr(), client.Options{
		Schema: schema, TLS: srv.ClientTLS(clID), Pipeline: 1,
		Credentials: &client.Credentials{ClID: clID, PW: "walk-Gate9"},
		NewTRID:     func() string { n++; return fmt.Sprintf("%s-%d", clID, n) },
	})
	require.NoError(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func newWalk(t testing.TB, seed uint64) *walk {
	reg := walkRegistry(t, seed)
	srv := mockserver.StartTest(t, mockserver.Options{Registry: reg})
	w := &walk{
		t: t, rnd: rand.New(rand.NewPCG(seed, 7)), reg: reg,
		sessions: make(map[string]*client.Session), model: newModel(reg), codes: make(map[epp.Code]int),
	}
	for _, clID := range walkers {
		w.sessions[clID] = walkSession(t, srv, clID)
	}
	return w
}

func (w *walk) pick(list ...string) string { return list[w.rnd.IntN(len(list))] }
func (w *walk) clID() string               { return w.pick(walkers...) }
func (w *walk) domain() string             { return fmt.Sprintf("d%d.sauna", w.rnd.IntN(12)) }
func (w *walk) contact() string            { return fmt.Sprintf("con-%d", w.rnd.IntN(8)) }

func (w *walk) host() string {
	n := w.rnd.IntN(2)
	if w.rnd.IntN(2) == 0 {
		return fmt.Sprintf("ns%d.elsewhere.invalid", n)
	}
	return fmt.Sprintf("ns%d.%s", n, w.domain())
}

// mine is a domain's sponsor most of the time, so that about half of the commands succeed.
func (w *walk) sponsor(name string) string {
	if d := w.model.domains[name]; d != nil && w.rnd.IntN(6) > 0 {
		return d.clID
	}
	return w.clID()
}

func (w *walk) hostSponsor(name string) string {
	if clID := w.model.hosts[name]; clID != "" && w.rnd.IntN(6) > 0 {
		return clID
	}
	if d := w.model.domains[superordinateOf(name)]; d != nil && w.rnd.IntN(6) > 0 {
		return d.clID
	}
	return w.clID()
}

// did notes a step, and returns the code of its answer. A registry that fails is a fault
// whatever was asked.
func (w *walk) did(err error, format string, args ...any) epp.Code {
	code := epp.Success
	var refusal *epp.ResultError
	if errors.As(err, &refusal) {
		code = refusal.Results[0].Code
	} else if err != nil {
		w.fail("%s: %v", fmt.Sprintf(format, args...), err)
	}
	w.steps = append(w.steps, fmt.Sprintf("%s %s -> %d", w.model.now.Format(time.DateTime), fmt.Sprintf(format, args...), code))
	w.codes[code]++
	if code == epp.CommandFailed || code == epp.CommandSyntaxError {
		w.fail("the answer is %d: %v", code, err)
	}
	return code
}

func (w *walk) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\nthe last steps:\n%s", fmt.Sprintf(format, args...), strings.Join(w.steps[max(0, len(w.steps)-25):], "\n"))
}

// holds checks that what the model says of a command and its answer agree.
func (w *walk) holds(ok bool, format string, args ...any) {
	w.t.Helper()
	if !ok {
		w.fail("the model says otherwise: "+format, args...)
	}
}

// step does one thing, and then compares.
func (w *walk) step() {
	switch n := w.rnd.IntN(100); {
	case n < 14:
		w.createDomain()
	case n < 22:
		w.renewDomain()
	case n < 28:
		w.deleteDomain()
	case n < 34:
		w.restoreDomain()
	case n < 50:
		w.transferDomain()
	case n < 62:
		w.updateDomain()
	case n < 70:
		w.createHost()
	case n < 75:
		w.renameHost()
	case n < 79:
		w.deleteHost()
	case n < 83:
		w.contacts()
	case n < 88:
		w.poll()
	default:
		w.wait()
	}
	w.model.compare(w)
}

func (w *walk) wait() {
	d := []time.Duration{time.Minute, 5 * time.Hour, 26 * time.Hour, 6 * 24 * time.Hour, 40 * 24 * time.Hour, 300 * 24 * time.Hour}[w.rnd.IntN(6)]
	if w.rnd.IntN(3) > 0 {
		d = time.Hour
	}
	d += time.Duration(w.rnd.IntN(3600)) * time.Second
	w.reg.Advance(d)
	w.steps = append(w.steps, fmt.Sprintf("%s pass", d))
	w.model.advance(w.reg.Now())
}

func (w *walk) ctx() (context.Context, context.CancelFunc) {
	return context.WithTimeout(w.t.Context(), 20*time.Second)
}

func send[R epp.Element](w *walk, clID string, q epp.Request[R], exts ...epp.Element) (R, error) {
	ctx, cancel := w.ctx()
	defer cancel()
	return client.Do(ctx, w.sessions[clID], q, exts...)
}

func (w *walk) createDomain() {
	clID, name, years := w.clID(), w.domain(), 1+w.rnd.IntN(3)
	for range 4 { // most of the time one that is free
		if w.model.domains[name] != nil {
			name = w.domain()
		}
	}
	q := &domain.Create{
		Name: name, Period: &epp.Period{N: years, Unit: epp.Years}, AuthInfo: &epp.AuthInfo{PW: epp.Secret(name + "-Secret7")},
	}
	missing := ""
	if w.rnd.IntN(2) == 0 {
		q.Registrant = w.contact()
		if w.model.contacts[q.Registrant] == "" {
			missing = q.Registrant
		}
	}
	if w.rnd.IntN(3) == 0 {
		h := w.host()
		q.NS = &domain.NameServers{HostObj: []string{h}}
		if w.model.hosts[h] == "" {
			missing = h
		}
	}
	a, err := send(w, clID, q)
	switch w.did(err, "%s creates %s for %d years, registrant %q, ns %v", clID, name, years, q.Registrant, q.NS) {
	case epp.Success:
		w.holds(w.model.domains[name] == nil && missing == "", "%s is there, or %s is not", name, missing)
		w.model.create(name, clID, years)
		w.holds(a.ExDate.Equal(w.model.domains[name].ex), "exDate %s", a.ExDate)
	case epp.ObjectExists:
		w.holds(w.model.domains[name] != nil, "%s is not there", name)
	case epp.ObjectDoesNotExist:
		w.holds(missing != "", "nothing is missing")
	case epp.BillingFailure:
		w.holds(w.model.credit[clID] < registry.Amount(1000*years), "%s could pay", clID)
	default:
		w.holds(w.model.domains[name] == nil, "an odd answer: %v", err)
	}
}

func (w *walk) renewDomain() {
	name := w.domain()
	clID, years := w.sponsor(name), 1+w.rnd.IntN(4)
	q := &domain.Renew{Name: name, CurExpDate: walkStart, Period: &epp.Period{N: years, Unit: epp.Years}}
	d := w.model.domains[name]
	if d != nil && w.rnd.IntN(8) > 0 {
		q.CurExpDate = d.ex
	}
	a, err := send(w, clID, q)
	switch w.did(err, "%s renews %s by %d years", clID, name, years) {
	case epp.Success:
		w.holds(d != nil && d.clID == clID && d.rgp == "" && d.tr == nil && !d.has("clientRenewProhibited"), "renewed")
		w.model.renew(d, years)
		w.holds(a.ExDate.Equal(d.ex), "exDate %s", a.ExDate)
	case epp.ObjectDoesNotExist:
		w.holds(d == nil, "%s is there", name)
	case epp.AuthorizationError:
		w.holds(d != nil && d.clID != clID, "it is %s's", clID)
	case epp.StatusProhibitsOperation:
		w.holds(d != nil && (d.tr != nil || d.has("clientRenewProhibited")), "nothing prohibits it")
	}
}

func (w *walk) deleteDomain() {
	name := w.domain()
	clID, d := w.sponsor(name), w.model.domains[name]
	ctx, cancel := w.ctx()
	defer cancel()
	a, err := client.Call(ctx, w.sessions[clID], &domain.Delete{Name: name})
	switch w.did(err, "%s deletes %s", clID, name) {
	case epp.Success:
		w.holds(d != nil && d.clID == clID && d.rgp == "" && d.tr == nil && !d.has("clientDeleteProhibited") && !w.model.hasBelow(name), "deleted")
		w.holds((a.Code() == epp.Success) == d.inAdd(w.model.now), "code %d", a.Response.Code())
		w.model.delete(name)
	case epp.ObjectDoesNotExist:
		w.holds(d == nil, "%s is there", name)
	case epp.AuthorizationError:
		w.holds(d != nil && d.clID != clID, "it is %s's", clID)
	case epp.AssociationProhibitsOp:
		w.holds(w.model.hasBelow(name), "no host is below it")
	case epp.StatusProhibitsOperation:
		w.holds(d.rgp != "" || d.tr != nil || d.has("clientDeleteProhibited"), "nothing prohibits it")
	}
}

func (w *walk) restoreDomain() {
	name := w.domain()
	clID, d := w.sponsor(name), w.model.domains[name]
	m := &rgp.Update{Restore: rgp.Restore{Op: rgp.OpRequest}}
	if d != nil && d.rgp == rgp.PendingRestore && w.rnd.IntN(3) > 0 {
		text := func(s string) epp.Mixed { return epp.Mixed{Text: s} }
		m.Restore = rgp.Restore{Op: rgp.OpReport, Report: &rgp.Report{
			PreData: text("as it was"), PostData: text("as it is"), DelTime: w.model.now.Add(-time.Minute), ResTime: w.model.now,
			ResReason: epp.Msg{Mixed: text("deleted by mistake")},
			Statement: []epp.Msg{{Mixed: text("It was not for sale.")}, {Mixed: text("All of this is true.")}},
		}}
	}
	_, err := send(w, clID, &domain.Update{Name: name, Chg: &domain.Chg{}}, m)
	switch w.did(err, "%s asks for a restore (%s) of %s", clID, m.Restore.Op, name) {
	case epp.Success:
		w.holds(d != nil && d.clID == clID, "restored")
		if m.Restore.Op == rgp.OpRequest {
			w.holds(d.rgp == rgp.RedemptionPeriod, "it was in %q", d.rgp)
			w.model.restore(d)
		} else {
			w.holds(d.rgp == rgp.PendingRestore, "it was in %q", d.rgp)
			w.model.report(d)
		}
	case epp.ObjectDoesNotExist:
		w.holds(d == nil, "%s is there", name)
	case epp.AuthorizationError:
		w.holds(d.clID != clID, "it is %s's", clID)
	case epp.StatusProhibitsOperation:
		w.holds(d.rgp != rgp.RedemptionPeriod || m.Restore.Op == rgp.OpReport, "it is in %q", d.rgp)
	case epp.BillingFailure:
		w.holds(w.model.credit[clID] < 4000, "%s could pay", clID)
	}
}

func (w *walk) transferDomain() {
	name := w.domain()
	for range 3 { // most of the time one that is there
		if w.model.domains[name] == nil {
			name = w.domain()
		}
	}
	d := w.model.domains[name]
	clID, op := w.clID(), w.pick(epp.TransferRequest, epp.TransferRequest, epp.TransferRequest, epp.TransferApprove, epp.TransferReject, epp.TransferCancel)
	if d != nil && d.tr != nil && w.rnd.IntN(5) > 0 {
		op = w.pick(epp.TransferApprove, epp.TransferReject, epp.TransferCancel, epp.TransferRequest)
		if clID = d.clID; op == epp.TransferCancel {
			clID = d.tr.to
		} else if op == epp.TransferRequest {
			clID = w.clID()
		}
	}
	q := &domain.Transfer{Op: op, Name: name}
	if op == epp.TransferRequest {
		q.AuthInfo = &epp.AuthInfo{PW: epp.Secret(name + "-Secret7")}
	}
	_, err := send(w, clID, q)
	switch w.did(err, "%s %ss the transfer of %s", clID, op, name) {
	case epp.Success:
		w.holds(d != nil, "%s is not there", name)
		switch op {
		case epp.TransferRequest:
			w.holds(d.clID != clID && d.tr == nil && d.rgp == "" && !d.has("clientTransferProhibited"), "it can't be transferred")
			w.model.request(d, clID)
		case epp.TransferApprove:
			w.holds(d.tr != nil && d.clID == clID, "approved")
			w.model.approve(d, w.model.now)
		case epp.TransferReject:
			w.holds(d.tr != nil && d.clID == clID, "rejected")
			d.tr = nil
		default:
			w.holds(d.tr != nil && d.tr.to == clID, "cancelled")
			d.tr = nil
		}
	case epp.ObjectDoesNotExist:
		w.holds(d == nil, "%s is there", name)
	case epp.ObjectPendingTransfer:
		w.holds(op == epp.TransferRequest && d.tr != nil, "no transfer is pending")
	case epp.ObjectNotPendingTransfer:
		w.holds(op != epp.TransferRequest && d.tr == nil, "a transfer is pending")
	case epp.NotEligibleForTransfer:
		w.holds(op == epp.TransferRequest && d.clID == clID, "it is another's")
	case epp.StatusProhibitsOperation:
		w.holds(d.rgp != "" || d.has("clientTransferProhibited"), "nothing prohibits it")
	case epp.BillingFailure:
		to := clID
		if op == epp.TransferApprove {
			to = d.tr.to
		}
		w.holds(w.model.credit[to] < 700, "%s could pay", to)
	}
}

func (w *walk) updateDomain() {
	name := w.domain()
	clID, d := w.sponsor(name), w.model.domains[name]
	q := &domain.Update{Name: name}
	status := w.pick("clientDeleteProhibited", "clientRenewProhibited", "clientTransferProhibited", "clientUpdateProhibited", "clientHold")
	part := &domain.AddRem{}
	what := ""
	switch w.rnd.IntN(4) {
	case 0:
		part.Status, what = []epp.Status{{S: status}}, status
	case 1:
		h := w.host()
		part.NS, what = &domain.NameServers{HostObj: []string{h}}, h
	case 2:
		part.Contacts, what = []domain.Contact{{Type: "tech", ID: w.contact()}}, "a contact"
	default: // take something off that is there
		if d != nil && len(d.status) > 0 {
			status = d.status[w.rnd.IntN(len(d.status))]
		}
		q.Rem, what = &domain.AddRem{Status: []epp.Status{{S: status}}}, "less "+status
	}
	if q.Rem == nil {
		if q.Add = part; w.rnd.IntN(3) == 0 {
			q.Add, q.Rem = nil, part
		}
	}
	_, err := send(w, clID, q)
	switch w.did(err, "%s updates %s: %s, removes %t", clID, name, what, q.Rem != nil) {
	case epp.Success:
		w.holds(d != nil && d.clID == clID && d.rgp == "" && d.tr == nil, "updated")
		if q.Add != nil && q.Add.Status != nil {
			w.holds(!d.has(status), "%s twice", status)
			d.status = append(d.status, status)
		}
		if q.Rem != nil && q.Rem.Status != nil {
			w.holds(d.has(status), "%s was not there", status)
			d.status = slices.DeleteFunc(d.status, func(s string) bool { return s == status })
		}
	case epp.AuthorizationError:
		w.holds(d.clID != clID, "it is %s's", clID)
	case epp.StatusProhibitsOperation:
		w.holds(d.rgp != "" || d.tr != nil || d.has("clientUpdateProhibited"), "nothing prohibits it")
	}
}
