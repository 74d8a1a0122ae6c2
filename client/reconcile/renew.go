package reconcile

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// A renewal is the day on which a domain would expire without it.
type renewal time.Time

// renew has moved the day on which the domain expires, from the one that the command names
// by its period.
func renew(x *inquiry) error {
	st, err := x.look(x.s.info)
	if err != nil || st == nil {
		return err
	}
	was := time.Time(x.s.expires)
	day := dayOf(st.exDate)
	switch {
	case !st.there:
		x.say(CantTell, "the domain is not there any more")
		return nil
	case !st.full:
		return x.hidden(st)
	case st.exDate.IsZero():
		x.say(CantTell, "when the domain expires is not shown")
		return nil
	case st.has("pendingDelete"):
		x.say(CantTell, "the domain is about to be deleted, which may have taken a renewal back")
		return nil
	case st.has("pendingRenew"):
		x.say(CantTell, "a renewal waits for the registry, and whose it is is not shown")
		return nil
	}
	x.compare(st)
	// What else moves the day: the registry at the end, a transfer, the registry's staff.
	foreign := ""
	switch b := x.before; {
	case x.opts.ClID == "" || !x.ours(st.clID):
		foreign = "the domain is not ours"
	case x.past(was.Add(-zones)):
		foreign = "the registry may have renewed it itself by now"
	case x.opts.Sent.IsZero() && b == nil:
		foreign = "when the command was sent is not known"
	case b != nil && b.there && !b.exDate.IsZero() && !near(b.exDate, was):
		foreign = "it would not have expired on " + dayOf(was)
	case !st.trDate.IsZero() && !x.earlierThan(st.trDate) && (b == nil || !b.trDate.Equal(st.trDate)):
		foreign = "the domain was transferred at " + timeOf(st.trDate)
	case st.upID != "" && !x.ours(st.upID) && !x.earlierThan(st.upDate) && (b == nil || !b.upDate.Equal(st.upDate)):
		foreign = st.upID + " changed it at " + timeOf(st.upDate)
	}
	moved := near(st.exDate, addPeriod(was, x.s.period))
	if x.s.period == nil {
		moved = wholeMonths(was, st.exDate)
	}
	switch {
	case near(st.exDate, was):
		if x.v.count(Differs) == 0 && len(x.v.Fields) > 0 {
			x.say(CantTell, "the domain expires on %s as before, but the rest is as the command says", day)
			return nil
		}
		if !x.ours(st.clID) && !(x.earlierThan(st.trDate) && x.earlierThan(st.crDate)) {
			x.say(CantTell, "the domain expires on %s as before, but %s", day, foreign)
			return nil
		}
		x.say(NotDone, "the domain expires on %s as before", day)
	case x.before != nil && x.before.exDate.Equal(st.exDate) && x.ours(st.clID) && !x.past(st.exDate):
		x.say(NotDone, "the domain expires on %s as before, which is not the day that the command names", day)
	case !moved && foreign == "" && x.unexplained(st.exDate):
		x.say(NotDone, "the domain expires on %s, where the command would not have put it", day)
	case !moved:
		x.say(CantTell, "the domain expires on %s, which the command does not explain", day)
	case foreign != "":
		x.say(CantTell, "the domain expires on %s as the command has it, but %s", day, foreign)
	case x.v.count(Differs) > 0:
		x.say(CantTell, "the domain expires on %s as the command has it, but not all is as it says: %s", day, x.v.namesOf(Differs))
	default:
		x.say(Done, "the domain expires on %s, and would have on %s", day, dayOf(was))
	}
	return nil
}

// unexplained reports whether no execution of the command can have led to a day, not even
// one that was cut short by how far ahead a domain may expire.
func (x *inquiry) unexplained(t time.Time) bool {
	was := time.Time(x.s.expires)
	if t.Before(was.Add(-zones)) {
		return true
	}
	return x.s.period != nil && t.After(addPeriod(was, x.s.period).Add(24*time.Hour+zones))
}

// zones is how far the days of two places may be apart.
const zones = 26 * time.Hour

// near reports whether two times are of one day, somewhere. A period that ends on a day
// that its month does not have may end a day later.
func near(t, day time.Time) bool {
	d := t.Sub(day)
	return -zones <= d && d <= 24*time.Hour+zones
}

// addPeriod counts as registries do: the last day of a month stays in it.
func addPeriod(t time.Time, p *epp.Period) time.Time {
	if p == nil {
		return t
	}
	months := p.N
	if p.Unit != epp.Months {
		months *= 12
	}
	return addMonths(t, months)
}

func addMonths(t time.Time, months int) time.Time {
	y, m, d := t.Date()
	first := time.Date(y, m+time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// wholeMonths reports whether a period of the registry's choice may be between two days.
func wholeMonths(from, to time.Time) bool {
	for months := 1; months <= 1200; months++ {
		if near(to, addMonths(from, months)) {
			return true
		}
	}
	return false
}

func dayOf(t time.Time) string { return t.Format(time.DateOnly) }

func timeOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }
