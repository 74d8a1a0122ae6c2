// Package match says which frames are meant, by data: the criteria that a search of
// the journal, a script and a fault have in common, in Go, YAML and JSON.
//
// All criteria that are given must hold. In those that are texts, but for Text and
// XPath, a "*" stands for anything:
//
//	{verb: create, object: "*.example", clTRID: "ABC-*"}
//
// A [Matcher] tells which frames fit, and of one that does not, which criteria did
// not hold ([Matcher.Mismatches]).
//
// # XPath
//
// Paths are those of package etree, a small part of XPath 1.0. Whatever prefixes a
// frame has, in a path the names of EPP have none, and those of other namespaces have
// the one that is usual for them, or none, which fits any namespace:
//
//	//domain:name[text()='sauna.example']
//	/epp/command/transfer[@op='request']
//	/epp/command/poll/@msgID
package match
