package gtld

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

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
