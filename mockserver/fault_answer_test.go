package mockserver_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver/fault"
)

// altered tests what becomes of the answer to a check of a.example.
func altered(f fault.Fault, check func(t *testing.T, doc string)) func(*testing.T) {
	return func(t *testing.T) {
		f := f
		f.Match = onCheck
		p, s, _, _ := struckPipe(t, f)
		p.send(checkDoc("a.example"))
		doc := string(p.oneWrite()[4:])
		require.Equal(t, doc, sent(t, s), "the journal holds what was sent")
		check(t, doc)
		s.Faults().Reset()
		require.Equal(t, epp.Success, p.ask(checkDoc("a.example")).Code())
	}
}

func parsed(t *testing.T, doc string) *epp.Response {
	t.Helper()
	m, err := toySchema.Parse([]byte(doc))
	require.NoError(t, err)
	require.IsType(t, new(epp.Response), m)
	return m.(*epp.Response)
}

var answerFaults = map[fault.Kind]func(*testing.T){
	fault.Greeting: func(t *testing.T) {
		p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.Greeting, Match: onCheck})
		p.send(checkDoc("a.example"))
		require.IsType(t, new(epp.Greeting), p.recv())
		require.Equal(t, "CHK-1", p.answer().TrID.ClTRID)
	},
	fault.Result: func(t *testing.T) {
		for _, row := range []struct {
			code   epp.Code
			close  *bool
			closes bool
		}{
			{2400, nil, false},
			{2400, new(true), true},
			{2500, nil, true},
			{2501, nil, true},
			{2502, nil, true},
			{2502, new(false), false},
			{1001, nil, false},
			{1500, new(false), false},
			{2999, nil, false},
			{3599, nil, true},
		} {
			for _, commit := range []bool{false, true} {
				p, s, reg, ended := struckPipe(t, fault.Fault{
					Kind: fault.Result, Code: row.code, Close: row.close, Commit: commit, Text: "not <now>", Match: onAny,
				})
				r := p.ask(gateDoc)
				require.Equal(t, row.code, r.Code())
				require.Equal(t, "not <now>", r.Results[0].Msg.Text)
				require.NotEmpty(t, r.TrID.ClTRID)
				require.Empty(t, r.ResData)
				require.EqualValues(t, map[bool]int{true: 1}[commit], reg.commits.Load())
				if row.closes {
					p.ended()
					require.NoError(t, <-ended)
					require.Zero(t, s.Sessions("REG-A"))
					continue
				}
				require.Equal(t, row.code, p.ask(gateDoc).Code())
				require.Equal(t, 1, s.Sessions("REG-A"))
			}
		}
	},
	fault.ResultText: altered(fault.Fault{Kind: fault.ResultText, Text: "Tout va bien & plus"}, func(t *testing.T, doc string) {
		r := parsed(t, doc)
		require.Equal(t, "Tout va bien & plus", r.Results[0].Msg.Text)
		require.NotEmpty(t, r.ResData)
	}),
	fault.WrongClTRID: func(t *testing.T) {
		altered(fault.Fault{Kind: fault.WrongClTRID}, func(t *testing.T, doc string) {
			require.Equal(t, "wrong-clTRID", parsed(t, doc).TrID.ClTRID)
		})(t)
		p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.WrongClTRID, Text: "MINE-1", Match: onCheck})
		r := p.ask(strings.Replace(checkDoc("a.example"), "<clTRID>CHK-1</clTRID>", "", 1))
		require.Equal(t, "MINE-1", r.TrID.ClTRID, "although the command had none")
	},
	fault.MissingClTRID: altered(fault.Fault{Kind: fault.MissingClTRID}, func(t *testing.T, doc string) {
		require.NotContains(t, doc, "clTRID")
		require.NotEmpty(t, parsed(t, doc).TrID.SvTRID)
	}),
	fault.MissingSvTRID: altered(fault.Fault{Kind: fault.MissingSvTRID}, func(t *testing.T, doc string) {
		require.NotContains(t, doc, "svTRID")
		require.Contains(t, doc, "<clTRID>CHK-1</clTRID></trID>")
	}),
	fault.Duplicate: func(t *testing.T) {
		p, _, reg, _ := struckPipe(t, fault.Fault{Kind: fault.Duplicate, Match: onAny})
		p.send(gateDoc)
		require.Equal(t, p.answer(), p.answer())
		require.EqualValues(t, 1, reg.commits.Load())
	},
	fault.OutOfOrder: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.OutOfOrder, Match: onCheck})
			p.send(checkDoc("a.example"))
			synctest.Wait()
			p.send(strings.Replace(gateDoc, "GATE-1", "GATE-2", 1))
			require.Equal(t, "GATE-2", p.answer().TrID.ClTRID)
			require.Equal(t, "CHK-1", p.answer().TrID.ClTRID)

			began := time.Now()
			require.Equal(t, "CHK-1", p.ask(checkDoc("a.example")).TrID.ClTRID)
			require.Equal(t, time.Second, time.Since(began), "alone")
		})
	},
	fault.OtherObject: func(t *testing.T) {
		altered(fault.Fault{Kind: fault.OtherObject}, func(t *testing.T, doc string) {
			r := parsed(t, doc)
			require.Equal(t, "b.example", r.ResData[0].(*domain.ChkData).CD[0].Name)
			require.Equal(t, "CHK-1", r.TrID.ClTRID)
		})(t)
		altered(fault.Fault{Kind: fault.OtherObject, Text: "sauna.example"}, func(t *testing.T, doc string) {
			require.Equal(t, "sauna.example", parsed(t, doc).ResData[0].(*domain.ChkData).CD[0].Name)
		})(t)
	},
	fault.UnknownExtension: func(t *testing.T) {
		altered(fault.Fault{Kind: fault.UnknownExtension}, func(t *testing.T, doc string) {
			r := parsed(t, doc)
			require.Len(t, r.Extension, 1)
			require.IsType(t, new(epp.Raw), r.Extension[0])
		})(t)
		p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.UnknownExtension, Match: onCheck})
		require.Len(t, p.ask(checkDoc("note.example")).Extension, 2, "beside one that is there")
	},
	fault.UnknownElement: func(t *testing.T) {
		altered(fault.Fault{Kind: fault.UnknownElement}, func(t *testing.T, doc string) {
			r := parsed(t, doc)
			require.Len(t, r.ResData, 2)
			require.IsType(t, new(epp.Raw), r.ResData[1])
		})(t)
		p, _, _, _ := struckPipe(t, fault.Fault{Kind: fault.UnknownElement, Match: onAny})
		require.Len(t, p.ask(gateDoc).ResData, 1, "where there is no resData")
	},
	fault.ExtraResults: altered(fault.Fault{Kind: fault.ExtraResults}, func(t *testing.T, doc string) {
		r := parsed(t, doc)
		require.Len(t, r.Results, 2)
		require.Equal(t, epp.Success, r.Results[0].Code)
		require.Equal(t, epp.CommandFailed, r.Results[1].Code)
	}),
	fault.Slow: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p, _, reg, _ := struckPipe(t, fault.Fault{Kind: fault.Slow, Delay: 20 * time.Second, Match: onAny})
			began := time.Now()
			p.send(gateDoc)
			synctest.Wait()
			require.EqualValues(t, 1, reg.commits.Load(), "executed at once")
			p.answer()
			require.Equal(t, 20*time.Second, time.Since(began))
		})
	},
	fault.NoAnswer: func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p, s, reg, _ := struckPipe(t, fault.Fault{Kind: fault.NoAnswer, Match: onAny, Times: 1})
			p.send(gateDoc)
			p.silent(time.Minute)
			require.EqualValues(t, 1, reg.commits.Load())
			require.Equal(t, "CHK-1", p.ask(checkDoc("a.example")).TrID.ClTRID)
			require.Equal(t, 1, s.Sessions("REG-A"))
		})
	},
}

var commitFaults = map[fault.Kind]func(*testing.T){
	fault.CommitThenDrop: func(t *testing.T) {
		p, s, reg, ended := struckPipe(t, fault.Fault{Kind: fault.CommitThenDrop, Match: onAny})
		p.send(gateDoc)
		p.ended()
		require.EqualValues(t, 1, reg.commits.Load())
		require.Zero(t, s.Sessions("REG-A"), "the client may come back at once")
		require.ErrorContains(t, <-ended, "commit-then-drop")
	},
	fault.DropBeforeCommit: func(t *testing.T) {
		p, s, reg, ended := struckPipe(t, fault.Fault{Kind: fault.DropBeforeCommit, Match: onAny})
		p.send(gateDoc)
		p.ended()
		require.Zero(t, reg.commits.Load())
		require.Zero(t, s.Sessions("REG-A"))
		require.ErrorContains(t, <-ended, "drop-before-commit")
	},
	fault.CommitTwice: func(t *testing.T) {
		p, _, reg, _ := struckPipe(t, fault.Fault{Kind: fault.CommitTwice, Match: onAny, Times: 1})
		require.Equal(t, epp.Success, p.ask(gateDoc).Code())
		require.EqualValues(t, 2, reg.commits.Load())
		require.Equal(t, epp.Success, p.ask(gateDoc).Code(), "one answer")
		require.EqualValues(t, 3, reg.commits.Load())
	},
	fault.StaleRead: func(t *testing.T) {
		p, s, reg, _ := struckPipe(t, fault.Fault{Kind: fault.StaleRead, Match: onAny, Times: 1})
		p.ask(gateDoc)
		require.EqualValues(t, 1, reg.stale.Load())
		add(t, s, fault.Fault{Kind: fault.StaleRead, Stale: 7, Match: onAny, Times: 1})
		p.ask(gateDoc)
		require.EqualValues(t, 7, reg.stale.Load())
		p.ask(gateDoc)
		require.Zero(t, reg.stale.Load())
	},
}
