package load

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestThresholds holds one set of figures to many limits: 100 commands of one class, of
// which 90 took 1 to 90 ms and were answered, five of those with a refusal, and ten were
// not answered.
func TestThresholds(t *testing.T) {
	of := newTally(ClassQuery)
	for i := range 100 {
		o := Outcome{Code: 1000}
		if i < 5 {
			o.Code = 2400
		}
		if i >= 90 {
			o = Outcome{Fate: Unknown}
		}
		took := time.Duration(i+1) * time.Millisecond
		of.add(&o, o.Fate != Answered || o.Code >= 2000, true, took, took)
	}
	r := &Report{Phases: []PhaseFigures{{Seconds: 10}, {Phase: Phase{WarmUp: true}, Seconds: 90}}}
	s := &Scenario{}
	rows := map[string]*tally{"domain:check": of, "poll": newTally(ClassQuery)}
	for _, row := range []struct {
		text, measured string
		passes         bool
	}{
		{"p50<50.5ms", "50 ms", true},
		{"p50<50ms", "50 ms", false},
		{"p50<=0.0501s", "50 ms", true},
		{"domain:check p90<91ms", "90 ms", true},
		{"domain:check p91<10s", "too few were answered", false},
		{"query max<1m", "too few were answered", false},
		{"all p1>500µs", "1 ms", true},
		{"mean<46ms", "45.5 ms", true},
		{"errors<=15%", "15.00%", true},
		{"errors<15%", "15.00%", false},
		{"query errors < 0.1 %", "15.00%", false},
		{"rate>=9", "9.0/s", true},
		{"rate>9/s", "9.0/s", false},
		{"rate>=90%", "90.00%", true},
		{"rate>=90.1%", "90.00%", false},
		{"query within 2s>=90%", "90.00%", true},
		{"query within 45ms>=45%", "45.00%", true},
		{"within 45ms>=46%", "45.00%", false},
		{"transform p50<1s", "nothing was measured", false},
		{"poll p50<1s", "nothing was measured", false},
		{"nothing p50<1s", "nothing was measured", false},
	} {
		s.Thresholds = []string{row.text}
		v := judge(s, rows, map[Class]*tally{ClassQuery: of}, of, r)
		require.Equal(t, []Verdict{{Threshold: row.text, Measured: row.measured, Passed: &row.passes}}, v)
		r.Thresholds = v
		require.Equal(t, !row.passes, r.Failed(), row.text)
	}
	// Service levels of which nothing was measured are not failed.
	s.Thresholds, s.SLA = nil, "icann"
	r.Thresholds = judge(s, rows, map[Class]*tally{ClassQuery: of}, of, r)
	require.False(t, r.Failed())
	require.Equal(t, []string{"none", "pass", "none"}, []string{r.Thresholds[0].Word(), r.Thresholds[1].Word(), r.Thresholds[2].Word()})
}

func TestNoThresholds(t *testing.T) {
	for _, s := range []string{
		"", "p95", "p95<", "p95<500", "p95=500ms", "p95<500%", "p0<1ms", "p101<1ms", "p95<-1ms", "p95<0ms", "errors<1", "errors<5ms",
		"rate>5ms", "within>=90%", "within 2>=90%", "within 2s>=90ms", "latency<1s", "a b p95<1ms", "p95<1.2.3ms",
	} {
		_, err := ParseThreshold(s)
		require.Error(t, err, s)
	}
}
