// Package mask shows an e-mail address in part.
package mask

import (
	"strings"
	"unicode/utf8"
)

// Email leaves of an address the first character of its local part and of its host,
// each followed by some stars, as CZ.NIC's registry writes it: of jana@example.cz
// with five stars "j*****@e*****.*". Of what is no address it leaves the stars alone.
func Email(address string, stars int) string {
	hidden := strings.Repeat("*", stars)
	at := strings.LastIndexByte(address, '@')
	if at < 1 || at == len(address)-1 {
		return hidden
	}
	return first(address) + hidden + "@" + first(address[at+1:]) + hidden + ".*"
}

func first(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}
