package gtld_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/schemas"
)

// An rstRun is a case that is carried out, with one registry.
type rstRun struct {
	*site
	rstModel
	reported map[string]string // error codes, and why
	looked   map[string]bool   // error codes of the case that would have been reported
	stands   string            // the error code that stands for a failure of the wire now
	sessions []*rstSession
	made     map[string]bool // the name servers elsewhere
	count    int
}

// The error codes that many cases have.
const (
	rstFailure = "EPP_UNEXPECTED_COMMAND_FAILURE"
	rstSuccess = "EPP_UNEXPECTED_COMMAND_SUCCESS"

	rstTLS       = "EPP_TLS_CONNECTION_ERROR"
	rstParse     = "EPP_XML_PARSE_ERROR"
	rstSchema    = "EPP_SCHEMA_VALIDATION_ERROR"
	rstLoginFail = "EPP_LOGIN_ERROR"
	rstGeneric   = "EPP_GENERIC_COMMAND_ERROR"
)

// rstCommon are those that any case may report, which one of them is seen to; and
// rstNowhere those that none does, and why.
var (
	rstCommon  = []string{rstTLS, rstParse, rstSchema, rstLoginFail, rstGeneric}
	rstNowhere = map[string]string{
		"EPP_DNS_RESOLUTION_ERROR":       rstNoDNS,
		"EPP_SERVICE_PORT_UNREACHABLE":   rstOwnPort,
		"EPP_NO_SERVICE_PORTS_REACHABLE": rstOwnPort,
		"EPP_INVALID_EXTENSION":          "it is about what ICANN is given to send along; these cases send nothing of the kind",
	}
)

const (
	rstNoDNS   = "the mock has an address, and no name in the DNS"
	rstOwnPort = "the port is one that the test has just opened"
)

// want reports an error code unless something is so.
func (r *rstRun) want(code string, ok bool, format string, args ...any) bool {
	r.looked[code] = true
	if !ok {
		r.report(code, format, args...)
	}
	return ok
}

func (r *rstRun) report(code, format string, args ...any) {
	if r.reported[code] == "" {
		r.reported[code] = fmt.Sprintf(format, args...)
	}
}

// fresh makes a label that was not there before.
func (r *rstRun) fresh() string {
	r.count++
	return fmt.Sprintf("kiulu-%d", r.count)
}

// An rstSession is a connection of a tester.
type rstSession struct {
	*wiretest.Client
	r    *rstRun
	clID string
}

// dial connects. What goes wrong then is reported by a code.
func (r *rstRun) dial(clID, code string) *rstSession {
	r.stands = code
	s := &rstSession{Client: r.site.dial(), r: r, clID: clID}
	r.stands = ""
	r.sessions = append(r.sessions, s)
	r.valid(s.Greeting)
	return s
}

// session connects and logs in. The case is over where that fails.
func (r *rstRun) session(clID string) *rstSession {
	s := r.dial(clID, rstTLS)
	if a := s.do(s.LoginXML(clID, rstPW, "")); !succeeds(a) {
		r.report(rstLoginFail, "%s", a.XML)
		runtime.Goexit()
	}
	return s
}

func (r *rstRun) one() *rstSession { return r.session(rstOne) }
func (r *rstRun) two() *rstSession { return r.session(rstTwo) }

// thickOnes are sessions of a registrar whose domains have contacts, and of another.
func (r *rstRun) thickOnes() (s, other *rstSession) {
	if r.thick(rstOne) {
		return r.one(), r.two()
	}
	return r.two(), r.one()
}

var rstValidator = sync.OnceValues(func() (*schemas.Validator, error) { return schemas.New(schemas.Options{}) })

// do sends a command, and looks at its answer for what none may have.
func (s *rstSession) do(element string) *wiretest.Answer {
	s.r.stands = rstParse
	a := s.Do(element)
	s.r.stands = ""
	s.r.valid(a)
	if resultOf(a) == "2400" {
		s.r.report(rstGeneric, "%s", a.XML)
	}
	return a
}

// valid holds an answer to our own schemas.
func (r *rstRun) valid(a *wiretest.Answer) {
	v, err := rstValidator()
	require.NoError(r, err)
	if err := v.Validate(r.Context(), []byte(a.XML)); err != nil {
		r.report(rstSchema, "%v", err)
	}
}

func resultOf(a *wiretest.Answer) string {
	return strings.Join(a.Attrs("response/result", "code"), " ")
}

func succeeds(a *wiretest.Answer) bool { return strings.HasPrefix(resultOf(a), "1") }

// must carries out what a case needs and is not about. Where it is refused the case fails
// without an error code.
func (s *rstSession) must(element string) *wiretest.Answer {
	a := s.do(element)
	require.True(s.r, succeeds(a), "%s\n%s", element, a.XML)
	return a
}

// accepts wants a command to succeed, and rejects to be refused.
func (s *rstSession) accepts(code, element string) bool {
	a := s.do(element)
	return s.r.want(code, succeeds(a), "%s\n%s", element, a.XML)
}

func (s *rstSession) rejects(code, element string) bool {
	a := s.do(element)
	return s.r.want(code, strings.HasPrefix(resultOf(a), "2"), "%s\n%s", element, a.XML)
}

// shows wants the texts of the elements at a path of an answer, in order.
func (r *rstRun) shows(code string, a *wiretest.Answer, path string, want ...string) bool {
	return r.want(code, slices.Equal(a.All(path), want), "%s: %q in %s", path, want, a.XML)
}

// attrs is shows for an attribute, in any order.
func (r *rstRun) attrs(code string, a *wiretest.Answer, path, name string, want ...string) bool {
	got := slices.Sorted(slices.Values(a.Attrs(path, name)))
	slices.Sort(want)
	return r.want(code, slices.Equal(got, want), "%s: %q in %s", path, want, a.XML)
}
