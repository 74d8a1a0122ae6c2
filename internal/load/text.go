package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// JSON is the report as JSON.
func JSON(r *Report) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(r)
	return b.Bytes(), err
}

// Text writes the report for people.
func Text(w io.Writer, r *Report) error {
	var b bytes.Buffer
	for _, note := range r.Notes {
		fmt.Fprintf(&b, "%s\n", note)
	}
	if r.Interrupted {
		fmt.Fprintln(&b, "The run was interrupted; the figures are of what was done until then.")
	}
	t := &r.Total
	fmt.Fprintf(&b, "\n%d commands were due, %d answered (%s/s): %d ok, %d refused; %d not answered\n\n",
		t.Due, t.Answered(), decimal(t.Rate), t.OK, t.Refused, t.Due-t.Answered())
	tw := tabwriter.NewWriter(&b, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "latency in ms\tdue\tok\terrors\t/s\tp50\tp90\tp95\tp99\tp99.9\tmax\t")
	lines := append(slices.Clone(r.Commands), r.Total)
	if own := r.Sessions.Login; own.Due > 0 {
		own.Name = "own logins"
		lines = append(lines, own)
	}
	for i := range lines {
		f := &lines[i]
		l := f.Latency
		fmt.Fprintf(tw, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", f.Name, f.Due, f.OK, percent(f.Errors()), decimal(f.Rate),
			millis(l.P50), millis(l.P90), millis(l.P95), millis(l.P99), millis(l.P999), millis(l.Max))
	}
	tw.Flush()
	if len(r.Phases) > 1 {
		fmt.Fprintln(&b)
		tw = tabwriter.NewWriter(&b, 0, 8, 2, ' ', tabwriter.AlignRight)
		fmt.Fprintln(tw, "phase\tseconds\tasked/s\tanswered/s\terrors\tp50\tp95\tp99\tmax\t")
		for i := range r.Phases {
			p := &r.Phases[i]
			asked := "-"
			if p.Phase.Callers == 0 {
				asked = decimal(p.Asked)
			}
			l := p.Figures.Latency
			fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", p.label(), decimal(p.Seconds), asked, decimal(p.Figures.Rate),
				percent(p.Figures.Errors()), millis(l.P50), millis(l.P95), millis(l.P99), millis(l.Max))
		}
		tw.Flush()
	}
	fmt.Fprintf(&b, "\nresult codes: %s\n", orNone(codesText(t.Codes)))
	if len(t.Failed) > 0 {
		fmt.Fprintf(&b, "without an answer: %s\n", failedText(t.Failed))
	}
	for _, e := range r.Errors {
		fmt.Fprintf(&b, "  %d x %s\n", e.Count, strings.ReplaceAll(e.Text, "\n", " "))
	}
	s := &r.Sessions
	fmt.Fprintf(&b, "sessions: %d opened, %d could not be, %d lost\n", s.Opened, s.Unopened, s.Lost)
	if p := r.Lateness.P99; p != nil && *p > 5 {
		fmt.Fprintf(&b, "This machine was late to start commands: by %s ms at p99, %s ms at most. The latencies include that.\n", millis(p), millis(r.Lateness.Max))
	}
	if len(r.Thresholds) > 0 {
		fmt.Fprintln(&b)
	}
	for _, v := range r.Thresholds {
		fmt.Fprintf(&b, "%s  %s: %s\n", v.Word(), v.Label(), v.Measured)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// label is the name of a phase with what it did.
func (p *PhaseFigures) label() string {
	s := p.Phase.Name
	if p.Phase.Callers > 0 {
		s += fmt.Sprintf(" (%d callers)", p.Phase.Callers)
	}
	if p.Phase.WarmUp && p.Phase.Name != "warm-up" {
		s += " (warm-up)"
	}
	return s
}

// Word is what became of a threshold in a word.
func (v *Verdict) Word() string {
	switch {
	case v.Passed == nil:
		return "none"
	case *v.Passed:
		return "pass"
	}
	return "FAIL"
}

// Label is the threshold, with where it is from.
func (v *Verdict) Label() string {
	if v.ICANN {
		return v.Threshold + " (ICANN)"
	}
	return v.Threshold
}

// millis is a time in as many digits as it is worth.
func millis(ms *float64) string {
	switch {
	case ms == nil:
		return "none"
	case *ms < 10:
		return strconv.FormatFloat(*ms, 'f', 2, 64)
	case *ms < 100:
		return strconv.FormatFloat(*ms, 'f', 1, 64)
	}
	return strconv.FormatFloat(*ms, 'f', 0, 64)
}

func decimal(f float64) string {
	if f >= 100 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'f', 1, 64)
}

func percent(f float64) string {
	if f == 0 {
		return "0%"
	}
	return strconv.FormatFloat(100*f, 'f', 2, 64) + "%"
}

func codesText(codes map[int]int) string {
	var list []string
	for _, c := range slices.Sorted(maps.Keys(codes)) {
		list = append(list, fmt.Sprintf("%d %d times", c, codes[c]))
	}
	return strings.Join(list, ", ")
}

func failedText(failed map[string]int) string {
	var list []string
	for _, k := range slices.Sorted(maps.Keys(failed)) {
		list = append(list, fmt.Sprintf("%d %s", failed[k], k))
	}
	return strings.Join(list, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
