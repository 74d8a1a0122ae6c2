package epp

import (
	"strings"

	"github.com/eppkit/eppkit/internal/xmltree"
)

// NS is the namespace of EPP itself (RFC 5730, section 4).
const NS = "urn:ietf:params:xml:ns:epp-1.0"

// A Name is an expanded XML name: a namespace URI and a local name. Which prefix
// a peer writes never matters (RFC 5730, section 2).
type Name struct{ Space, Local string }

// String writes the name as "{namespace}local", or "local" in no namespace.
func (n Name) String() string {
	if n.Space == "" {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// Qualified writes the name for people, with the prefix of [PrefixOf], as in
// "domain:check".
func (n Name) Qualified() string { return qualified(n.Space, n.Local) }

// PrefixOf returns the prefix that this package writes for a namespace: the last
// part of its URI without its version. It is "domain" for both
// urn:ietf:params:xml:ns:domain-1.0 and http://www.nic.cz/xml/epp/domain-1.4, and
// none for EPP's own namespace and for no namespace.
func PrefixOf(space string) string {
	if space == NS || space == "" {
		return ""
	}
	p := space[strings.LastIndexAny(space, ":/")+1:]
	if i := strings.LastIndexByte(p, '-'); i > 0 && i+1 < len(p) && p[i+1] >= '0' && p[i+1] <= '9' {
		p = p[:i]
	}
	for i := 0; i < len(p); i++ {
		c := p[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return "ns"
		}
	}
	if p == "" || len(p) >= 3 && strings.EqualFold(p[:3], "xml") {
		return "ns"
	}
	return p
}

// qualified writes a name for people, as in "domain:name" or "clTRID".
func qualified(space, local string) string {
	if space == xmltree.XMLSpaceURI {
		return "xml:" + local
	}
	if p := PrefixOf(space); p != "" {
		return p + ":" + local
	}
	return local
}

// An Element is a message, or a part of one, that has a name of its own: a
// command's payload, the data of an answer, an extension.
//
// Fields walks the element's attributes and children in the order of its schema,
// once for both directions: an encoding [Codec] writes what the fields hold, a
// decoding one fills them.
type Element interface {
	XMLName() Name
	Fields(*Codec)
}

// A Request is a command's payload that knows the data its answer carries, so
// that a call is typed without being told so.
type Request[R Element] interface {
	Element
	// Answer returns a new, empty value of the type that answers the
	// request in resData.
	Answer() R
}

// OptionalAnswer is a Request that may be answered without data, or an extension with
// which any request may. A success without the data that a request asks for is an error
// to a client, unless the request or an extension of it has this method and it returns
// true.
type OptionalAnswer interface {
	Element
	AnswerOptional() bool
}

// NoData is the answer of a command that is answered by a result alone.
type NoData struct{}

// XMLName returns the empty name, which no element has.
func (*NoData) XMLName() Name { return Name{} }

// Fields does nothing: there is nothing to read or write.
func (*NoData) Fields(*Codec) {}
