package spool

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// longest is how many octets of an identifier's name there may be. With what is put
// behind it, it stays below the 255 that file systems have.
const longest = 150

// devices are names that mean something else on Windows, whatever follows a dot behind
// them.
var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// Name is the name for the files of an identifier, without what follows the last dot. Two
// identifiers have two names, which may differ in the case of letters alone. Letters,
// digits and "-", "_" and "." stand for themselves; any other octet is "%" and two
// hexadecimal digits. The end of a long one is replaced by "%-" and a digest of it all, and
// "%" is the name of no identifier at all.
func Name(id string) string {
	if id == "" {
		return "%"
	}
	var b strings.Builder
	device := devices.MatchString(id)
	for i := range len(id) {
		switch c := id[i]; {
		case i == 0 && (c == '.' || device): // neither hidden nor a device
			fmt.Fprintf(&b, "%%%02X", c)
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	name := b.String()
	if len(name) <= longest {
		return name
	}
	digest := sha256.Sum256([]byte(id))
	cut := strings.TrimRight(name[:longest-2-2*len(digest)], "%")
	return cut + "%-" + hex.EncodeToString(digest[:])
}
