package registry

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A die is rolled every hour, for a day.
type die struct {
	Name  string    `json:"name"`
	Next  time.Time `json:"next,omitzero"`
	Rolls []string  `json:"rolls,omitempty"`
}

func (d *die) Key() string    { return d.Name }
func (d *die) Due() time.Time { return d.Next }

type dice struct {
	*State
	table *Table[*die]
}

func newDice(t *testing.T) *dice {
	s, err := NewState(Options{Clock: NewClock(noon), Seed: 3}, nil)
	require.NoError(t, err)
	r := &dice{State: s}
	r.table = NewTable(s, "die", func(tx *Tx, d *die) {
		c := &die{Name: d.Name, Rolls: append(d.Rolls[:len(d.Rolls):len(d.Rolls)], tx.Rand().Text("123456", 4))}
		if len(c.Rolls) < 24 {
			c.Next = tx.Now().Add(time.Hour)
		}
		r.table.Put(tx, c)
	})
	require.NoError(t, s.Begin(func(tx *Tx) error {
		for i := range 3 {
			r.table.Put(tx, &die{Name: fmt.Sprint("d", i), Next: noon.Add(time.Duration(i) * time.Minute)})
		}
		return nil
	}))
	return r
}

// rolls are those of all dice, and of a command that comes after.
func (r *dice) rolls(t *testing.T) []string {
	var all []string
	require.NoError(t, r.Change(func(tx *Tx) error {
		for d := range r.table.All(tx) {
			all = append(all, d.Rolls...)
		}
		all = append(all, tx.Rand().Text("123456", 4))
		return nil
	}))
	return all
}

// What is random does not follow from how the clock, or a snapshot, led there.
func TestRandIsOfTheHistory(t *testing.T) {
	once := newDice(t)
	once.Advance(48 * time.Hour)
	want := once.rolls(t)
	require.Len(t, want, 3*24+1)

	often := newDice(t)
	for range 48 * 60 {
		often.Advance(time.Minute)
	}
	require.Equal(t, want, often.rolls(t))

	again := newDice(t)
	again.Advance(5 * time.Hour)
	again.Save("then")
	var file bytes.Buffer
	require.NoError(t, again.WriteSnapshot(&file, "then"))
	again.Advance(19 * time.Hour)
	require.NoError(t, again.Restore("then"))
	again.Advance(43 * time.Hour)
	require.Equal(t, want, again.rolls(t))

	other := newDice(t)
	require.NoError(t, other.ReadSnapshot(&file, "then"))
	require.NoError(t, other.Restore("then"))
	other.Advance(43 * time.Hour)
	require.Equal(t, want, other.rolls(t))

	require.NotEqual(t, want[:24], want[24:48])
	require.NotEqual(t, want[len(want)-1], once.rolls(t)[len(want)-1], "another command gets another")
}
