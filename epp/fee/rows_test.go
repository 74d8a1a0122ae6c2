package fee_test

import (
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/internal/epptest"
)

func date(year int) time.Time { return time.Date(year, 2, 3, 0, 0, 0, 0, time.UTC) }

func years(n int) *epp.Period { return &epp.Period{N: n, Unit: epp.Years} }

func id(name string) fee.ObjID { return fee.ObjID{ID: name} }

func rows() (out []epptest.Row) {
	for _, v := range versions {
		out = append(out, rowsOf(v)...)
	}
	return out
}

func rowsOf(v fee.Version) []epptest.Row {
	var out []epptest.Row
	switch v {
	case fee.V1_0, fee.V1_0Draft, fee.V0_23, fee.V0_21:
		out = latest(v)
	case fee.V0_12:
		out = v12()
	case fee.V0_11:
		out = v11()
	case fee.V0_9:
		out = v9()
	default:
		out = first(v)
	}
	out = append(out, transforms(v)...)
	for i := range out {
		out[i].Name = v.String() + " of " + strings.TrimPrefix(v.URI(), "urn:ietf:params:xml:ns:") + ", " + out[i].Name
	}
	return out
}

// latest are the checks of RFC 8748 and of the drafts that came near it.
func latest(v fee.Version) []epptest.Row {
	out := []epptest.Row{
		{
			Name: "check, least", XML: el(v, "check", `<f:command name="create"/>`), Extends: check,
			Value: &fee.Check{Version: v, Commands: []fee.Command{{Name: fee.CommandCreate}}},
		},
		{
			Name: "check of every command", XML: el(v, "check", `<f:currency>EUR</f:currency>`+
				`<f:command name="create" phase="sunrise" subphase="löyly"><f:period unit="m">6</f:period></f:command>`+
				`<f:command name="delete"/><f:command name="renew"><f:period unit="y">99</f:period></f:command><f:command name="update"/>`+
				`<f:command name="transfer"/><f:command name="restore"/><f:command name="custom" customName="sync"/>`), Extends: check,
			Value: &fee.Check{Version: v, Currency: "EUR", Commands: []fee.Command{
				{Name: fee.CommandCreate, Phase: "sunrise", Subphase: "löyly", Period: &epp.Period{N: 6, Unit: epp.Months}},
				{Name: fee.CommandDelete},
				{Name: fee.CommandRenew, Period: years(99)},
				{Name: fee.CommandUpdate},
				{Name: fee.CommandTransfer},
				{Name: fee.CommandRestore},
				{Name: fee.CommandCustom, CustomName: "sync"},
			}},
		},
		{
			Name: "chkData", XML: el(v, "chkData", `<f:currency>EUR</f:currency>`+
				`<f:cd avail="1"><f:objID element="name">sauna.example</f:objID>`+
				`<f:command name="create" phase="open"><f:period unit="y">2</f:period><f:fee refundable="1" grace-period="P5D" applied="delayed" description="A  B">12.50</f:fee>`+
				`<f:fee>0</f:fee><f:credit description="C">-1.00</f:credit><f:credit>-0</f:credit></f:command><f:command name="restore"/></f:cd>`+
				`<f:cd avail="0"><f:objID>kiuas.example</f:objID><f:command name="renew"><f:period unit="y">11</f:period><f:reason lang="fi">Liian pitkä</f:reason></f:command>`+
				`<f:reason>Too long</f:reason></f:cd>`),
			Extends: epptest.Answer,
			Value: &fee.ChkData{Version: v, Currency: "EUR", CD: []fee.CD{
				{
					ObjID: fee.ObjID{ID: "sauna.example", Element: "name"}, Avail: new(true),
					Commands: []fee.CommandData{
						{
							Command: fee.Command{Name: "create", Phase: "open", Period: years(2)},
							Fees: []fee.Fee{
								{Amount: "12.50", Description: "A  B", Refundable: new(true), GracePeriod: "P5D", Applied: fee.Delayed},
								{Amount: "0"},
							},
							Credits: []fee.Credit{{Amount: "-1.00", Description: "C"}, {Amount: "-0"}},
						},
						{Command: fee.Command{Name: "restore"}},
					},
				},
				{
					ObjID: id("kiuas.example"), Avail: new(false),
					Commands: []fee.CommandData{{Command: fee.Command{Name: "renew", Period: years(11)}, Reason: &fee.Reason{Text: "Liian pitkä", Lang: "fi"}}},
					Reason:   &fee.Reason{Text: "Too long"},
				},
			}},
		},
	}
	if v != fee.V0_21 {
		out = append(out, epptest.Row{
			Name: "chkData without a command", XML: el(v, "chkData", `<f:currency>EUR</f:currency><f:cd><f:objID>x.example</f:objID><f:reason/></f:cd>`),
			Extends: epptest.Answer,
			Value:   &fee.ChkData{Version: v, Currency: "EUR", CD: []fee.CD{{ObjID: id("x.example"), Reason: new(fee.Reason)}}},
		})
	}
	if v == fee.V0_21 || v == fee.V0_23 {
		return append(out, epptest.Row{
			Name: "chkData, class of a command", Extends: epptest.Answer,
			XML: el(v, "chkData", `<f:currency>EUR</f:currency><f:cd><f:objID>x.example</f:objID><f:command name="create"><f:fee>5</f:fee><f:class>premium</f:class></f:command></f:cd>`),
			Value: &fee.ChkData{Version: v, Currency: "EUR", CD: []fee.CD{{ObjID: id("x.example"), Commands: []fee.CommandData{
				{Command: fee.Command{Name: "create", Class: "premium"}, Fees: []fee.Fee{{Amount: "5"}}},
			}}}},
		})
	}
	return append(out, epptest.Row{
		Name: "chkData, class of an object, standard fees, languages", Extends: epptest.Answer,
		XML: el(v, "chkData", `<f:currency>XXX</f:currency><f:cd><f:objID>x.example</f:objID><f:class>standard</f:class>`+
			`<f:command name="create" standard="1"><f:fee lang="fi" description="Maksu" refundable="0">5</f:fee><f:credit lang="sv" description="Rabatt">-5</f:credit></f:command>`+
			`<f:command name="renew" standard="0"/></f:cd>`),
		Value: &fee.ChkData{Version: v, Currency: "XXX", CD: []fee.CD{{
			ObjID: id("x.example"), Class: "standard",
			Commands: []fee.CommandData{
				{
					Command: fee.Command{Name: "create"}, Standard: new(true),
					Fees:    []fee.Fee{{Amount: "5", Description: "Maksu", Lang: "fi", Refundable: new(false)}},
					Credits: []fee.Credit{{Amount: "-5", Description: "Rabatt", Lang: "sv"}},
				},
				{Command: fee.Command{Name: "renew"}, Standard: new(false)},
			},
		}}},
	})
}

func v12() []epptest.Row {
	const v = fee.V0_12
	return []epptest.Row{
		{
			Name: "check", Extends: check, XML: el(v, "check", `<f:currency>EUR</f:currency>`+
				`<f:command name="create" phase="sunrise" subphase="a"><f:period unit="y">1</f:period><f:class>premium</f:class><f:date>2031-02-03T00:00:00Z</f:date></f:command>`+
				`<f:command name="restore"/>`),
			Value: &fee.Check{Version: v, Currency: "EUR", Commands: []fee.Command{
				{Name: "create", Phase: "sunrise", Subphase: "a", Period: years(1), Class: "premium", Date: date(2031)},
				{Name: "restore"},
			}},
		},
		{
			Name: "chkData", Extends: epptest.Answer, XML: el(v, "chkData", `<f:currency>EUR</f:currency>`+
				`<f:cd><f:object><d:name xmlns:d="urn:ietf:params:xml:ns:domain-1.0">sauna.example</d:name></f:object>`+
				`<f:command name="create"><f:period unit="y">1</f:period><f:fee description="create">13.00</f:fee><f:class>premium</f:class>`+
				`<f:date>2031-02-03T00:00:00Z</f:date><f:notAfter>2032-02-03T00:00:00Z</f:notAfter></f:command></f:cd>`),
			Value: &fee.ChkData{Version: v, Currency: "EUR", CD: []fee.CD{{ObjID: id("sauna.example"), Commands: []fee.CommandData{{
				Command: fee.Command{Name: "create", Period: years(1), Class: "premium", Date: date(2031)},
				Fees:    []fee.Fee{{Amount: "13.00", Description: "create"}}, NotAfter: date(2032),
			}}}}},
		},
	}
}

func v11() []epptest.Row {
	const v = fee.V0_11
	return []epptest.Row{
		{
			Name: "check, least", XML: el(v, "check", `<f:command>create</f:command>`), Extends: check,
			Value: &fee.Check{Version: v, Commands: []fee.Command{{Name: "create"}}},
		},
		{
			Name: "check, most", XML: el(v, "check", `<f:command phase="sunrise" subphase="a">create</f:command><f:currency>EUR</f:currency>`+
				`<f:period unit="y">1</f:period><f:class>premium</f:class>`), Extends: check,
			Value: &fee.Check{Version: v, Currency: "EUR", Commands: []fee.Command{
				{Name: "create", Phase: "sunrise", Subphase: "a", Period: years(1), Class: "premium"},
			}},
		},
		{
			Name: "chkData", Extends: epptest.Answer, XML: el(v, "chkData", ``+
				`<f:cd avail="1"><f:object><d:name xmlns:d="urn:ietf:params:xml:ns:domain-1.0">sauna.example</d:name></f:object>`+
				`<f:command phase="open">create</f:command><f:currency>EUR</f:currency><f:period unit="y">1</f:period>`+
				`<f:fee applied="immediate">12.50</f:fee><f:credit>-2</f:credit><f:class>premium</f:class></f:cd>`+
				`<f:cd avail="0"><f:object><d:name xmlns:d="urn:ietf:params:xml:ns:domain-1.0">kiuas.example</d:name></f:object>`+
				`<f:command>create</f:command><f:currency>EUR</f:currency><f:reason>Two years at least</f:reason></f:cd>`),
			Value: &fee.ChkData{Version: v, CD: []fee.CD{
				{
					ObjID: id("sauna.example"), Avail: new(true), Currency: "EUR", Class: "premium",
					Commands: []fee.CommandData{{
						Command: fee.Command{Name: "create", Phase: "open", Period: years(1)},
						Fees:    []fee.Fee{{Amount: "12.50", Applied: fee.Immediate}}, Credits: []fee.Credit{{Amount: "-2"}},
					}},
				},
				{
					ObjID: id("kiuas.example"), Avail: new(false), Currency: "EUR",
					Commands: []fee.CommandData{{Command: fee.Command{Name: "create"}}}, Reason: &fee.Reason{Text: "Two years at least"},
				},
			}},
		},
		{
			Name: "chkData of what is no domain", Extends: epptest.Answer, XML: el(v, "chkData", ``+
				`<f:cd><f:object><c:check xmlns:c="`+contact.NS+`"><c:id>anna-1</c:id></c:check></f:object>`+
				`<f:command>create</f:command><f:currency>EUR</f:currency></f:cd>`),
			Value: &fee.ChkData{Version: v, CD: []fee.CD{{
				ObjID: fee.ObjID{Object: &contact.Check{IDs: []string{"anna-1"}}}, Currency: "EUR",
				Commands: []fee.CommandData{{Command: fee.Command{Name: "create"}}},
			}}},
		},
	}
}

func v9() []epptest.Row {
	const v = fee.V0_9
	return []epptest.Row{
		{
			Name: "check", Extends: check, XML: el(v, "check", `<f:object><f:objID>sauna.example</f:objID><f:command>create</f:command></f:object>`+
				`<f:object objURI="urn:ietf:params:xml:ns:contact-1.0"><f:objID element="id">anna-1</f:objID><f:currency>EUR</f:currency>`+
				`<f:command phase="open">create</f:command><f:period unit="y">1</f:period></f:object>`),
			Value: &fee.Check{Version: v, Objects: []fee.Object{
				{ObjID: id("sauna.example"), Command: fee.Command{Name: "create"}},
				{
					ObjID: fee.ObjID{ID: "anna-1", Element: "id"}, ObjURI: contact.NS, Currency: "EUR",
					Command: fee.Command{Name: "create", Phase: "open", Period: years(1)},
				},
			}},
		},
		{
			Name: "chkData", Extends: epptest.Answer, XML: el(v, "chkData", `<f:cd objURI="urn:ietf:params:xml:ns:contact-1.0"><f:objID element="id">anna-1</f:objID>`+
				`<f:currency>EUR</f:currency><f:command>create</f:command><f:period unit="y">1</f:period><f:fee>5</f:fee><f:credit>-1</f:credit><f:class>standard</f:class></f:cd>`+
				`<f:cd><f:objID>sauna.example</f:objID><f:currency>EUR</f:currency><f:command>restore</f:command></f:cd>`),
			Value: &fee.ChkData{Version: v, CD: []fee.CD{
				{
					ObjID: fee.ObjID{ID: "anna-1", Element: "id"}, ObjURI: contact.NS, Currency: "EUR", Class: "standard",
					Commands: []fee.CommandData{{
						Command: fee.Command{Name: "create", Period: years(1)}, Fees: []fee.Fee{{Amount: "5"}}, Credits: []fee.Credit{{Amount: "-1"}},
					}},
				},
				{ObjID: id("sauna.example"), Currency: "EUR", Commands: []fee.CommandData{{Command: fee.Command{Name: "restore"}}}},
			}},
		},
	}
}

// first are the checks and infos of the first drafts.
func first(v fee.Version) []epptest.Row {
	out := []epptest.Row{
		{
			Name: "check", Extends: check, XML: el(v, "check", `<f:domain><f:name>sauna.example</f:name><f:command>create</f:command></f:domain>`+
				`<f:domain><f:name>kiuas.example</f:name><f:currency>EUR</f:currency><f:command phase="claims" subphase="b">renew</f:command><f:period unit="y">2</f:period></f:domain>`),
			Value: &fee.Check{Version: v, Objects: []fee.Object{
				{ObjID: id("sauna.example"), Command: fee.Command{Name: "create"}},
				{ObjID: id("kiuas.example"), Currency: "EUR", Command: fee.Command{Name: "renew", Phase: "claims", Subphase: "b", Period: years(2)}},
			}},
		},
		{
			Name: "chkData", Extends: epptest.Answer, XML: el(v, "chkData", `<f:cd><f:name>sauna.example</f:name><f:currency>EUR</f:currency>`+
				`<f:command phase="open">create</f:command><f:period unit="y">1</f:period><f:fee description="A" refundable="0">5</f:fee><f:fee>1.50</f:fee><f:class>tier 1</f:class></f:cd>`),
			Value: &fee.ChkData{Version: v, CD: []fee.CD{{
				ObjID: id("sauna.example"), Currency: "EUR", Class: "tier 1",
				Commands: []fee.CommandData{{
					Command: fee.Command{Name: "create", Phase: "open", Period: years(1)},
					Fees:    []fee.Fee{{Amount: "5", Description: "A", Refundable: new(false)}, {Amount: "1.50"}},
				}},
			}}},
		},
	}
	if v != fee.V0_8 {
		out = append(out,
			epptest.Row{
				Name: "info", Extends: info, XML: el(v, "info", `<f:currency>EUR</f:currency><f:command phase="open">create</f:command><f:period unit="y">1</f:period>`),
				Value: &fee.Info{Version: v, Currency: "EUR", Command: fee.Command{Name: "create", Phase: "open", Period: years(1)}},
			},
			epptest.Row{
				Name: "infData", Extends: epptest.Answer, XML: el(v, "infData", `<f:currency>EUR</f:currency><f:command>create</f:command><f:period unit="y">1</f:period><f:fee>5</f:fee><f:class>tier 1</f:class>`),
				Value: &fee.InfData{
					Version: v, Currency: "EUR", Class: "tier 1",
					Command: fee.CommandData{Command: fee.Command{Name: "create", Period: years(1)}, Fees: []fee.Fee{{Amount: "5"}}},
				},
			})
	}
	if v == fee.V0_7 || v == fee.V0_8 {
		out = append(out, epptest.Row{
			Name: "chkData, least", Extends: epptest.Answer, XML: el(v, "chkData", `<f:cd><f:name>sauna.example</f:name><f:currency>EUR</f:currency><f:command>restore</f:command></f:cd>`),
			Value: &fee.ChkData{Version: v, CD: []fee.CD{{ObjID: id("sauna.example"), Currency: "EUR", Commands: []fee.CommandData{{Command: fee.Command{Name: "restore"}}}}}},
		})
	}
	return out
}

// transforms are the elements beside the commands that cost, and their answers.
func transforms(v fee.Version) []epptest.Row {
	const offer = `<f:currency>EUR</f:currency><f:fee description="A">5.00</f:fee><f:fee refundable="1" grace-period="PT1H">1</f:fee>`
	fees := []fee.Fee{{Amount: "5.00", Description: "A"}, {Amount: "1", Refundable: new(true), GracePeriod: "PT1H"}}
	const account = `<f:balance>-5.00</f:balance><f:creditLimit>1000</f:creditLimit>`
	out := []epptest.Row{
		{Name: "create", XML: el(v, "create", offer), Extends: create, Value: &fee.Create{Version: v, Currency: "EUR", Fees: fees}},
		{Name: "renew", XML: el(v, "renew", offer), Extends: renew, Value: &fee.Renew{Version: v, Currency: "EUR", Fees: fees}},
		{Name: "transfer", XML: el(v, "transfer", offer), Extends: transfer, Value: &fee.Transfer{Version: v, Currency: "EUR", Fees: fees}},
		{Name: "update", XML: el(v, "update", offer), Extends: update, Value: &fee.Update{Version: v, Currency: "EUR", Fees: fees}},
		{
			Name: "creData", XML: el(v, "creData", offer+account), Extends: epptest.Answer,
			Value: &fee.CreData{Version: v, Currency: "EUR", Fees: fees, Balance: "-5.00", CreditLimit: "1000"},
		},
		{Name: "renData", XML: el(v, "renData", offer), Extends: epptest.Answer, Value: &fee.RenData{Version: v, Currency: "EUR", Fees: fees}},
		{
			Name: "trnData", XML: el(v, "trnData", offer+account), Extends: epptest.Answer,
			Value: &fee.TrnData{Version: v, Currency: "EUR", Fees: fees, Balance: "-5.00", CreditLimit: "1000"},
		},
		{Name: "updData", XML: el(v, "updData", offer), Extends: epptest.Answer, Value: &fee.UpdData{Version: v, Currency: "EUR", Fees: fees}},
		{
			Name: "delData", XML: el(v, "delData", `<f:currency>EUR</f:currency><f:credit description="B">-5</f:credit>`+account), Extends: epptest.Answer,
			Value: &fee.DelData{Version: v, Currency: "EUR", Credits: []fee.Credit{{Amount: "-5", Description: "B"}}, Balance: "-5.00", CreditLimit: "1000"},
		},
	}
	since := func(first fee.Version, rows ...epptest.Row) {
		if slices.Index(versions, v) <= slices.Index(versions, first) {
			out = append(out, rows...)
		}
	}
	since(fee.V0_6,
		epptest.Row{
			Name: "create, applied", XML: el(v, "create", `<f:currency>EUR</f:currency><f:fee applied="delayed">5</f:fee><f:fee applied="immediate">6</f:fee>`), Extends: create,
			Value: &fee.Create{Version: v, Currency: "EUR", Fees: []fee.Fee{{Amount: "5", Applied: fee.Delayed}, {Amount: "6", Applied: fee.Immediate}}},
		},
		epptest.Row{
			Name: "trnData, period", XML: el(v, "trnData", `<f:currency>EUR</f:currency><f:period unit="y">1</f:period><f:fee>5</f:fee>`), Extends: epptest.Answer,
			Value: &fee.TrnData{Version: v, Currency: "EUR", Period: years(1), Fees: []fee.Fee{{Amount: "5"}}},
		})
	since(fee.V0_7, epptest.Row{
		Name: "update, currency of the registry's choice", XML: el(v, "update", `<f:fee>0.00</f:fee>`), Extends: update,
		Value: &fee.Update{Version: v, Fees: []fee.Fee{{Amount: "0.00"}}},
	})
	since(fee.V0_8,
		epptest.Row{
			Name: "renew, credit", XML: el(v, "renew", `<f:fee>5</f:fee><f:credit>-1</f:credit><f:credit>-0.00</f:credit>`), Extends: renew,
			Value: &fee.Renew{Version: v, Fees: []fee.Fee{{Amount: "5"}}, Credits: []fee.Credit{{Amount: "-1"}, {Amount: "-0.00"}}},
		},
		epptest.Row{
			Name: "creData, credit alone", XML: el(v, "creData", `<f:currency>EUR</f:currency><f:credit>-1</f:credit>`), Extends: epptest.Answer,
			Value: &fee.CreData{Version: v, Currency: "EUR", Credits: []fee.Credit{{Amount: "-1"}}},
		},
		epptest.Row{
			Name: "delData of nothing", XML: el(v, "delData", `<f:currency>EUR</f:currency>`), Extends: epptest.Answer,
			Value: &fee.DelData{Version: v, Currency: "EUR"},
		})
	since(fee.V0_12, epptest.Row{
		Name: "delData, fee", XML: el(v, "delData", `<f:currency>EUR</f:currency><f:fee>5</f:fee>`), Extends: epptest.Answer,
		Value: &fee.DelData{Version: v, Currency: "EUR", Fees: []fee.Fee{{Amount: "5"}}},
	})
	since(fee.V0_21,
		epptest.Row{Name: "trnData of nothing", XML: el(v, "trnData", ``), Extends: epptest.Answer, Value: &fee.TrnData{Version: v}},
		epptest.Row{
			Name: "renData, period", XML: el(v, "renData", `<f:period unit="y">1</f:period>`), Extends: epptest.Answer,
			Value: &fee.RenData{Version: v, Period: years(1)},
		},
		epptest.Row{
			Name: "delData, period", XML: el(v, "delData", `<f:period unit="y">1</f:period>`), Extends: epptest.Answer,
			Value: &fee.DelData{Version: v, Period: years(1)},
		})
	return out
}
