package gtld_test

import (
	"encoding/csv"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// These tests are the cases of ICANN's Registry System Testing (RST) for EPP, by their ids.
// A case is carried out over the wire, with every model of a registry that it is for, and
// reports what is wrong by ICANN's error codes: of the honest registry nothing. Then it is
// carried out with registries that are wrong in one way each, and must report that alone.
//
// Of what ICANN gives to a registry's tests, its data are not here: the rows are our own.

const rstTests = "../../../shared/reference/rst/EPP-TESTS.tsv"

// An rstCase is one of the cases.
type rstCase struct {
	id string
	// skip, unless nil, tells why a model has no use for the case, or "".
	skip func(m rstModel) string
	// given, unless nil, is what the case needs beside the model.
	given func(p *plan)
	check func(r *rstRun)
	// wrong are the registries of which the case must report something.
	wrong []rstWrong
	// unseen are the error codes that the case can't report here, and why.
	unseen map[string]string
}

// An rstWrong is a registry that is wrong in one way.
type rstWrong struct {
	codes   string // a pattern: the error codes that the case must report, and no others
	model   string // "" is the first that the case is for
	deviate deviation
}

func rstCases() []rstCase {
	return slices.Concat(rstConnection(), rstLogin(), rstChecks(), rstContactCreate(), rstContacts(), rstHosts(),
		rstSubordinate(), rstDomainCreate(), rstDomainUpdate(), rstDomainLife(), rstTransfer())
}

func TestRST(t *testing.T) {
	known := rstKnown(t)
	cases := rstCases()
	for i := range cases {
		id := cases[i].id
		require.False(t, slices.ContainsFunc(cases[:i], func(c rstCase) bool { return c.id == id }), id)
		if known != nil {
			require.Contains(t, known, id, "there is no such case")
		}
		t.Run(id, func(t *testing.T) { cases[i].test(t, known[id]) })
	}
	for id, codes := range known {
		require.True(t, slices.ContainsFunc(cases, func(c rstCase) bool { return c.id == id }), "%s is missing", id)
		for _, code := range codes[1] {
			require.True(t, slices.Contains(rstCommon, code) || rstNowhere[code] != "", "%s is neither looked for nor given a reason", code)
		}
	}
	for _, code := range rstCommon {
		require.True(t, slices.ContainsFunc(cases, func(c rstCase) bool { return c.wrongs(code) }), "no wrong registry has %s reported", code)
	}
}

// rstKnown are the error codes of each case, those that it alone has first, or nil where
// the list is not there.
func rstKnown(t *testing.T) map[string][2][]string {
	f, err := os.Open(rstTests)
	if err != nil {
		t.Logf("whether the cases are complete can't be told without ICANN's list of them: %v", err)
		return nil
	}
	defer f.Close()
	list := csv.NewReader(f)
	list.Comma, list.LazyQuotes = '\t', true
	rows, err := list.ReadAll()
	require.NoError(t, err)
	known := make(map[string][2][]string)
	for _, row := range rows[1:] {
		known[row[0]] = [2][]string{strings.Split(row[3], ","), strings.Split(row[4], ",")}
	}
	return known
}

// test carries the case out with all models and all wrong registries. known are its error
// codes, where those are there.
func (c rstCase) test(t *testing.T, known [2][]string) {
	t.Parallel()
	looked := make(map[string]map[string]bool) // for which error codes, by model
	var docs []string
	for _, m := range rstModels {
		if c.skip != nil && c.skip(m) != "" {
			t.Logf("not with %s: %s", m.name, c.skip(m)) // as ICANN has it
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			r := c.run(t, m, nil)
			require.Empty(t, r.reported)
			looked[m.name] = r.looked
			for _, s := range r.sessions {
				docs = append(docs, s.Docs()...)
			}
		})
	}
	if wiretest.HasXMLLint(schema) == nil {
		wiretest.Validate(t, schema, docs)
	}
	shown := make(map[string]bool)
	for _, w := range c.wrong {
		t.Run("wrong "+w.codes, func(t *testing.T) {
			m, pattern := c.model(w.model), regexp.MustCompile(w.codes)
			codes := slices.AppendSeq(slices.Clone(rstCommon), maps.Keys(looked[m.name]))
			codes = slices.DeleteFunc(codes, func(code string) bool { return !pattern.MatchString(code) })
			require.NotEmpty(t, codes, "the case looks for no such code")
			slices.Sort(codes)
			r := c.run(t, m, w.deviate)
			require.Equal(t, codes, slices.Sorted(maps.Keys(r.reported)), "%v", r.reported)
			for _, code := range codes {
				shown[code] = true
				t.Logf("%s: %s", code, r.reported[code])
			}
		})
	}
	all := make(map[string]bool)
	for _, codes := range looked {
		maps.Copy(all, codes)
	}
	for code := range all {
		require.True(t, shown[code], "no wrong registry has %s reported", code)
	}
	if known[0] != nil {
		for code := range c.unseen {
			require.False(t, all[code], "%s has a reason not to be looked for", code)
			all[code] = true
		}
		require.ElementsMatch(t, known[0], slices.Collect(maps.Keys(all)), "each error code of the case is looked for, or has a reason why not")
	}
}

// wrongs reports whether the case has a wrong registry for an error code.
func (c rstCase) wrongs(code string) bool {
	return slices.ContainsFunc(c.wrong, func(w rstWrong) bool { return regexp.MustCompile(w.codes).MatchString(code) })
}

// model finds one by its name.
func (c rstCase) model(name string) rstModel {
	i := slices.IndexFunc(rstModels, func(m rstModel) bool {
		return m.name == name || name == "" && (c.skip == nil || c.skip(m) == "")
	})
	return rstModels[i]
}

// run carries the case out once.
func (c rstCase) run(t *testing.T, m rstModel, d deviation) *rstRun {
	rec := &recorder{TB: t}
	r := &rstRun{rstModel: m, reported: make(map[string]string), looked: make(map[string]bool), made: make(map[string]bool)}
	rec.run(func() {
		p := newPlan(rec)
		m.arrange(p)
		if c.given != nil {
			c.given(p)
		}
		if d != nil {
			d(p)
		}
		r.site = p.open()
		c.check(r)
	})
	switch {
	case rec.failed && r.stands != "":
		r.reported[r.stands] = rec.said.String()
	case rec.failed:
		t.Fatal(rec.said.String())
	}
	return r
}

// passing has what is refused be answered by a success, to frames that are like a pattern.
func passing(frame string) deviation { return rewriteTo(frame, `code="2\d\d\d"`, `code="1000"`) }

// lying changes what an info tells.
func lying(pattern, replacement string) deviation { return rewriteTo("<info>", pattern, replacement) }
