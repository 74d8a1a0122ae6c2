package fred

// Domain returns a copy of a domain as it is now, by its name in any case, and whether
// there is one.
func (r *Registry) Domain(name string) (*Domain, bool) {
	return r.domains.Copy(r.View(nil), lower(name))
}

// Contact is [Registry.Domain] for a contact, by its handle in any case.
func (r *Registry) Contact(id string) (*Contact, bool) {
	return r.contacts.Copy(r.View(nil), upper(id))
}

// NSSet is [Registry.Contact] for an nsset.
func (r *Registry) NSSet(id string) (*NSSet, bool) { return r.nssets.Copy(r.View(nil), upper(id)) }

// KeySet is [Registry.Contact] for a keyset.
func (r *Registry) KeySet(id string) (*KeySet, bool) {
	return r.keysets.Copy(r.View(nil), upper(id))
}
