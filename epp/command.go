package epp

import "slices"

// A Command is a frame that asks for something: a <command>, or a command of a
// protocol extension, which stands in an <extension> of its own (RFC 5730,
// sections 2.5 and 2.7.1).
type Command struct {
	// Request is the payload: *Login, *Logout, *Poll, an object's element
	// such as *domain.Check, or the command inside a protocol extension's
	// envelope. It is a *Raw when this program has no type for it.
	Request   Element
	Extension []Element
	// ClTRID is the client's transaction identifier, 3 to 64 characters, or
	// "" for none.
	ClTRID string
	Extra  []Extra

	original *original

	// Verb is the command element's name, such as "check", or "" for one that
	// is not in EPP's namespace. It is set by decoding; encoding asks the request
	// for it (see [Verber]) or takes the request's name, and this one only for a
	// *Raw.
	Verb string
	// Op is the op attribute of <transfer>, one of the Transfer constants. It is
	// set by decoding; encoding asks the request for it (see [Transferer]), and
	// takes this one only when the request can't tell.
	Op string
	// Envelope is the protocol extension's element around the request. It is
	// set by decoding; encoding asks the request for it (see [Enveloper]), and
	// writes this one only when the request can't tell.
	Envelope Element
}

// The operations of a transfer (RFC 5730, section 2.9.3.4).
const (
	TransferApprove = "approve"
	TransferCancel  = "cancel"
	TransferQuery   = "query"
	TransferReject  = "reject"
	TransferRequest = "request"
)

// A Transferer is the payload of a <transfer>. The attribute that says which of its
// operations is meant stands in <transfer>, outside the payload; TransferOp returns
// the field of the payload that holds it.
type Transferer interface {
	Element
	TransferOp() *string
}

// A Verber is the payload of a command whose name is not its own: a registry may send
// an element release inside <update>, as the schema allows.
type Verber interface {
	Element
	// Verb is the name of the command, such as "update".
	Verb() string
}

// verbOf returns the command that a payload is of.
func verbOf(e Element) string {
	if v, ok := e.(Verber); ok {
		return v.Verb()
	}
	return e.XMLName().Local
}

// An Enveloper is a request that is not a <command> but is sent by a protocol
// extension: in an element of its own, with the clTRID inside.
type Enveloper interface {
	Element
	Envelope(clTRID string) Element
}

// A ProtocolCommand is the element of a protocol extension that carries a command.
type ProtocolCommand interface {
	Element
	// Unwrap returns the command inside and its clTRID.
	Unwrap() (request Element, clTRID string)
}

// XMLName is epp:command.
func (*Command) XMLName() Name { return Name{NS, "command"} }

var objectVerbs = []string{"check", "create", "delete", "info", "renew", "transfer", "update"}

var transferOps = []string{TransferApprove, TransferCancel, TransferQuery, TransferReject, TransferRequest}

// ownVerbs are the commands that EPP itself defines the content of.
var ownVerbs = []string{"login", "logout", "poll"}

// IsObjectVerb reports whether verb is a command whose payload an object defines, such
// as check (RFC 5730, section 2.9).
func IsObjectVerb(verb string) bool { return slices.Contains(objectVerbs, verb) }

// Fields walks the content of <command>.
func (m *Command) Fields(x *Codec) {
	if x.decoding {
		m.decodeVerb(x)
	} else {
		m.encodeVerb(x)
	}
	x.extension(&m.Extension)
	OptTRID(x, "clTRID", &m.ClTRID)
}

// extension walks <extension>, which is absent when it is empty.
func (x *Codec) extension(v *[]Element) { x.container("extension", v) }

// container walks the child local, which holds elements of other namespaces. A tolerant
// Codec reads what a second one holds, too.
func (x *Codec) container(local string, v *[]Element) {
	there := x.OptGroup(local, len(*v) > 0, func() { x.others(v) })
	for there && x.decoding && !x.strict {
		if there = x.OptGroup(local, false, func() { x.others(v) }); there {
			x.flawed = true
		}
	}
}

// others walks the content of an element that holds one or more of other
// namespaces than EPP's: the type extAnyType of the schema.
func (x *Codec) others(v *[]Element) {
	x.AnyList(v)
	x.Check(len(*v) > 0, "", "must hold an element")
	if len(*v) == 0 {
		x.blank()
	}
	if x.err != nil {
		return
	}
	for _, e := range *v {
		x.other(e)
	}
}

// other refuses an element that is EPP's own. One in no namespace is not written
// either, but may be read: an object or extension that nobody knows.
func (x *Codec) other(e Element) {
	space := e.XMLName().Space
	x.Check(space != x.set.uriOf(NS) && (space != "" || x.decoding), "", "may hold elements of other namespaces than EPP's only")
}

func (m *Command) decodeVerb(x *Codec) {
	i := x.takeVerb()
	if i == 0 {
		x.fail("", ErrMissing)
		return
	}
	n := &x.tree.Nodes[i]
	inEPP := n.NS == x.ns
	if inEPP {
		m.Verb = n.Local
	}
	switch {
	case inEPP && n.Local == "login":
		m.Request = new(Login)
	case inEPP && n.Local == "logout":
		m.Request = new(Logout)
	case inEPP && n.Local == "poll":
		m.Request = new(Poll)
	case inEPP && IsObjectVerb(n.Local):
	default: // not a command of EPP; the answer to it is 2000
		m.Request, x.flawed = x.opaque(i), true
		return
	}
	c := x.enter(i)
	if m.Request != nil {
		m.Request.Fields(x)
	} else {
		if m.Verb == "transfer" {
			transferOp(x, &m.Op)
		}
		m.payload(x)
	}
	x.leave(c)
}

// payload reads what stands inside the verb. What is not known may have any name. What
// is known, but as the payload of another command, is kept as it came by a tolerant
// Codec: which of the two is meant?
func (m *Command) payload(x *Codec) {
	i := x.takeAny()
	if i == 0 {
		x.missing("")
		return
	}
	m.Request = x.element(i)
	if t, ok := m.Request.(Transferer); ok {
		*t.TransferOp() = m.Op
	}
	x.other(m.Request)
	if _, raw := m.Request.(*Raw); raw || verbOf(m.Request) == m.Verb || x.err != nil {
		return
	}
	x.fail("", &RuleError{Reason: "the command and the element in it differ"})
	if !x.strict {
		r := x.opaque(i)
		r.Err, x.err = x.err, nil
		m.Request = r
	}
}

// takeVerb returns the child that says what the command is. A tolerant Codec finds it
// behind others, and takes one of another namespace only where EPP has none.
func (x *Codec) takeVerb() (verb int32) {
	for i := x.next; i != 0; i = x.tree.Nodes[i].Next {
		n := &x.tree.Nodes[i]
		inEPP := n.NS == x.ns
		if inEPP && (n.Local == "extension" || n.Local == "clTRID") {
			if x.strict {
				return 0
			}
			continue
		}
		known := inEPP && (IsObjectVerb(n.Local) || slices.Contains(ownVerbs, n.Local))
		if known || verb == 0 || inEPP && x.tree.Nodes[verb].NS != x.ns {
			verb = i
		}
		if known || x.strict {
			break
		}
	}
	if verb != 0 {
		x.flawed = x.flawed || verb != x.next
		x.tree.Nodes[verb].Used = true
	}
	return verb
}

func transferOp(x *Codec, v *string) {
	x.Attr("op", Token(v))
	x.Check(slices.Contains(transferOps, *v), "@op", "must be approve, cancel, query, reject or request")
}

func (m *Command) encodeVerb(x *Codec) {
	if m.Request == nil {
		x.fail("", ErrMissing)
		return
	}
	name, verb := m.Request.XMLName(), verbOf(m.Request)
	_, raw := m.Request.(*Raw)
	if raw && IsObjectVerb(m.Verb) {
		verb = m.Verb
	}
	switch {
	case name.Space == NS && (raw || slices.Contains(ownVerbs, name.Local)):
		x.write(m.Request)
	case name.Space != NS && IsObjectVerb(verb):
		x.child(verb, func() {
			if verb == "transfer" {
				op := m.Op
				if t, ok := m.Request.(Transferer); ok && *t.TransferOp() != "" {
					op = *t.TransferOp()
				}
				transferOp(x, &op)
			}
			x.other(m.Request)
			x.write(m.Request)
		})
	default:
		x.fail("", &RuleError{Reason: qualified(name.Space, name.Local) +
			" is not a command; one of a protocol extension is sent in that extension's envelope"})
	}
}

// command writes a Command as what it is, a <command> or an <extension>.
func (x *Codec) command(m *Command) {
	env := m.Envelope
	if e, ok := m.Request.(Enveloper); ok {
		env = e.Envelope(m.ClTRID)
	}
	if env == nil {
		x.write(m)
		return
	}
	if len(m.Extension) > 0 {
		x.fail("", &RuleError{Reason: "a command of a protocol extension can't be extended"})
		return
	}
	if m.ClTRID != "" {
		x.Length("clTRID", m.ClTRID, 3, 64)
	}
	x.child("extension", func() { x.write(env) })
}

// command turns a protocol extension's frame that is known into a Command.
func (m *ExtensionMessage) command() Message {
	if len(m.Elements) == 1 {
		if p, ok := m.Elements[0].(ProtocolCommand); ok {
			if req, id := p.Unwrap(); req != nil { // a tolerant Codec lets it be missing
				return &Command{Request: req, ClTRID: id, Envelope: p, Verb: req.XMLName().Local, Extra: m.Extra, original: m.original}
			}
		}
	}
	return m
}
