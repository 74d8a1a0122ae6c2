package ttl

import (
	"regexp"

	"github.com/eppkit/eppkit/epp"
)

// The types of records that For names (RFC 9803, section 1.2).
const (
	NSRecord    = "NS"
	DSRecord    = "DS"
	DNAMERecord = "DNAME"
	ARecord     = "A"
	AAAARecord  = "AAAA"
	Custom      = "custom" // the one that Custom names
)

// Max is the longest time to live, in seconds.
const Max = 1<<31 - 1

// TTL is how long resolvers may keep a type of record.
type TTL struct {
	For string // a type of record, or Custom
	// Custom is the type where For is Custom, such as DELEG; otherwise "".
	Custom string
	// Seconds is 0 to Max. Nil is the registry's default: in a command, to go
	// back to it.
	Seconds *int
}

// Fields walks the content of <ttl:ttl> in a command.
func (m *TTL) Fields(x *epp.Codec) {
	m.attrs(x)
	m.text(x)
}

var customType = regexp.MustCompile(`^(A|[A-Z][A-Z0-9-]*[A-Z0-9])$`)

func (m *TTL) attrs(x *epp.Codec) {
	x.Attr("for", epp.Token(&m.For))
	switch m.For {
	case NSRecord, DSRecord, DNAMERecord, ARecord, AAAARecord, Custom:
	default:
		x.Check(false, "@for", "must be NS, DS, DNAME, A, AAAA or custom")
	}
	if x.OptAttr("custom", epp.Token(&m.Custom)) {
		x.Check(customType.MatchString(epp.Collapse(m.Custom)), "@custom", "is not a type of record")
	}
}

func (m *TTL) text(x *epp.Codec) {
	var content string // nothing where there is nothing to read
	x.Text(epp.Token(&content))
	if content != "" || m.Seconds != nil {
		x.Text(epp.Optional(&m.Seconds, epp.Int))
		inRange(x, "", m.Seconds)
	}
}

func inRange(x *epp.Codec, local string, seconds *int) {
	if seconds != nil {
		x.Range(local, *seconds, 0, Max)
	}
}

// ttls walks what Create and Update hold.
func ttls(x *epp.Codec, v *[]TTL) {
	epp.Each(x, "ttl", v)
	unique(x, len(*v), func(i int) string { return (*v)[i].For })
}

// unique holds a list to what the schema asks: at least one, and no For twice.
func unique(x *epp.Codec, n int, at func(int) string) {
	x.NotEmpty(n, "ttl")
	seen := make(map[string]bool, n)
	for i := range n {
		x.Check(!seen[at(i)], "ttl", "must not be there twice for a type of record")
		seen[at(i)] = true
	}
}
