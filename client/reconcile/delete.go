package reconcile

import "time"

// idle is after what time a registry may remove an object that nothing uses. FRED does
// after six months.
const idle = 150 * 24 * time.Hour

// removable reports whether the registry may have removed an object by itself since it was
// seen: a domain that has expired or is deleted already, or what has not been touched for
// long.
func (x *inquiry) removable(st *state) bool {
	if st.has("pendingDelete") {
		return true
	}
	if !st.exDate.IsZero() {
		return x.past(st.exDate)
	}
	touched := st.crDate
	for _, t := range []time.Time{st.upDate, st.trDate} {
		if t.After(touched) {
			touched = t
		}
	}
	return x.s.idles && x.past(touched.Add(idle))
}

// remove has deleted an object that was there before, and is gone or on its way.
func remove(x *inquiry) error {
	st, err := x.look(x.s.info)
	if err != nil || st == nil {
		return err
	}
	b := x.before
	known := b != nil && b.there && b.roid != ""
	gone := func(why string) {
		switch {
		case !known:
			x.say(CantTell, "%s; whether it was there before is not known (Options.Before)", why)
		case x.removable(b):
			x.say(CantTell, "%s; but the registry may have removed it itself", why)
		case !x.ours(b.clID):
			x.say(CantTell, "%s; but it was not ours before", why)
		default:
			x.say(Done, "%s, and was there before", why)
		}
	}
	switch {
	case b != nil && !b.there:
		x.say(CantTell, "the object was not there before")
	case !st.there:
		gone("the object is not there any more")
	case known && st.roid != "" && st.roid != b.roid:
		gone("the object of that name is another one by now")
	case st.has("pendingDelete"):
		gone("the object is about to be deleted (pendingDelete)")
		x.v.Pending = x.v.Outcome == Done
	case known && st.roid == b.roid:
		x.say(NotDone, "the object is there, and is not about to be deleted")
	case st.full && !st.crDate.IsZero() && x.earlierThan(st.crDate):
		x.say(NotDone, "the object is there since %s, and is not about to be deleted", timeOf(st.crDate))
	default:
		x.say(CantTell, "an object of that name is there, which may be another one")
	}
	return nil
}
