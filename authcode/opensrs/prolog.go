package opensrs

import (
	"bytes"
	"regexp"
	"strings"
)

// encoding finds the name of the encoding in an XML declaration.
var encoding = regexp.MustCompile(`^<\?xml\s[^>]*?\sencoding\s*=\s*(?:"([^">]*)"|'([^'>]*)')`)

// bare returns a document as the scanner of internal/xmltree wants it: without white
// space before it, in UTF-8 where it says that it is in ISO-8859-1, and without its
// DOCTYPE, whose place is left blank.
func bare(doc []byte) (out []byte, doctype bool, err error) {
	doc = bytes.Clone(bytes.TrimLeft(doc, " \t\r\n"))
	if at := encoding.FindSubmatchIndex(doc); at != nil {
		from, to := max(at[2], at[4]), max(at[3], at[5])
		if strings.EqualFold(string(doc[from:to]), "ISO-8859-1") {
			doc = append(append(doc[:from:from], "UTF-8"...), latin1(doc[to:])...)
		}
	}
	start, ok := beforeDoctype(doc)
	if !ok {
		return doc, false, nil
	}
	end, err := doctypeEnd(doc, start)
	if err != nil {
		return nil, false, err
	}
	for i := start; i < end; i++ {
		if doc[i] != '\n' { // so that line numbers stay
			doc[i] = ' '
		}
	}
	return doc, true, nil
}

// latin1 converts ISO-8859-1 to UTF-8.
func latin1(doc []byte) []byte {
	out := make([]rune, len(doc))
	for i, c := range doc {
		out[i] = rune(c)
	}
	return []byte(string(out))
}

// beforeDoctype is where the DOCTYPE begins, after the declaration, comments and
// processing instructions; false where there is none.
func beforeDoctype(doc []byte) (int, bool) {
	i := 0
	if bytes.HasPrefix(doc, []byte("\ufeff")) {
		i = len("\ufeff")
	}
	for {
		for i < len(doc) && strings.IndexByte(" \t\r\n", doc[i]) >= 0 {
			i++
		}
		rest, end := doc[i:], ""
		switch {
		case bytes.HasPrefix(rest, []byte("<!DOCTYPE")):
			return i, true
		case bytes.HasPrefix(rest, []byte("<?")):
			end = "?>"
		case bytes.HasPrefix(rest, []byte("<!--")):
			end = "-->"
		default:
			return 0, false
		}
		n := bytes.Index(rest[2:], []byte(end))
		if n < 0 {
			return 0, false
		}
		i += 2 + n + len(end)
	}
}

// doctypeEnd is the offset after a DOCTYPE.
func doctypeEnd(doc []byte, start int) (int, error) {
	for i := start + len("<!DOCTYPE"); i < len(doc); i++ {
		switch c := doc[i]; c {
		case '>':
			return i + 1, nil
		case '[':
			return 0, malformed("its DOCTYPE declares something, which is not accepted")
		case '<':
			return 0, malformed("its DOCTYPE does not end")
		case '"', '\'':
			n := bytes.IndexByte(doc[i+1:], c)
			if n < 0 {
				return 0, malformed("its DOCTYPE does not end")
			}
			i += 1 + n
		}
	}
	return 0, malformed("its DOCTYPE does not end")
}
