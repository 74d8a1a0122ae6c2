package fee

import (
	"strings"
	"unicode"

	"github.com/eppkit/eppkit/epp"
)

// Check asks what commands cost for the objects of a check (RFC 8748, section 5.1.1).
type Check struct {
	Version  Version
	Currency string // "" is the registry's choice. Not before [V0_11]
	// Commands are what to ask for. [V0_11] has one, and those before it none.
	Commands []Command
	// Objects are what to ask for before [V0_11].
	Objects []Object
}

// XMLName is fee:check.
func (m *Check) XMLName() epp.Name { return m.Version.named("check") }

// Fields walks the content of <fee:check>.
func (m *Check) Fields(c *epp.Codec) {
	x := m.Version.walk(c)
	x.place(asksByObject, "object", len(m.Objects) > 0)
	switch {
	case x.has(asksByObject):
		x.Check(m.Currency == "", "currency", "is one of an object in "+m.Version.String())
		x.Check(len(m.Commands) == 0, "command", "is one of an object in "+m.Version.String())
		local := "domain"
		if x.has(objIDs) {
			local = "object"
		}
		epp.EachFunc(c, local, &m.Objects, func(o *Object) { o.fields(x) })
		x.NotEmpty(len(m.Objects), local)
	case x.has(asksOnce):
		single(x, "command", &m.Commands, func(d *Command) {
			d.name(x)
			currency(x, &m.Currency, true)
			epp.Maybe(c, "period", &d.Period)
			class(x, askedClass, &d.Class)
		})
	default:
		currency(x, &m.Currency, true)
		epp.EachFunc(c, "command", &m.Commands, func(d *Command) { d.fields(x) })
		x.NotEmpty(len(m.Commands), "command")
	}
}

// Object is an object of a [Check] before [V0_11], and what to ask for it.
type Object struct {
	ObjID
	ObjURI   string // the namespace of its mapping; "" is that of domains. [V0_9]
	Currency string // "" is the registry's choice
	Command  Command
}

func (m *Object) fields(x *walk) {
	objURI(x, &m.ObjURI)
	m.walk(x)
	currency(x, &m.Currency, true)
	m.Command.name(x)
	epp.Maybe(x.Codec, "period", &m.Command.Period)
	class(x, askedClass, &m.Command.Class)
}

func objURI(x *walk, v *string) {
	if x.place(objURIs, "@objURI", *v != "") {
		x.OptAttr("objURI", epp.Token(v))
	}
}

// ObjID says which object is meant.
type ObjID struct {
	// ID is the name of a domain or a host, or the handle of something else. In
	// [V0_11] and [V0_12] it is the name of a domain, or "" beside an Object.
	ID string
	// Element is that of the check which holds the ID, such as id for a contact; ""
	// is name. [V0_9], and since [V0_21].
	Element string
	// Object is the element itself, for other objects than domains. [V0_11] and
	// [V0_12].
	Object epp.Element
}

// domains is the namespace of RFC 5731.
const domains = "urn:ietf:params:xml:ns:domain-1.0"

func (m *ObjID) walk(x *walk) {
	x.place(objIDs, "@element", m.Element != "")
	x.place(objElements, "object", m.Object != nil)
	switch {
	case x.has(objElements):
		x.Check(m.Object == nil || m.ID == "", "object", "must hold an element or the name of a domain")
		x.Group("object", func() {
			named := false
			if m.Object == nil {
				x.In(domains, func() { named = x.Opt("name", epp.Token(&m.ID)) })
			}
			if !named {
				x.Any(&m.Object)
			}
		})
	case x.has(objIDs):
		x.Group("objID", func() {
			if x.OptAttr("element", epp.Token(&m.Element)) {
				x.Check(isNMToken(epp.Collapse(m.Element)), "@element", "is not the name of an element")
			}
			x.Text(epp.Token(&m.ID))
		})
		x.Length("objID", m.ID, 1, 255)
	default:
		x.Sized("name", &m.ID, 1, 255)
	}
}

func isNMToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !strings.ContainsRune("-._:", r)
	})
}

// ChkData answers a [Check].
type ChkData struct {
	Version  Version
	Currency string // since [V0_12]; before it an object has one
	CD       []CD
}

// XMLName is fee:chkData.
func (m *ChkData) XMLName() epp.Name { return m.Version.named("chkData") }

// Fields walks the content of <fee:chkData>.
func (m *ChkData) Fields(c *epp.Codec) {
	x := m.Version.walk(c)
	if x.has(asksByObject | asksOnce) {
		x.Check(m.Currency == "", "currency", "is one of an object in "+m.Version.String())
	} else {
		currency(x, &m.Currency, false)
	}
	epp.EachFunc(c, "cd", &m.CD, func(d *CD) { d.fields(x) })
	x.NotEmpty(len(m.CD), "cd")
}

// CD is what [ChkData] says of one object.
type CD struct {
	ObjID
	ObjURI string // the namespace of its mapping; "" is that of domains. [V0_9]
	// Avail says whether the fees could be told; nil is yes. Since [V0_11].
	Avail    *bool
	Currency string // before [V0_12]
	// Class is a group of objects that cost the same, such as standard. Not from
	// [V0_12] to [V0_23], where a command has it.
	Class string
	// Commands are what was asked for. Before [V0_12] there is one.
	Commands []CommandData
	Reason   *Reason // why the fees could not be told. Since [V0_11]
}

func (m *CD) fields(x *walk) {
	if x.place(avail, "@avail", m.Avail != nil) {
		x.OptAttr("avail", epp.Optional(&m.Avail, epp.Bool))
	}
	objURI(x, &m.ObjURI)
	m.walk(x)
	if x.has(asksByObject | asksOnce) {
		single(x, "command", &m.Commands, func(d *CommandData) { m.command(x, d) })
		class(x, objClass, &m.Class)
	} else {
		x.Check(m.Currency == "", "currency", "is one of all objects in "+x.version.String())
		class(x, objClass, &m.Class)
		epp.EachFunc(x.Codec, "command", &m.Commands, func(d *CommandData) { d.fields(x) })
		x.need(noCommands, len(m.Commands), "command")
	}
	if x.place(avail, "reason", m.Reason != nil) {
		reason(x, &m.Reason)
	}
}

// command walks the command of an object that has one.
func (m *CD) command(x *walk, d *CommandData) {
	if x.has(asksOnce) {
		d.name(x)
		currency(x, &m.Currency, false)
	} else {
		currency(x, &m.Currency, false)
		d.name(x)
	}
	d.beside(x)
	x.need(freeCheck, len(d.Fees), "fee")
}
