package fred

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	nic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// RequestFee is what commands cost beyond those of a month that cost nothing. A
// registrar that has sent any is told so each day (requestFeeInfoData).
type RequestFee struct {
	Free  uint64          `yaml:"free"`  // commands of a month
	Price registry.Amount `yaml:"price"` // of each one more
}

// Requests are the commands of a registrar in a month.
type Requests struct {
	ClID string    `json:"clID"`
	From time.Time `json:"from"` // when the month began
	N    uint64    `json:"n"`
	At   time.Time `json:"at"` // when the registrar is told, and the day is over
}

// Key is the clID.
func (q *Requests) Key() string { return q.ClID }

// Due is when the registrar is told.
func (q *Requests) Due() time.Time { return q.At }

// Finish counts a command, where they are counted (see [mockserver.Finisher]).
func (r *Registry) Finish(x *mockserver.Exchange, _ *epp.Response) {
	if r.opts.RequestFee == nil || x.ClID() == "" {
		return
	}
	_ = r.Change(func(tx *registry.Tx) error { // nothing in it can fail
		q := Requests{ClID: x.ClID()}
		if old := r.requests.Get(tx, x.ClID()); old != nil {
			q = *old
		} else {
			today := r.life.today(tx.Now())
			q.From = r.life.at(today, 1-today.Day(), 0)
			q.At = r.life.at(today, 1, 0)
		}
		q.N++
		r.requests.Put(tx, &q)
		return nil
	})
}

// dayOver tells a registrar what it has sent this month. The count ends with the month.
func (r *Registry) dayOver(tx *registry.Tx, q *Requests) {
	m := &nic.RequestFeeInfoData{
		PeriodFrom: q.From, PeriodTo: q.At.Add(-time.Second),
		TotalFreeCount: r.opts.RequestFee.Free, UsedCount: q.N,
	}
	price := registry.Amount(0)
	if m.UsedCount > m.TotalFreeCount {
		price = r.opts.RequestFee.Price * registry.Amount(m.UsedCount-m.TotalFreeCount)
	}
	m.Price = price.String()
	r.tell(tx, q.ClID, m)
	today := r.life.today(tx.Now())
	if today.Day() == 1 {
		r.requests.Delete(tx, q.ClID) // it begins again with the next command
		return
	}
	next := *q
	next.At = r.life.at(today, 1, 0)
	r.requests.Put(tx, &next)
}
