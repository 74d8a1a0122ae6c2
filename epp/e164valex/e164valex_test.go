package e164valex_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/e164val"
	"github.com/eppkit/eppkit/epp/e164valex"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(e164valex.Extension(), e164val.Extension())
	require.NoError(t, err)
	return s
}

func el(content string) string {
	return `<v:simpleVal xmlns:v="` + e164valex.NS + `">` + content + `</v:simpleVal>`
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// most is a SimpleVal with all that it may have.
func most(change func(*e164valex.SimpleVal)) *e164valex.SimpleVal {
	m := &e164valex.SimpleVal{
		MethodID: "Letter", ValidationEntityID: "Post-3", RegistrarID: "RegOne",
		ExecutionDate: day(2025, 2, 3), ExpirationDate: day(2026, 2, 3),
	}
	change(m)
	return m
}

const mostXML = `<v:methodID>Letter</v:methodID><v:validationEntityID>Post-3</v:validationEntityID>
	<v:registrarID>RegOne</v:registrarID><v:executionDate>2025-02-03</v:executionDate><v:expirationDate>2026-02-03</v:expirationDate>`

var rows = []epptest.Row{
	{
		Name: "RFC 5076, the example: least", Extends: epptest.Answer,
		XML:   el(`<v:methodID>Letter</v:methodID><v:executionDate>2025-02-03</v:executionDate>`),
		Value: &e164valex.SimpleVal{MethodID: "Letter", ExecutionDate: day(2025, 2, 3)},
	},
	{Name: "RFC 5076, the example: most", Extends: epptest.Answer, XML: el(mostXML), Value: most(func(*e164valex.SimpleVal) {})},
	{
		Name: "RFC 5076 in infData", Extends: epptest.Answer,
		XML: `<i:infData xmlns:i="` + e164val.NS + `"><i:inf id="first"><i:validationInfo>` + el(mostXML) + `</i:validationInfo></i:inf></i:infData>`,
		Value: &e164val.InfData{Inf: []e164val.Validation{{
			ID: "first", ValidationInfo: e164val.ValidationInfo{Info: most(func(*e164valex.SimpleVal) {})},
		}}},
	},
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	refused := func(name, path, reason string, change func(*e164valex.SimpleVal)) epptest.Refusal {
		return epptest.Refusal{Name: name, Extends: epptest.Answer, Value: most(change), Path: path, Error: reason}
	}
	epptest.Refused(t, []epptest.Refusal{
		refused("no method", "e164valex:methodID", "1 to 63 characters", func(m *e164valex.SimpleVal) { m.MethodID = "" }),
		refused("a long method", "e164valex:methodID", "1 to 63 characters", func(m *e164valex.SimpleVal) { m.MethodID = strings.Repeat("x", 64) }),
		refused("an entity of 2 characters", "e164valex:validationEntityID", "3 to 16 characters", func(m *e164valex.SimpleVal) { m.ValidationEntityID = "ab" }),
		refused("a registrar of 17", "e164valex:registrarID", "3 to 16 characters", func(m *e164valex.SimpleVal) { m.RegistrarID = strings.Repeat("x", 17) }),
		refused("no date", "e164valex:executionDate", "is missing", func(m *e164valex.SimpleVal) { m.ExecutionDate = time.Time{} }),
	})
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

// What a registry tells of a number's validation.
func ExampleSimpleVal() {
	set, err := epp.NewSchema(e164val.Extension(), e164valex.Extension())
	if err != nil {
		panic(err)
	}
	m, err := set.Parse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response>
	  <result code="1000"><msg>Done</msg></result>
	  <extension><i:infData xmlns:i="urn:ietf:params:xml:ns:e164val-1.0">
	    <i:inf id="first"><i:validationInfo><v:simpleVal xmlns:v="urn:ietf:params:xml:ns:e164valex-1.1">
	      <v:methodID>Letter</v:methodID><v:executionDate>2025-02-03</v:executionDate>
	    </v:simpleVal></i:validationInfo></i:inf>
	  </i:infData></extension>
	  <trID><svTRID>INFO-1</svTRID></trID></response></epp>`))
	if err != nil {
		panic(err)
	}
	inf := m.(*epp.Response).Extension[0].(*e164val.InfData).Inf[0]
	val := inf.ValidationInfo.Info.(*e164valex.SimpleVal)
	fmt.Println(inf.ID, "by", val.MethodID, "on", val.ExecutionDate.Format(time.DateOnly))
	// Output: first by Letter on 2025-02-03
}
