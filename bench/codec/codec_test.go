package main

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/bench/ratio"
	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/schemas"
)

func BenchmarkCodec(b *testing.B) {
	for _, j := range jobs() {
		for _, c := range j.by {
			b.Run(j.name+"/"+c.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(j.size))
				for b.Loop() {
					if err := c.do(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// A comparison is worth something only when all contenders do the work.
func TestContendersAgree(t *testing.T) {
	informed := sample.Document(sample.Informed())
	parsed, err := schema.Parse(informed)
	require.NoError(t, err)
	m := parsed.(*epp.Response)
	require.Equal(t, sample.Informed().ResData, m.ResData)

	tree, err := treeContender{}.parseAnswer(informed)
	require.NoError(t, err)
	require.Equal(t, m.ResData, tree.ResData)
	require.Equal(t, m.TrID, tree.TrID)
	require.Equal(t, m.Results, tree.Results)

	std, err := stdContender{}.parseAnswer(informed)
	require.NoError(t, err)
	want := stdOf(m)
	want.XMLName, want.Inf.XMLName = std.XMLName, std.Inf.XMLName
	require.Equal(t, want, std)

	checked := sample.Document(sample.Checked())
	tree, err = treeContender{}.parseAnswer(checked)
	require.NoError(t, err)
	require.Equal(t, sample.Checked().ResData, tree.ResData)
	std, err = stdContender{}.parseAnswer(checked)
	require.NoError(t, err)
	require.Len(t, std.Chk.CD, 2)
	require.True(t, std.Chk.CD[1].Name.Avail)

	check := sample.Document(sample.Check())
	cmd, err := treeContender{}.parseCommand(check)
	require.NoError(t, err)
	require.Equal(t, sample.Check().Request, cmd.Request)
	stdCmd, err := stdContender{}.parseCommand(check)
	require.NoError(t, err)
	require.Equal(t, sample.Names(), stdCmd.Check.Names)
}

// What the others build is what we build.
func TestContendersBuildTheSame(t *testing.T) {
	doc, err := treeContender{}.buildInfo(nil, sample.Informed())
	require.NoError(t, err)
	require.Equal(t, string(sample.Document(sample.Informed())), string(doc))

	q := sample.Check()
	doc, err = treeContender{}.buildCheck(nil, q.Request.(*domain.Check), q.ClTRID)
	require.NoError(t, err)
	require.Equal(t, string(sample.Document(q)), string(doc))

	// encoding/xml writes a namespace for each element that has one.
	doc, err = stdContender{}.build(nil, stdOf(sample.Informed()))
	require.NoError(t, err)
	m, err := schema.Parse(doc)
	require.NoError(t, err)
	require.Equal(t, sample.Informed().TrID, m.(*epp.Response).TrID)
}

func TestPeerUnderstandsTheAnswers(t *testing.T) {
	chk, err := newDomainr(sample.Frame(sample.Checked())).CheckDomain(sample.Names()...)
	require.NoError(t, err)
	require.Len(t, chk.Checks, 2)
	require.True(t, chk.Checks[1].Available)

	inf, err := newDomainr(sample.Frame(sample.Informed())).DomainInfo(sample.Name, nil)
	require.NoError(t, err)
	require.Equal(t, sample.Name, inf.Domain)
	require.Len(t, inf.Status, 3)
}

// Every command that is measured is valid, and is read as what was written.
func TestCommands(t *testing.T) {
	validator, err := schemas.New(schemas.Options{})
	require.NoError(t, err)
	all := sample.All()
	for _, c := range sample.Commands() {
		t.Run(c.Name, func(t *testing.T) {
			doc := sample.Document(c.Message)
			require.NoError(t, validator.Validate(t.Context(), doc))
			m, err := all.ParseStrict(doc)
			require.NoError(t, err)
			again, err := epp.Append(nil, m)
			require.NoError(t, err)
			require.Equal(t, string(doc), string(again))
			if cmd, ok := m.(*epp.Command); ok {
				require.NotContains(t, fmt.Sprintf("%T", cmd.Request), "Raw")
			}
		})
	}
	require.NoError(t, runCommands(io.Discard, 1, 0, "host: check"))
}

// Building a check takes no memory beyond the buffer it is written to.
func TestBuildingACheckAllocatesNothing(t *testing.T) {
	if underRace {
		t.Skip("the race detector's own allocations would be counted")
	}
	cmd := sample.Check()
	buf := make([]byte, 0, 4096)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		if _, err := epp.AppendFrame(buf, cmd); err != nil {
			t.Error(err)
		}
	}))
}

// The aim is a seventh of etree's time. The test allows for a busy machine, and tries
// more than once, so that it fails only when something has gone wrong for good.
func TestParsingIsMuchFasterThanETree(t *testing.T) {
	j := jobs()[0]
	best := 0.0
	for try := 0; try < 10 && best < 3.5; try++ {
		times, err := j.measure(5, 5*time.Millisecond)
		require.NoError(t, err)
		best = max(best, ratio.Of(times[1], times[0]))
		t.Logf("etree took %.1f times as long", best)
	}
	require.GreaterOrEqual(t, best, 3.5)
}
