package fred

import (
	"fmt"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// TechnicalTest is one of those that FRED makes with an nsset.
type TechnicalTest struct {
	Name string `yaml:"name"`
	// Level is how thorough a test must be asked for, for this one to be made.
	Level int `yaml:"level"`
	// Fails and Note are what it shows. The mock tests nothing.
	Fails bool   `yaml:"fails"`
	Note  string `yaml:"note"`
}

// DefaultTests are all passed.
func DefaultTests() []TechnicalTest {
	return []TechnicalTest{
		{Name: "glue_ok"},
		{Name: "existence", Level: 1},
		{Name: "presence", Level: 2},
		{Name: "authoritative", Level: 3},
		{Name: "autonomous", Level: 4},
		{Name: "heterogenous", Level: 5},
	}
}

// A Pending is a test of an nsset that was asked for and is to show something later.
type Pending struct {
	N     uint64    `json:"n"` // counts the tests of a registry
	ClID  string    `json:"clID"`
	NSSet string    `json:"nsset"`
	Level int       `json:"level"`
	Names []string  `json:"names,omitempty"` // domains
	At    time.Time `json:"at"`              // when it does
}

// Key is the number.
func (p *Pending) Key() string { return fmt.Sprintf("%020d", p.N) }

// Due is when the test shows something.
func (p *Pending) Due() time.Time { return p.At }

// nssetTest only asks for a test. Without domains, those that use the nsset are meant.
func (r *Registry) nssetTest(x *mockserver.Exchange, q *nsset.Test) (*epp.NoData, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*epp.NoData, error) {
		s := r.nssets.Get(tx, upper(q.ID))
		if s == nil {
			return nil, unknown(x, nsset.NS, "id", q.ID)
		}
		p := &Pending{
			N: tx.Count("test"), ClID: x.ClID(), NSSet: s.ID, Level: s.reportLevel(),
			At: tx.Now().Add(r.opts.TestDelay),
		}
		if q.Level != nil {
			p.Level = *q.Level
		}
		for _, name := range q.Names {
			p.Names = append(p.Names, lower(strings.Clone(name)))
		}
		if len(q.Names) == 0 {
			for d := range tx.Referrers(s.ref(), registry.Domain) {
				p.Names = append(p.Names, d.Handle)
			}
		}
		r.tests.Put(tx, p)
		return nil, nil
	})
}

// keysetTest is in the schema, but FRED has no such test.
func (r *Registry) keysetTest(*mockserver.Exchange, *keyset.Test) (*epp.NoData, error) {
	return nil, epp.Refuse(epp.UnknownCommand)
}

// tested tells who asked for a test what it has shown. FRED leaves the clTRID of the
// command out.
func (r *Registry) tested(tx *registry.Tx, p *Pending) {
	r.tests.Delete(tx, p.Key())
	m := &nsset.TestData{ID: p.NSSet, Names: p.Names}
	for _, t := range r.opts.Tests {
		if t.Level <= p.Level {
			m.Results = append(m.Results, nsset.Result{TestName: t.Name, Status: !t.Fails, Note: optional(t.Note)})
		}
	}
	r.tell(tx, p.ClID, m)
}
