package registry

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp"
)

// NoLimit is for texts that may be of any length.
const NoLimit = math.MaxInt

// A Validator checks a registry's fixtures, list by list, and keeps the first error.
type Validator struct {
	// ROID is the form of a ROID, and ROIDLike an example of it.
	ROID     *regexp.Regexp
	ROIDLike string
	// MaxPassword is how many characters a password may have; 0 is 16.
	MaxPassword int
	// Known, unless nil, reports whether a registry that is there already has an object
	// of a list, as in Define and Refer: "registrars" and a clID, "roid" and a ROID. What
	// it has can be referred to, and can't be defined again.
	Known func(list, name string) bool
	// Err is the first error, a *FixtureError.
	Err error

	clIDs map[string]bool
	seen  map[string]bool // list and name, as in "contacts CID-A"
}

// Check keeps an error unless ok.
func (v *Validator) Check(ok bool, at Path, format string, args ...any) {
	if !ok {
		v.fail(at.Errorf(format, args...))
	}
}

func (v *Validator) fail(err error) {
	if v.Err == nil {
		v.Err = err
	}
}

// Token checks a text that goes into an answer as xs:token, whose reader drops white
// space at the ends and collapses it inside.
func (v *Validator) Token(text string, least, most int, at Path) {
	v.Line(text, least, most, at)
	v.Check(epp.Collapse(text) == text, at, "has white space that is lost: at an end, or two in a row")
}

// Line checks a text that goes into an answer as xs:normalizedString, whose reader
// makes a space of each line break and tab.
func (v *Validator) Line(text string, least, most int, at Path) {
	v.Check(!strings.ContainsFunc(text, unfit), at, "holds a line break or another control character")
	n := utf8.RuneCountInString(text)
	if most == NoLimit {
		v.Check(n >= least, at, "must have at least %d characters", least)
		return
	}
	v.Check(n >= least && n <= most, at, "must have %d to %d characters", least, most)
}

// unfit reports whether an XML document can't hold a character, or should not. What
// is not UTF-8 is utf8.RuneError here, which nobody means either.
func unfit(c rune) bool {
	return unicode.IsControl(c) || c == utf8.RuneError || c == 0xFFFE || c == 0xFFFF
}

// Registrars checks the list "registrars", which comes before those that refer to it.
func (v *Validator) Registrars(list []Account) {
	v.Check(len(list) > 0 || v.Known != nil, Path{"registrars"}, "there must be at least one registrar")
	v.clIDs = make(map[string]bool)
	for i, it := range list {
		at := Path{"registrars", i}
		v.Account(&list[i], at)
		v.Check(!v.clIDs[it.ClID], at.With("clID"), "%s is there twice", it.ClID)
		v.Check(!v.Exists("registrars", it.ClID), at.With("clID"), "there is a registrar %s already", it.ClID)
		v.clIDs[it.ClID] = true
		v.Token(string(it.Password), 6, cmp.Or(v.MaxPassword, 16), at.With("password"))
	}
}

// Account checks one registrar, but for its password.
func (v *Validator) Account(a *Account, at Path) {
	v.Token(a.ClID, 3, 16, at.With("clID"))
	for k, c := range a.Certificates {
		b, err := hex.DecodeString(fingerprint(c))
		v.Check(c == CertIssued || err == nil && len(b) == sha256.Size, at.With("certificates", k),
			"must be %q or a SHA-256 fingerprint in hex", CertIssued)
	}
	for _, zone := range slices.Sorted(maps.Keys(a.Credit)) {
		v.Token(zone, 1, 255, at.With("credit", zone))
		v.Check(a.Credit[zone].digits() <= 10, at.With("credit", zone), "may have ten digits at most")
	}
}

// Complete checks that an object has what [Register] gives to those that lack it.
func (v *Validator) Complete(m *Object, at Path) {
	v.Check(m.ROID != "", at.With("roid"), "is missing")
	v.Check(m.CrID != "", at.With("crID"), "is missing")
}

// TrID checks the identifiers of a command (RFC 5730, section 4.1), of which the client's
// may be missing.
func (v *Validator) TrID(clTRID, svTRID string, at Path) {
	if clTRID != "" {
		v.Token(clTRID, 3, 64, at.With("clTRID"))
	}
	v.Token(svTRID, 3, 64, at.With("svTRID"))
}

// Registrar reports whether there is a registrar, which is what objects and messages refer
// to. It is for after Registrars.
func (v *Validator) Registrar(clID string) bool { return v.clIDs[clID] || v.Exists("registrars", clID) }

// Exists reports whether the registry that is there has an object of a list, as Known says.
func (v *Validator) Exists(list, name string) bool { return v.Known != nil && v.Known(list, name) }

// Messages checks the list "messages".
func (v *Validator) Messages(list []Message) {
	for i, m := range list {
		at := Path{"messages", i}
		v.Check(v.Registrar(m.ClID), at.With("clID"), "there is no registrar %q", m.ClID)
		v.Check(m.Text != "", at, "has no text")
		lines := strings.ReplaceAll(m.Text, "\n", " ")
		v.Check(!strings.ContainsFunc(lines, unfit), at.With("text"), "holds a control character")
	}
}

// Define checks what all objects have, and lets others refer to this one of a list.
func (v *Validator) Define(list, name string, m *Object, status []string, at Path) {
	v.once(list, name, at)
	if err := m.Validate(v.Registrar, at); err != nil {
		v.fail(err)
	}
	if m.ROID != "" {
		v.Check(v.ROID.MatchString(m.ROID), at.With("roid"), "is not like %s", v.ROIDLike)
		v.once("roid", m.ROID, at.With("roid"))
	}
	for i, s := range m.Status {
		at := at.With("status", i)
		v.Check(slices.Contains(status, s), at, "there is no status %q, or the registry sets it by itself", s)
		for _, earlier := range m.Status[:i] {
			v.Check(s != earlier, at, "%s is there twice", s)
			v.Check(!contradict(s, earlier) && !contradict(earlier, s), at, "%s can't stand beside %s", s, earlier)
		}
	}
}

// contradict reports whether an object can't have two statuses (RFC 5731, section
// 2.3): one thing is pending at a time, and what is pending is not prohibited.
func contradict(a, b string) bool {
	what, pending := strings.CutPrefix(a, "pending")
	return pending && (strings.HasPrefix(b, "pending") || strings.HasSuffix(b, what+"Prohibited"))
}

func (v *Validator) once(list, name string, at Path) {
	key := list + " " + name
	v.Check(!v.seen[key], at, "%s is there twice", name)
	v.Check(!v.Exists(list, name), at, "there is %s already", name)
	if v.seen == nil {
		v.seen = make(map[string]bool)
	}
	v.seen[key] = true
}

// Refer checks that a list has an object of that name.
func (v *Validator) Refer(list, name string, at Path) {
	v.Check(v.seen[list+" "+name] || v.Exists(list, name), at, "there is no %s among the %s", name, list)
}
