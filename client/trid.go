package client

import (
	"crypto/rand"
	"strconv"
	"sync/atomic"
)

// newTRIDs makes clTRIDs such as "eppkit-6TQZX4NB2WDPA-17": the prefix, 65 random
// bits of this session, and a number. They stay unique across sessions and
// processes.
func newTRIDs(prefix string) func() string {
	session := prefix + "-" + rand.Text()[:13] + "-"
	var n atomic.Uint64
	return func() string { return session + strconv.FormatUint(n.Add(1), 10) }
}
