package jsonwire

// First is what a field with room for one has of a list; "" where it is empty.
func First(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// List is what a field with room for one says, as a list; nil for "".
func List(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}
