package openprovider

import (
	"context"
	"strconv"
	"sync"

	"github.com/eppkit/eppkit/authcode"
)

// named calls do with the number of a domain, by whatever name the caller has for it.
func (c *Client) named(ctx context.Context, domain string, do func(id int32, name string) error) error {
	name, err := authcode.CanonicalDomain(domain)
	if err != nil {
		return err
	}
	return about(name, c.byID(ctx, name, func(id int32) error { return do(id, name) }))
}

// byID calls do with the number of a domain. A number that was kept and is not valid any
// more, which do's Refused says, is looked for again: nothing was done with it.
func (c *Client) byID(ctx context.Context, name string, do func(id int32) error) error {
	kept, ok := c.ids.get(name)
	var err error
	if ok {
		if err = do(kept); !gone(err) {
			return err
		}
		c.ids.drop(name)
	}
	d, findErr := c.FindDomain(ctx, name)
	if findErr != nil {
		return findErr
	}
	if ok && d.ID == kept {
		return err
	}
	if err = do(d.ID); !gone(err) {
		c.ids.put(name, d.ID)
	}
	return err
}

// gone reports whether the system does not have a number in the account.
func gone(err error) bool {
	no, refused := authcode.AsRefused(err)
	return refused && no.Code == strconv.Itoa(codeNotInAccount)
}

// maxIDs is how many numbers are kept.
const maxIDs = 10_000

// ids are the numbers of domains by their names.
type ids struct {
	mu sync.Mutex
	of map[string]int32
}

func (n *ids) get(name string) (int32, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	id, ok := n.of[name]
	return id, ok
}

func (n *ids) drop(name string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.of, name)
}

func (n *ids) put(name string, id int32) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil || len(n.of) >= maxIDs {
		n.of = map[string]int32{} // all at once: which to keep is not worth knowing
	}
	n.of[name] = id
}

func idText(id int32) string { return strconv.FormatInt(int64(id), 10) }
