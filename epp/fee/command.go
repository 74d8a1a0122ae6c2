package fee

import (
	"reflect"
	"slices"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// The commands that fees are for (RFC 8748, section 3.1).
const (
	CommandCreate   = "create"
	CommandDelete   = "delete"
	CommandRenew    = "renew"
	CommandUpdate   = "update"
	CommandTransfer = "transfer"
	CommandRestore  = "restore" // of RFC 3915
	CommandCustom   = "custom"  // the one that CustomName names
)

var commands = []string{
	CommandCreate, CommandDelete, CommandRenew, CommandUpdate, CommandTransfer, CommandRestore, CommandCustom,
}

// Command is what a client would like to do.
type Command struct {
	// Name is one of the Command constants. Before [V0_21] it may be any word of 3
	// to 16 characters, but not CommandCustom.
	Name       string
	CustomName string // since [V0_21]
	// Phase and Subphase are those of a launch (RFC 8334, section 2.3).
	Phase, Subphase string
	Period          *epp.Period // nil is the registry's default
	Class           string      // of the object. [V0_9] to [V0_23]
	Date            time.Time   // when it would be done. [V0_12]
}

// fields walks a <command> with all in it.
func (m *Command) fields(x *walk) {
	m.attrs(x)
	epp.Maybe(x.Codec, "period", &m.Period)
	class(x, askedClass, &m.Class)
	m.date(x)
}

func (m *Command) attrs(x *walk) {
	x.Attr("name", epp.Token(&m.Name))
	if x.place(customNames, "@customName", m.CustomName != "") {
		x.Check(slices.Contains(commands, epp.Collapse(m.Name)), "@name", "is not a command that the extension has")
		x.OptAttr("customName", epp.Token(&m.CustomName))
	}
	m.phase(x)
}

func (m *Command) phase(x *walk) {
	x.OptAttr("phase", epp.Token(&m.Phase))
	x.OptAttr("subphase", epp.Token(&m.Subphase))
}

func (m *Command) date(x *walk) {
	if x.place(dates, "date", !m.Date.IsZero()) {
		x.Opt("date", epp.DateTime(&m.Date))
	}
}

// name walks a <command> that holds its name alone.
func (m *Command) name(x *walk) {
	x.place(customNames, "@customName", m.CustomName != "")
	x.place(dates, "date", !m.Date.IsZero())
	x.Group("command", func() {
		m.phase(x)
		x.Text(epp.Token(&m.Name))
		x.Length("", m.Name, 3, 16)
	})
}

// class walks the class of an object or a command, where a version has it.
func class(x *walk, f feature, v *string) {
	if x.place(f, "class", *v != "") {
		x.Opt("class", epp.Token(v))
	}
}

// CommandData is what a command costs.
type CommandData struct {
	// Command is what was asked for. Its Class is that which the answer tells
	// from [V0_12] to [V0_23]; in the others an object has it.
	Command
	// Standard says whether it is the usual fee; nil is no. Since [V1_0Draft].
	Standard *bool
	// Fees are none where the command is free.
	Fees     []Fee
	Credits  []Credit  // since [V0_8]
	NotAfter time.Time // until when it holds. [V0_12]
	Reason   *Reason   // why there is no answer. Since [V0_12]
}

// fields walks a <command> with all in it.
func (m *CommandData) fields(x *walk) {
	m.attrs(x)
	if x.place(standard, "@standard", m.Standard != nil) {
		x.OptAttr("standard", epp.Optional(&m.Standard, epp.Bool))
	}
	epp.Maybe(x.Codec, "period", &m.Period)
	fees(x, &m.Fees, &m.Credits)
	class(x, commandClass, &m.Class)
	m.date(x)
	if x.place(dates, "notAfter", !m.NotAfter.IsZero()) {
		x.Opt("notAfter", epp.DateTime(&m.NotAfter))
	}
	reason(x, &m.Reason)
}

// beside walks the period and the fees that stand beside the name of a command.
func (m *CommandData) beside(x *walk) {
	x.place(standard, "@standard", m.Standard != nil)
	x.place(commandClass, "class", m.Class != "")
	x.place(dates, "notAfter", !m.NotAfter.IsZero())
	x.Check(m.Reason == nil, "reason", "has no place for a command in "+x.version.String())
	epp.Maybe(x.Codec, "period", &m.Period)
	if !x.has(freePeriod) {
		x.Check(m.Period != nil, "period", "is missing")
	}
	fees(x, &m.Fees, &m.Credits)
}

// single walks the one member that a version allows a list.
func single[T any](x *walk, local string, list *[]T, f func(*T)) {
	x.Check(len(*list) <= 1, local, "can be only one in "+x.version.String())
	m := new(T)
	if len(*list) > 0 {
		m = &(*list)[0]
	}
	if f(m); len(*list) == 0 && !reflect.ValueOf(m).Elem().IsZero() { // it was read
		*list = []T{*m}
	}
}
