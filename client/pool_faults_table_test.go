package client_test

import (
	"slices"
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
	resumes             bool // the owner goes on with a pool that stops
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

// faultRows has a row for each kind of fault.
var faultRows = []faultRow{
	{kind: fault.Refuse, opening: waits},
	{kind: fault.AcceptDelay, fault: fault.Fault{Delay: aWhile}, opening: passes},
	{kind: fault.StallBeforeTLS, opening: waits, stalls: true},
	{kind: fault.StallInTLS, opening: waits, stalls: true},
	{kind: fault.ExpiredCertificate, opening: stopped, transforms: lost},
	{kind: fault.EarlyCertificate, opening: stopped, transforms: lost},
	{kind: fault.WrongNameCertificate, opening: stopped, transforms: lost},
	{kind: fault.UntrustedCertificate, opening: stopped, transforms: lost},
	{kind: fault.IncompleteCertificate, opening: stopped, transforms: lost},
	{kind: fault.OldTLS, opening: stopped, transforms: lost},

	{kind: fault.StallBeforeGreeting, opening: waits, stalls: true},
	{kind: fault.LateGreeting, fault: fault.Fault{Delay: aWhile}, opening: passes},
	{kind: fault.MissingGreeting, opening: waits, stalls: true},

	{kind: fault.Reset, opening: waits, transforms: lost},
	{kind: fault.CloseWithoutNotify, opening: waits, transforms: lost},
	{kind: fault.HalfOpen, fault: fault.Fault{Delay: 4 * aWhile}, opening: waits, stalls: true, transforms: lost},
	{kind: fault.Bandwidth, fault: fault.Fault{Rate: 30_000}, opening: passes},
	{kind: fault.OctetByOctet, opening: passes},
	{kind: fault.SmallRecords, opening: passes},

	{kind: fault.Length0, opening: waits, transforms: lost},
	{kind: fault.Length3, opening: waits, transforms: lost},
	{kind: fault.Length4, opening: waits, transforms: lost},
	{kind: fault.LengthMax, opening: waits, transforms: lost},
	{kind: fault.LengthTooLong, opening: waits, stalls: true, transforms: lost},
	{kind: fault.LengthShort, opening: waits, transforms: lost},
	{kind: fault.CutHeader, opening: waits, transforms: lost},
	{kind: fault.CutBody, opening: waits, transforms: lost},
	{kind: fault.TwoFrames, fault: fault.Fault{Delay: aWhile}},
	{kind: fault.Garbage, opening: waits, transforms: lost},
	{kind: fault.HTML, opening: waits, transforms: lost},
	{kind: fault.WrongEncoding, opening: waits, transforms: lost},
	{kind: fault.Latin1, opening: waits, transforms: lost},

	{kind: fault.Greeting, transforms: lost},
	{kind: fault.Result, variant: "2400", fault: fault.Fault{Code: epp.CommandFailed, Match: atDomains}, transforms: []heard{refused}, queries: []heard{refused}},
	{kind: fault.Result, variant: "2400 with commit", fault: fault.Fault{Code: epp.CommandFailed, Commit: true, Match: atDomains}, transforms: []heard{refused}, queries: []heard{refused}, lies: true},
	{kind: fault.Result, variant: "2500", fault: fault.Fault{Code: epp.CommandFailedClosing, Match: atDomains}, transforms: []heard{refused, unknown}},
	{kind: fault.Result, variant: "2501", fault: fault.Fault{Code: epp.AuthenticationErrorClosing, Match: atDomains}, transforms: []heard{refused, unknown}, resumes: true},
	{kind: fault.Result, variant: "2502", fault: fault.Fault{Code: epp.SessionLimitExceeded, Match: atDomains}, transforms: []heard{refused, unknown}},
	{kind: fault.Result, variant: "1000 without data", fault: fault.Fault{Code: epp.Success, Match: atDomains}, lies: true},
	{kind: fault.Result, variant: "2200 to a login", fault: fault.Fault{Code: epp.AuthenticationError, Match: atLogins}, opening: stopped, transforms: lost},
	{kind: fault.Result, variant: "2501 to a login", fault: fault.Fault{Code: epp.AuthenticationErrorClosing, Match: atLogins}, opening: stopped, transforms: lost},
	{kind: fault.Result, variant: "2306 to a login", fault: fault.Fault{Code: epp.ParameterPolicyError, Match: atLogins}, opening: stopped, transforms: lost},
	{kind: fault.Result, variant: "2502 to a login", fault: fault.Fault{Code: epp.SessionLimitExceeded, Match: atLogins}, opening: limits},
	{kind: fault.Result, variant: "2400 to a login", fault: fault.Fault{Code: epp.CommandFailed, Match: atLogins}, opening: waits},
	{kind: fault.Result, variant: "2500 to a login", fault: fault.Fault{Code: epp.CommandFailedClosing, Match: atLogins}, opening: waits},
	{kind: fault.ResultText, fault: fault.Fault{Text: "Tutto bene"}},
	{kind: fault.WrongClTRID, transforms: lost},
	{kind: fault.MissingClTRID, transforms: lost},
	{kind: fault.MissingSvTRID},
	{kind: fault.Duplicate, transforms: lost},
	{kind: fault.OutOfOrder, fault: fault.Fault{Delay: aWhile}, transforms: lost},
	{kind: fault.OtherObject, renames: true},
	{kind: fault.UnknownExtension},
	{kind: fault.UnknownElement},
	{kind: fault.ExtraResults, fault: fault.Fault{Match: atDomains}, transforms: []heard{refused}, queries: []heard{refused}, lies: true},
	{kind: fault.Slow, fault: fault.Fault{Delay: aWhile}},
	{kind: fault.NoAnswer, stalls: true, transforms: lost},

	{kind: fault.CommitThenDrop, transforms: lost},
	{kind: fault.DropBeforeCommit, transforms: lost},
	{kind: fault.CommitTwice},
	{kind: fault.StaleRead, queries: []heard{refused}},
}

// TestPoolFaultsTable: each kind has a row.
func TestPoolFaultsTable(t *testing.T) {
	for _, k := range fault.Kinds() {
		require.True(t, slices.ContainsFunc(faultRows, func(r faultRow) bool { return r.kind == k.Kind }), "%s has no row", k.Kind)
	}
}
