// Package xmltree reads one XML document into a compact, read-only tree.
//
// It accepts what XML 1.0 and Namespaces in XML 1.0 make well-formed, less what
// an EPP peer has no business sending: there is no DOCTYPE, and so there are no
// entities but the five predefined ones. Every limit is checked before memory
// is taken, and an error names the line and the column at which it arose.
//
// The tree is one slice of nodes and one of attributes. Names and texts are
// substrings of the document wherever nothing had to be decoded, so a parse
// costs a handful of allocations whatever the document's size.
package xmltree
