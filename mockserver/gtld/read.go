package gtld

// Domain returns a copy of a domain as it is now, by its name in any case, and whether
// there is one. A domain that waits for its create is there, one that was purged is not.
func (r *Registry) Domain(name string) (*Domain, bool) {
	return r.domains.Copy(r.View(nil), lower(name))
}

// Contact is [Registry.Domain] for a contact, by its identifier, which is case-sensitive.
func (r *Registry) Contact(id string) (*Contact, bool) { return r.contacts.Copy(r.View(nil), id) }

// Host is [Registry.Domain] for a host object.
func (r *Registry) Host(name string) (*Host, bool) { return r.hosts.Copy(r.View(nil), lower(name)) }
