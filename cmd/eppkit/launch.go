package main

import (
	"errors"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/signedmark"
)

// launchAddition is RFC 8334.
func launchAddition() addition {
	return addition{"gtld", []string{launch.NS}, map[string]func(*fields) extender{
		"domain check":  launchCheck,
		"domain info":   launchInfo,
		"domain create": launchCreate,
		"domain update": func(x *fields) extender {
			m := &launch.Update{}
			applicationFlags(x, &m.Phase, &m.ApplicationID)
			return ifGiven(x, m, "launch-phase")
		},
		"domain delete": func(x *fields) extender {
			m := &launch.Delete{}
			applicationFlags(x, &m.Phase, &m.ApplicationID)
			return ifGiven(x, m, "launch-phase")
		},
	}}
}

func launchCheck(x *fields) extender {
	m := &launch.Check{}
	choice(x, "launch-check", "what to ask about a launch, the `FORM` of the check", &m.Type,
		launch.CheckClaims, launch.CheckAvail, launch.CheckTrademark)
	opt(x, "launch-phase", phaseHelp, &m.Phase, launchPhase)
	x.must(func() error {
		switch {
		case x.value("launch-check") == launch.CheckTrademark && x.given("launch-phase"):
			return usage("--launch-check trademark is about no phase; leave --launch-phase out")
		case x.value("launch-check") != launch.CheckTrademark && x.given("launch-check"):
			return x.need("launch-phase")
		}
		return nil
	})
	return ifGiven(x, m, "launch-check", "launch-phase")
}

func launchInfo(x *fields) extender {
	m := &launch.Info{}
	one(x, "launch-phase", phaseHelp, &m.Phase, launchPhase)
	one(x, "application-id", applicationHelp, &m.ApplicationID, text)
	yesNo(x, "include-mark", "show the marks, too", &m.IncludeMark)
	x.needs("application-id", "launch-phase")
	x.needs("include-mark", "launch-phase")
	return ifGiven(x, m, "launch-phase")
}

func launchCreate(x *fields) extender {
	m := &launch.Create{}
	one(x, "launch-phase", phaseHelp, &m.Phase, launchPhase)
	choice(x, "launch-type", "the `KIND` of thing that is to come of it", &m.Type, launch.Application, launch.Registration)
	each(x, "notice", "a notice of claims that the holder has accepted, as `\"ID NOTAFTER ACCEPTED\"` with times as 2031-04-15T07:00:00Z", &m.Notices, notice)
	file(x, "smd", "signed mark in this `FILE`, as the clearinghouse gives it", &m.SignedMarks, signedMark)
	for _, name := range []string{"launch-type", "notice", "smd"} {
		x.needs(name, "launch-phase")
	}
	return ifGiven(x, m, "launch-phase")
}

const (
	phaseHelp       = "the `PHASE` of a launch: sunrise, landrush, claims, open or custom; PHASE:NAME for one of another name"
	applicationHelp = "the `ID` of an application in that phase"
)

func applicationFlags(x *fields, phase *launch.Phase, id *string) {
	one(x, "launch-phase", phaseHelp, phase, launchPhase)
	one(x, "application-id", applicationHelp, id, text)
	x.needs("application-id", "launch-phase")
	x.needs("launch-phase", "application-id")
}

func launchPhase(s string) (launch.Phase, error) {
	phase, name, _ := strings.Cut(s, ":")
	_, err := wordOf(launch.Sunrise, launch.Landrush, launch.Claims, launch.Open, launch.Custom)(phase)
	return launch.Phase{Phase: phase, Name: name}, err
}

func notice(s string) (n launch.Notice, err error) {
	parts := strings.Fields(s)
	if len(parts) != 3 {
		return n, errors.New("it must be ID NOTAFTER ACCEPTED")
	}
	n.NoticeID.ID, n.NoticeID.ValidatorID, _ = strings.Cut(parts[0], "@")
	if n.NotAfter, err = moment(parts[1]); err == nil {
		n.AcceptedDate, err = moment(parts[2])
	}
	return n, err
}

// signedMark reads a file with a signed mark: the document itself, or its armour of
// lines, in which it is in base64 (RFC 7848, section 2.4).
func signedMark(b []byte) ([]epp.Element, error) {
	const begin, end = "-----BEGIN ENCODED SMD-----", "-----END ENCODED SMD-----"
	if _, armour, ok := strings.Cut(string(b), begin); ok {
		encoded, _, ok := strings.Cut(armour, end)
		m := new(signedmark.EncodedSignedMark)
		m.Text = strings.Join(strings.Fields(encoded), "")
		if _, err := m.Document(); err != nil || !ok {
			return nil, errors.New("holds an encoded signed mark that is not whole")
		}
		return []epp.Element{m}, nil
	}
	if _, err := signedmark.Parse(nil, b); err != nil {
		return nil, errors.New("holds no signed mark")
	}
	return []epp.Element{signedmark.Encode(b)}, nil
}
