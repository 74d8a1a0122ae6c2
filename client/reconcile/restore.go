package reconcile

import (
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp/rgp"
)

// A stage is how far a deleted domain has come back (RFC 3915, section 2).
type stage int

const (
	unknownStage stage = iota
	deletedStage
	restoringStage // the report is waited for
	restoredStage
)

func (m *state) stage() stage {
	switch {
	case !m.there || !m.full:
		return unknownStage
	case slices.Contains(m.rgp, rgp.PendingRestore) || m.has("pendingRestore"):
		return restoringStage
	case !m.has("pendingDelete"):
		return restoredStage
	case slices.Contains(m.rgp, rgp.RedemptionPeriod) || slices.Contains(m.rgp, rgp.PendingDelete):
		return deletedStage
	}
	return unknownStage
}

// unreported is for how long a registry surely waits for the report on a restore, before
// it takes the domain back to the redemptionPeriod.
const unreported = 24 * time.Hour

// restore has taken a deleted domain a step further.
func restore(x *inquiry, st *state) {
	from := deletedStage
	if x.s.wish.restore == rgp.OpReport {
		from = restoringStage
	}
	before := unknownStage
	if b := x.before; b != nil && b.roid == st.roid && x.ours(b.clID) {
		before = b.stage()
	}
	now := st.stage()
	late := x.opts.Sent.IsZero() || x.opts.Now().Sub(x.opts.Sent) >= unreported
	switch {
	case !x.s.wish.empty() || !x.ours(st.clID):
		x.say(CantTell, "the domain is not ours, or more than a restore was asked for")
	case now == unknownStage:
		x.say(CantTell, "whether the domain is restored is not shown")
	case before != unknownStage && before != from && before == now && !late:
		x.say(NotDone, "the restore had come to the same step before")
	case now > from && (before == from || before == unknownStage && x.updated(st)):
		x.v.Pending = now == restoringStage
		x.say(Done, "the restore has come a step further")
	case now > from:
		x.say(CantTell, "the domain is restored, or about to be, and since when is not shown")
	case now == deletedStage && from == deletedStage && !late:
		x.say(NotDone, "the domain is still deleted")
	default:
		x.say(CantTell, "the domain is not restored, but the restore may have come back from a step further")
	}
}
