package mark_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), launch.Extension(), mark.Extension())
	require.NoError(t, err)
	return s
}

// inf is the data that a mark's carrier extends.
var inf = &domain.InfData{Name: "loyly.example", ROID: "LOYLY1-TEST", ClID: "RegOne"}

// carried puts a mark where one may stand: in a launch:infData.
func carried(v *mark.Mark) epp.Element {
	return &launch.InfData{Phase: launch.Phase{Phase: launch.Sunrise}, Marks: []epp.Element{v}}
}

func el(content string) string {
	return `<l:infData xmlns:l="` + launch.NS + `"><l:phase>sunrise</l:phase><m:mark xmlns:m="` + mark.NS + `">` +
		content + `</m:mark></l:infData>`
}

func date(year int) time.Time { return time.Date(year, 2, 3, 4, 5, 6, 0, time.UTC) }

const (
	leastAddr = `<m:addr><m:street>Quay 4</m:street><m:city>Turku</m:city><m:cc>FI</m:cc></m:addr>`
	mostAddr  = `<m:addr><m:street>Quay 4</m:street><m:street>Left door</m:street><m:street>Ring twice</m:street>
		<m:city>Turku</m:city><m:sp>Southwest</m:sp><m:pc>FI-20100 TURKU 1</m:pc><m:cc>FI</m:cc></m:addr>`
	named = `<m:id>00012-7</m:id><m:markName>Löyly &amp; Co</m:markName><m:holder>` + leastAddr + `</m:holder>`

	leastTrademark = `<m:trademark>` + named + `<m:jurisdiction>FI</m:jurisdiction><m:goodsAndServices>Stoves</m:goodsAndServices>
		<m:regNum>R-1</m:regNum><m:regDate>2021-02-03T04:05:06Z</m:regDate></m:trademark>`
)

var (
	addr    = mark.Addr{Street: []string{"Quay 4"}, City: "Turku", CC: "FI"}
	holders = []mark.Holder{{Addr: addr}}
)

func trademark(change func(*mark.Trademark)) *mark.Mark {
	m := mark.Trademark{
		ID: "00012-7", MarkName: "Löyly & Co", Holders: slices.Clone(holders), Jurisdiction: "FI",
		GoodsAndServices: "Stoves", RegNum: "R-1", RegDate: date(2021),
	}
	change(&m)
	return &mark.Mark{Trademarks: []mark.Trademark{m}}
}

func treaty(change func(*mark.TreatyOrStatute)) *mark.Mark {
	m := mark.TreatyOrStatute{
		ID: "00012-7", MarkName: "Löyly & Co", Holders: slices.Clone(holders), Protections: []mark.Protection{{CC: "FI"}},
		GoodsAndServices: "Stoves", RefNum: "T-1", ProDate: date(2020), Title: "On steam", ExecDate: date(2019),
	}
	change(&m)
	return &mark.Mark{TreatiesOrStatutes: []mark.TreatyOrStatute{m}}
}

func court(change func(*mark.Court)) *mark.Mark {
	m := mark.Court{
		ID: "00012-7", MarkName: "Löyly & Co", Holders: slices.Clone(holders), GoodsAndServices: "Stoves",
		RefNum: "C-1", ProDate: date(2020), CC: "FI", CourtName: "Court of Turku",
	}
	change(&m)
	return &mark.Mark{Courts: []mark.Court{m}}
}

func rows() []epptest.Row {
	row := func(name, content string, v *mark.Mark) epptest.Row {
		return epptest.Row{Name: "RFC 7848, 2.2 " + name, XML: el(content), Value: carried(v), Extends: inf}
	}
	return []epptest.Row{
		row("mark of nothing, as the schema lets it", "", new(mark.Mark)),
		row("trademark, least", leastTrademark, trademark(func(*mark.Trademark) {})),
		row("trademark, most", `<m:trademark><m:id>1-2</m:id><m:markName>Löyly</m:markName>
			<m:holder entitlement="owner"><m:name>Anna</m:name><m:org>Steam Oy</m:org>`+mostAddr+`
			<m:voice x="12">+358.2555123</m:voice><m:fax>+358.2555124</m:fax><m:email>anna@steam.example</m:email></m:holder>
			<m:holder entitlement="assignee">`+leastAddr+`<m:voice/></m:holder>
			<m:holder entitlement="licensee">`+leastAddr+`</m:holder>
			<m:contact type="agent"><m:name>Otto</m:name><m:org>Otto Oy</m:org>`+mostAddr+`
			<m:voice>+358.2555125</m:voice><m:fax x="3">+358.2555126</m:fax><m:email>otto@steam.example</m:email></m:contact>
			<m:contact type="owner"><m:name>Anna</m:name>`+leastAddr+`<m:voice/><m:email>anna@steam.example</m:email></m:contact>
			<m:contact type="thirdparty"><m:name/>`+leastAddr+`<m:voice x="1"/><m:email>x</m:email></m:contact>
			<m:contact><m:name>Eva</m:name>`+leastAddr+`<m:voice/><m:email>x</m:email></m:contact>
			<m:jurisdiction>EM</m:jurisdiction><m:class>11</m:class><m:class>0</m:class>
			<m:label>xn--lyly-5qa</m:label><m:label>l</m:label><m:goodsAndServices>Stoves and stones</m:goodsAndServices>
			<m:apId>A-1</m:apId><m:apDate>2020-02-03T04:05:06Z</m:apDate><m:regNum>R-1</m:regNum>
			<m:regDate>2021-02-03T04:05:06Z</m:regDate><m:exDate>2031-02-03T04:05:06Z</m:exDate></m:trademark>`,
			trademark(func(m *mark.Trademark) {
				most := mark.Addr{
					Street: []string{"Quay 4", "Left door", "Ring twice"}, City: "Turku",
					SP: "Southwest", PC: "FI-20100 TURKU 1", CC: "FI",
				}
				*m = mark.Trademark{
					ID: "1-2", MarkName: "Löyly",
					Holders: []mark.Holder{
						{
							Entitlement: mark.HolderOwner, Name: "Anna", Org: "Steam Oy", Addr: most,
							Voice: &mark.E164{Number: "+358.2555123", X: new("12")}, Fax: &mark.E164{Number: "+358.2555124"},
							Email: "anna@steam.example",
						},
						{Entitlement: mark.HolderAssignee, Addr: addr, Voice: new(mark.E164)},
						{Entitlement: mark.HolderLicensee, Addr: addr},
					},
					Contacts: []mark.Contact{
						{
							Type: mark.ContactAgent, Name: "Otto", Org: "Otto Oy", Addr: most, Voice: mark.E164{Number: "+358.2555125"},
							Fax: &mark.E164{Number: "+358.2555126", X: new("3")}, Email: "otto@steam.example",
						},
						{Type: mark.ContactOwner, Name: "Anna", Addr: addr, Email: "anna@steam.example"},
						{Type: mark.ContactThirdParty, Addr: addr, Voice: mark.E164{X: new("1")}, Email: "x"},
						{Name: "Eva", Addr: addr, Email: "x"},
					},
					Jurisdiction: "EM", Classes: []int{11, 0}, Labels: []string{"xn--lyly-5qa", "l"},
					GoodsAndServices: "Stoves and stones", ApID: "A-1", ApDate: date(2020),
					RegNum: "R-1", RegDate: date(2021), ExDate: date(2031),
				}
			})),
		row("treatyOrStatute, least", `<m:treatyOrStatute>`+named+`<m:protection><m:cc>FI</m:cc></m:protection>
			<m:goodsAndServices>Stoves</m:goodsAndServices><m:refNum>T-1</m:refNum><m:proDate>2020-02-03T04:05:06Z</m:proDate>
			<m:title>On steam</m:title><m:execDate>2019-02-03T04:05:06Z</m:execDate></m:treatyOrStatute>`,
			treaty(func(*mark.TreatyOrStatute) {})),
		row("treatyOrStatute, most", `<m:treatyOrStatute>`+named+`<m:contact><m:name>Eva</m:name>`+leastAddr+`<m:voice/><m:email>x</m:email></m:contact>
			<m:protection><m:cc>FI</m:cc><m:region>Turku</m:region><m:ruling>SE</m:ruling><m:ruling>NO</m:ruling></m:protection>
			<m:protection><m:cc>AX</m:cc></m:protection><m:label>loyly</m:label><m:goodsAndServices>Stoves</m:goodsAndServices>
			<m:refNum>T-1</m:refNum><m:proDate>2020-02-03T04:05:06Z</m:proDate><m:title>On steam</m:title>
			<m:execDate>2019-02-03T04:05:06Z</m:execDate></m:treatyOrStatute>`,
			treaty(func(m *mark.TreatyOrStatute) {
				m.Contacts = []mark.Contact{{Name: "Eva", Addr: addr, Email: "x"}}
				m.Protections = []mark.Protection{{CC: "FI", Region: "Turku", Rulings: []string{"SE", "NO"}}, {CC: "AX"}}
				m.Labels = []string{"loyly"}
			})),
		row("court, least", `<m:court>`+named+`<m:goodsAndServices>Stoves</m:goodsAndServices><m:refNum>C-1</m:refNum>
			<m:proDate>2020-02-03T04:05:06Z</m:proDate><m:cc>FI</m:cc><m:courtName>Court of Turku</m:courtName></m:court>`,
			court(func(*mark.Court) {})),
		row("court, most", `<m:court>`+named+`<m:contact><m:name>Eva</m:name>`+leastAddr+`<m:voice/><m:email>x</m:email></m:contact>
			<m:label>loyly</m:label><m:goodsAndServices>Stoves</m:goodsAndServices><m:refNum>C-1</m:refNum>
			<m:proDate>2020-02-03T04:05:06Z</m:proDate><m:cc>FI</m:cc><m:region>Turku</m:region><m:region>Naantali</m:region>
			<m:courtName>Court of Turku</m:courtName></m:court>`,
			court(func(m *mark.Court) {
				m.Contacts = []mark.Contact{{Name: "Eva", Addr: addr, Email: "x"}}
				m.Labels, m.Regions = []string{"loyly"}, []string{"Turku", "Naantali"}
			})),
	}
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows())
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

// TestEmpty is what may be there and empty, which is no different from being absent but
// is written as it was read.
func TestEmpty(t *testing.T) {
	content := strings.Replace(leastTrademark, `</m:cc></m:addr>`, `</m:cc></m:addr><m:voice x=""/>`, 1)
	content = strings.Replace(content, `<m:cc>`, `<m:sp/><m:pc/><m:cc>`, 1)
	content = strings.Replace(content, `<m:addr>`, `<m:name/><m:org/><m:addr>`, 1)
	content = strings.Replace(content, `<m:regNum>`, `<m:apId/><m:regNum>`, 1)
	frame := []byte(`<epp xmlns="` + epp.NS + `"><response><result code="1000"><msg>Done</msg></result><extension>` +
		el(content) + `</extension><trID><svTRID>ROW-1</svTRID></trID></response></epp>`)
	m, err := set(t).ParseStrict(frame)
	require.NoError(t, err)
	want := trademark(func(m *mark.Trademark) { m.Holders[0].Voice = &mark.E164{X: new("")} })
	require.Equal(t, []epp.Element{carried(want)}, m.(*epp.Response).Extension)
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	epptest.SameInfoset(t, frame, out)
	epptest.XMLLint(t, schema, [][]byte{out})
}

func TestRefused(t *testing.T) {
	var refusals []epptest.Refusal
	add := func(name string, v *mark.Mark, path, text string) {
		refusals = append(refusals, epptest.Refusal{Name: name, Value: carried(v), Path: path, Error: text, Extends: inf})
	}
	holder := func(change func(*mark.Holder)) *mark.Mark {
		return trademark(func(m *mark.Trademark) { change(&m.Holders[0]) })
	}
	contact := func(change func(*mark.Contact)) *mark.Mark {
		c := mark.Contact{Name: "Eva", Addr: addr, Email: "x"}
		change(&c)
		return trademark(func(m *mark.Trademark) { m.Contacts = []mark.Contact{c} })
	}
	label := func(s string) *mark.Mark {
		return trademark(func(m *mark.Trademark) { m.Labels = []string{s} })
	}
	add("an id without a hyphen", trademark(func(m *mark.Trademark) { m.ID = "12" }), "mark:id", "hyphen between")
	add("an id with a letter", court(func(m *mark.Court) { m.ID = "1-a" }), "mark:id", "hyphen between")
	add("no holder", treaty(func(m *mark.TreatyOrStatute) { m.Holders = nil }), "mark:holder", "is missing")
	add("no protection", treaty(func(m *mark.TreatyOrStatute) { m.Protections = nil }), "mark:protection", "is missing")
	add("a ruling of three letters", treaty(func(m *mark.TreatyOrStatute) { m.Protections[0].Rulings = []string{"SWE"} }), "mark:ruling", "2 to 2")
	add("no date of registration", trademark(func(m *mark.Trademark) { m.RegDate = time.Time{} }), "mark:regDate", "is missing")
	add("a jurisdiction of three letters", trademark(func(m *mark.Trademark) { m.Jurisdiction = "FIN" }), "mark:jurisdiction", "2 to 2")
	add("a court in no country", court(func(m *mark.Court) { m.CC = "" }), "mark:cc", "2 to 2")
	add("an empty label", label(""), "mark:label", "1 to 63")
	add("a label of 64", label(strings.Repeat("l", 64)), "mark:label", "1 to 63")
	add("a label that begins with a hyphen", label("-l"), "mark:label", "not a label")
	add("a label that ends with a hyphen", label("l-"), "mark:label", "not a label")
	add("a label with a dot", label("l.l"), "mark:label", "not a label")
	add("an unknown entitlement", holder(func(m *mark.Holder) { m.Entitlement = "heir" }), "mark:holder/@entitlement", "owner, assignee or licensee")
	add("no street", holder(func(m *mark.Holder) { m.Addr.Street = nil }), "mark:street", "is missing")
	add("four streets", holder(func(m *mark.Holder) { m.Addr.Street = []string{"1", "2", "3", "4"} }), "mark:street", "3 times")
	add("a postal code of 17", holder(func(m *mark.Holder) { m.Addr.PC = strings.Repeat("1", 17) }), "mark:pc", "0 to 16")
	add("a fax that is no number", holder(func(m *mark.Holder) { m.Fax = &mark.E164{Number: "1"} }), "mark:fax", "not a telephone number")
	add("an e-mail address of spaces", holder(func(m *mark.Holder) { m.Email = " " }), "mark:email", "must not be empty")
	add("an unknown contact", contact(func(m *mark.Contact) { m.Type = "friend" }), "mark:contact/@type", "owner, agent or thirdparty")
	add("a contact without e-mail", contact(func(m *mark.Contact) { m.Email = "" }), "mark:email", "must not be empty")
	add("a contact's number that is none", contact(func(m *mark.Contact) { m.Voice.Number = "+1.123456789012345" }), "mark:voice", "not a telephone number")
	epptest.Refused(t, refusals)
}

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows()) }

// The answer to an info that asked for the marks.
func Example() {
	set, err := epp.NewSchema(domain.Extension(), launch.Extension(), mark.Extension())
	if err != nil {
		panic(err)
	}
	m, err := set.Parse([]byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response>
		<result code="1000"><msg>Command completed successfully</msg></result>
		<extension><launch:infData xmlns:launch="urn:ietf:params:xml:ns:launch-1.0">
			<launch:phase>sunrise</launch:phase>
			<mark:mark xmlns:mark="urn:ietf:params:xml:ns:mark-1.0"><mark:trademark>
				<mark:id>00012-7</mark:id><mark:markName>Löyly</mark:markName>
				<mark:label>loyly</mark:label><mark:label>xn--lyly-5qa</mark:label>
			</mark:trademark></mark:mark>
		</launch:infData></extension>
		<trID><svTRID>EX-1</svTRID></trID></response></epp>`))
	if err != nil {
		panic(err)
	}
	inf := m.(*epp.Response).Extension[0].(*launch.InfData)
	for _, tm := range inf.Marks[0].(*mark.Mark).Trademarks {
		fmt.Println(tm.ID, tm.MarkName, tm.Labels)
	}
	// Output:
	// 00012-7 Löyly [loyly xn--lyly-5qa]
}
