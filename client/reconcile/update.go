package reconcile

// update has changed the object, if what it asks for is the case, was not, and the latest
// update is ours and not older than the command.
func update(x *inquiry) error {
	st, err := x.look(x.s.info)
	if err != nil || st == nil {
		return err
	}
	if x.s.renamed.ask != nil {
		next, err := x.look(x.s.renamed)
		if err != nil || next == nil {
			return err
		}
		switch {
		case st.there && next.there:
			delete(x.s.wish.set, "name") // another host is in the way; the command was refused, if it came
			x.say(NotDone, "the host has its old name, and another has the new one")
			if !x.unchanged(st) {
				x.say(CantTell, "both names are there, and the host was updated since")
			}
			return nil
		case next.there:
			st = next
		}
	}
	switch {
	case !st.there:
		x.say(CantTell, "the object is not there any more")
		return nil
	case !st.full:
		return x.hidden(st)
	case x.opts.ClID == "":
		x.say(CantTell, "who asks is not known (Options.ClID)")
		return nil
	}
	x.compare(st)
	if x.s.wish.restore != "" {
		restore(x, st)
		return nil
	}
	if x.s.wish.empty() {
		x.say(CantTell, "the command asks for nothing that could be seen")
		return nil
	}
	differs := x.v.count(Differs)
	switch {
	case x.before != nil && x.before.roid != "" && x.before.roid != st.roid:
		x.say(CantTell, "the object of that name is another one by now")
	case x.unchanged(st) && differs+x.v.count(NotShown) == 0:
		x.say(NotDone, "the object was not updated since the command was sent; all was as it says already")
	case x.unchanged(st):
		x.say(NotDone, "the object was not updated since the command was sent")
	case differs > 0:
		x.say(CantTell, "the object was updated since by %s, but not all is as the command says: %s", who(st.upID), x.v.namesOf(Differs))
	case !x.updated(st):
		x.say(CantTell, "all is as the command says, but who updated the object when is not shown, or does not fit")
	case x.allBefore():
		x.say(CantTell, "all is as the command says, but it was so before")
	default:
		x.say(Done, "the object was updated by %s at %s, and is as the command says", who(st.upID), timeOf(st.upDate))
	}
	x.v.Pending = x.v.Outcome == Done && st.has("pendingUpdate")
	return nil
}

// unchanged reports whether nobody has updated the object since the command was sent (RFC
// 5731, section 3.1.2: upDate is absent until somebody does).
func (x *inquiry) unchanged(st *state) bool {
	if x.earlierThan(st.upDate) {
		return true
	}
	// Two updates in one second have the same time.
	b := x.before
	return b != nil && b.full && b.upDate.Equal(st.upDate) && b.upID == st.upID && (b.upDate.IsZero() || x.v.count(Differs) > 0)
}

// updated reports whether the latest update is ours, and can be the command.
func (x *inquiry) updated(st *state) bool {
	if !x.ours(st.upID) || st.upDate.IsZero() {
		return false
	}
	if b := x.before; b != nil && b.full {
		return st.upDate.After(b.upDate) && (x.opts.Sent.IsZero() || x.after(st.upDate))
	}
	return x.after(st.upDate)
}

// allBefore reports whether everything that the command asks for was so before.
func (x *inquiry) allBefore() bool {
	for _, f := range x.v.Fields {
		if !f.Before {
			return false
		}
	}
	return x.before != nil
}

func who(clID string) string {
	if clID == "" {
		return "somebody"
	}
	return clID
}
