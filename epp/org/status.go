package org

import (
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// The statuses of an organization (RFC 8543, section 3.4). A role may have the first
// four (section 3.5).
const (
	StatusOK                     = "ok"
	StatusLinked                 = "linked"
	StatusClientLinkProhibited   = "clientLinkProhibited"
	StatusServerLinkProhibited   = "serverLinkProhibited"
	StatusHold                   = "hold"
	StatusTerminated             = "terminated"
	StatusClientUpdateProhibited = "clientUpdateProhibited"
	StatusServerUpdateProhibited = "serverUpdateProhibited"
	StatusClientDeleteProhibited = "clientDeleteProhibited"
	StatusServerDeleteProhibited = "serverDeleteProhibited"
	StatusPendingCreate          = "pendingCreate"
	StatusPendingUpdate          = "pendingUpdate"
	StatusPendingDelete          = "pendingDelete"
)

var statuses = []string{
	StatusOK, StatusLinked, StatusClientLinkProhibited, StatusServerLinkProhibited, StatusHold,
	StatusTerminated, StatusClientUpdateProhibited, StatusServerUpdateProhibited,
	StatusClientDeleteProhibited, StatusServerDeleteProhibited, StatusPendingCreate,
	StatusPendingUpdate, StatusPendingDelete,
}

var roleStatuses = statuses[:4]

// status is a child that may occur a number of times and is a status of an
// organization.
func status(x *epp.Codec, v *[]string, most int) { statusOf(x, v, most, statuses) }

func statusOf(x *epp.Codec, v *[]string, most int, known []string) {
	x.List("status", v)
	x.AtMost(len(*v), most, "status")
	for _, s := range *v {
		x.Check(slices.Contains(known, epp.Collapse(s)), "status", "is not one that the mapping has")
	}
}
