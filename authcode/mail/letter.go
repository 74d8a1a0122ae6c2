package mail

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"

	"github.com/eppkit/eppkit/authcode"
)

// A message is a mail with its envelope.
type message struct {
	from, to string
	utf8     bool // the envelope needs SMTPUTF8 (RFC 6531)
	octets   []byte
}

// A composer makes mail of letters.
type composer struct {
	from      *netmail.Address
	host      string // of from
	templates *Templates
	lang      string
	now       func() time.Time
	random    io.Reader
}

func newComposer(from authcode.Address, t *Templates, lang string, now func() time.Time, random io.Reader) (*composer, error) {
	c := &composer{templates: t, lang: lang, now: now, random: random}
	var err error
	if c.from, err = address(from); err != nil {
		return nil, fmt.Errorf("mail: From: %w", err)
	}
	c.host = c.from.Address[strings.LastIndexByte(c.from.Address, '@')+1:]
	if c.templates == nil {
		c.templates = builtIn()
	}
	c.lang = cmp.Or(c.lang, "en")
	if c.now == nil {
		c.now = time.Now
	}
	if c.random == nil {
		c.random = rand.Reader
	}
	return c, nil
}

// compose makes the mail of a letter. The error tells nothing of the letter.
func (c *composer) compose(l authcode.Letter) (*message, error) {
	to, err := address(l.To)
	if err != nil {
		return nil, err
	}
	if domain(l) != l.Domain || l.Domain == "" {
		return nil, errors.New("the letter's domain is not in canonical form")
	}
	code := l.Code.Reveal()
	if code == "" || !utf8.ValidString(code) || strings.ContainsFunc(code, breaking) {
		return nil, errors.New("the letter's code is empty or has control characters")
	}
	text, err := c.templates.write(l.Role, []string{l.To.Lang, c.lang}, fields{
		Domain: l.Domain, Code: code, Name: to.Name, Role: l.Role,
		Expires: valid(l.Expires), ExpiresAt: l.Expires,
	})
	if err != nil {
		return nil, err
	}
	id := make([]byte, 16)
	if _, err := io.ReadFull(c.random, id); err != nil {
		return nil, fmt.Errorf("no randomness: %w", err)
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(c.from)
	m.ToMailAddress(to)
	m.Subject(text.subject)
	m.SetDateWithValue(c.now().UTC())
	m.SetMessageIDWithValue(hex.EncodeToString(id) + "@" + c.host)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834, section 5
	m.SetGenHeader(gomail.HeaderContentLang, text.lang)
	m.SetBodyString(gomail.TypeTextPlain, text.body)
	var buf bytes.Buffer
	if _, err := m.WriteTo(&buf); err != nil {
		return nil, fmt.Errorf("writing the mail: %w", err)
	}
	return &message{
		from: c.from.Address, to: to.Address,
		utf8:   !ascii(c.from.Address) || !ascii(to.Address),
		octets: buf.Bytes(),
	}, nil
}

// domain is the letter's domain, or "" where what it has is no name.
func domain(l authcode.Letter) string {
	name, _ := authcode.CanonicalDomain(l.Domain)
	return name
}

// errAddress does not say which address: it is nobody's business.
var errAddress = errors.New("what should be an e-mail address is not one")

// address is what the headers and the envelope can have: an address as in RFC 5322,
// section 3.4.1, without comments and quoted parts, its host a domain's name in
// canonical form or localhost, and a name without control characters.
func address(a authcode.Address) (*netmail.Address, error) {
	parsed, err := netmail.ParseAddress(a.Email)
	if err != nil || parsed.Address != a.Email || strings.ContainsFunc(a.Email, unfit) {
		return nil, errAddress
	}
	at := strings.LastIndexByte(a.Email, '@')
	host := a.Email[at+1:]
	if host != "localhost" {
		if host, err = authcode.CanonicalDomain(host); err != nil {
			return nil, errAddress
		}
	}
	name := strings.Map(func(r rune) rune {
		if !unicode.IsGraphic(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, a.Name)
	return &netmail.Address{Name: strings.Join(strings.Fields(name), " "), Address: a.Email[:at+1] + host}, nil
}

// breaking reports what can't be on a line: control characters, and what ends it.
func breaking(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) }

// unfit reports what can't be in an address or a name of a machine: what is a space,
// or can't be seen.
func unfit(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// valid is the end of a code as templates show it.
func valid(until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return until.UTC().Format("2006-01-02 15:04 UTC")
}
