package load

import (
	"bytes"
	"cmp"
	_ "embed"
	"html/template"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed page.html
var pageText string

// pageTemplate escapes by context; nothing on the page is written past it.
var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"ms": millis, "percent": percent, "decimal": decimal,
	"mid":   func(b band) float64 { return round(b.X + b.Width/2) },
	"plus":  func(a, b float64) float64 { return round(a + b) },
	"minus": func(a, b float64) float64 { return round(a - b) },
	"time": func(ms *float64) string {
		if ms == nil {
			return "none"
		}
		return duration(*ms)
	},
}).Parse(pageText))

// pageData is what the template is filled with.
type pageData struct {
	*Report
	Heading       []string // parts, between which it may be broken into lines
	Verdict, Word string
	Charts        []*chart
	Rows          []Figures // the commands, and all
	Codes         []bar
	YAML          string
}

// Page is the report as one page of HTML that needs nothing else: no other file, and no
// connection.
func Page(r *Report) ([]byte, error) {
	doc, err := yaml.Marshal(r.Scenario)
	if err != nil {
		return nil, err
	}
	heading := strings.SplitAfter(cmp.Or(r.Name, "EPP under load"), ",")
	d := pageData{Report: r, Heading: heading, YAML: string(doc), Codes: codeBars(&r.Total)}
	for _, c := range []*chart{latencyChart(r), rateChart(r), curveChart(r), sessionChart(r), queueChart(r)} {
		if c != nil {
			d.Charts = append(d.Charts, c)
		}
	}
	d.Rows = append(append(d.Rows, r.Commands...), r.Total)
	if own := r.Sessions.Login; own.Due > 0 {
		own.Name = "own logins"
		d.Rows = append(d.Rows, own)
	}
	switch {
	case r.Failed():
		d.Verdict, d.Word = "bad", "A threshold was not kept to"
	case r.Interrupted:
		d.Verdict, d.Word = "warn", "Interrupted"
	case len(r.Thresholds) > 0:
		d.Verdict, d.Word = "good", "All thresholds were kept to"
	}
	var b bytes.Buffer
	err = pageTemplate.Execute(&b, d)
	return b.Bytes(), err
}

// Label is the name of a phase with what it did.
func (p PhaseFigures) Label() string { return p.label() }
