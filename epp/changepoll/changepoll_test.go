package changepoll_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(changepoll.Extension(), domain.Extension())
	require.NoError(t, err)
	return s
}

func el(attrs, content string) string {
	return `<c:changeData xmlns:c="` + changepoll.NS + `"` + attrs + `>` + content + `</c:changeData>`
}

var when = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)

// least is a ChangeData with nothing in it that may be left out.
func least(change func(*changepoll.ChangeData)) *changepoll.ChangeData {
	m := &changepoll.ChangeData{
		Operation: changepoll.Operation{Name: changepoll.Update},
		Date:      when, SvTRID: "TOOK-1", Who: "the court's clerk",
	}
	change(m)
	return m
}

const rest = `<c:date>2025-02-03T04:05:06Z</c:date><c:svTRID>TOOK-1</c:svTRID><c:who>the court's clerk</c:who>`

// operation is a row about one of the operations.
func operation(name, op string) epptest.Row {
	attr := ""
	if op != "" {
		attr = ` op="` + op + `"`
	}
	return epptest.Row{
		Name: "RFC 8590, 2.1 " + name, Extends: epptest.Answer,
		XML: el("", `<c:operation`+attr+`>`+name+`</c:operation>`+rest),
		Value: least(func(m *changepoll.ChangeData) {
			m.Operation = changepoll.Operation{Name: name, Op: op}
		}),
	}
}

var rows = []epptest.Row{
	operation(changepoll.Create, ""),
	operation(changepoll.Delete, "purge"),
	operation(changepoll.Renew, ""),
	operation(changepoll.Transfer, "approve"),
	operation(changepoll.Update, ""),
	operation(changepoll.Restore, "report"),
	operation(changepoll.AutoRenew, ""),
	operation(changepoll.AutoDelete, "purge"),
	operation(changepoll.AutoPurge, ""),
	operation(changepoll.Custom, "freeze"),
	{
		Name: "RFC 8590, 2.2 before", Extends: epptest.Answer,
		XML:   el(` state="before"`, `<c:operation>update</c:operation>`+rest),
		Value: least(func(m *changepoll.ChangeData) { m.State = changepoll.Before }),
	},
	{
		Name: "RFC 8590, 3.1.2 most", Extends: epptest.Answer,
		XML: el(` state="after"`, `<c:operation>update</c:operation>`+rest+
			`<c:caseId type="udrp">case  9</c:caseId><c:reason lang="fi">Lukittu</c:reason>`),
		Value: least(func(m *changepoll.ChangeData) {
			m.State = changepoll.After
			m.CaseID = &changepoll.CaseID{Type: changepoll.UDRP, ID: "case 9"}
			m.Reason = &epp.Reason{Lang: "fi", Text: "Lukittu"}
		}),
	},
	{
		Name: "RFC 8590, 3.1.2 a case of another kind", Extends: epptest.Answer,
		XML: el("", `<c:operation>update</c:operation>`+rest+`<c:caseId type="custom" name="harbour court">9</c:caseId>`),
		Value: least(func(m *changepoll.ChangeData) {
			m.CaseID = &changepoll.CaseID{Type: changepoll.Custom, Name: "harbour court", ID: "9"}
		}),
	},
	{
		Name: "RFC 8590, 3.1.2 a case without a number", Extends: epptest.Answer,
		XML: el("", `<c:operation>update</c:operation>`+rest+`<c:caseId type="urs"/>`),
		Value: least(func(m *changepoll.ChangeData) {
			m.CaseID = &changepoll.CaseID{Type: changepoll.URS}
		}),
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	refused := func(name, path, reason string, change func(*changepoll.ChangeData)) epptest.Refusal {
		return epptest.Refusal{Name: name, Extends: epptest.Answer, Value: least(change), Path: path, Error: reason}
	}
	epptest.Refused(t, []epptest.Refusal{
		refused("an unknown state", "@state", "before or after", func(m *changepoll.ChangeData) { m.State = "during" }),
		refused("an unknown operation", "changePoll:operation", "not an operation", func(m *changepoll.ChangeData) { m.Operation.Name = "freeze" }),
		refused("no operation", "changePoll:operation", "not an operation", func(m *changepoll.ChangeData) { m.Operation.Name = "" }),
		refused("no date", "changePoll:date", "is missing", func(m *changepoll.ChangeData) { m.Date = time.Time{} }),
		refused("an svTRID of 2 characters", "changePoll:svTRID", "3 to 64 characters", func(m *changepoll.ChangeData) { m.SvTRID = "ab" }),
		refused("an svTRID of 65", "changePoll:svTRID", "3 to 64 characters", func(m *changepoll.ChangeData) { m.SvTRID = strings.Repeat("x", 65) }),
		refused("nobody", "changePoll:who", "1 to 255 characters", func(m *changepoll.ChangeData) { m.Who = "" }),
		refused("a long who", "changePoll:who", "1 to 255 characters", func(m *changepoll.ChangeData) { m.Who = strings.Repeat("x", 256) }),
		refused("an unknown kind of case", "changePoll:caseId/@type", "udrp, urs or custom", func(m *changepoll.ChangeData) { m.CaseID = &changepoll.CaseID{Type: "court"} }),
		refused("a long reason", "changePoll:reason", "1 to 32 characters", func(m *changepoll.ChangeData) { m.Reason = &epp.Reason{Text: strings.Repeat("x", 33)} }),
	})
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc8590", changepoll.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

// The object in the answer to a poll, and who changed it.
func ExampleChangeData() {
	set, err := epp.NewSchema(domain.Extension(), changepoll.Extension())
	if err != nil {
		panic(err)
	}
	m, err := set.Parse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response>
	  <result code="1301"><msg>Done; ack to dequeue</msg></result>
	  <msgQ count="3" id="17"><qDate>2025-02-03T04:05:07Z</qDate><msg>Your domain was locked.</msg></msgQ>
	  <resData><d:infData xmlns:d="urn:ietf:params:xml:ns:domain-1.0">
	    <d:name>sauna.example</d:name><d:roid>SAUNA1-TEST</d:roid>
	    <d:status s="serverUpdateProhibited"/><d:clID>RegOne</d:clID>
	  </d:infData></resData>
	  <extension><c:changeData xmlns:c="urn:ietf:params:xml:ns:changePoll-1.0" state="after">
	    <c:operation>update</c:operation><c:date>2025-02-03T04:05:06Z</c:date>
	    <c:svTRID>TOOK-1</c:svTRID><c:who>the court's clerk</c:who>
	    <c:caseId type="urs">case 9</c:caseId>
	  </c:changeData></extension>
	  <trID><svTRID>POLL-1</svTRID></trID></response></epp>`))
	if err != nil {
		panic(err)
	}
	answer := m.(*epp.Response)
	inf := answer.ResData[0].(*domain.InfData)
	change := answer.Extension[0].(*changepoll.ChangeData)
	fmt.Printf("%s: %s by %s (%s)\n", inf.Name, change.Operation.Name, change.Who, change.CaseID.ID)
	// Output: sauna.example: update by the court's clerk (case 9)
}
