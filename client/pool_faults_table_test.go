package client_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
)

// What a fault does to the opening of sessions.
type opening int

const (
	untouched opening = iota // it does not strike there, or as any command
	waits                    // it fails, and is tried again
	passes                   // it succeeds, later
	limits                   // it is refused because there are enough sessions
	stopped                  // it fails, and the pool stops
)

// A faultRow is what happens to a pool under a fault.
type faultRow struct {
	kind    fault.Kind
	variant string
	fault   fault.Fault // its parameters; and where it strikes, unless that is everywhere

	opening opening
	stalls  bool // the pool has to be impatient
	// transforms and queries are what callers are told beside an answer. Of
	// transforms, somebody is told each.
	transforms, queries []heard
	renames             bool // answers are about other objects
	lies                bool // answers are not what happened

	sees string // what the caller sees
	does string // what the pool does
}

func (r *faultRow) title() string {
	if r.variant == "" {
		return string(r.kind)
	}
	return string(r.kind) + ", " + r.variant
}

// beginning is where the fault strikes connections before any command.
func (r *faultRow) beginning() fault.Match {
	f := r.fault
	f.Kind, f.Match.Verb = r.kind, fault.VerbGreeting
	if f.Validate() != nil { // it is a fault from before TLS
		f.Match.Verb = ""
	}
	return f.Match
}

var (
	lost      = []heard{unknown}
	atDomains = fault.Match{Match: match.Match{Namespace: "domain"}}
	atLogins  = fault.Match{Match: match.Match{Verb: "login"}}
	aWhile    = 50 * time.Millisecond
)

// What several rows say.
const (
	seesNothing = "nothing"
	seesLater   = "a later answer, where the session is needed"
	seesSlow    = "a later answer"
	seesWait    = "a longer wait, where no session is open; with FailFast, an error"
	seesStop    = "answers, while a session is open; then an error with ErrStopped and the cause, not sent"
	seesEnd     = "outcome unknown for transforms under way on the session; queries are answered"

	doesRetry      = "tries again after the back-off"
	doesStop       = "stops after one attempt; sessions that are open go on"
	doesEnd        = "ends the session, repeats its queries on others, opens another; where it was just opened, after the back-off"
	doesEndInvalid = "ends the session (ErrInvalidAnswer), and goes on as with reset"
)

// faultRows has a row for each kind of fault.
var faultRows = []faultRow{
	{
		kind: fault.Refuse, opening: waits,
		sees: seesWait,
		does: doesRetry,
	},
	{
		kind: fault.AcceptDelay, fault: fault.Fault{Delay: aWhile}, opening: passes,
		sees: seesLater,
		does: "waits for it, Timeout at most",
	},
	{
		kind: fault.StallBeforeTLS, opening: waits, stalls: true,
		sees: seesWait,
		does: "gives the attempt up after Timeout; " + doesRetry,
	},
	{
		kind: fault.StallInTLS, opening: waits, stalls: true,
		sees: seesWait,
		does: "gives the attempt up after Timeout; " + doesRetry,
	},
	{
		kind: fault.ExpiredCertificate, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.EarlyCertificate, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.WrongNameCertificate, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.UntrustedCertificate, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.IncompleteCertificate, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.OldTLS, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop + ". TLS 1.2 is the least that it takes",
	},

	{
		kind: fault.StallBeforeGreeting, opening: waits, stalls: true,
		sees: seesWait,
		does: "gives the attempt up after Timeout; " + doesRetry,
	},
	{
		kind: fault.LateGreeting, fault: fault.Fault{Delay: aWhile}, opening: passes,
		sees: seesLater,
		does: "waits for it, Timeout at most",
	},
	{
		kind: fault.MissingGreeting, opening: waits, stalls: true,
		sees: seesWait,
		does: "gives the attempt up after Timeout, without a login; " + doesRetry,
	},

	{
		kind: fault.Reset, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEnd,
	},
	{
		kind: fault.CloseWithoutNotify, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEnd,
	},
	{
		kind: fault.HalfOpen, fault: fault.Fault{Delay: 4 * aWhile}, opening: waits, stalls: true, transforms: lost,
		sees: seesEnd + ", after StallTimeout",
		does: "ends the session when nothing was answered for StallTimeout, or a hello was not within Timeout; the registry may count it until it has noticed, and refuse another one (2502)",
	},
	{
		kind: fault.Bandwidth, fault: fault.Fault{Rate: 30_000}, opening: passes,
		sees: seesSlow,
		does: "goes on, unless an answer takes longer than StallTimeout",
	},
	{
		kind: fault.OctetByOctet, opening: passes,
		sees: seesNothing,
		does: "puts the frame together",
	},
	{
		kind: fault.SmallRecords, opening: passes,
		sees: seesNothing,
		does: "puts the frame together",
	},

	{
		kind: fault.Length0, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.Length3, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.Length4, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.LengthMax, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid + ". It takes no frame of more than MaxFrame, and no memory for one",
	},
	{
		kind: fault.LengthTooLong, opening: waits, stalls: true, transforms: lost,
		sees: seesEnd + ", at the next answer or after StallTimeout",
		does: doesEndInvalid,
	},
	{
		kind: fault.LengthShort, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.CutHeader, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEnd,
	},
	{
		kind: fault.CutBody, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEnd,
	},
	{
		kind: fault.TwoFrames, fault: fault.Fault{Delay: aWhile},
		sees: seesNothing,
		does: "gives each answer to its command",
	},
	{
		kind: fault.Garbage, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.HTML, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.WrongEncoding, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.Latin1, opening: waits, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},

	{
		kind: fault.Greeting, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid,
	},
	{
		kind: fault.Result, variant: "2400", fault: fault.Fault{Code: epp.CommandFailed, Match: atDomains}, transforms: []heard{refused}, queries: []heard{refused},
		sees: "the refusal",
		does: "gives the answer as it is, of a query too; the session goes on",
	},
	{
		kind: fault.Result, variant: "2400 with commit", fault: fault.Fault{Code: epp.CommandFailed, Commit: true, Match: atDomains}, transforms: []heard{refused}, queries: []heard{refused}, lies: true,
		sees: "a refusal of what was executed, which can't be known",
		does: "gives the answer as it is; the session goes on",
	},
	{
		kind: fault.Result, variant: "2500", fault: fault.Fault{Code: epp.CommandFailedClosing, Match: atDomains}, transforms: []heard{refused, unknown},
		sees: "a transform: the refusal; outcome unknown for those behind it on the session; queries are answered",
		does: "takes the session for ended, repeats its queries on others, opens another",
	},
	{
		kind: fault.Result, variant: "2501", fault: fault.Fault{Code: epp.AuthenticationErrorClosing, Match: atDomains}, transforms: []heard{refused, unknown},
		sees: "a transform: the refusal; outcome unknown for those behind it on the session; queries are answered",
		does: "as with 2500",
	},
	{
		kind: fault.Result, variant: "2502", fault: fault.Fault{Code: epp.SessionLimitExceeded, Match: atDomains}, transforms: []heard{refused, unknown},
		sees: "a transform: the refusal; outcome unknown for those behind it on the session; queries are answered",
		does: "as with 2500",
	},
	{
		kind: fault.Result, variant: "1000 without data", fault: fault.Fault{Code: epp.Success, Match: atDomains}, lies: true,
		sees: "of client.Do an error that says executed, because the data are missing; of what has no data, a success. Neither is true, and that can't be known",
		does: "gives the answer as it is; the session goes on",
	},
	{
		kind: fault.Result, variant: "2200 to a login", fault: fault.Fault{Code: epp.AuthenticationError, Match: atLogins}, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.Result, variant: "2501 to a login", fault: fault.Fault{Code: epp.AuthenticationErrorClosing, Match: atLogins}, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.Result, variant: "2306 to a login", fault: fault.Fault{Code: epp.ParameterPolicyError, Match: atLogins}, opening: stopped, transforms: lost,
		sees: seesStop,
		does: doesStop,
	},
	{
		kind: fault.Result, variant: "2502 to a login", fault: fault.Fault{Code: epp.SessionLimitExceeded, Match: atLogins}, opening: limits,
		sees: seesWait,
		does: "keeps to the sessions that it has, and asks for another one after Backoff.Limit, doubled with each refusal in a row; without any session, " + doesRetry,
	},
	{
		kind: fault.Result, variant: "2400 to a login", fault: fault.Fault{Code: epp.CommandFailed, Match: atLogins}, opening: waits,
		sees: seesWait,
		does: "ends the connection; " + doesRetry,
	},
	{
		kind: fault.Result, variant: "2500 to a login", fault: fault.Fault{Code: epp.CommandFailedClosing, Match: atLogins}, opening: waits,
		sees: seesWait,
		does: "ends the connection; " + doesRetry,
	},
	{
		kind: fault.ResultText, fault: fault.Fault{Text: "Tutto bene"},
		sees: "the other text; programs go by the code",
		does: "gives the answer as it is",
	},
	{
		kind: fault.WrongClTRID, transforms: lost,
		sees: seesEnd,
		does: doesEndInvalid + ": whose answer it is can't be known",
	},
	{
		kind: fault.MissingClTRID, transforms: lost,
		sees: seesEnd + ". A refusal without a clTRID is taken, in its turn",
		does: doesEndInvalid,
	},
	{
		kind: fault.MissingSvTRID,
		sees: "an answer whose svTRID is empty",
		does: "gives the answer as it is; a Validator would refuse it",
	},
	{
		kind: fault.Duplicate, transforms: lost,
		sees: "the answer; " + seesEnd,
		does: "gives the first to its command, and ends the session at the second",
	},
	{
		kind: fault.OutOfOrder, fault: fault.Fault{Delay: aWhile}, transforms: lost,
		sees: seesEnd + ". An answer that comes alone is taken",
		does: doesEndInvalid + ": the clTRID is not that of the command whose turn it is",
	},
	{
		kind: fault.OtherObject, renames: true,
		sees: "an answer about another object, with the clTRID of the command: compare the name before acting on it",
		does: "gives the answer as it is; it does not look at data",
	},
	{
		kind: fault.UnknownExtension,
		sees: "the answer; what is not known is an epp.Raw in Extension",
		does: "gives the answer as it is",
	},
	{
		kind: fault.UnknownElement,
		sees: "the answer; what is not known is an epp.Raw in ResData",
		does: "gives the answer as it is",
	},
	{
		kind: fault.ExtraResults, fault: fault.Fault{Match: atDomains}, transforms: []heard{refused}, queries: []heard{refused}, lies: true,
		sees: "a refusal (2400), because one of the results is no success; the command was executed",
		does: "gives the answer as it is: both results are in it",
	},
	{
		kind: fault.Slow, fault: fault.Fault{Delay: aWhile},
		sees: seesSlow,
		does: "goes on, unless an answer takes longer than StallTimeout: then as with no-answer",
	},
	{
		kind: fault.NoAnswer, stalls: true, transforms: lost,
		sees: seesEnd + ", after StallTimeout",
		does: "ends the session when nothing was answered for StallTimeout, repeats its queries on others, opens another",
	},

	{
		kind: fault.CommitThenDrop, transforms: lost,
		sees: seesEnd + ". The one that was struck was executed",
		does: doesEnd,
	},
	{
		kind: fault.DropBeforeCommit, transforms: lost,
		sees: seesEnd + ". The one that was struck was not executed",
		does: doesEnd,
	},
	{
		kind: fault.CommitTwice,
		sees: "one answer; that it was done twice can only be seen in what there is. A renew is safe by its curExpDate",
		does: "sends each transform once",
	},
	{
		kind: fault.StaleRead, queries: []heard{refused},
		sees: "an answer that was right a moment ago: for one, that an object does not exist which the caller has just made",
		does: "gives the answer as it is; it can't be known",
	},
}

var update = flag.Bool("update", false, "write docs/pool.md")

// TestPoolFaultsTable keeps the table in the documentation, with a row for each kind.
func TestPoolFaultsTable(t *testing.T) {
	const file = "../docs/pool.md"
	const begin, end = "<!-- Generated: go test ./client -run TestPoolFaultsTable -update -->\n", "<!-- End -->\n"
	for _, k := range fault.Kinds() {
		require.True(t, slices.ContainsFunc(faultRows, func(r faultRow) bool { return r.kind == k.Kind }), "%s has no row", k.Kind)
	}
	var b strings.Builder
	b.WriteString(begin + "| fault | what the caller sees | what the pool does |\n|---|---|---|\n")
	for i := range faultRows {
		r := &faultRows[i]
		require.NotEmpty(t, r.sees, r.title())
		require.NotEmpty(t, r.does, r.title())
		title := "`" + string(r.kind) + "`"
		if r.variant != "" {
			title += " " + r.variant
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", title, r.sees, r.does)
	}
	b.WriteString(end)
	doc, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(doc), begin)
	require.True(t, ok)
	_, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	want := before + b.String() + after
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		return
	}
	require.True(t, want == string(doc), "docs/pool.md is old: go test ./client -run TestPoolFaultsTable -update")
}
