package control

import (
	"net/http"
	"time"

	"github.com/eppkit/eppkit/mockserver/registry"
)

func clockRoutes() []route {
	now := func(x *call) (any, error) {
		c := x.mock.State.Clock
		return Clock{Time: c.Now(), Scale: c.Scale()}, nil
	}
	return []route{
		{method: http.MethodGet, path: "/clock", answer: Clock{}, says: "Tell the registry's time.", serve: now},
		{
			method: http.MethodPut, path: "/clock", body: SetClock{}, answer: Clock{},
			says: "Set the time, or how fast it goes. What falls due on the way happens, in order.",
			serve: func(x *call) (any, error) {
				var q SetClock
				if err := x.decode(&q); err != nil {
					return nil, err
				}
				if q.Scale != nil && (*q.Scale < 0 || *q.Scale > maxScale) {
					return nil, &problem{http.StatusBadRequest, "scale", "must be from 0 to 10000000: more than that passes the years that there are in minutes"}
				}
				if q.Time != nil {
					if err := sane(*q.Time); err != nil {
						return nil, err
					}
					x.mock.State.SetTime(*q.Time)
				}
				if q.Scale != nil {
					x.mock.State.Clock.SetScale(*q.Scale)
				}
				return now(x)
			},
		},
		{
			method: http.MethodPost, path: "/clock/advance", body: Advance{}, answer: Clock{},
			says: "Move the time on. What falls due on the way happens, in order.",
			serve: func(x *call) (any, error) {
				var q Advance
				if err := x.decode(&q); err != nil {
					return nil, err
				}
				if q.By == nil {
					return nil, missing("by")
				}
				if err := sane(x.mock.State.Now().Add(q.By.D())); err != nil {
					return nil, err
				}
				x.mock.State.Advance(q.By.D())
				return now(x)
			},
		},
	}
}

// maxScale is four months in a second.
const maxScale = 1e7

// sane refuses times that no registry lives to see, and that take long to get to.
func sane(t time.Time) error {
	if y := t.UTC().Year(); y < 1970 || y > 2200 {
		return &problem{http.StatusBadRequest, "time", "must be in the years 1970 to 2200"}
	}
	return nil
}

// Clock is a registry's.
type Clock struct {
	Time time.Time `json:"time"`
	// Scale is how many seconds pass in one of the machine's; 0 stands still.
	Scale float64 `json:"scale"`
}

// SetClock changes a clock; what is not given stays.
type SetClock struct {
	Time  *time.Time `yaml:"time" json:"time,omitempty"`
	Scale *float64   `yaml:"scale" json:"scale,omitempty"`
}

// Advance is by how much a clock moves, as in 90m, 12h or 5d.
type Advance struct {
	By *registry.Duration `yaml:"by" json:"by"`
}
