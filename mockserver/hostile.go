package mockserver

import "github.com/eppkit/eppkit/mockserver/fault"

// Hostile has a [Server] say everything in ways that are legal and unusual, so that a
// client does not get used to one: namespace prefixes of all kinds, declared anew
// inside; white space, comments and processing instructions between elements; any XML
// declaration or none, a byte order mark, UTF-16 at times; CDATA and character
// references; other forms of booleans and times; attributes in any order, and elements
// whose order no document promises, such as statuses, contacts, addresses and the
// answers to a check; frames that come in pieces. What it says is valid by its schemas
// and means the same. What a signature covers stays byte for byte, and so does what is
// of a namespace outside the IETF's and CZ.NIC's.
//
// Whatever finds names by their namespaces, and reads texts and values as XML Schema has
// them, understands it. Clients in use don't always: Perl's Net::EPP 0.22 finds the result
// of a Net::EPP::Frame::Response where EPP's namespace has no prefix alone, reads what comes
// before the first CDATA of a text in the greeting, and returns true and false from a check
// as they stand. It takes all the rest.
//
// An answer of more than 128 KiB stays as it is, and so does one that a script has, and
// what a registry plays. What comes out of others may be three times as long.
type Hostile struct {
	// Seed decides what is written how, together with the number of the session.
	Seed uint64
}

// altered is a document as faults and hostility have it.
func (c *conn) altered(doc []byte, hostile bool) []byte {
	if !c.blow.none() {
		doc = tamper(c.blow, doc)
	}
	if hostile && c.blow.find(fault.WrongEncoding, fault.Latin1) == nil { // they are about UTF-8
		doc = c.hostile.Rewrite(doc)
	}
	return doc
}

// writePieces writes all at once, unless the Server is hostile.
func (c *conn) writePieces(b []byte) error {
	if c.hostile == nil {
		return c.write(b)
	}
	for _, piece := range c.hostile.Split(b) {
		if err := c.write(piece); err != nil {
			return err
		}
	}
	return nil
}
