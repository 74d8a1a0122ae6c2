package gtld

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// PasswordRules are which passwords registrars may set, and how long they are good for. A
// client that has loginSec is told what is amiss (RFC 8807).
type PasswordRules struct {
	// Min and Max are how many characters a new one must have: 6 and 128. A login
	// itself has room for 16.
	Min int `yaml:"min" json:"min,omitempty"`
	Max int `yaml:"max" json:"max,omitempty"`
	// Kinds are how many of small letters, capital letters, digits and others it
	// must have; 0 asks for none.
	Kinds int `yaml:"kinds" json:"kinds,omitempty"`
	// Valid is for how long one is good; 0 is for ever. A login with one that is not
	// any more fails unless it sets a new one.
	Valid registry.Duration `yaml:"valid" json:"valid,omitempty"`
	// Warn is how long before its end, or that of the client's certificate, a client
	// is told; 30d.
	Warn registry.Duration `yaml:"warn" json:"warn,omitempty"`
	// Failures is after how many failed logins in a day the registrar is told of
	// them; 10.
	Failures int `yaml:"failures" json:"failures,omitempty"`
}

func (p *PasswordRules) min() int      { return cmp.Or(p.Min, 6) }
func (p *PasswordRules) max() int      { return cmp.Or(p.Max, 128) }
func (p *PasswordRules) failures() int { return cmp.Or(p.Failures, 10) }

func (p *PasswordRules) warn() time.Duration { return cmp.Or(p.Warn, 30*registry.Day).D() }

// passwords checks the rules for passwords.
func (v *validator) passwords(p *PasswordRules) {
	at := registry.Path{"passwords"}
	v.Check(p.min() >= 6 && p.max() >= p.min(), at, "min must be 6 or more, and max not less")
	v.Check(p.Kinds >= 0 && p.Kinds <= 4, at.With("kinds"), "there are four kinds of characters")
	v.Check(p.Failures >= 0, at.With("failures"), "can't be less than 0")
}

// Login refuses wrong credentials with 2200, so that the client may try again, and a
// registrar that is blocked with 2201. A password that expired is wrong; a new one that
// the rules forbid is refused with 2306. Passwords may be in loginSec, and what else is to
// be told of the login is in its loginSecData (RFC 8807).
func (r *Registry) Login(x *mockserver.Exchange, q *epp.Login) error {
	asked, err := passwords(x, q)
	if err != nil {
		return err
	}
	x.Extension = nil
	var events []loginsec.Event
	defer func() {
		if len(events) > 0 && slices.Contains(q.ExtURI, loginsec.NS) {
			x.Extension = []epp.Element{&loginsec.LoginSecData{Events: events}}
		}
	}()
	tried := *asked
	tried.NewPW = ""
	switch err := r.Accounts.Login(x.Session, &tried); {
	case errors.Is(err, registry.ErrBlocked):
		return epp.Refuse(epp.AuthorizationError)
	case err != nil:
		r.Accounts.CountFailure(q.ClID)
		return epp.Refuse(epp.AuthenticationError)
	}
	acc := r.Accounts.Table.Get(r.View(nil), q.ClID)
	// The Server asks without the new password first: the command has it.
	fresh, why := newPassword(x), ""
	if fresh != "" {
		why = r.passwords.forbids(fresh)
	}
	events = r.loginEvents(x, acc, fresh != "" && why == "")
	if why != "" {
		events = append(events, loginsec.Event{Type: loginsec.NewPW, Level: loginsec.Error, Text: "The new password " + why})
	}
	switch {
	case r.passwords.expired(acc, x.Now()) && (fresh == "" || why != ""):
		return epp.Refuse(epp.AuthenticationError)
	case why != "":
		return epp.Refuse(epp.ParameterPolicyError, registry.Because(epp.NS, "newPW", "", why))
	case asked.NewPW == "":
		return nil
	}
	return r.Accounts.Login(x.Session, asked)
}

// passwords is a login with the passwords that it means (RFC 8807, section 3.2). The error
// names one that is not where the login says it is.
func passwords(x *mockserver.Exchange, q *epp.Login) (*epp.Login, error) {
	means := *q
	var sec *loginsec.LoginSec
	for _, e := range x.Command.Extension {
		if m, ok := e.(*loginsec.LoginSec); ok {
			sec = m
		}
	}
	if sec == nil {
		return &means, nil
	}
	command := x.Command.Request.(*epp.Login)
	for _, pw := range []struct {
		local     string
		said, sec epp.Secret
		means     *epp.Secret
	}{{"pw", command.PW, sec.PW, &means.PW}, {"newPW", command.NewPW, sec.NewPW, &means.NewPW}} {
		elsewhere := epp.Collapse(string(pw.said)) == string(loginsec.Elsewhere)
		switch {
		case elsewhere && pw.sec == "":
			return nil, refuseLoginSec(epp.RequiredParameterMissing, pw.local, "is missing")
		case !elsewhere && pw.sec != "":
			return nil, refuseLoginSec(epp.ParameterPolicyError, pw.local, "has no place beside the login's own")
		case elsewhere && *pw.means != "":
			*pw.means = pw.sec
		}
	}
	return &means, nil
}

// newPassword is the new password of the command, or "".
func newPassword(x *mockserver.Exchange) epp.Secret {
	q, err := passwords(x, x.Command.Request.(*epp.Login))
	if err != nil {
		return ""
	}
	return q.NewPW
}

// forbids says why nobody may have a password, or "".
func (p *PasswordRules) forbids(pw epp.Secret) string {
	s := epp.Collapse(string(pw))
	n := utf8.RuneCountInString(s)
	switch {
	case s == string(loginsec.Elsewhere):
		return "is a word with a meaning of its own"
	case n < p.min():
		return "must have " + strconv.Itoa(p.min()) + " characters or more"
	case n > p.max():
		return "must have " + strconv.Itoa(p.max()) + " characters or fewer"
	case kinds(s) < p.Kinds:
		return "must have " + strconv.Itoa(p.Kinds) + " of small letters, capital letters, digits and others"
	}
	return ""
}

// kinds are how many kinds of characters a text has.
func kinds(s string) int {
	in := func(from, to rune) func(rune) bool { return func(c rune) bool { return c >= from && c <= to } }
	small, capital, digit := in('a', 'z'), in('A', 'Z'), in('0', '9')
	n := 0
	for _, kind := range []func(rune) bool{
		small, capital, digit,
		func(c rune) bool { return !small(c) && !capital(c) && !digit(c) },
	} {
		if strings.ContainsFunc(s, kind) {
			n++
		}
	}
	return n
}

// expires is when a password is good no more, or zero.
func (p *PasswordRules) expires(acc *registry.Account) time.Time {
	if p.Valid == 0 {
		return time.Time{}
	}
	return acc.PasswordSet.Add(p.Valid.D())
}

func (p *PasswordRules) expired(acc *registry.Account, now time.Time) bool {
	end := p.expires(acc)
	return !end.IsZero() && !now.Before(end)
}

// loginEvents are what a registrar is told whose password and certificate are right;
// renewed says that it sets a new password, so that the end of the old one is none of its
// troubles.
func (r *Registry) loginEvents(x *mockserver.Exchange, acc *registry.Account, renewed bool) []loginsec.Event {
	var events []loginsec.Event
	ends := func(kind string, at time.Time, what string) {
		e := loginsec.Event{Type: kind, Level: loginsec.Warning, ExDate: at, Text: what + " expires soon."}
		switch {
		case at.IsZero() || x.Now().Before(at.Add(-r.passwords.warn())):
			return
		case !x.Now().Before(at):
			e.Level, e.Text = loginsec.Error, what+" has expired."
		}
		events = append(events, e)
	}
	if !renewed {
		ends(loginsec.Password, r.passwords.expires(acc), "The password")
	}
	if cert := x.Session.Cert; cert != nil {
		ends(loginsec.Certificate, cert.NotAfter.UTC(), "The certificate")
	}
	if n := len(acc.FailedSince(x.Now().AddDate(0, 0, -1))); n >= r.passwords.failures() {
		events = append(events, loginsec.Event{
			Type: loginsec.Stat, Name: "failedLogins", Level: loginsec.Warning,
			Value: strconv.Itoa(n), Duration: "P1D", Text: "Logins have failed.",
		})
	}
	return events
}

func refuseLoginSec(code epp.Code, local, why string) error {
	return epp.Refuse(code, registry.Because(loginsec.NS, local, "", why))
}
