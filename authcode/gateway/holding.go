package gateway

// UnmarshalYAML takes a plain name too, for a domain that needs nothing else.
func (h *Holding) UnmarshalYAML(decode func(any) error) error {
	if decode(&h.Name) == nil {
		return nil
	}
	type fields Holding
	return decode((*fields)(h))
}
