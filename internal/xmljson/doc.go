// Package xmljson writes XML documents as JSON and back, without loss.
//
// An element is a member of an object. Its name is the schema's, its value one of
//
//	"text"                  text alone
//	{…}                     anything else
//	[value, value]          several of this name, one after another
//
// and in an object stand, in the order of the document,
//
//	"@name": "value"        an attribute
//	"$text": "text"         the text beside attributes; left out when it is empty
//	"name": value           a child element
//	"$content": [ … ]       instead of children, where their order or text among them
//	                        would be lost: texts, and objects of one child each
//	"$xml": "<name …"       instead of all others, a signed element as it was written
//
// # What a reader can rely on
//
// Whether a value is a text, an object or an array follows from the schema, never from
// what one document happens to have:
//
//   - A child is an array where its schema allows several, even when there is one; and
//     in an element without a schema every child is. Elsewhere it is never an array.
//   - An element is an object where its schema gives it attributes or children, and a
//     text where it has neither. One without a schema is a text when it has no more.
//   - Children that don't fit this are in a "$content": such as text between elements,
//     children of two names in turn, or a second one where there may be one.
//
// # Names
//
// EPP's own names have no prefix. Others have the one that is usual for their
// namespace, whatever the document has, with a number where one is taken. What the
// prefixes mean is in the root, as "@xmlns" for names without one and "@xmlns:domain"
// for others; other elements may have such members, too, for what is inside. The name
// of an element in no namespace begins with a colon, as in ":frob"; an attribute without
// a prefix is in none.
//
// # What is kept
//
// All elements, attributes and texts, exactly; the difference between what is absent
// and what is empty; the order of elements, as long as whoever handles the JSON keeps
// the order of members. A prefix in a value, such as "domain:name", stays declared.
//
// Not kept are comments, processing instructions, which text was CDATA, prefixes,
// white space between elements where no other text is, and what a value without a
// prefix means that is a name. A signed element is kept octet for octet, so that its
// signature stays valid.
package xmljson
