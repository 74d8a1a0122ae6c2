package reconcile

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
)

// A transfer is the latest of an object.
type transfer struct {
	status         string
	reID, acID     string
	reDate, acDate time.Time
}

func transferOf(data epp.Element) *transfer {
	switch m := data.(type) {
	case *domain.TrnData:
		return &transfer{status: m.TrStatus, reID: m.ReID, acID: m.AcID, reDate: m.ReDate, acDate: m.AcDate}
	case *contact.TrnData:
		return &transfer{status: m.TrStatus, reID: m.ReID, acID: m.AcID, reDate: m.ReDate, acDate: m.AcDate}
	}
	return nil
}

// ready says that what the rules of transfers need is not known.
func (x *inquiry) ready() bool {
	switch {
	case x.opts.ClID == "":
		x.say(CantTell, "who asks is not known (Options.ClID)")
	case x.opts.Sent.IsZero():
		x.say(CantTell, "when the command was sent is not known (Options.Sent)")
	default:
		return true
	}
	return false
}

// neverOurs reports whether an object of which little is shown belongs to another
// registrar, and has since before the command was sent. Both sides of the latest transfer
// may ask how it went, and nobody else (RFC 5730, section 2.9.2.4): who may not has not
// lost the object by it.
func (x *inquiry) neverOurs(st *state) (bool, error) {
	if x.opts.ClID == "" || x.ours(st.clID) || x.s.transfers == nil {
		return false, nil
	}
	a, err := x.ask(x.s.transfers(nil))
	if err != nil {
		return false, err
	}
	t := transferOf(a.data)
	switch {
	case t == nil:
		// A registry that shows only what is pending says 2301 of a transfer that has ended, too.
		b := x.before
		return a.code == epp.AuthorizationError || a.code == epp.ObjectNotPendingTransfer && b != nil && b.clID == st.clID, nil
	case x.ours(t.acID) || x.ours(t.reID): // it has been ours, or was to be
		return t.status != epp.TrPending && !x.ours(t.reID) && x.earlierThan(t.acDate), nil
	}
	return true, nil
}

// hidden is what is left to say where the object is not shown, for a command that only
// its sponsor may give.
func (x *inquiry) hidden(st *state) error {
	strange, err := x.neverOurs(st)
	if err != nil {
		return err
	}
	if strange && x.soon() && (x.before == nil || !x.ours(x.before.clID)) {
		x.say(NotDone, "the object is another registrar's%s", by(st.clID))
	} else {
		x.say(CantTell, "the object is there, but not shown%s", by(st.clID))
	}
	return nil
}

func by(clID string) string {
	if clID == "" {
		return ""
	}
	return ", " + clID + "'s"
}

// request has begun the latest transfer, if that is ours and not older than the command.
func request(x *inquiry) error {
	if !x.ready() {
		return nil
	}
	a, err := x.ask(x.s.transfers(nil))
	if err == nil && a.code == epp.AuthorizationError && x.s.authInfo != nil {
		// We are no side of the latest transfer, which may be another's.
		a, err = x.ask(x.s.transfers(x.s.authInfo))
	}
	if err != nil {
		return err
	}
	t := transferOf(a.data)
	switch {
	case t != nil && x.ours(t.reID) && x.after(t.reDate):
		x.v.Pending = t.status == epp.TrPending
		x.say(Done, "%s asked for the transfer at %s; it is %s", t.reID, timeOf(t.reDate), t.status)
	case t != nil && x.earlierThan(t.reDate):
		x.say(NotDone, "the latest transfer is older: %s asked for it at %s", t.reID, timeOf(t.reDate))
	case t != nil:
		x.say(CantTell, "%s has asked for a transfer since, at %s", t.reID, timeOf(t.reDate))
	case a.code == epp.ObjectNotPendingTransfer:
		return x.noneShown()
	case a.code == epp.ObjectDoesNotExist:
		x.say(CantTell, "the object is not there any more")
	default:
		x.say(CantTell, "the registry does not say how the latest transfer went (%d)", a.code)
	}
	return nil
}

// noneShown is left to say of a request where the registry shows no transfer. There may
// have been none; but a registry that shows only what is pending, or that transfers at
// once, answers so after it has carried the command out.
func (x *inquiry) noneShown() error {
	st, err := x.look(x.s.info)
	if err != nil || st == nil {
		return err
	}
	b := x.before
	if b != nil && (!b.there || b.clID == "") {
		b = nil
	}
	moved := !st.trDate.IsZero() && !x.earlierThan(st.trDate) && (b == nil || !b.trDate.Equal(st.trDate))
	switch {
	case !st.there:
		x.say(CantTell, "the object is not there any more")
	case st.clID == "" && st.roid != "":
		x.say(CantTell, "there is no transfer, and whose the object is is not shown")
	case b != nil && st.roid != "" && b.roid != st.roid:
		x.say(CantTell, "there is no transfer, and the object of that name is another one by now")
	case !st.trDate.IsZero() && x.earlierThan(st.trDate):
		x.say(NotDone, "there is no transfer, and the object is %s's since %s", st.clID, timeOf(st.trDate))
	case b != nil && b.clID == st.clID && !moved:
		x.say(NotDone, "there is no transfer, and the object is %s's, as before", st.clID)
	case x.ours(st.clID) && x.ours(st.crID) && st.trDate.IsZero() && x.earlierThan(st.crDate):
		x.say(NotDone, "there is no transfer, and the object is ours since we created it")
	case !x.ours(st.clID) && (b == nil || st.clID == "") && !moved && x.soon(): // its sponsor would see it
		x.say(NotDone, "there is no transfer, and the object is another registrar's%s", by(st.clID))
	case !x.ours(st.clID) || b == nil || x.ours(b.clID):
		x.say(CantTell, "there is no transfer, but the object may have been transferred since%s", by(st.clID))
	case b.has("pendingTransfer"):
		x.say(CantTell, "the object is ours now, but by an earlier request that was pending, it may be")
	default:
		x.say(Done, "the object is ours now, and was %s's before", b.clID)
	}
	return nil
}

// decide has ended the latest transfer, if that ended so, by us, and not before the
// command.
func decide(x *inquiry) error {
	if !x.ready() {
		return nil
	}
	a, err := x.ask(x.s.transfers(nil))
	if err != nil {
		return err
	}
	t := transferOf(a.data)
	if t == nil {
		x.say(CantTell, "the registry does not say how the latest transfer went (%d)", a.code)
		return nil
	}
	want, who := epp.TrClientApproved, t.acID
	switch x.s.op {
	case epp.TransferReject:
		want = epp.TrClientRejected
	case epp.TransferCancel:
		want, who = epp.TrClientCancelled, t.reID
	}
	switch {
	case t.status == want && x.ours(who) && x.after(t.acDate):
		x.say(Done, "the transfer is %s, by %s at %s", t.status, who, timeOf(t.acDate))
	case !x.earlierThan(t.reDate):
		x.say(CantTell, "the latest transfer may have begun after the command, at %s", timeOf(t.reDate))
	case t.status == epp.TrPending:
		x.say(NotDone, "the transfer is pending")
	case t.status == want && x.ours(who):
		x.say(NotDone, "the transfer was %s before, at %s", t.status, timeOf(t.acDate))
	default:
		x.say(NotDone, "the transfer is %s, at %s", t.status, timeOf(t.acDate))
	}
	return nil
}

// take is a transfer that takes effect at once, as FRED's: the object is ours now, and has
// been since the command.
func take(x *inquiry) error {
	if !x.ready() {
		return nil
	}
	st, err := x.look(x.s.info)
	if err != nil || st == nil {
		return err
	}
	switch {
	case !st.there:
		x.say(CantTell, "the object is not there any more")
	case !st.full:
		x.say(CantTell, "the object is there, but not shown%s", by(st.clID))
	case x.ours(st.clID) && x.after(st.trDate):
		x.say(Done, "the object is ours since %s", timeOf(st.trDate))
	case x.earlierThan(st.trDate) && x.earlierThan(st.crDate):
		x.say(NotDone, "the object is %s's, and was not transferred since", st.clID)
	default:
		x.say(CantTell, "the object is %s's, and was created or transferred since", st.clID)
	}
	return nil
}
