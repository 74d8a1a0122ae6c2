package metrics

import (
	"strconv"
	"strings"
	"time"
)

// A kind is the type of a metric.
type kind string

const (
	counter   kind = "counter"
	gauge     kind = "gauge"
	histogram kind = "histogram"
)

// text writes the text format. All samples of a metric follow its head.
type text struct {
	out  []byte
	head string // of the metric whose samples come; written with the first of them
}

// A label is a name and its value.
type label struct{ name, value string }

var (
	escapeHelp  = strings.NewReplacer(`\`, `\\`, "\n", `\n`)
	escapeValue = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)
)

// metric begins a metric.
func (x *text) metric(name string, k kind, help string) {
	x.head = "# HELP " + name + " " + escapeHelp.Replace(help) + "\n# TYPE " + name + " " + string(k) + "\n"
}

// sample writes a sample of the metric.
func (x *text) sample(name string, value float64, labels ...label) {
	x.out = append(append(x.out, x.head...), name...)
	x.head = ""
	sep := byte('{')
	for _, l := range labels {
		x.out = append(x.out, sep)
		x.out = append(append(x.out, l.name...), `="`...)
		x.out = append(append(x.out, escapeValue.Replace(strings.ToValidUTF8(l.value, "\uFFFD"))...), '"')
		sep = ','
	}
	if len(labels) > 0 {
		x.out = append(x.out, '}')
	}
	x.out = append(append(append(x.out, ' '), number(value)...), '\n')
}

// number writes a value as the format has it; that of an infinity is +Inf.
func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// count is the number of whatever is counted, as a sample has it.
func count[N int | uint64](n N) float64 { return float64(n) }

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// unix is a time in seconds since 1970, or 0 for none.
func unix(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

// labelled is the labels of a source, and further ones.
func labelled(s *Source, more ...label) []label {
	return append([]label{{"registry", s.Name}}, more...)
}
