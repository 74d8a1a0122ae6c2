package reconcile_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/namestore"
	"github.com/eppkit/eppkit/epp/rgp"
	nicfred "github.com/eppkit/eppkit/fred"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
)

// A desk answers queries as it was told, by the name of the payload.
type desk struct {
	answers map[string]*epp.Response
	err     error
	asked   []*epp.Command
}

func (m *desk) Exchange(_ context.Context, cmd *epp.Command) (*epp.Response, error) {
	m.asked = append(m.asked, cmd)
	if m.err != nil {
		return nil, m.err
	}
	n := cmd.Request.XMLName()
	if resp := m.answers[n.Local]; resp != nil {
		return resp, nil
	}
	return refused(epp.ObjectDoesNotExist), nil
}

func refused(code epp.Code) *epp.Response {
	return &epp.Response{Results: []epp.Result{{Code: code}}, TrID: epp.TrID{SvTRID: "S-1"}}
}

func shows(data epp.Element, exts ...epp.Element) *epp.Response {
	return &epp.Response{
		Results: []epp.Result{{Code: epp.Success}}, ResData: []epp.Element{data}, Extension: exts, TrID: epp.TrID{SvTRID: "S-1"},
	}
}

var (
	sent = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	long = time.Date(2020, 2, 29, 10, 0, 0, 0, time.UTC)
)

func options() reconcile.Options {
	return reconcile.Options{ClID: us, Sent: sent, Now: func() time.Time { return sent.Add(time.Minute) }}
}

// loyly is a domain of ours that was created long ago.
func loyly(change func(*domain.InfData)) *epp.Response {
	m := &domain.InfData{
		Name: "loyly.example", ROID: "LOYLY1-TEST", Status: []epp.Status{{S: "ok"}},
		ClID: us, CrID: us, CrDate: long, ExDate: time.Date(2028, 2, 29, 10, 0, 0, 0, time.UTC),
	}
	if change != nil {
		change(m)
	}
	return shows(m)
}

// all makes one change of several.
func all(changes []func(*domain.InfData)) func(*domain.InfData) {
	return func(m *domain.InfData) {
		for _, change := range changes {
			if change != nil {
				change(m)
			}
		}
	}
}

func leapDay(year int) time.Time { return time.Date(year, 2, 29, 0, 0, 0, 0, time.UTC) }

func years(n int) *epp.Period { return &epp.Period{N: n, Unit: epp.Years} }

func TestRules(t *testing.T) {
	renew := func(day time.Time, p *epp.Period) *epp.Command {
		return of(&domain.Renew{Name: "loyly.example", CurExpDate: day, Period: p})
	}
	hold := of(&domain.Update{Name: "loyly.example", Add: &domain.AddRem{Status: []epp.Status{{S: "clientHold"}}}})
	held := func(upID string, at time.Time) func(*domain.InfData) {
		return func(m *domain.InfData) {
			m.Status, m.UpID, m.UpDate = []epp.Status{{S: "clientHold"}}, upID, at
		}
	}
	until := func(t time.Time) func(*domain.InfData) { return func(m *domain.InfData) { m.ExDate = t } }
	create := of(&domain.Create{Name: "loyly.example", Registrant: "anna-1", AuthInfo: &epp.AuthInfo{PW: secret}})
	created := func(by string, at time.Time) func(*domain.InfData) {
		return func(m *domain.InfData) { m.CrID, m.CrDate, m.Registrant = by, at, "anna-1" }
	}
	remove := of(&domain.Delete{Name: "loyly.example"})
	free := shows(&domain.ChkData{CD: []domain.CD{{Name: "loyly.example", Avail: true}}})
	taken := shows(&domain.ChkData{CD: []domain.CD{{Name: "loyly.example"}}})
	decided := func(status, reID, acID string, re, ac time.Time) map[string]*epp.Response {
		return map[string]*epp.Response{"transfer": shows(&domain.TrnData{
			Name: "loyly.example", TrStatus: status, ReID: reID, AcID: acID, ReDate: re, AcDate: ac,
		})}
	}
	strange := shows(&domain.InfData{Name: "loyly.example", ROID: "LOYLY1-TEST", ClID: them})
	request := of(&domain.Transfer{Op: epp.TransferRequest, Name: "loyly.example", AuthInfo: &epp.AuthInfo{PW: secret}})
	restore := of(&domain.Update{Name: "loyly.example", Chg: new(domain.Chg)}, &rgp.Update{Restore: rgp.Restore{Op: rgp.OpRequest}})
	deleted := func(stage string) map[string]*epp.Response {
		resp := loyly(func(m *domain.InfData) { m.Status = []epp.Status{{S: "pendingDelete"}} })
		if stage != "" {
			resp.Extension = []epp.Element{&rgp.InfData{RGPStatus: []epp.Status{{S: stage}}}}
		}
		return map[string]*epp.Response{"info": resp}
	}
	approve := of(&domain.Transfer{Op: epp.TransferApprove, Name: "loyly.example"})
	noTransfer := refused(epp.ObjectNotPendingTransfer)
	unshown := func(changes ...func(*domain.InfData)) map[string]*epp.Response {
		return map[string]*epp.Response{"transfer": noTransfer, "info": loyly(all(changes))}
	}
	before := func(changes ...func(*domain.InfData)) func(*reconcile.Options) {
		return func(o *reconcile.Options) { o.Before = loyly(all(changes)) }
	}
	theirs := func(m *domain.InfData) { m.ClID, m.CrID = them, them }
	byThem := func(m *domain.InfData) { m.CrID = them }
	moved := func(at time.Time) func(*domain.InfData) { return func(m *domain.InfData) { m.TrDate = at } }
	cancel := of(&domain.Transfer{Op: epp.TransferCancel, Name: "loyly.example"})
	info := func(change func(*domain.InfData)) map[string]*epp.Response {
		return map[string]*epp.Response{"info": loyly(change)}
	}
	for _, tt := range []struct {
		name    string
		cmd     *epp.Command
		answers map[string]*epp.Response
		change  func(*reconcile.Options)
		want    reconcile.Outcome
		why     string
	}{
		{name: "RFC 5731, 3.2.1 there is none", cmd: create, answers: map[string]*epp.Response{"check": free}, want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.1 there is none, and it can't be had", cmd: create, answers: map[string]*epp.Response{"check": taken}},
		{
			name: "RFC 5731, 3.2.1 there is none, after years", cmd: create, answers: map[string]*epp.Response{"check": free},
			change: func(o *reconcile.Options) { o.Now = func() time.Time { return sent.AddDate(2, 0, 0) } },
		},
		{name: "RFC 5731, 3.2.1 ours, and new", cmd: create, answers: info(created(us, sent)), want: reconcile.Done},
		{name: "RFC 5731, 3.2.1 their clock is slow", cmd: create, answers: info(created(us, sent.Add(-time.Minute))), want: reconcile.Done},
		{name: "RFC 5731, 3.2.1 ours, and older", cmd: create, answers: info(created(us, sent.Add(-2*time.Minute))), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.1 another's", cmd: create, answers: info(created(them, sent)), want: reconcile.NotDone, why: them},
		{
			name: "RFC 5731, 3.2.1 ours, but not so", cmd: create,
			answers: info(func(m *domain.InfData) { m.CrDate, m.Registrant = sent, "otto-1" }), why: "registrant",
		},
		{
			name: "RFC 5731, 3.3 it waits for the registry", cmd: create, want: reconcile.Done, why: "as the command says",
			answers: info(func(m *domain.InfData) {
				m.CrDate, m.Registrant, m.Status = sent, "anna-1", []epp.Status{{S: "pendingCreate"}}
			}),
		},
		{
			name: "RFC 5731, 3.2.1 who asks is not known", cmd: create, answers: info(created(us, sent)),
			change: func(o *reconcile.Options) { o.ClID = "" }, why: "ClID",
		},
		{
			name: "RFC 5731, 3.2.1 when it was sent is not known", cmd: create, answers: info(created(us, sent)),
			change: func(o *reconcile.Options) { o.Sent = time.Time{} },
		},
		{
			name: "RFC 5731, 3.2.1 when it was sent is not known, but that there was none", cmd: create, answers: info(created(us, sent)),
			change: func(o *reconcile.Options) { o.Sent, o.Before = time.Time{}, refused(epp.ObjectDoesNotExist) }, want: reconcile.Done,
		},

		{
			name: "RFC 5731, 3.1.2 another's, of which little is shown", cmd: create, want: reconcile.NotDone,
			answers: map[string]*epp.Response{"info": strange, "transfer": refused(epp.AuthorizationError)},
		},
		{
			name: "RFC 5731, 3.1.3 another's, and was ours", cmd: create,
			answers: map[string]*epp.Response{"info": strange, "transfer": decided(epp.TrServerApproved, them, us, sent, sent)["transfer"]},
		},

		{name: "RFC 5731, 3.1.3 another's, and no transfer is shown", cmd: hold, answers: map[string]*epp.Response{"info": strange, "transfer": noTransfer}},
		{
			name: "RFC 5731, 3.1.3 another's, as before, and no transfer is shown", cmd: hold, answers: map[string]*epp.Response{"info": strange, "transfer": noTransfer},
			change: before(theirs), want: reconcile.NotDone,
		},

		{name: "RFC 5731, 3.2.2 gone", cmd: remove},
		{
			name: "RFC 5731, 3.2.2 gone, and was there", cmd: remove,
			change: func(o *reconcile.Options) { o.Before = loyly(nil) }, want: reconcile.Done,
		},
		{
			name: "RFC 5731, 3.2.2 gone, and had expired", cmd: remove,
			change: func(o *reconcile.Options) { o.Before = loyly(until(sent)) }, why: "itself",
		},
		{
			name: "RFC 5731, 3.2.2 gone, and was another's", cmd: remove,
			change: func(o *reconcile.Options) { o.Before = loyly(func(m *domain.InfData) { m.ClID = them }) },
		},
		{name: "RFC 5731, 3.2.2 there", cmd: remove, answers: info(nil), want: reconcile.NotDone},
		{
			name: "RFC 5731, 3.2.2 another one is there", cmd: remove, want: reconcile.Done,
			answers: info(func(m *domain.InfData) { *m = domain.InfData{Name: m.Name, ROID: "LOYLY2-TEST", ClID: them} }),
			change:  func(o *reconcile.Options) { o.Before = loyly(nil) },
		},
		{
			name: "RFC 5731, 2.3 pendingDelete", cmd: remove, want: reconcile.Done,
			answers: info(func(m *domain.InfData) { m.Status = []epp.Status{{S: "pendingDelete"}} }),
			change:  func(o *reconcile.Options) { o.Before = loyly(nil) },
		},

		{name: "RFC 5731, 3.2.3 as before", cmd: renew(leapDay(2028), years(1)), answers: info(nil), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.3 from a leap day", cmd: renew(leapDay(2028), years(1)), answers: info(until(time.Date(2029, 2, 28, 10, 0, 0, 0, time.UTC))), want: reconcile.Done},
		{name: "RFC 5731, 3.2.3 from a leap day, by registries that go on to March", cmd: renew(leapDay(2028), years(1)), answers: info(until(time.Date(2029, 3, 1, 10, 0, 0, 0, time.UTC))), want: reconcile.Done},
		{name: "RFC 5731, 3.2.3 to a leap day", cmd: renew(leapDay(2028), years(4)), answers: info(until(leapDay(2032))), want: reconcile.Done},
		{name: "RFC 5731, 3.2.3 in months", cmd: renew(leapDay(2028), &epp.Period{N: 6, Unit: epp.Months}), answers: info(until(time.Date(2028, 8, 29, 0, 0, 0, 0, time.UTC))), want: reconcile.Done},
		{name: "RFC 5731, 3.2.3 less than asked for, as with a cap", cmd: renew(leapDay(2028), years(9)), answers: info(until(leapDay(2036)))},
		{name: "RFC 5731, 3.2.3 more than asked for", cmd: renew(leapDay(2028), years(1)), answers: info(until(leapDay(2036))), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.3 by the registry's period", cmd: renew(leapDay(2028), nil), answers: info(until(leapDay(2032))), want: reconcile.Done},
		{
			name: "RFC 5731, 3.2.3 the registry may have renewed it", cmd: renew(leapDay(2028), years(4)), answers: info(until(leapDay(2032))),
			change: func(o *reconcile.Options) { o.Now = func() time.Time { return leapDay(2028) } }, why: "itself",
		},
		{
			name: "RFC 5731, 3.2.3 transferred since", cmd: renew(leapDay(2028), years(4)), why: "transferred",
			answers: info(func(m *domain.InfData) { m.ExDate, m.TrDate = leapDay(2032), sent }),
		},
		{
			name: "RFC 5731, 3.2.3 as before, but about to be deleted", cmd: renew(leapDay(2028), years(4)), why: "deleted",
			answers: info(func(m *domain.InfData) { m.Status = []epp.Status{{S: "pendingDelete"}} }),
		},
		{
			name: "RFC 5731, 3.2.3 renewed before by an equal command", cmd: renew(leapDay(2028), years(4)), answers: info(until(leapDay(2032))),
			change: func(o *reconcile.Options) { o.Before = loyly(until(leapDay(2032))) }, want: reconcile.NotDone,
		},

		{name: "RFC 5731, 3.2.5 not updated", cmd: hold, answers: info(nil), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.5 updated by us", cmd: hold, answers: info(held(us, sent)), want: reconcile.Done},
		{name: "RFC 5731, 3.2.5 so, by another", cmd: hold, answers: info(held(them, sent))},
		{name: "RFC 5731, 3.2.5 so, and before", cmd: hold, answers: info(held(us, sent.Add(-time.Hour))), want: reconcile.NotDone, why: "already"},
		{
			name: "RFC 5731, 3.2.5 so before, and updated since", cmd: hold, answers: info(held(us, sent)), why: "before",
			change: func(o *reconcile.Options) { o.Before = loyly(held(us, sent.Add(-time.Hour))) },
		},
		{name: "RFC 5731, 3.2.5 updated by us, but not so", cmd: hold, answers: info(func(m *domain.InfData) { m.UpID, m.UpDate = us, sent }), why: "add status"},
		{
			name: "RFC 5730, 2 an authInfo that is not shown goes with the rest", want: reconcile.Done, answers: info(held(us, sent)),
			cmd: of(&domain.Update{Name: "loyly.example", Chg: &domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: secret}}}),
		},
		{name: "RFC 3915, 4.2.5 in the redemptionPeriod still", cmd: restore, answers: deleted(rgp.RedemptionPeriod), want: reconcile.NotDone},
		{
			name: "RFC 3915, 4.2.5 in the redemptionPeriod, after days", cmd: restore, answers: deleted(rgp.RedemptionPeriod),
			change: func(o *reconcile.Options) { o.Now = func() time.Time { return sent.AddDate(0, 0, 8) } },
		},
		{name: "RFC 3915, 4.2.5 pendingRestore, by whom is not shown", cmd: restore, answers: deleted(rgp.PendingRestore)},
		{
			name: "RFC 3915, 4.2.5 pendingRestore, and was not", cmd: restore, answers: deleted(rgp.PendingRestore), want: reconcile.Done,
			change: func(o *reconcile.Options) { o.Before = deleted(rgp.RedemptionPeriod)["info"] },
		},
		{
			name: "RFC 3915, 4.2.5 pendingRestore before", cmd: restore, answers: deleted(rgp.PendingRestore), want: reconcile.NotDone,
			change: func(o *reconcile.Options) { o.Before = deleted(rgp.PendingRestore)["info"] },
		},
		{name: "RFC 3915, 4.2.5 deleted, and no more is shown", cmd: restore, answers: deleted("")},
		{
			name: "RFC 5732, 3.2.5 both names are there", cmd: of(&host.Update{Name: "a.example", Chg: &host.Chg{Name: "b.example"}}),
			answers: map[string]*epp.Response{"info": shows(&host.InfData{Name: "a.example", ROID: "A1-TEST", ClID: us, CrID: us, CrDate: long})},
			want:    reconcile.NotDone,
		},

		{name: "RFC 5731, 3.2.4 asked for by us, and rejected", cmd: request, answers: decided(epp.TrClientRejected, us, them, sent, sent), want: reconcile.Done, why: "clientRejected"},
		{name: "RFC 5731, 3.2.4 asked for by us before", cmd: request, answers: decided(epp.TrPending, us, them, long, long), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 asked for by another before", cmd: request, answers: decided(epp.TrPending, "reg-east", them, long, long), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 asked for by another since", cmd: request, answers: decided(epp.TrPending, "reg-east", them, sent, sent)},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is another's", cmd: request, answers: unshown(theirs), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is another's, who shows little", cmd: request, answers: map[string]*epp.Response{"transfer": noTransfer, "info": strange}, want: reconcile.NotDone},
		{
			name: "RFC 5731, 3.2.4 no transfer is shown, and the object is another's, after years", cmd: request, answers: unshown(theirs),
			change: func(o *reconcile.Options) { o.Now = func() time.Time { return sent.AddDate(2, 0, 0) } },
		},
		{
			name: "RFC 5731, 3.2.4 no transfer is shown, and the object is another's, and was before", cmd: request, answers: unshown(theirs),
			change: before(theirs), want: reconcile.NotDone,
		},
		{
			name: "RFC 5731, 3.2.4 no transfer is shown, and the object is another's than before", cmd: request, answers: unshown(theirs),
			change: before(func(m *domain.InfData) { m.ClID = "reg-east" }), why: "may have been transferred",
		},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object went to another since", cmd: request, answers: unshown(theirs, moved(sent))},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is gone", cmd: request, answers: map[string]*epp.Response{"transfer": noTransfer}},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours", cmd: request, answers: unshown(byThem)},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours since", cmd: request, answers: unshown(byThem, moved(sent))},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours since long", cmd: request, answers: unshown(byThem, moved(long)), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and we created the object", cmd: request, answers: unshown(nil), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours and was not", cmd: request, answers: unshown(byThem), change: before(theirs), want: reconcile.Done},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours since and was not", cmd: request, answers: unshown(byThem, moved(sent)), change: before(theirs), want: reconcile.Done},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours, and was", cmd: request, answers: unshown(byThem), change: before(byThem), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours, and was, and came back", cmd: request, answers: unshown(byThem, moved(sent)), change: before(byThem)},
		{
			name: "RFC 5731, 3.2.4 no transfer is shown, and the object is ours by a request that was pending", cmd: request, answers: unshown(byThem, moved(sent)),
			change: before(theirs, func(m *domain.InfData) { m.Status = []epp.Status{{S: "pendingTransfer"}} }), why: "pending",
		},
		{
			name: "RFC 5731, 3.2.4 no transfer is shown, and the object is another one", cmd: request, answers: unshown(byThem),
			change: before(theirs, func(m *domain.InfData) { m.ROID = "LOYLY0-TEST" }), why: "another one",
		},
		{name: "RFC 5731, 3.2.4 approved by the sponsor, who we are not", cmd: approve, answers: decided(epp.TrClientApproved, us, them, sent.Add(-time.Hour), sent), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 approved by us", cmd: approve, answers: decided(epp.TrClientApproved, them, us, sent.Add(-time.Hour), sent), want: reconcile.Done},
		{name: "RFC 5731, 3.2.4 approved by the registry", cmd: approve, answers: decided(epp.TrServerApproved, them, us, sent.Add(-time.Hour), sent), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 approved by us before", cmd: approve, answers: decided(epp.TrClientApproved, them, us, long, long), want: reconcile.NotDone},
		{name: "RFC 5731, 3.2.4 asked for again", cmd: approve, answers: decided(epp.TrPending, them, us, sent.Add(time.Second), sent)},
		{name: "RFC 5731, 3.2.4 no transfer is shown", cmd: approve, answers: map[string]*epp.Response{"transfer": refused(epp.ObjectNotPendingTransfer)}},
		{name: "RFC 5731, 3.2.4 cancelled", cmd: cancel, answers: decided(epp.TrClientCancelled, us, them, sent.Add(-time.Hour), sent), want: reconcile.Done},
		{name: "RFC 5731, 3.2.4 rejected instead", cmd: cancel, answers: decided(epp.TrClientRejected, us, them, sent.Add(-time.Hour), sent), want: reconcile.NotDone},

		{name: "an extension that is not compared", cmd: of(create.Request, &launch.Create{}), answers: info(created(us, sent)), why: "launch:create"},
		{name: "RFC 8748 a price is no part of the object", cmd: of(create.Request, &fee.Create{}), answers: info(created(us, sent)), want: reconcile.Done},
		{name: "a command of no known type", cmd: of(&epp.Raw{}), why: "nothing"},
		{name: "a protocol extension's command", cmd: of(nicfred.SendAuthInfo(&fredcontact.SendAuthInfo{ID: "CID-0"})), why: "nothing"},
		{name: "a query", cmd: of(&domain.Info{Name: "loyly.example"}), why: "query"},
		{name: "the registry does not say", cmd: hold, answers: map[string]*epp.Response{"info": refused(epp.UnimplementedCommand)}, why: "2101"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := options()
			if tt.change != nil {
				tt.change(&opts)
			}
			v, err := reconcile.Reconcile(t.Context(), &desk{answers: tt.answers}, tt.cmd, opts)
			require.NoError(t, err)
			require.Equal(t, tt.want, v.Outcome, "%v", v)
			require.Contains(t, v.Why, tt.why)
			require.NotEmpty(t, v.Why)
		})
	}
}

// TestPollAck: a queue is first in, first out (RFC 5730, section 2.9.2.3).
func TestPollAck(t *testing.T) {
	message := func(id string) *epp.Response {
		return &epp.Response{Results: []epp.Result{{Code: epp.AckToDequeue}}, MsgQ: &epp.MsgQ{Count: 2, ID: id}}
	}
	empty := &epp.Response{Results: []epp.Result{{Code: epp.NoMessages}}}
	for _, tt := range []struct {
		name        string
		before, now *epp.Response
		want        reconcile.Outcome
	}{
		{"the first still", message("7"), message("7"), reconcile.NotDone},
		{"the first still, and not known before", nil, message("7"), reconcile.NotDone},
		{"the next", message("7"), message("8"), reconcile.Done},
		{"none", message("7"), empty, reconcile.Done},
		{"another, and not known before", nil, message("8"), reconcile.CantTell},
		{"none, and not known before", nil, empty, reconcile.CantTell},
		{"it was not the first", message("6"), message("8"), reconcile.CantTell},
	} {
		t.Run(tt.name, func(t *testing.T) {
			opts := options()
			opts.Before = tt.before
			v, err := reconcile.Reconcile(t.Context(), &desk{answers: map[string]*epp.Response{"poll": tt.now}},
				of(&epp.Poll{Op: epp.PollAck, MsgID: "7"}), opts)
			require.NoError(t, err)
			require.Equal(t, tt.want, v.Outcome, "%v", v)
		})
	}
}

func TestNamestoreGoesAlong(t *testing.T) {
	d := &desk{answers: map[string]*epp.Response{"info": loyly(nil)}}
	_, err := reconcile.Reconcile(t.Context(), d, of(&domain.Delete{Name: "loyly.example"}, &namestore.NamestoreExt{SubProduct: "dotEXAMPLE"}), options())
	require.NoError(t, err)
	require.Len(t, d.asked, 1)
	require.Equal(t, []epp.Element{&namestore.NamestoreExt{SubProduct: "dotEXAMPLE"}}, d.asked[0].Extension)
}

// TestQueriesAlone: nothing that Reconcile sends changes anything.
func TestQueriesAlone(t *testing.T) {
	for _, tt := range faultRows {
		for _, code := range []epp.Code{epp.ObjectDoesNotExist, epp.AuthorizationError} {
			d := &desk{answers: map[string]*epp.Response{"info": refused(code), "transfer": refused(code)}}
			_, err := reconcile.Reconcile(t.Context(), d, tt.cmd, options())
			require.NoError(t, err)
			for _, cmd := range d.asked {
				require.True(t, cmd.IsQuery(), describe(cmd))
			}
		}
	}
}

func TestErrors(t *testing.T) {
	lost := &client.Error{Op: "domain:info", Fate: client.Unknown, Err: errors.New("the connection is gone")}
	v, err := reconcile.Reconcile(t.Context(), &desk{err: lost}, of(&domain.Delete{Name: "loyly.example"}), options())
	require.ErrorIs(t, err, lost)
	require.Equal(t, reconcile.CantTell, v.Outcome)
	require.Contains(t, v.Why, "the connection is gone")

	d := &desk{answers: map[string]*epp.Response{"info": refused(epp.CommandFailed)}}
	v, err = reconcile.Reconcile(t.Context(), d, of(&domain.Delete{Name: "loyly.example"}), options())
	require.ErrorIs(t, err, epp.CommandFailed)
	require.Equal(t, reconcile.CantTell, v.Outcome)
	require.Len(t, v.Asked, 1)

	_, err = reconcile.Reconcile(t.Context(), d, nil, options())
	require.Error(t, err)
}

func TestVerdict(t *testing.T) {
	const newSecret, oldSecret = "loyly-Secret7", "kiuas-Secret7"
	cmd := of(&domain.Update{Name: "loyly.example", Chg: &domain.Chg{
		Registrant: new("anna-1"), AuthInfo: &domain.AuthInfoChg{PW: newSecret},
	}})
	cmd.ClTRID = "OURS-1"
	d := &desk{answers: map[string]*epp.Response{"info": loyly(func(m *domain.InfData) {
		m.Registrant, m.UpID, m.UpDate, m.AuthInfo = "anna-1", us, sent, &epp.AuthInfo{PW: oldSecret}
	})}}
	v, err := reconcile.Reconcile(t.Context(), d, cmd, options())
	require.NoError(t, err)
	require.Equal(t, "domain:update loyly.example: can't tell: the object was updated since by reg-north, "+
		"but not all is as the command says: authInfo", v.String())
	require.Equal(t, []reconcile.Field{
		{Name: "authInfo", Asked: []string{epp.Redacted}, Shown: []string{epp.Redacted}, Match: reconcile.Differs},
		{Name: "registrant", Asked: []string{"anna-1"}, Shown: []string{"anna-1"}, Match: reconcile.Agrees},
	}, v.Fields)

	require.Equal(t, "OURS-1", v.ClTRID)
	text, err := json.Marshal(v)
	require.NoError(t, err)
	for _, s := range []string{string(text), v.String(), fmt.Sprintf("%v %+v", v, v)} {
		require.NotContains(t, s, newSecret)
		require.NotContains(t, s, oldSecret)
	}
	require.Contains(t, string(text), `"outcome":"can't tell"`)
	require.Contains(t, string(text), `"asked":[{"query":"domain:info","code":1000}]`)
	var back reconcile.Verdict
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, v.Fields, back.Fields)
	require.Error(t, new(reconcile.Outcome).UnmarshalText([]byte("perhaps")))
}
