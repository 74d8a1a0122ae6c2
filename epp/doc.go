// Package epp is the Extensible Provisioning Protocol as values: RFC 5730 (the
// protocol), RFC 5734 (its frames over TCP), and the frame for everything that
// extends them (RFC 3735). It does no I/O but [FrameReader]'s; the packages client
// and mockserver do.
//
// # One name, one place
//
// A Go qualified identifier is the XML name: epp:login is [Login], domain:check is
// domain.Check of package epp/domain. Who knows the RFC knows the API.
//
// # Messages
//
// A frame is a [Message]: a [Greeting], [Hello], [Command], [Response] or
// [ExtensionMessage]. [Append] writes one; [Schema.Parse] reads one tolerantly, as
// peers deserve, and [Schema.ParseStrict] holds it to the structure of the schema.
// What a program has no type for is kept as [Raw] and lost by nobody.
//
// # Declaring a message
//
// A message is a struct and one method that walks its attributes and children in the
// order of its schema. The same walk reads and writes:
//
//	// Lamp is <light:lamp>: what a lighthouse shows.
//	type Lamp struct {
//		Name  string
//		Reach int // in miles; 0 is not stated
//	}
//
//	func (*Lamp) XMLName() epp.Name { return epp.Name{Space: "urn:example:light-1.0", Local: "lamp"} }
//
//	func (m *Lamp) Fields(x *epp.Codec) {
//		x.Elem("name", epp.Token(&m.Name)) // required
//		x.Opt("reach", epp.Int(&m.Reach))  // optional
//	}
//
// XMLName is for what may stand on its own: in a command, in an answer's data, among
// extensions, in a poll message. A part of a message, walked by [One], [Maybe] or [Each],
// needs Fields only; its name is that of its place.
//
// What Fields may call is of four kinds. The functions of [Value], such as [Token] and
// [DateTime], are the simple types of XML Schema. Numbers that must not lose a digit,
// such as money, are strings, which [Decimal] walks and holds to their form. The methods of [Codec] and the
// functions [One], [Maybe], [Each], [EachFunc] and [ListOf] are the places that a value
// can have; elements of other namespaces are walked by [Codec.Any], and parts in another
// namespace by [Codec.In]. Limits are held by [Codec.Check] and its kin, such as
// [Codec.Length], [Codec.AtMost] and [CheckROID]; [Codec.Sized] and [Codec.Ranged] are
// places with limits. And what the mappings of the RFCs share is here once: children such
// as [Label], [ClID], [TRID], [ROID], [Statuses] and [PostalLine], the attribute
// [Codec.Lang], the name with a [Verdict], and parts such as [AuthInfo], [Status], [Text],
// [Period], [Addr], [E164], [DNSKey] and [Encoded].
//
// A program that speaks a namespace says so with an [Extension], which takes effect in
// the [Schema] it is given to and nowhere else.
//
// # Errors
//
// A document that is not well-formed is a [*SyntaxError], with line and column. A
// value that can't be read or written is a [*FieldError], with the path of its
// element. A command that was refused is a [*ResultError], for which errors.Is finds
// each [Code]: errors.Is(err, epp.ObjectExists). None of their texts quotes a
// password or an authInfo; [Redact] takes them out of a whole frame.
package epp
