package gtld

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// contactTransfer asks for a contact, decides about that, or tells how it goes (RFC
// 5733, sections 3.1.3 and 3.2.4).
func (r *Registry) contactTransfer(x *mockserver.Exchange, q *contact.Transfer) (*contact.TrnData, error) {
	if q.Op == epp.TransferQuery {
		return r.contactTransferQuery(r.read(x), q)
	}
	return change(r, x, func(o *op) (*contact.TrnData, error) {
		c := r.contacts.Get(o, q.ID)
		if c == nil {
			return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(contact.NS, "id", q.ID))
		}
		var err error
		if q.Op == epp.TransferRequest {
			c, err = r.requestContact(o, c, q.AuthInfo)
		} else {
			c, err = r.decideContact(o, c, q)
		}
		if err != nil {
			return nil, err
		}
		return c.trnData(), nil
	})
}

func (r *Registry) contactTransferQuery(o *op, q *contact.Transfer) (*contact.TrnData, error) {
	c := r.contacts.Get(o, q.ID)
	if c == nil {
		return nil, epp.Refuse(epp.ObjectDoesNotExist, registry.Value(contact.NS, "id", q.ID))
	}
	if q.AuthInfo != nil {
		if err := provesContact(c, q.AuthInfo); err != nil {
			return nil, err
		}
	} else if !c.Transfer.party(c.ClID, o.ClID()) {
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(contact.NS, "id", q.ID))
	}
	if c.Transfer == nil {
		return nil, epp.Refuse(epp.ObjectNotPendingTransfer, registry.Value(contact.NS, "id", q.ID))
	}
	return c.trnData(), nil
}

// requestContact begins a transfer, and ends it at once where the rules don't let the
// sponsor answer.
func (r *Registry) requestContact(o *op, c *Contact, a *epp.AuthInfo) (*Contact, error) {
	switch {
	case c.ClID == o.ClID():
		return nil, refuseContact(epp.NotEligibleForTransfer, "id", c.ID, "is yours")
	case a == nil:
		return nil, refuseContact(epp.RequiredParameterMissing, "authInfo", "", "is missing")
	}
	if err := provesContact(c, a); err != nil {
		return nil, err
	}
	switch s := prohibits(c.Status, actTransfer); {
	case s == pendingTransfer:
		return nil, refuseContact(epp.ObjectPendingTransfer, "id", c.ID, "its transfer is pending")
	case s != "":
		return nil, refuseContact(epp.StatusProhibitsOperation, "id", c.ID, "its status is "+s)
	case o.Now().Before(sponsoredSince(&c.Object).Add(r.contactRules.Transfer.Lock.D())):
		return nil, refuseContact(epp.NotEligibleForTransfer, "id", c.ID, "was created or transferred too short a time ago")
	}
	next := c.clone()
	next.Transfer = &Transfer{
		Status: epp.TrPending, ReID: strings.Clone(o.ClID()), ReDate: o.Now(),
		AcID: c.ClID, AcDate: o.Now().Add(r.contactRules.transferPending()),
	}
	next.Status = with(c.Status, pendingTransfer)
	if r.contactRules.transferPending() == 0 {
		return r.endContactTransfer(o.tx, next, epp.TrServerApproved, c.ClID), nil
	}
	o.Code = epp.ActionPending
	r.putContactTransfer(o.tx, next)
	return next, nil
}

// decideContact approves, rejects or cancels a transfer.
func (r *Registry) decideContact(o *op, c *Contact, q *contact.Transfer) (*Contact, error) {
	if q.AuthInfo != nil {
		if err := provesContact(c, q.AuthInfo); err != nil {
			return nil, err
		}
	}
	status, who := c.Transfer.verdict(c.ClID, o.ClID(), q.Op)
	switch {
	case who != o.ClID():
		return nil, epp.Refuse(epp.AuthorizationError, registry.Value(contact.NS, "id", q.ID))
	case !c.Transfer.pending():
		return nil, epp.Refuse(epp.ObjectNotPendingTransfer, registry.Value(contact.NS, "id", q.ID))
	}
	return r.endContactTransfer(o.tx, c, status, who), nil
}

// contactDue ends a transfer about which nobody decided.
func (r *Registry) contactDue(tx *registry.Tx, c *Contact) {
	status := epp.TrServerApproved
	if r.contactRules.Transfer.Outcome == outcomeCancel {
		status = epp.TrServerCancelled
	}
	r.endContactTransfer(tx, c, status, c.Transfer.AcID)
}

// endContactTransfer ends a pending transfer, by an act of who. The new sponsor sets an
// authInfo of its own where RFC 9154, section 5.4, is kept to: the old one has been seen.
func (r *Registry) endContactTransfer(tx *registry.Tx, c *Contact, status, who string) *Contact {
	next := c.clone()
	next.Status = without(c.Status, pendingTransfer)
	next.Transfer = c.Transfer.ended(status, who, tx.Now())
	if status == epp.TrClientApproved || status == epp.TrServerApproved {
		next.ClID, next.TrDate = c.Transfer.ReID, tx.Now()
		if r.opts.SecureAuthInfo {
			next.AuthInfo, next.AuthHash = "", registry.Hash{}
		}
	}
	r.putContactTransfer(tx, next)
	return next
}

// putContactTransfer keeps a contact whose transfer came a step further, and tells both
// sides: AcID is not the old sponsor once ReID cancelled.
func (r *Registry) putContactTransfer(tx *registry.Tx, c *Contact) {
	old := r.contacts.Get(tx, c.ID).ClID
	r.contacts.Put(tx, c)
	r.tellTransfer(tx, c.Transfer, old, c.ref(), "", c.trnData())
}

func (c *Contact) trnData() *contact.TrnData {
	t := c.Transfer
	return &contact.TrnData{ID: c.ID, TrStatus: t.Status, ReID: t.ReID, ReDate: t.ReDate, AcID: t.AcID, AcDate: t.AcDate}
}
