package gtld_test

import "slices"

// rules5730 are those of EPP itself (RFC 5730).
var rules5730 = slices.Concat(rules5730Session, rules5730Response, rules5730Login, rules5730Object, rules5730Transfer, rules5730Code)

var unseen5730 = map[string]string{}
