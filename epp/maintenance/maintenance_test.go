package maintenance_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/maintenance"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(maintenance.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<m:` + local + ` xmlns:m="` + maintenance.NS + `">` + content + `</m:` + local + `>`
}

func item(content string) string { return el("infData", `<m:item>`+content+`</m:item>`) }

var (
	start   = time.Date(2025, 6, 7, 1, 0, 0, 0, time.UTC)
	end     = time.Date(2025, 6, 7, 3, 30, 0, 0, time.UTC)
	created = time.Date(2025, 5, 6, 7, 8, 9, 0, time.UTC)
	updated = time.Date(2025, 5, 16, 7, 8, 9, 0, time.UTC)
)

const (
	id      = `<m:id>event-7</m:id>`
	systems = `<m:systems><m:system><m:name>EPP</m:name><m:impact>full</m:impact></m:system></m:systems>`
	where   = `<m:environment type="production"/>`
	span    = `<m:start>2025-06-07T01:00:00Z</m:start><m:end>2025-06-07T03:30:00Z</m:end>`
	cr      = `<m:crDate>2025-05-06T07:08:09Z</m:crDate>`
	up      = `<m:upDate>2025-05-16T07:08:09Z</m:upDate>`
)

// least is an InfData of one event with nothing in it that may be left out.
func least(change func(*maintenance.Item)) *maintenance.InfData {
	m := &maintenance.Item{
		ID:          maintenance.ID{ID: "event-7"},
		Systems:     []maintenance.System{{Name: "EPP", Impact: maintenance.ImpactFull}},
		Environment: maintenance.Environment{Type: maintenance.Production},
		Start:       start, End: end, Reason: maintenance.Planned, CrDate: created,
	}
	change(m)
	return &maintenance.InfData{Item: m}
}

// polled is a row about a reason to tell of an event.
func polled(pollType string) epptest.Row {
	return epptest.Row{
		Name: "RFC 9167, 4.1.2 poll, " + pollType,
		XML: item(id + `<m:pollType>` + pollType + `</m:pollType>` + systems + where + span +
			`<m:reason>emergency</m:reason>` + cr),
		Value: least(func(m *maintenance.Item) { m.PollType, m.Reason = pollType, maintenance.Emergency }),
	}
}

// environment is a row about one of the registry's environments.
func environment(e maintenance.Environment, xml string) epptest.Row {
	return epptest.Row{
		Name:  "RFC 9167, 3.3 environment " + e.Type,
		XML:   item(id + systems + xml + span + `<m:reason>planned</m:reason>` + cr),
		Value: least(func(m *maintenance.Item) { m.Environment = e }),
	}
}

var rows = []epptest.Row{
	{
		Name: "RFC 9167, 4.1.1.1 info", XML: el("info", id),
		Value: &maintenance.Info{ID: &maintenance.ID{ID: "event-7"}},
	},
	{
		Name: "RFC 9167, 4.1.1.1 info by a name in a language", XML: el("info", `<m:id name="Huolto" lang="fi">event-7</m:id>`),
		Value: &maintenance.Info{ID: &maintenance.ID{ID: "event-7", Name: "Huolto", Lang: "fi"}},
	},
	{Name: "RFC 9167, 4.1.1.2 info of the list", XML: el("info", `<m:list/>`), Value: &maintenance.Info{}},
	{
		Name: "RFC 9167, 4.1.1.2 infData of the list", XML: el("infData", `<m:list>
			<m:listItem><m:id name="Work">event-7</m:id>`+span+cr+`</m:listItem>
			<m:listItem><m:id>event-8</m:id>`+span+cr+up+`</m:listItem></m:list>`),
		Value: &maintenance.InfData{List: &maintenance.List{Items: []maintenance.ListItem{
			{ID: maintenance.ID{ID: "event-7", Name: "Work"}, Start: start, End: end, CrDate: created},
			{ID: maintenance.ID{ID: "event-8"}, Start: start, End: end, CrDate: created, UpDate: updated},
		}}},
	},
	{
		Name: "RFC 9167, 4.1.1.2 infData of a list of none", XML: el("infData", `<m:list/>`),
		Value: &maintenance.InfData{List: &maintenance.List{}},
	},
	{
		Name: "RFC 9167, 4.1.1.1 infData, least", XML: item(id + systems + where + span + `<m:reason>planned</m:reason>` + cr),
		Value: least(func(*maintenance.Item) {}),
	},
	{
		Name: "RFC 9167, 4.1.1.1 infData, most", XML: item(`<m:id name="Summer work">event-7</m:id>
			<m:type>Software update</m:type><m:type lang="fi">Ohjelmiston  vaihto</m:type>
			<m:systems><m:system><m:name>EPP</m:name><m:host>epp.sauna.example</m:host><m:impact>partial</m:impact></m:system>
				<m:system><m:name>DNS</m:name><m:impact>none</m:impact></m:system></m:systems>` + where + span + `
			<m:reason>planned</m:reason><m:detail>https://sauna.example/work?7</m:detail>
			<m:description>We  move.
To the lake.</m:description><m:description lang="fi" type="html">&lt;b&gt;Muutto&lt;/b&gt;</m:description>
			<m:description type="plain"/>
			<m:tlds><m:tld>example</m:tld><m:tld>test</m:tld></m:tlds>
			<m:intervention><m:connection>1</m:connection><m:implementation>0</m:implementation></m:intervention>` + cr + up),
		Value: least(func(m *maintenance.Item) {
			m.ID.Name = "Summer work"
			m.Types = []maintenance.Type{{Text: "Software update"}, {Lang: "fi", Text: "Ohjelmiston  vaihto"}}
			m.Systems = []maintenance.System{
				{Name: "EPP", Host: "epp.sauna.example", Impact: maintenance.ImpactPartial},
				{Name: "DNS", Impact: maintenance.ImpactNone},
			}
			m.Detail = new("https://sauna.example/work?7")
			m.Description = []maintenance.Description{
				{Text: "We  move.\nTo the lake."},
				{Lang: "fi", Type: maintenance.HTML, Text: "<b>Muutto</b>"},
				{Type: maintenance.Plain},
			}
			m.TLDs = []string{"example", "test"}
			m.Intervention = &maintenance.Intervention{Connection: true}
			m.UpDate = updated
		}),
	},
	{
		Name: "RFC 9167, 5: what may be empty is not absent", XML: item(`<m:id/><m:type/>
			<m:systems><m:system><m:name/><m:impact>full</m:impact></m:system></m:systems>` + where + span + `
			<m:reason>planned</m:reason><m:detail/>
			<m:intervention><m:connection>0</m:connection><m:implementation>1</m:implementation></m:intervention>` + cr),
		Value: least(func(m *maintenance.Item) {
			m.ID.ID, m.Types, m.Systems[0].Name = "", []maintenance.Type{{}}, ""
			m.Detail, m.Intervention = new(""), &maintenance.Intervention{Implementation: true}
		}),
	},
	polled(maintenance.PollCreate),
	polled(maintenance.PollUpdate),
	polled(maintenance.PollDelete),
	polled(maintenance.PollCourtesy),
	polled(maintenance.PollEnd),
	environment(maintenance.Environment{Type: maintenance.OTE}, `<m:environment type="ote"/>`),
	environment(maintenance.Environment{Type: maintenance.Staging}, `<m:environment type="staging"/>`),
	environment(maintenance.Environment{Type: maintenance.Dev, Text: "the small one"}, `<m:environment type="dev">the small one</m:environment>`),
	environment(maintenance.Environment{Type: maintenance.Custom, Name: "lake"}, `<m:environment type="custom" name="lake"/>`),
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	long := strings.Repeat("x", 256)
	refused := func(name, path, reason string, change func(*maintenance.Item)) epptest.Refusal {
		return epptest.Refusal{Name: name, Value: least(change), Path: path, Error: reason}
	}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "neither list nor item", Value: &maintenance.InfData{}, Path: "maintenance:infData", Error: "one of list and item"},
		{
			Name: "list and item", Value: &maintenance.InfData{List: &maintenance.List{}, Item: least(func(*maintenance.Item) {}).Item},
			Path: "maintenance:infData", Error: "one of list and item",
		},
		{Name: "an odd language", Value: &maintenance.Info{ID: &maintenance.ID{Lang: "fi_FI"}}, Path: "@lang", Error: "language tag"},
		refused("an unknown poll type", "maintenance:pollType", "RFC 9167", func(m *maintenance.Item) { m.PollType = "gone" }),
		refused("no system", "maintenance:system", "is missing", func(m *maintenance.Item) { m.Systems = nil }),
		refused("a long host", "maintenance:host", "1 to 255 characters", func(m *maintenance.Item) { m.Systems[0].Host = long }),
		refused("an unknown impact", "maintenance:impact", "RFC 9167", func(m *maintenance.Item) { m.Systems[0].Impact = "some" }),
		refused("an unknown environment", "maintenance:environment/@type", "RFC 9167", func(m *maintenance.Item) { m.Environment.Type = "lake" }),
		refused("no start", "maintenance:start", "is missing", func(m *maintenance.Item) { m.Start = time.Time{} }),
		refused("an unknown reason", "maintenance:reason", "RFC 9167", func(m *maintenance.Item) { m.Reason = "rain" }),
		refused("an odd language of a type", "maintenance:type/@lang", "language tag", func(m *maintenance.Item) { m.Types = []maintenance.Type{{Lang: "fi_FI"}} }),
		refused("an unknown format", "maintenance:description/@type", "RFC 9167", func(m *maintenance.Item) { m.Description = []maintenance.Description{{Type: "rtf"}} }),
		refused("an empty TLD", "maintenance:tld", "1 to 255 characters", func(m *maintenance.Item) { m.TLDs = []string{""} }),
		refused("no date", "maintenance:crDate", "is missing", func(m *maintenance.Item) { m.CrDate = time.Time{} }),
	})
}

// An info must say which of the two it asks for, when reading is strict; what says
// nothing is taken for the list when it is not.
func TestInfoOfNeither(t *testing.T) {
	frame := []byte(`<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><info>` + el("info", "") + `</info></command></epp>`)
	_, err := set(t).ParseStrict(frame)
	require.ErrorContains(t, err, "maintenance:list (line 1): is missing")
	m, err := set(t).Parse(frame)
	require.NoError(t, err)
	require.Equal(t, &maintenance.Info{}, m.(*epp.Command).Request)

	frame = []byte(strings.Replace(string(frame), "></m:info>", "><m:id>event-7</m:id><m:list/></m:info>", 1))
	_, err = set(t).ParseStrict(frame)
	require.ErrorContains(t, err, "maintenance:list is not expected here")
}

// A list of zones must not be empty: without the list, the whole system is concerned.
func TestTLDsOfNone(t *testing.T) {
	frame := `<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><response><result code="1000"><msg>Done</msg></result><resData>` +
		item(id+systems+where+span+`<m:reason>planned</m:reason><m:tlds/>`+cr) + `</resData><trID><svTRID>ROW-1</svTRID></trID></response></epp>`
	_, err := set(t).ParseStrict([]byte(frame))
	require.ErrorContains(t, err, "maintenance:tld (line 1): is missing")
	_, err = set(t).ParseStrict([]byte(strings.Replace(frame, "<m:tlds/>", "<m:tlds><m:tld>example</m:tld></m:tlds>", 1)))
	require.NoError(t, err)
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc9167", maintenance.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows) }

func ExampleInfo() {
	for _, m := range []*maintenance.Info{{ID: &maintenance.ID{ID: "event-7"}}, {}} {
		frame, err := epp.Append(nil, &epp.Command{Request: m})
		if err != nil {
			panic(err)
		}
		_, info, _ := strings.Cut(string(frame), "<command>")
		fmt.Println(strings.TrimSuffix(info, "</command></epp>"))
	}
	// Output:
	// <info><maintenance:info xmlns:maintenance="urn:ietf:params:xml:ns:epp:maintenance-1.0"><maintenance:id>event-7</maintenance:id></maintenance:info></info>
	// <info><maintenance:info xmlns:maintenance="urn:ietf:params:xml:ns:epp:maintenance-1.0"><maintenance:list/></maintenance:info></info>
}
