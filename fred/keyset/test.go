package keyset

import (
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/internal/fredcom"
)

// Test asks the registry for a technical test of a keyset. The schema has it, but FRED's
// documents know of tests of nssets alone. The results would come as the poll message
// [TestData].
// It is sent with fred.Test, which puts it into FRED's envelope.
type Test struct {
	ID    string
	Names []string // domains to test the keyset with
}

// XMLName is keyset:test.
func (*Test) XMLName() epp.Name { return epp.Name{Space: NS, Local: "test"} }

// Answer says that a test is answered by its result alone.
func (*Test) Answer() *epp.NoData { return new(epp.NoData) }

// Fields walks the content of <keyset:test>.
func (m *Test) Fields(x *epp.Codec) {
	fredcom.Handle(x, &m.ID)
	epp.Labels(x, "name", &m.Names)
}

// TestData is the poll message with the results of a [Test].
type TestData struct {
	ClTestID string // the clTRID of the command that asked for the test, or ""
	ID       string
	Names    []string // the domains that the keyset was tested with
	Results  []Result
}

// XMLName is keyset:testData.
func (*TestData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "testData"} }

// Fields walks the content of <keyset:testData>.
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

// Fields walks the content of <keyset:result>.
func (m *Result) Fields(x *epp.Codec) {
	epp.Label(x, "testname", &m.TestName)
	x.Elem("status", epp.Bool(&m.Status))
	x.Opt("note", epp.Optional(&m.Note, epp.Exact))
}
