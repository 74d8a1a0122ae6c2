package loginsec

import (
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// LoginSecData is what a server has to say of a login (RFC 8807, section 4.1).
type LoginSecData struct{ Events []Event }

// XMLName is loginSec:loginSecData.
func (*LoginSecData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "loginSecData"} }

// Fields walks the content of <loginSec:loginSecData>.
func (m *LoginSecData) Fields(x *epp.Codec) {
	epp.Each(x, "event", &m.Events)
	x.NotEmpty(len(m.Events), "event")
}

// What an [Event] is about (RFC 8807, section 3.1).
const (
	Password    = "password"    // it expires or has expired at ExDate
	Certificate = "certificate" // the client's expires at ExDate
	Cipher      = "cipher"      // the one in use, Value, is not secure
	TLSProtocol = "tlsProtocol" // the version in use, Value, is not secure
	NewPW       = "newPW"       // the new password is not good enough
	Stat        = "stat"        // a count of something, which Name says, over Duration
	Custom      = "custom"      // what Name says
)

// How grave an [Event] is.
const (
	Warning = "warning" // it needs action before ExDate
	Error   = "error"   // it needs action now
)

// Event is one thing that a client should know or do something about.
type Event struct {
	Type     string // one of the constants
	Name     string // what kind of the Type; Stat and Custom need it
	Level    string // Warning or Error
	ExDate   time.Time
	Value    string // what the event is about: a protocol, a count
	Duration string // an [epp.Duration]: the time up to the login that Value counts over
	Lang     string // of the Text; "" is English
	Text     string // for people
}

// String is the event in a line for people.
func (m Event) String() string {
	s := m.Level + ": " + strings.TrimSpace(m.Type+" "+m.Name)
	if m.Value != "" {
		s += " " + m.Value
	}
	if m.Duration != "" {
		s += " in " + m.Duration
	}
	if !m.ExDate.IsZero() {
		s += ", until " + m.ExDate.Format(time.RFC3339)
	}
	if text := epp.Collapse(m.Text); text != "" {
		s += ": " + text
	}
	return s
}

// Fields walks the content of <loginSec:event>.
func (m *Event) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	switch m.Type {
	case Password, Certificate, Cipher, TLSProtocol, NewPW, Stat, Custom:
	default:
		x.Check(false, "@type", "is not one that the extension has")
	}
	x.OptAttr("name", epp.Token(&m.Name))
	x.Attr("level", epp.Token(&m.Level))
	x.Check(m.Level == Warning || m.Level == Error, "@level", "must be warning or error")
	x.OptAttr("exDate", epp.DateTime(&m.ExDate))
	x.OptAttr("value", epp.Token(&m.Value))
	x.OptAttr("duration", epp.Duration(&m.Duration))
	x.Lang(&m.Lang)
	x.Text(epp.String(&m.Text))
}
