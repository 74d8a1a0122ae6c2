package reconcile

// create has made the object that is there, if it is ours and not older than the command.
func create(x *inquiry) error {
	st, err := x.look(x.s.info)
	if err != nil || st == nil {
		return err
	}
	switch {
	case !st.there:
		err = createAbsent(x)
	case !st.full:
		err = createHidden(x, st)
	default:
		createShown(x, st)
	}
	if x.v.Outcome == NotDone && !x.soon() && (st.crDate.IsZero() || !x.earlierThan(st.crDate)) {
		x.say(CantTell, "%s; but since the command was sent it may have been there, and been removed", x.v.Why)
	}
	return err
}

// createShown looks at who created the object, and when.
func createShown(x *inquiry, st *state) {
	if x.s.period != nil && !st.exDate.IsZero() {
		x.s.wish.set.put("exDate", dayOf(addPeriod(st.crDate, x.s.period)))
		st.values.put("exDate", dayOf(st.exDate))
		if near(st.exDate, addPeriod(st.crDate, x.s.period)) {
			st.values.put("exDate", x.s.wish.set["exDate"]...)
		}
	}
	b := x.before
	switch {
	case b != nil && b.there && b.roid != "" && b.roid == st.roid:
		x.say(NotDone, "the object was there before")
	case x.earlierThan(st.crDate) && !st.crDate.IsZero():
		x.say(NotDone, "the object was created earlier, at %s", timeOf(st.crDate))
	case x.opts.ClID == "":
		x.say(CantTell, "the object is there, and who asks is not known (Options.ClID)")
	case st.crID == "":
		x.say(CantTell, "the object is there, and who created it is not shown")
	case !x.ours(st.crID):
		x.say(NotDone, "the object was created by %s", st.crID)
	case !x.after(st.crDate) && (b == nil || b.there):
		x.say(CantTell, "the object is there and %s created it, but when the command was sent is not known", st.crID)
	default:
		x.compare(st)
		if x.v.count(Differs) > 0 {
			x.say(CantTell, "the object was created by %s at %s, but not as the command says: %s",
				st.crID, timeOf(st.crDate), x.v.namesOf(Differs))
			return
		}
		x.v.Pending = st.has("pendingCreate")
		x.say(Done, "the object was created by %s at %s, as the command says", st.crID, timeOf(st.crDate))
	}
}

// createAbsent tells a name that is free from one that somebody was the owner of a short
// time ago, which many registries protect: that may have been the command's.
func createAbsent(x *inquiry) error {
	a, err := x.ask(x.s.check)
	if err != nil {
		return err
	}
	avail, ok := available(a.data)
	switch {
	case !ok:
		x.say(CantTell, "the object is not there, and whether it can be created is not said (%d)", a.code)
	case avail:
		x.say(NotDone, "the object is not there, and can be created")
	default:
		x.say(CantTell, "the object is not there, but can't be created either")
	}
	return nil
}

// createHidden looks whether an object of another registrar has been ours.
func createHidden(x *inquiry, st *state) error {
	strange, err := x.neverOurs(st)
	if err != nil {
		return err
	}
	if strange {
		x.say(NotDone, "the object is another registrar's%s", by(st.clID))
	} else {
		x.say(CantTell, "the object is there, but not shown%s", by(st.clID))
	}
	return nil
}
