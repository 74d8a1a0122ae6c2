package gtld

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// This file is what transfers of domains and of contacts have in common.

// pending reports whether the transfer, which may be nil, waits for an answer.
func (t *Transfer) pending() bool { return t != nil && t.Status == epp.TrPending }

// party reports whether a registrar is one of those whom the latest transfer, which may be
// nil, is about: they may ask how it goes (RFC 5730, section 2.9.2.4).
func (t *Transfer) party(sponsor, clID string) bool {
	return clID == sponsor || t != nil && (clID == t.ReID || clID == t.AcID)
}

// verdict is what an operation makes of a transfer, and who may ask for it.
func (t *Transfer) verdict(sponsor, asks, operation string) (status, who string) {
	switch {
	case operation == epp.TransferApprove:
		return epp.TrClientApproved, sponsor
	case operation == epp.TransferReject:
		return epp.TrClientRejected, sponsor
	case t != nil && t.Status == epp.TrPending:
		return epp.TrClientCancelled, t.ReID
	}
	return "", asks // there is nothing to cancel, for nobody
}

// ended is what becomes of a transfer by an act of who.
func (t *Transfer) ended(status, who string, at time.Time) *Transfer {
	n := *t
	n.Status, n.AcID, n.AcDate = status, who, at
	return &n
}

// sponsoredSince is since when an object has its sponsor.
func sponsoredSince(m *registry.Object) time.Time {
	if m.TrDate.After(m.CrDate) {
		return m.TrDate
	}
	return m.CrDate
}

// tellTransfer tells both sides how far a transfer is, and why, unless that is "" (RFC
// 5730, section 2.9.3.4).
func (r *Registry) tellTransfer(tx *registry.Tx, t *Transfer, old string, of registry.Ref, why string, data epp.Element) {
	text := "The transfer of " + of.String() + " is " + transferWord(t.Status)
	if why != "" {
		text += ": " + why
	}
	for _, clID := range []string{old, t.ReID} {
		r.Queue.Put(tx, registry.Message{ClID: clID, Text: text + ".", ResData: []epp.Element{data}})
	}
}

// transferWord says in a message where a transfer is.
func transferWord(status string) string {
	switch status {
	case epp.TrClientApproved, epp.TrServerApproved:
		return "approved"
	case epp.TrClientRejected:
		return "rejected"
	case epp.TrClientCancelled, epp.TrServerCancelled:
		return "cancelled"
	}
	return "requested"
}
