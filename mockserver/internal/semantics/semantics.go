// Package semantics holds a registry to what the faults of package fault do that are about
// what a command does: it was carried out and nobody was told, it was not, it was twice, a
// query sees what was a while ago. Each command runs on two mocks that are alike, of which
// one is calm.
package semantics

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// A Site is a mock. Two of them that Start makes must be alike, and their clocks stand
// still.
type Site struct {
	*registry.State
	Server *mockserver.Server
	Login  func(clID string) *wiretest.Client
}

// A Deed is what a registrar says: the content of <epp>, with the clTRID [TRID].
type Deed struct{ ClID, Say string }

// TRID is how faults tell a deed from a login.
const TRID = "semantics-1"

// Command is the deed of a <command> around an element.
func Command(clID, element string) Deed {
	return Deed{clID, "<command>" + element + "<clTRID>" + TRID + "</clTRID></command>"}
}

// A Row is a command that changes something.
type Row struct {
	Name    string
	Prepare []Deed // must succeed
	Do      Deed   // must succeed
	// Again is the code of the answer where Do is said once more.
	Again int
	// See is a query whose answer shows what Do has done.
	See Deed
}

// Run runs the rows. Each of the faults strikes once.
func Run(t *testing.T, start func(*testing.T) *Site, rows []Row) {
	for _, row := range rows {
		t.Run(row.Name, func(t *testing.T) {
			calm := prepared(t, start, row)
			before, seenBefore := state(t, calm), calm.says(row.See)
			answer := calm.says(row.Do)
			after, seen := state(t, calm), calm.says(row.See)
			require.Contains(t, answer, `<result code="1`)
			require.NotEqual(t, before, after)
			require.NotEqual(t, seenBefore, seen, "the query shows nothing of it")

			t.Run("commit-then-drop", func(t *testing.T) {
				s := prepared(t, start, row)
				s.drops(row.Do, fault.CommitThenDrop)
				require.Equal(t, after, state(t, s))
				require.Equal(t, seen, s.says(row.See), "who connects again sees it")
				s.Login(row.Do.ClID).Send(row.Do.Say).Code(row.Again)
			})
			t.Run("drop-before-commit", func(t *testing.T) {
				s := prepared(t, start, row)
				s.drops(row.Do, fault.DropBeforeCommit)
				require.Equal(t, before, state(t, s))
				require.Equal(t, seenBefore, s.says(row.See), "who connects again sees nothing of it")
				require.Equal(t, answer, s.says(row.Do), "and may say it again")
				require.Equal(t, after, state(t, s))
			})
			t.Run("commit-twice", func(t *testing.T) {
				s := prepared(t, start, row)
				s.strikes(fault.Fault{Kind: fault.CommitTwice, Times: 1})
				require.Equal(t, answer, s.says(row.Do), "the answer is that of the first time")
				require.Equal(t, seen, s.says(row.See))
				if row.Again >= 2000 {
					require.Equal(t, after, state(t, s), "the second time was refused")
					return
				}
				calm := prepared(t, start, row)
				calm.says(row.Do)
				calm.says(row.Do)
				require.Equal(t, state(t, calm), state(t, s), "as if it had been said twice")
			})
			t.Run("stale-read", func(t *testing.T) {
				s := prepared(t, start, row)
				s.says(row.Do)
				s.strikes(fault.Fault{Kind: fault.StaleRead, Times: 1})
				require.Equal(t, seenBefore, s.says(row.See))
				require.Equal(t, seen, s.says(row.See), "it is over")
				s.strikes(fault.Fault{Kind: fault.StaleRead, Times: 1})
				s.Login(row.Do.ClID).Send(row.Do.Say).Code(row.Again) // what changes something reads no replica
			})
		})
	}
}

func prepared(t *testing.T, start func(*testing.T) *Site, row Row) *Site {
	s := start(t)
	for _, it := range row.Prepare {
		require.Contains(t, s.says(it), `<result code="1`, it.Say)
	}
	return s
}

// says is the answer to what is said in a new session, without its identifiers.
func (s *Site) says(it Deed) string {
	a, _, _ := strings.Cut(s.Login(it.ClID).Send(it.Say).XML, "<trID>")
	return a
}

// strikes has a fault strike the next deed.
func (s *Site) strikes(f fault.Fault) {
	f.Match.ClTRID = TRID
	if _, err := s.Server.Faults().Add(f); err != nil {
		panic(err) // of a fault that this package has made up
	}
}

// drops says something and gets no answer.
func (s *Site) drops(it Deed, kind fault.Kind) {
	c := s.Login(it.ClID)
	s.strikes(fault.Fault{Kind: kind, Times: 1})
	c.Write(it.Say)
	c.Closed()
}

// svTRID is of a command, and counts those before it.
var svTRID = regexp.MustCompile(`"svTRID":"[^"]*"`)

// state is all that a registry holds, but for how many commands led to it.
func state(t *testing.T, s *Site) string {
	var b bytes.Buffer
	require.NoError(t, s.WriteSnapshot(&b, ""))
	_, rest, _ := strings.Cut(b.String(), "\n")
	return svTRID.ReplaceAllString(rest, "")
}
