package rgp_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/internal/epptest"
)

const schema = "../../../shared/reference/xsd/driver.xsd"

func set(t testing.TB) *epp.Schema {
	s, err := epp.NewSchema(domain.Extension(), rgp.Extension())
	require.NoError(t, err)
	return s
}

func el(local, content string) string {
	return `<r:` + local + ` xmlns:r="` + rgp.NS + `">` + content + `</r:` + local + `>`
}

var (
	update  = &domain.Update{Name: "sauna.example", Chg: new(domain.Chg)}
	deleted = time.Date(2025, 2, 3, 4, 5, 6, 0, time.UTC)
)

func text(s string) epp.Mixed { return epp.Mixed{Text: s} }

func msg(s string) epp.Msg { return epp.Msg{Mixed: text(s)} }

func report(change func(*rgp.Report)) *rgp.Update {
	r := &rgp.Report{
		PreData: text("Owner: Anna"), PostData: text("Owner: Otto"),
		DelTime: deleted, ResTime: deleted.Add(time.Hour),
		ResReason: msg("Sold"), Statement: []epp.Msg{msg("It is true.")},
	}
	change(r)
	return &rgp.Update{Restore: rgp.Restore{Op: rgp.OpReport, Report: r}}
}

const (
	head = `<r:preData>Owner: Anna</r:preData><r:postData>Owner: Otto</r:postData>` +
		`<r:delTime>2025-02-03T04:05:06Z</r:delTime><r:resTime>2025-02-03T06:05:06+01:00</r:resTime>`
	least = head + `<r:resReason>Sold</r:resReason><r:statement>It is true.</r:statement>`
)

func rows() []epptest.Row {
	row := func(name, xml string, v, extends epp.Element) epptest.Row {
		return epptest.Row{Name: name, XML: xml, Value: v, Extends: extends}
	}
	restore := func(attr, content string) string {
		return el("update", `<r:restore op="`+attr+`">`+content+`</r:restore>`)
	}
	inf := &domain.InfData{Name: "sauna.example", ROID: "SAUNA1-TEST", ClID: "RegOne"}
	out := []epptest.Row{
		row("RFC 3915, 4.2.5 request", restore("request", ""),
			&rgp.Update{Restore: rgp.Restore{Op: rgp.OpRequest}}, update),
		row("RFC 3915, 5 report without its report, as the schema lets it", restore("report", ""),
			&rgp.Update{Restore: rgp.Restore{Op: rgp.OpReport}}, update),
		row("RFC 3915, 4.2.5 report, least", restore("report", `<r:report>`+least+`</r:report>`),
			report(func(*rgp.Report) {}), update),
		row("RFC 3915, 4.2.5 report, most", restore("report", `<r:report>`+head+
			`<r:resReason lang="fi">Myyty</r:resReason><r:statement lang="en">It is true.</r:statement>`+
			`<r:statement>And nothing else.</r:statement><r:other>See &lt;attached&gt;</r:other></r:report>`),
			report(func(r *rgp.Report) {
				r.ResReason = epp.Msg{Lang: "fi", Mixed: text("Myyty")}
				r.Statement = []epp.Msg{{Lang: "en", Mixed: text("It is true.")}, msg("And nothing else.")}
				r.Other = new(text("See <attached>"))
			}), update),
		row("RFC 3915, 3.2 elements in a report", restore("report", `<r:report>`+
			strings.NewReplacer("Owner: Anna", `<d:check xmlns:d="`+domain.NS+`"><d:name>sauna.example</d:name></d:check>`,
				"Owner: Otto", "").Replace(least)+`<r:other/></r:report>`),
			report(func(r *rgp.Report) {
				r.PreData = epp.Mixed{Elements: []epp.Element{&domain.Check{Names: []string{"sauna.example"}}}}
				r.PostData, r.Other = epp.Mixed{}, new(epp.Mixed)
			}), update),
		row("RFC 3915, 4.2.5 upData", el("upData", `<r:rgpStatus s="pendingRestore"/>`),
			&rgp.UpData{RGPStatus: []epp.Status{{S: rgp.PendingRestore}}}, epptest.Answer),
		row("RFC 3915, 5 status with a text", el("infData", `<r:rgpStatus s="redemptionPeriod" lang="fi">Yhä voi palauttaa</r:rgpStatus><r:rgpStatus s="pendingDelete"/>`),
			&rgp.InfData{RGPStatus: []epp.Status{
				{S: rgp.RedemptionPeriod, Lang: "fi", Text: "Yhä voi palauttaa"}, {S: rgp.PendingDelete},
			}}, inf),
	}
	for _, s := range []string{
		rgp.AddPeriod, rgp.AutoRenewPeriod, rgp.RenewPeriod, rgp.TransferPeriod,
		rgp.RedemptionPeriod, rgp.PendingRestore, rgp.PendingDelete,
	} {
		out = append(out, row("RFC 3915, 3.1 "+s, el("infData", `<r:rgpStatus s="`+s+`"/>`),
			&rgp.InfData{RGPStatus: []epp.Status{{S: s}}}, inf))
	}
	return out
}

func TestElements(t *testing.T) {
	frames := epptest.Elements(t, set(t), rows())
	t.Run("XMLLint", func(t *testing.T) { epptest.XMLLint(t, schema, frames) })
}

func TestRefused(t *testing.T) {
	var refusals []epptest.Refusal
	add := func(name string, v, extends epp.Element, path, text string) {
		refusals = append(refusals, epptest.Refusal{Name: name, Value: v, Path: path, Error: text, Extends: extends})
	}
	add("no operation", new(rgp.Update), update, "rgp:restore/@op", "request or report")
	add("an unknown operation", &rgp.Update{Restore: rgp.Restore{Op: "cancel"}}, update, "rgp:restore/@op", "request or report")
	add("no statement", report(func(r *rgp.Report) { r.Statement = nil }), update, "rgp:statement", "is missing")
	add("three statements", report(func(r *rgp.Report) { r.Statement = slices.Repeat(r.Statement, 3) }), update, "rgp:statement", "2 times")
	add("no time of deletion", report(func(r *rgp.Report) { r.DelTime = time.Time{} }), update, "rgp:delTime", "is missing")
	add("no time of restore", report(func(r *rgp.Report) { r.ResTime = time.Time{} }), update, "rgp:resTime", "is missing")
	add("a language that is none", report(func(r *rgp.Report) { r.ResReason.Lang = "1" }), update, "rgp:resReason/@lang", "language")
	add("infData of nothing", new(rgp.InfData), epptest.Answer, "rgp:rgpStatus", "is missing")
	add("upData of nothing", new(rgp.UpData), epptest.Answer, "rgp:rgpStatus", "is missing")
	add("a status of RFC 5731", &rgp.InfData{RGPStatus: []epp.Status{{S: "ok"}}}, epptest.Answer, "rgp:rgpStatus", "not one that the extension has")
	epptest.Refused(t, refusals)
}

// TestMixed reads text and elements that alternate, in their order.
func TestMixed(t *testing.T) {
	content := strings.Replace(least, "Owner: Anna", `before <b:lamp xmlns:b="urn:example:light-1.0"/> after`, 1)
	in := []byte(`<epp xmlns="` + epp.NS + `"><command><update><d:update xmlns:d="` + domain.NS +
		`"><d:name>sauna.example</d:name><d:chg/></d:update></update><extension>` +
		el("update", `<r:restore op="report"><r:report>`+content+`</r:report></r:restore>`) + `</extension></command></epp>`)
	m, err := set(t).ParseStrict(in)
	require.NoError(t, err)
	pre := m.(*epp.Command).Extension[0].(*rgp.Update).Restore.Report.PreData
	require.Equal(t, "before  after", pre.Text)
	require.Len(t, pre.Elements, 1)
	out, err := epp.Append(nil, m)
	require.NoError(t, err)
	epptest.SameInfoset(t, in, out)
}

func TestCorpus(t *testing.T) { epptest.Corpus(t, set(t), "rfc3915", rgp.NS) }

func FuzzElements(f *testing.F) { epptest.Fuzz(f, set(f), rows()) }

// A restore extends an update in which nothing changes.
func ExampleUpdate() {
	frame, err := epp.Append(nil, &epp.Command{
		Request:   &domain.Update{Name: "sauna.example", Chg: new(domain.Chg)},
		Extension: []epp.Element{&rgp.Update{Restore: rgp.Restore{Op: rgp.OpRequest}}},
		ClTRID:    "EX-1",
	})
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.ReplaceAll(string(frame), "><", ">\n<"))
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <epp xmlns="urn:ietf:params:xml:ns:epp-1.0">
	// <command>
	// <update>
	// <domain:update xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">
	// <domain:name>sauna.example</domain:name>
	// <domain:chg/>
	// </domain:update>
	// </update>
	// <extension>
	// <rgp:update xmlns:rgp="urn:ietf:params:xml:ns:rgp-1.0">
	// <rgp:restore op="request"/>
	// </rgp:update>
	// </extension>
	// <clTRID>EX-1</clTRID>
	// </command>
	// </epp>
}
