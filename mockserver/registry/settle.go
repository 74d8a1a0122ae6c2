package registry

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// patience is how often a record may fall due again at one moment. One that does more
// often does not move on.
const patience = 100

// settle lets happen what is due until now, in order, each thing at its own time. The
// State's lock is held.
//
// It all happens in one step, which is fast. Where that fails, it happens again one by
// one, and what fails then is logged and not due any more: a fault in what a registry does
// by itself must not end the registry.
func (s *State) settle(now time.Time) {
	if _, ok := s.due(now); !ok {
		return
	}
	tx := s.begin(now)
	err := tx.settle(now)
	if err == nil {
		err = s.commit(tx)
	}
	if err != nil && !s.unkept(err) {
		s.settleEach(now)
	}
}

// due is the first thing that is due by now.
func (s *State) due(now time.Time) (due, bool) {
	d, ok := s.current.Load().due.Min()
	return d, ok && d.at <= nanos(now)
}

// unkept reports whether a change failed because the disk did not take it: then all stays
// as it is, and is tried again.
func (s *State) unkept(err error) bool {
	var keep *keepError
	if errors.As(err, &keep) {
		s.opts.Log.Error("registry: what fell due is put off", "error", err)
		return true
	}
	return false
}

func (s *State) settleEach(now time.Time) {
	var last due
	same := 0
	for d, ok := s.due(now); ok; d, ok = s.due(now) {
		if same++; d != last {
			last, same = d, 1
		}
		tx := s.begin(now)
		err := tx.happen(d)
		if err == nil && same > patience {
			err = tx.again(d)
		}
		if err == nil {
			err = s.commit(tx)
		}
		if err == nil {
			continue
		}
		if s.unkept(err) {
			return
		}
		t := s.tables[d.table]
		s.opts.Log.Error("registry: what fell due failed, and does not happen", "record", Ref{t.name, d.key}.String(), "at", d.time(), "error", err)
		drop := s.begin(now)
		drop.own(t)
		drop.View.due.Delete(d)
		drop.dropped = true
		s.publish(&drop.View)
	}
}

func (d due) time() time.Time { return time.Unix(0, d.at).UTC() }

// settle lets everything happen that is due until now.
func (tx *Tx) settle(now time.Time) error {
	var last due
	same := 0
	for {
		d, ok := tx.View.due.Min()
		if !ok || d.at > nanos(now) {
			tx.now = now
			return nil
		}
		if same++; d != last {
			last, same = d, 1
		}
		if same > patience {
			return tx.again(d)
		}
		if err := tx.happen(d); err != nil {
			return err
		}
	}
}

func (tx *Tx) again(d due) error {
	return fmt.Errorf("registry: %s %s falls due again and again at %s", tx.state.tables[d.table].name, d.key, d.time())
}

// happen lets one thing happen. A panic is an error.
func (tx *Tx) happen(d due) (err error) {
	t := tx.state.tables[d.table]
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("registry: %s %s falls due: panic: %v\n%s", t.name, d.key, v, debug.Stack())
		}
	}()
	tx.own(t)
	tx.View.due.Delete(d)
	tx.dropped = true
	if r, there := tx.tables[d.table].Get(d.key); there && t.event != nil {
		tx.now, tx.rand = d.time(), nil
		t.event(tx, r)
	}
	return tx.fault
}

// A keepError is a change that the disk did not take. It did not happen.
type keepError struct{ cause error }

func (e *keepError) Error() string {
	return fmt.Sprintf("registry: the change can't be kept, and did not happen: %v", e.cause)
}

func (e *keepError) Unwrap() error { return e.cause }
