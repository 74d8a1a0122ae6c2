package load

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Threshold is what figures have to keep to: "domain:check p95<500ms".
type Threshold struct {
	text string
	// subject is a command's name, a class, or all.
	subject string
	metric  string        // p95, mean, max, errors, rate, within
	share   float64       // of p and within; from 0 to 1
	limit   time.Duration // of within
	op      string
	value   float64 // milliseconds, a share, or a rate
	percent bool    // value is a share: of the rate that was asked for
	icann   bool
}

var thresholdForm = regexp.MustCompile(`^(?:(\S+)\s+)??(p\d+(?:\.\d+)?|mean|max|errors|rate|within\s+[0-9.a-zµ]+)\s*(<=|>=|<|>)\s*([0-9.]+)\s*(ms|µs|us|s|m|%|/s)?$`)

// ParseThreshold reads one: a subject, which is the name of a command, a class (session,
// query, transform) or all, or nothing for all; a metric; and a limit:
//
//	p95<500ms  mean<=0.2s  max<2s   latencies
//	within 2s>=90%                  the share that was answered in time
//	errors<1%                       the share that was refused or not answered
//	rate>=190  rate>=95%            answers a second, or of what was asked for
func ParseThreshold(s string) (*Threshold, error) {
	bad := fmt.Errorf("%q is no threshold; write one like 'domain:check p95<500ms', 'query within 2s>=90%%', 'errors<1%%' or 'rate>=95%%'", s)
	m := thresholdForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return nil, bad
	}
	t := &Threshold{text: strings.TrimSpace(s), subject: m[1], metric: m[2], op: m[3]}
	if t.subject == "" {
		t.subject = "all"
	}
	number, err := strconv.ParseFloat(m[4], 64)
	if err != nil {
		return nil, bad
	}
	unit := m[5]
	switch metric, rest, _ := strings.Cut(t.metric, " "); {
	case metric == "within":
		if t.limit, err = time.ParseDuration(strings.TrimSpace(rest)); err != nil || unit != "%" {
			return nil, bad
		}
		t.metric, t.value, t.percent = "within", number/100, true
	case metric == "errors":
		if unit != "%" {
			return nil, bad
		}
		t.value, t.percent = number/100, true
	case metric == "rate":
		if t.value = number; unit == "%" {
			t.value, t.percent = number/100, true
		} else if unit != "" && unit != "/s" {
			return nil, bad
		}
	default:
		d, err := time.ParseDuration(m[4] + unit)
		if err != nil || d <= 0 {
			return nil, bad
		}
		t.value = float64(d) / float64(time.Millisecond)
		if p, is := strings.CutPrefix(metric, "p"); is {
			if t.share, err = strconv.ParseFloat(p, 64); err != nil || t.share <= 0 || t.share > 100 {
				return nil, bad
			}
			t.share /= 100
		}
	}
	return t, nil
}

// icann are the service levels of ICANN's registry agreement, specification 10: 90 % of
// the commands of a class are answered within so long.
func icann() []*Threshold {
	var list []*Threshold
	for _, s := range []string{"session within 4s>=90%", "query within 2s>=90%", "transform within 4s>=90%"} {
		t, _ := ParseThreshold(s)
		t.icann = true
		list = append(list, t)
	}
	return list
}

// A Verdict is what became of a threshold.
type Verdict struct {
	Threshold string `json:"threshold"`
	Measured  string `json:"measured"`
	// Passed is nil for a service level of ICANN's of which nothing was measured.
	Passed *bool `json:"passed"`
	ICANN  bool  `json:"icann,omitempty"`
}

// Failed reports whether a threshold was not kept to.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Thresholds, func(v Verdict) bool { return v.Passed != nil && !*v.Passed })
}

// judge holds the figures to the scenario's thresholds.
func judge(s *Scenario, rows map[string]*tally, classes map[Class]*tally, total *tally, r *Report) (out []Verdict) {
	var list []*Threshold
	for _, text := range s.Thresholds {
		if t, err := ParseThreshold(text); err == nil {
			list = append(list, t)
		}
	}
	if s.SLA == "icann" {
		list = append(list, icann()...)
	}
	for _, t := range list {
		of := rows[t.subject]
		switch {
		case t.subject == "all":
			of = total
		case classes[Class(t.subject)] != nil:
			of = classes[Class(t.subject)]
		}
		out = append(out, t.judge(of, r))
	}
	return out
}

func (t *Threshold) judge(of *tally, r *Report) Verdict {
	v := Verdict{Threshold: t.text, ICANN: t.icann}
	if of == nil || of.due == 0 {
		v.Measured = "nothing was measured"
		if !t.icann {
			v.Passed = new(false)
		}
		return v
	}
	var got float64
	answered := true
	switch t.metric {
	case "within":
		got = of.within(t.limit)
	case "errors":
		got = float64(of.due-of.ok) / float64(of.due)
	case "rate":
		got = t.rate(of, r)
	case "mean":
		got = of.latency.Mean() / 1000
		answered = of.latency.TotalCount() > 0
	default:
		q := t.share
		if t.metric == "max" {
			q = 1
		}
		var d time.Duration
		d, answered = of.quantile(q)
		got = float64(d.Microseconds()) / 1000
	}
	switch {
	case !answered:
		v.Measured = "too few were answered"
	case t.percent:
		v.Measured = fmt.Sprintf("%.2f%%", 100*got)
	case t.metric == "rate":
		v.Measured = fmt.Sprintf("%.1f/s", got)
	default:
		v.Measured = duration(got)
	}
	v.Passed = new(answered && compare(got, t.op, t.value))
	return v
}

// rate is how many were answered a second while the phases lasted, or that as a share of
// how many were due.
func (t *Threshold) rate(of *tally, r *Report) float64 {
	if t.percent {
		return float64(of.punctual) / float64(max(of.due, 1))
	}
	seconds := 0.0
	for _, p := range r.Phases {
		if !p.Phase.WarmUp {
			seconds += p.Seconds
		}
	}
	return float64(of.punctual) / max(seconds, 1e-9)
}

func compare(got float64, op string, limit float64) bool {
	switch op {
	case "<":
		return got < limit
	case "<=":
		return got <= limit
	case ">":
		return got > limit
	}
	return got >= limit
}
