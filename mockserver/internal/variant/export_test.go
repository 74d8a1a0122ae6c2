package variant

import "github.com/eppkit/eppkit/epp"

// Names are those of which the package knows the type, by it.
func Names() map[string]map[epp.Name]bool {
	bare := func(locals map[string]bool) map[epp.Name]bool {
		out := make(map[epp.Name]bool)
		for local := range locals {
			out[epp.Name{Local: local}] = true
		}
		return out
	}
	return map[string]map[epp.Name]bool{
		"element dateTime": dateTimes, "element boolean": booleans,
		"attribute dateTime": bare(dateTimeAttrs), "attribute boolean": bare(booleanAttrs),
	}
}

// Signed tells of a namespace that is written as it came.
func Signed(space string) bool { return signed[space] }

// Listed are the other elements of which the package knows something.
func Listed() (out []epp.Name) {
	for _, names := range []map[epp.Name]bool{mixed, unordered} {
		for n := range names {
			out = append(out, n)
		}
	}
	return out
}
