package client

import (
	"crypto/rand"
	"fmt"
	"sync/atomic"
)

// newTRIDs makes clTRIDs such as "eppkit-6TQZX4NB2WDPA-17": the prefix, 65 random
// bits of this session, and a number. They stay unique across sessions and
// processes.
func newTRIDs(prefix string) func() string {
	session := rand.Text()[:13]
	var n atomic.Uint64
	return func() string {
		return fmt.Sprintf("%s-%s-%d", prefix, session, n.Add(1))
	}
}
