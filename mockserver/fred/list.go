package fred

import (
	"fmt"
	"slices"

	nic "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// chunkSize is how many items FRED puts into one answer to getResults.
const chunkSize = 1000

// A Chunk is a part of the list that a registrar has prepared: what its next getResults,
// or one after it, is answered.
type Chunk struct {
	ClID  string   `json:"clID"`
	N     int      `json:"n"` // counts the chunks of the list
	Items []string `json:"items"`
}

// Key orders the chunks of a registrar.
func (c *Chunk) Key() string { return fmt.Sprintf("%s\t%010d", c.ClID, c.N) }

// prepare makes a list the one that a registrar fetches, in place of the one before. It
// belongs to the registrar, and survives its sessions.
func (r *Registry) prepare(x *mockserver.Exchange, items []string) (*nic.InfoResponse, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*nic.InfoResponse, error) {
		for {
			c := r.firstChunk(tx, x.ClID())
			if c == nil {
				break
			}
			r.results.Delete(tx, c.Key())
		}
		n := 0
		for part := range slices.Chunk(items, chunkSize) {
			r.results.Put(tx, &Chunk{ClID: x.ClID(), N: n, Items: part})
			n++
		}
		return &nic.InfoResponse{Count: uint64(len(items))}, nil
	})
}

func (r *Registry) firstChunk(rd registry.Reader, clID string) *Chunk {
	for c := range r.results.Prefix(rd, clID+"\t") {
		return c
	}
	return nil
}

// getResults answers the next part of the list, and no items after the last.
func (r *Registry) getResults(x *mockserver.Exchange, _ *nic.GetResults) (*nic.ResultsList, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (*nic.ResultsList, error) {
		c := r.firstChunk(tx, x.ClID())
		if c == nil {
			return new(nic.ResultsList), nil
		}
		r.results.Delete(tx, c.Key())
		return &nic.ResultsList{Items: c.Items}, nil
	})
}

func (r *Registry) listContacts(x *mockserver.Exchange, _ *nic.ListContacts) (*nic.InfoResponse, error) {
	return r.prepare(x, sponsored(r.View(x), r.contacts, func(c *Contact) bool { return c.ClID == x.ClID() }))
}

func (r *Registry) listDomains(x *mockserver.Exchange, _ *nic.ListDomains) (*nic.InfoResponse, error) {
	return r.prepare(x, sponsored(r.View(x), r.domains, func(d *Domain) bool { return d.ClID == x.ClID() }))
}

func (r *Registry) listNssets(x *mockserver.Exchange, _ *nic.ListNssets) (*nic.InfoResponse, error) {
	return r.prepare(x, sponsored(r.View(x), r.nssets, func(s *NSSet) bool { return s.ClID == x.ClID() }))
}

func (r *Registry) listKeysets(x *mockserver.Exchange, _ *nic.ListKeysets) (*nic.InfoResponse, error) {
	return r.prepare(x, sponsored(r.View(x), r.keysets, func(s *KeySet) bool { return s.ClID == x.ClID() }))
}

func (r *Registry) domainsByContact(x *mockserver.Exchange, q *nic.DomainsByContact) (*nic.InfoResponse, error) {
	return r.prepareBy(x, registry.Contact, q.ID, registry.Domain)
}

func (r *Registry) domainsByNsset(x *mockserver.Exchange, q *nic.DomainsByNsset) (*nic.InfoResponse, error) {
	return r.prepareBy(x, registry.NSSet, q.ID, registry.Domain)
}

func (r *Registry) domainsByKeyset(x *mockserver.Exchange, q *nic.DomainsByKeyset) (*nic.InfoResponse, error) {
	return r.prepareBy(x, registry.KeySet, q.ID, registry.Domain)
}

func (r *Registry) nssetsByContact(x *mockserver.Exchange, q *nic.NssetsByContact) (*nic.InfoResponse, error) {
	return r.prepareBy(x, registry.Contact, q.ID, registry.NSSet)
}

func (r *Registry) keysetsByContact(x *mockserver.Exchange, q *nic.KeysetsByContact) (*nic.InfoResponse, error) {
	return r.prepareBy(x, registry.Contact, q.ID, registry.KeySet)
}

func (r *Registry) nssetsByNs(x *mockserver.Exchange, q *nic.NssetsByNs) (*nic.InfoResponse, error) {
	name := lower(q.Name)
	return r.prepare(x, sponsored(r.View(x), r.nssets, func(s *NSSet) bool {
		return s.ClID == x.ClID() && slices.ContainsFunc(s.Hosts, func(h Host) bool { return h.Name == name })
	}))
}

// prepareBy prepares what of one kind refers to an object, and is sponsored by the
// registrar that asks. An object that there is not has nothing that refers to it.
func (r *Registry) prepareBy(x *mockserver.Exchange, kind, handle, of string) (*nic.InfoResponse, error) {
	v := r.View(x)
	var items []string
	for by := range v.Referrers(registry.Ref{Kind: kind, Handle: upper(handle)}, of) {
		if r.sponsorOf(v, by) == x.ClID() {
			items = append(items, by.Handle)
		}
	}
	return r.prepare(x, items)
}

// sponsorOf is who sponsors what refers to another object.
func (r *Registry) sponsorOf(rd registry.Reader, obj registry.Ref) string {
	switch obj.Kind {
	case registry.NSSet:
		return r.nssets.Get(rd, obj.Handle).ClID
	case registry.KeySet:
		return r.keysets.Get(rd, obj.Handle).ClID
	}
	return r.domains.Get(rd, obj.Handle).ClID
}

// sponsored are the keys of those records that are meant.
func sponsored[R registry.Record](rd registry.Reader, t *registry.Table[R], meant func(R) bool) []string {
	var keys []string
	for rec := range t.All(rd) {
		if meant(rec) {
			keys = append(keys, rec.Key())
		}
	}
	return keys
}
