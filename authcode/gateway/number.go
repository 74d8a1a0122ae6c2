package gateway

import (
	"fmt"
	"hash/fnv"
	"sync"
)

// numbers are the domains' numbers: those given, and for the others one that follows
// from the name, so that it is the same after a restart.
type numbers struct {
	mu   sync.Mutex
	id   map[string]int32
	name map[int32]string
}

// maxNumbers is how many numbers of names that were merely asked for are kept.
const maxNumbers = 1 << 20

// give gives a domain its number.
func (n *numbers) give(domain string, id int32) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if other := n.name[id]; other != "" {
		return fmt.Errorf("%s and %s have the same number", other, domain)
	}
	n.put(domain, id)
	return nil
}

// ID is the number of a domain.
func (n *numbers) ID(domain string) int32 {
	n.mu.Lock()
	defer n.mu.Unlock()
	if id, ok := n.id[domain]; ok {
		return id
	}
	h := fnv.New32a()
	h.Write([]byte(domain))
	id := max(int32(h.Sum32()>>1), 1)
	for n.name[id] != "" {
		id = max((id+1)&0x7fffffff, 1)
	}
	if len(n.id) < maxNumbers {
		n.put(domain, id)
	}
	return id
}

// Domain is the name of a number.
func (n *numbers) Domain(id int32) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.name[id]
}

func (n *numbers) put(domain string, id int32) {
	if n.id == nil {
		n.id, n.name = map[string]int32{}, map[int32]string{}
	}
	n.id[domain], n.name[id] = id, domain
}
