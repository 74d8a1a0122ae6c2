package gtld_test

// rules5734 are those of EPP over TCP (RFC 5734).
var rules5734 = []rule{}

var unseen5734 = map[string]string{}
