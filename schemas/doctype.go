package schemas

import (
	"bytes"
	"regexp"
)

// withoutDoctype blanks out the document type declaration of a schema document, such as
// that of XML Signatures has, so that every position stays. It is for schemas, which
// whoever runs the program has chosen: frames may have none. Nothing that a declaration
// refers to is read, and an entity that it declares is not known.
func withoutDoctype(data []byte) (out []byte, had bool) {
	start, end := doctype(data)
	if end == 0 {
		return data, false
	}
	out = bytes.Clone(data)
	blank(out[start:end])
	return out, true
}

// misc is what may stand before the declaration: white space, comments and instructions.
var misc = regexp.MustCompile(`^(?:\x{FEFF})?(?:\s|(?s:<!--.*?-->)|(?s:<\?.*?\?>))*`)

// doctype is where the declaration stands; end is 0 where there is none that ends.
func doctype(data []byte) (start, end int) {
	start = len(misc.Find(data))
	if !bytes.HasPrefix(data[start:], []byte("<!DOCTYPE")) {
		return start, 0
	}
	inside := false // the brackets
	for i := start; i < len(data); {
		rest := data[i:]
		skip := 1
		switch {
		case rest[0] == '"' || rest[0] == '\'':
			skip = through(rest[1:], string(rest[:1])) + 1
		case bytes.HasPrefix(rest, []byte("<!--")):
			skip = through(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<?")):
			skip = through(rest, "?>")
		case rest[0] == '[':
			inside = true
		case rest[0] == ']':
			inside = false
		case rest[0] == '>' && !inside:
			return start, i + 1
		}
		i += skip
	}
	return start, 0
}

// through is how long b is up to the end of a mark.
func through(b []byte, mark string) int {
	if i := bytes.Index(b, []byte(mark)); i >= 0 {
		return i + len(mark)
	}
	return len(b)
}
