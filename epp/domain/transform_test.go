package domain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/internal/epptest"
)

const (
	named   = `<d:name>sauna.example</d:name>`
	trn     = named + `<d:trStatus>pending</d:trStatus><d:reID>RegTwo</d:reID><d:reDate>2025-02-03T04:05:06Z</d:reDate><d:acID>RegOne</d:acID><d:acDate>2026-02-03T04:05:06Z</d:acDate>`
	panHead = `<d:name paResult="1">sauna.example</d:name><d:paTRID>`
)

// What a caller relies on: each request knows its answer, and a transfer its operation.
var (
	_ epp.Request[*domain.ChkData] = (*domain.Check)(nil)
	_ epp.Request[*domain.InfData] = (*domain.Info)(nil)
	_ epp.Request[*domain.CreData] = (*domain.Create)(nil)
	_ epp.Request[*epp.NoData]     = (*domain.Delete)(nil)
	_ epp.Request[*domain.RenData] = (*domain.Renew)(nil)
	_ epp.Request[*domain.TrnData] = (*domain.Transfer)(nil)
	_ epp.Request[*epp.NoData]     = (*domain.Update)(nil)
	_ epp.Transferer               = (*domain.Transfer)(nil)
)

// transforms are the rows of the commands that change a domain, and of their answers.
var transforms = []epptest.Row{
	{
		Name: "RFC 5731, 3.2.1 create, least", XML: el("create", named+`<d:authInfo><d:pw>Four-5-six</d:pw></d:authInfo>`),
		Value: &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}},
	},
	{
		Name: "RFC 9154, 5.1 create with an empty authInfo", XML: el("create", named+`<d:authInfo><d:pw/></d:authInfo>`),
		Value: &domain.Create{Name: "sauna.example", AuthInfo: new(epp.AuthInfo)},
	},
	{
		Name: "RFC 5731, 3.2.1 create, most", XML: el("create", named+`<d:period unit="y">2</d:period>
		<d:ns><d:hostObj>ns1.sauna.example</d:hostObj><d:hostObj>ns.kiuas.example</d:hostObj></d:ns>
		<d:registrant>anna-1</d:registrant><d:contact type="admin">anna-1</d:contact>
		<d:contact type="tech">otto-2</d:contact><d:contact>otto-2</d:contact>
		<d:authInfo><d:pw roid="ANNA1-TEST">Four 5  six</d:pw></d:authInfo>`),
		Value: &domain.Create{
			Name: "sauna.example", Period: &epp.Period{N: 2, Unit: epp.Years},
			NS:         &domain.NameServers{HostObj: []string{"ns1.sauna.example", "ns.kiuas.example"}},
			Registrant: "anna-1",
			Contacts: []domain.Contact{
				{Type: domain.Admin, ID: "anna-1"}, {Type: domain.Tech, ID: "otto-2"}, {ID: "otto-2"},
			},
			AuthInfo: &epp.AuthInfo{PW: "Four 5  six", ROID: "ANNA1-TEST"},
		},
	},
	{
		Name: "RFC 5731, 1.1 create with host attributes, in months", XML: el("create", named+`<d:period unit="m">99</d:period>
		<d:ns><d:hostAttr><d:hostName>ns1.sauna.example</d:hostName><d:hostAddr ip="v4">192.0.2.4</d:hostAddr></d:hostAttr></d:ns>
		<d:authInfo><d:pw>Four-5-six</d:pw></d:authInfo>`),
		Value: &domain.Create{
			Name: "sauna.example", Period: &epp.Period{N: 99, Unit: epp.Months},
			NS: &domain.NameServers{HostAttr: []domain.HostAttr{
				{HostName: "ns1.sauna.example", HostAddr: []domain.HostAddr{{IP: domain.V4, Addr: "192.0.2.4"}}},
			}},
			AuthInfo: &epp.AuthInfo{PW: "Four-5-six"},
		},
	},
	{
		Name: "RFC 5731, 3.2.1 creData, least", XML: el("creData", named+`<d:crDate>2025-02-03T04:05:06Z</d:crDate>`),
		Value: &domain.CreData{Name: "sauna.example", CrDate: date(2025)},
	},
	{
		Name: "RFC 5731, 3.2.1 creData, most", XML: el("creData", named+`<d:crDate>2025-02-03T04:05:06Z</d:crDate><d:exDate>2027-02-03T04:05:06Z</d:exDate>`),
		Value: &domain.CreData{Name: "sauna.example", CrDate: date(2025), ExDate: date(2027)},
	},
	{Name: "RFC 5731, 3.2.2 delete", XML: el("delete", named), Value: &domain.Delete{Name: "sauna.example"}},
	{
		Name: "RFC 5731, 3.2.3 renew, least", XML: el("renew", named+`<d:curExpDate>2027-02-03</d:curExpDate>`),
		Value: &domain.Renew{Name: "sauna.example", CurExpDate: time.Date(2027, 2, 3, 0, 0, 0, 0, time.UTC)},
	},
	{
		Name: "RFC 5731, 3.2.3 renew, most, of a day with its zone", XML: el("renew", named+`<d:curExpDate>2027-02-03Z</d:curExpDate><d:period unit="y">5</d:period>`),
		Value: &domain.Renew{
			Name: "sauna.example", CurExpDate: time.Date(2027, 2, 3, 0, 0, 0, 0, time.FixedZone("Z", 0)),
			Period: &epp.Period{N: 5, Unit: epp.Years},
		},
	},
	{Name: "RFC 5731, 3.2.3 renData, least", XML: el("renData", named), Value: &domain.RenData{Name: "sauna.example"}},
	{
		Name: "RFC 5731, 3.2.3 renData", XML: el("renData", named+`<d:exDate>2032-02-03T04:05:06Z</d:exDate>`),
		Value: &domain.RenData{Name: "sauna.example", ExDate: date(2032)},
	},
	{
		Name: "RFC 5731, 3.1.3 transfer query", Op: epp.TransferQuery, XML: el("transfer", named),
		Value: &domain.Transfer{Op: epp.TransferQuery, Name: "sauna.example"},
	},
	{
		Name: "RFC 5731, 3.1.3 transfer query with authInfo", Op: epp.TransferQuery,
		XML:   el("transfer", named+`<d:authInfo><d:pw roid="ANNA1-TEST">Four-5-six</d:pw></d:authInfo>`),
		Value: &domain.Transfer{Op: epp.TransferQuery, Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six", ROID: "ANNA1-TEST"}},
	},
	{
		Name: "RFC 5731, 3.2.4 transfer request", Op: epp.TransferRequest,
		XML: el("transfer", named+`<d:period unit="y">1</d:period><d:authInfo><d:pw>Four-5-six</d:pw></d:authInfo>`),
		Value: &domain.Transfer{
			Op: epp.TransferRequest, Name: "sauna.example",
			Period: &epp.Period{N: 1, Unit: epp.Years}, AuthInfo: &epp.AuthInfo{PW: "Four-5-six"},
		},
	},
	{
		Name: "RFC 5731, 3.2.4 transfer approve", Op: epp.TransferApprove, XML: el("transfer", named),
		Value: &domain.Transfer{Op: epp.TransferApprove, Name: "sauna.example"},
	},
	{
		Name: "RFC 5731, 3.2.4 transfer reject", Op: epp.TransferReject, XML: el("transfer", named),
		Value: &domain.Transfer{Op: epp.TransferReject, Name: "sauna.example"},
	},
	{
		Name: "RFC 5731, 3.2.4 transfer cancel", Op: epp.TransferCancel, XML: el("transfer", named),
		Value: &domain.Transfer{Op: epp.TransferCancel, Name: "sauna.example"},
	},
	{
		Name: "RFC 5731, 3.2.4 trnData, least", XML: el("trnData", trn),
		Value: &domain.TrnData{
			Name: "sauna.example", TrStatus: epp.TrPending,
			ReID: "RegTwo", ReDate: date(2025), AcID: "RegOne", AcDate: date(2026),
		},
	},
	{
		Name: "RFC 5731, 3.2.4 trnData, most", XML: el("trnData", strings.Replace(trn, "pending", "serverApproved", 1)+`<d:exDate>2028-02-03T04:05:06Z</d:exDate>`),
		Value: &domain.TrnData{
			Name: "sauna.example", TrStatus: epp.TrServerApproved,
			ReID: "RegTwo", ReDate: date(2025), AcID: "RegOne", AcDate: date(2026), ExDate: date(2028),
		},
	},
	{
		Name: "RFC 5731, 3.3 panData", XML: el("panData", panHead+`<clTRID xmlns="`+epp.NS+`">LOYLY-1</clTRID><svTRID xmlns="`+epp.NS+`">STEAM-9</svTRID></d:paTRID><d:paDate>2025-02-03T04:05:06Z</d:paDate>`),
		Value: &domain.PanData{
			Name: "sauna.example", PaResult: true, PaTRID: epp.TrID{ClTRID: "LOYLY-1", SvTRID: "STEAM-9"}, PaDate: date(2025),
		},
	},
	{
		Name: "RFC 5731, 3.3 panData of a command that failed and had no clTRID",
		XML:  el("panData", strings.Replace(panHead, "1", "false", 1)+`<svTRID xmlns="`+epp.NS+`">STEAM-9</svTRID></d:paTRID><d:paDate>2025-02-03T04:05:06Z</d:paDate>`),
		Value: &domain.PanData{
			Name: "sauna.example", PaTRID: epp.TrID{SvTRID: "STEAM-9"}, PaDate: date(2025),
		},
	},
}

func TestTransforms(t *testing.T) {
	frames := epptest.Elements(t, set(t), transforms)
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestTransformsRefused(t *testing.T) {
	create := func(change func(*domain.Create)) *domain.Create {
		m := &domain.Create{Name: "sauna.example", AuthInfo: &epp.AuthInfo{PW: "Four-5-six"}}
		change(m)
		return m
	}
	period := func(n int, unit string) *domain.Create {
		return create(func(m *domain.Create) { m.Period = &epp.Period{N: n, Unit: unit} })
	}
	data := func(change func(*domain.TrnData)) *domain.TrnData {
		m := &domain.TrnData{
			Name: "sauna.example", TrStatus: epp.TrPending,
			ReID: "RegTwo", ReDate: date(2025), AcID: "RegOne", AcDate: date(2026),
		}
		change(m)
		return m
	}
	epptest.Refused(t, []epptest.Refusal{
		{Name: "create without authInfo", Value: create(func(m *domain.Create) { m.AuthInfo = nil }), Path: "domain:authInfo", Error: "is missing"},
		{Name: "create without a name", Value: create(func(m *domain.Create) { m.Name = " " }), Path: "domain:name", Error: "1 to 255"},
		{Name: "create for nothing", Value: period(0, epp.Years), Path: "domain:period", Error: "from 1 to 99"},
		{Name: "create for a hundred years", Value: period(100, epp.Years), Path: "domain:period", Error: "from 1 to 99"},
		{Name: "create for days", Value: period(1, "d"), Path: "domain:period/@unit", Error: "must be y or m"},
		{Name: "create without a unit", Value: period(1, ""), Path: "domain:period/@unit", Error: "must be y or m"},
		{Name: "create with an empty ns", Value: create(func(m *domain.Create) { m.NS = new(domain.NameServers) }), Path: "domain:ns", Error: "hostObj or hostAttr"},
		{Name: "create for a registrant of 2", Value: create(func(m *domain.Create) { m.Registrant = "ab" }), Path: "domain:registrant", Error: "3 to 16"},
		{
			Name: "create with a long address", Value: create(func(m *domain.Create) {
				m.NS = &domain.NameServers{HostAttr: []domain.HostAttr{{HostName: "a.example", HostAddr: []domain.HostAddr{{Addr: strings.Repeat("1", 46)}}}}}
			}),
			Path: "domain:hostAddr", Error: "3 to 45",
		},
		{
			Name: "create with an address of version 5", Value: create(func(m *domain.Create) {
				m.NS = &domain.NameServers{HostAttr: []domain.HostAttr{{HostName: "a.example", HostAddr: []domain.HostAddr{{IP: "v5", Addr: "192.0.2.4"}}}}}
			}),
			Path: "domain:hostAddr/@ip", Error: "v4 or v6",
		},
		{Name: "creData without its day", Value: &domain.CreData{Name: "sauna.example"}, Path: "domain:crDate", Error: "is missing"},
		{Name: "delete of nothing", Value: &domain.Delete{}, Path: "domain:name", Error: "1 to 255"},
		{Name: "renew without the day", Value: &domain.Renew{Name: "sauna.example"}, Path: "domain:curExpDate", Error: "is missing"},
		{Name: "renData of nothing", Value: &domain.RenData{}, Path: "domain:name", Error: "1 to 255"},
		{Name: "transfer without op", Value: &domain.Transfer{Name: "sauna.example"}, Path: "epp/command/transfer/@op", Error: "approve, cancel"},
		{Name: "trnData of a state of no transfer", Value: data(func(m *domain.TrnData) { m.TrStatus = "approved" }), Path: "domain:trStatus", Error: "state of a transfer"},
		{Name: "trnData by nobody", Value: data(func(m *domain.TrnData) { m.ReID = "" }), Path: "domain:reID", Error: "3 to 16"},
		{Name: "trnData answered by nobody", Value: data(func(m *domain.TrnData) { m.AcID = "" }), Path: "domain:acID", Error: "3 to 16"},
		{Name: "trnData without acDate", Value: data(func(m *domain.TrnData) { m.AcDate = time.Time{} }), Path: "domain:acDate", Error: "is missing"},
		{
			Name: "panData of a name of 256", Value: &domain.PanData{Name: strings.Repeat("x", 256), PaTRID: epp.TrID{SvTRID: "STEAM-9"}, PaDate: date(2025)},
			Path: "domain:name", Error: "1 to 255",
		},
		{
			Name: "panData of no transaction", Value: &domain.PanData{Name: "sauna.example", PaDate: date(2025)},
			Path: "domain:paTRID/svTRID", Error: "3 to 64",
		},
		{
			Name: "panData without its day", Value: &domain.PanData{Name: "sauna.example", PaTRID: epp.TrID{SvTRID: "STEAM-9"}},
			Path: "domain:paDate", Error: "is missing",
		},
	})
}

// TestNewRegistrant refuses one that is no text, and does not read on.
func TestNewRegistrant(t *testing.T) {
	frame := []byte(`<epp xmlns="` + epp.NS + `"><command><update>` +
		el("update", named+`<d:chg><d:registrant><d:null/></d:registrant></d:chg>`) + `</update></command></epp>`)
	_, err := set(t).ParseRequest(frame)
	require.ErrorContains(t, err, "domain:registrant")
}

// TestTolerant reads what the schema does not allow but everybody understands.
func TestTolerant(t *testing.T) {
	for _, tt := range []struct {
		name, xml string
		want      epp.Element
	}{
		{"a create without authInfo", el("create", named), &domain.Create{Name: "sauna.example"}},
		{"a period without a unit", el("renew", named+`<d:curExpDate>2027-02-03</d:curExpDate><d:period>5</d:period>`), &domain.Renew{
			Name: "sauna.example", CurExpDate: time.Date(2027, 2, 3, 0, 0, 0, 0, time.UTC), Period: &epp.Period{N: 5},
		}},
		{"the children in any order", el("renew", `<d:curExpDate>2027-02-03</d:curExpDate>`+named), &domain.Renew{
			Name: "sauna.example", CurExpDate: time.Date(2027, 2, 3, 0, 0, 0, 0, time.UTC),
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			verb := tt.want.XMLName().Local
			frame := []byte(`<epp xmlns="` + epp.NS + `"><command><` + verb + `>` + tt.xml + `</` + verb + `></command></epp>`)
			m, err := set(t).Parse(frame)
			require.NoError(t, err)
			require.Equal(t, tt.want, m.(*epp.Command).Request)
			_, err = set(t).ParseStrict(frame)
			require.Error(t, err)
		})
	}
}

func TestPoll(t *testing.T) { epptest.Poll(t, set(t), slices.Concat(rows, transforms)) }

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc5731", domain.NS) }
