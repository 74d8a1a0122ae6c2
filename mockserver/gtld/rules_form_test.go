package gtld_test

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
)

// What checks of rules want of answers, whatever the object, and how a registry breaks it.

// wantShape wants the children of an element to be as a pattern says, in which a space
// follows each name.
func wantShape(s *site, a *wiretest.Answer, path, pattern string) {
	s.Helper()
	require.Regexp(s, "^"+pattern+"$", strings.Join(a.Names(path), " ")+" ", a.XML)
}

// wantOneOf wants one of some result codes, where the standard does not say which.
func wantOneOf(s *site, a *wiretest.Answer, codes ...int) {
	s.Helper()
	var list []string
	for _, code := range codes {
		list = append(list, fmt.Sprint(code))
	}
	require.Contains(s, list, a.Attrs("response/result", "code")[0], a.XML)
}

// wantUTC wants the dates of each answer to be in UTC, and one to be there.
func wantUTC(s *site, answers ...*wiretest.Answer) {
	s.Helper()
	for _, a := range answers {
		n := 0
		for _, el := range a.Root().FindElements("//*") {
			if strings.HasSuffix(el.Tag, "Date") {
				require.Regexp(s, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$`, el.Text(), el.Tag)
				n++
			}
		}
		require.NotZero(s, n, a.XML)
	}
}

// withOffsets has the answers to frames that are like a pattern write dates with an offset.
func withOffsets(frame string) deviation { return rewriteTo(frame, `(Date>[^<]*)Z<`, "$1+00:00<") }

// wantNoData wants an answer without resData.
func wantNoData(s *site, a *wiretest.Answer) {
	s.Helper()
	require.NotContains(s, a.Names("response"), "resData")
}

// talkative has the answers to frames that are like a pattern have a resData.
func talkative(frame string) deviation {
	return rewriteTo(frame, "</result>", `</result><resData><x:x xmlns:x="urn:example:x"/></resData>`)
}

// swapped has two elements that follow each other in an answer come in the other order.
func swapped(frame, one, other string) deviation {
	return rewriteTo(frame, fmt.Sprintf(`(<\w+:%[1]s\b.*?</\w+:%[1]s>)(<\w+:%[2]s\b.*?</\w+:%[2]s>)`, one, other), "$2$1")
}

// beside is another site, and an honest one.
func (s *site) beside(given func(*plan)) *site {
	p := newPlan(s.TB)
	given(p)
	return p.open()
}

// bare has the answers to a verb leave out what extensions add.
func bare(verb string) deviation {
	return finish(func(x *mockserver.Exchange, m *epp.Response) {
		if x.Command.Verb == verb {
			m.Extension = nil
		}
	})
}

// beforeExtension has f change what an extension adds to a command before it is carried out.
func beforeExtension[E epp.Element](f func(E)) deviation {
	return before(func(x *mockserver.Exchange, _ epp.Element) {
		for _, e := range x.Command.Extension {
			if m, ok := e.(E); ok {
				f(m)
			}
		}
	})
}
