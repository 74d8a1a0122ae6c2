package gateway

import (
	"fmt"
	"hash/fnv"
	"sync"

	"github.com/eppkit/eppkit/authcode"
)

// numbers are those of one account's domains. One that is not given follows from the
// name alone, so that it is the same whoever asks first, and after a restart. Where that
// of two names is the same, a client that kept it might get the code of the other
// domain: neither of two that are listed has it then, and none that comes later.
type numbers struct {
	mu   sync.Mutex
	id   map[string]int32
	name map[int32]string // "" for one that nobody may have
	room int              // for names that are not listed
}

// maxNumbers is how many names, below its suffixes, an account can have numbers of.
const maxNumbers = 1 << 18

// newNumbers makes the numbers of an account's list. names are those without a number.
func newNumbers(given map[string]int32, names []string) (*numbers, error) {
	n := &numbers{id: map[string]int32{}, name: map[int32]string{}, room: maxNumbers}
	for name, id := range given {
		if other := n.name[id]; other != "" {
			return nil, fmt.Errorf("%s and %s have the same number", min(name, other), max(name, other))
		}
		n.put(name, id)
	}
	shared := map[int32]int{}
	for _, name := range names {
		shared[made(name)]++
	}
	for _, name := range names {
		id := made(name)
		switch _, taken := n.name[id]; {
		case taken:
		case shared[id] > 1:
			n.name[id] = ""
		default:
			n.put(name, id)
		}
	}
	return n, nil
}

// made is the number that follows from a name. It is positive.
func made(name string) int32 {
	h := fnv.New32a()
	h.Write([]byte(name))
	return max(int32(h.Sum32()>>1), 1)
}

func (n *numbers) of(domain string) (int32, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if id, ok := n.id[domain]; ok {
		return id, nil
	}
	id := made(domain)
	if _, taken := n.name[id]; taken {
		return 0, authcode.Refused{
			Class: authcode.Unsupported,
			Text:  "the number that follows from this name is that of another domain too; the account's list has to give it one",
		}
	}
	if n.room == 0 {
		return 0, authcode.Refused{
			Class: authcode.Unsupported, Text: "the account has numbers of too many domains that it does not list",
		}
	}
	n.room--
	n.put(domain, id)
	return id, nil
}

func (n *numbers) domain(id int32) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.name[id]
}

func (n *numbers) put(domain string, id int32) { n.id[domain], n.name[id] = id, domain }
