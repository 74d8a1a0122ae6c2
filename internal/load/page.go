package load

// Page is the report as one page of HTML.
func Page(r *Report) ([]byte, error) { return nil, nil }
