package nsset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Test asks the registry for a technical test of an nsset. The answer says only that it
// was asked for; what it showed comes later, as the poll message [TestData].
// It is sent with fred.Test, which puts it into FRED's envelope.
type Test struct {
	ID string
	// Level is how thorough the test is, 0 to 10; nil stands for the nsset's own.
	Level *int
	Names []string // domains to test the nsset with; none stands for those that use it
}

// XMLName is nsset:test.
func (*Test) XMLName() epp.Name { return epp.Name{Space: NS, Local: "test"} }

// Answer says that a test is answered by its result alone.
func (*Test) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <nsset:test>.
func (m *Test) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	level(x, "level", &m.Level)
	epp.Labels(x, "name", &m.Names)
}

// TestData is the poll message with the results of a [Test].
type TestData struct {
	// ClTestID is the clTRID of the command that asked for the test. Today's
	// registry leaves it out.
	ClTestID string
	ID       string
	Names    []string // the domains that the nsset was tested with
	Results  []Result
}

// XMLName is nsset:testData.
func (*TestData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "testData"} }

// Fields walks the content of <nsset:testData>.
func (m *TestData) Fields(x *epp.Codec) {
	epp.OptTRID(x, "cltestid", &m.ClTestID)
	fredcom.Handle(x, &m.ID)
	epp.Labels(x, "name", &m.Names)
	epp.Each(x, "result", &m.Results)
}

// Result is what one test of a [TestData] showed.
type Result struct {
	TestName string
	Status   bool    // whether the test was passed
	Note     *string // in words, where there is more to say
}

// Fields walks the content of <nsset:result>.
func (m *Result) Fields(x *epp.Codec) {
	epp.Label(x, "testname", &m.TestName)
	x.Elem("status", epp.Bool(&m.Status))
	x.Opt("note", epp.Optional(&m.Note, epp.Exact))
}
