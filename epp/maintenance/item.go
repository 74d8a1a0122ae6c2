package maintenance

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Why a poll message tells of an event: the values of Item.PollType.
const (
	PollCreate   = "create"
	PollUpdate   = "update"
	PollDelete   = "delete"   // the event is shown as it was before
	PollCourtesy = "courtesy" // a reminder
	PollEnd      = "end"
)

// The values of Item.Reason.
const (
	Planned   = "planned"
	Emergency = "emergency"
)

// Item is a maintenance event (RFC 9167, section 3.3).
type Item struct {
	ID          ID
	Types       []Type
	PollType    string // one of the Poll constants in a poll message, "" elsewhere
	Systems     []System
	Environment Environment
	Start, End  time.Time
	Reason      string  // Planned or Emergency
	Detail      *string // the URI of a description
	Description []Description
	// TLDs are the zones concerned. None at all stands for the whole system.
	TLDs           []string
	Intervention   *Intervention
	CrDate, UpDate time.Time
}

// Fields walks the content of <maintenance:item>.
func (m *Item) Fields(x *epp.Codec) {
	epp.One(x, "id", &m.ID)
	epp.Each(x, "type", &m.Types)
	if x.Opt("pollType", epp.Token(&m.PollType)) {
		oneOf(x, "pollType", m.PollType, PollCreate, PollUpdate, PollDelete, PollCourtesy, PollEnd)
	}
	x.Group("systems", func() {
		epp.Each(x, "system", &m.Systems)
		x.NotEmpty(len(m.Systems), "system")
	})
	epp.One(x, "environment", &m.Environment)
	x.Elem("start", epp.DateTime(&m.Start))
	x.Elem("end", epp.DateTime(&m.End))
	x.Elem("reason", epp.Token(&m.Reason))
	oneOf(x, "reason", m.Reason, Planned, Emergency)
	x.Opt("detail", epp.OptToken(&m.Detail))
	epp.Each(x, "description", &m.Description)
	x.OptGroup("tlds", len(m.TLDs) > 0, func() {
		epp.Labels(x, "tld", &m.TLDs)
		x.NotEmpty(len(m.TLDs), "tld")
	})
	epp.Maybe(x, "intervention", &m.Intervention)
	dates(x, &m.CrDate, &m.UpDate)
}

// oneOf checks that a token is one of an enumeration.
func oneOf(x *epp.Codec, local, v string, known ...string) {
	for _, k := range known {
		if epp.Collapse(v) == k {
			return
		}
	}
	x.Check(false, local, "is not one that RFC 9167 has")
}

// Type says in words of the server's choice what kind of maintenance it is.
type Type struct {
	Lang string // "" is English
	Text string
}

// Fields walks the attribute and the text.
func (m *Type) Fields(x *epp.Codec) {
	x.Lang(&m.Lang)
	x.Text(epp.Exact(&m.Text))
}

// How much of a system can't be used: the values of System.Impact.
const (
	ImpactNone    = "none"
	ImpactPartial = "partial"
	ImpactFull    = "full"
)

// System is a system of the registry that the event concerns.
type System struct {
	Name   string // such as EPP, WHOIS or DNS
	Host   string // may be ""; in A-labels
	Impact string // one of the Impact constants
}

// Fields walks the content of <maintenance:system>.
func (m *System) Fields(x *epp.Codec) {
	x.Elem("name", epp.Token(&m.Name))
	x.OptSized("host", &m.Host, 1, 255)
	x.Elem("impact", epp.Token(&m.Impact))
	oneOf(x, "impact", m.Impact, ImpactNone, ImpactPartial, ImpactFull)
}

// The values of Environment.Type.
const (
	Production = "production"
	OTE        = "ote" // Operational Test and Evaluation
	Staging    = "staging"
	Dev        = "dev"
	Custom     = "custom" // Name says which
)

// Environment is which of the registry's environments the event concerns.
type Environment struct {
	Type string // one of the five above
	Name string // of a custom environment
	Text string // the schema allows it, without a meaning
}

// Fields walks the attributes and the text.
func (m *Environment) Fields(x *epp.Codec) {
	x.Attr("type", epp.Token(&m.Type))
	oneOf(x, "@type", m.Type, Production, OTE, Staging, Dev, Custom)
	x.OptAttr("name", epp.Token(&m.Name))
	x.Text(epp.Token(&m.Text))
}

// The formats of a [Description].
const (
	Plain = "plain"
	HTML  = "html"
)

// Description describes an event in words.
type Description struct {
	Lang string // "" is English
	Type string // Plain or HTML; "" is Plain
	Text string
}

// Fields walks the attributes and the text.
func (m *Description) Fields(x *epp.Codec) {
	x.Lang(&m.Lang)
	if x.OptAttr("type", epp.Token(&m.Type)) {
		oneOf(x, "@type", m.Type, Plain, HTML)
	}
	x.Text(epp.Exact(&m.Text))
}

// Intervention is what clients have to do because of an event.
type Intervention struct {
	Connection     bool // such as to connect again
	Implementation bool // such as to change a program
}

// Fields walks the content of <maintenance:intervention>.
func (m *Intervention) Fields(x *epp.Codec) {
	x.Elem("connection", epp.Bool(&m.Connection))
	x.Elem("implementation", epp.Bool(&m.Implementation))
}
