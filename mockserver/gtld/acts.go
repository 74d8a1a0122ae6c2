package gtld

import (
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Acts are what the registry's staff can do, for a control (see [registry.Act]): those of
// the methods Decide, DecideHost, DecideContact, RefuseRestore, SetApplication,
// SetMaintenance, DeleteMaintenance, ChangeDomain, ChangeHost and ChangeContact.
func (r *Registry) Acts() []registry.Act {
	return []registry.Act{
		registry.NewAct("decide", "Carry out or refuse a command that waits for somebody, with a domain, host or contact.",
			nil, r.actDecide),
		registry.NewAct("refuse-restore", "Refuse the restore of a domain that waits for its report: its redemption period begins again.",
			nil, func(q *named) (any, error) { return nil, r.RefuseRestore(q.Name) }),
		registry.NewAct("set-application", "Set the status of an application of a launch phase, of which allocated and rejected end it.",
			nil, r.actSetApplication),
		registry.NewAct("set-maintenance", "Announce a maintenance, or change the one with its id, and tell every registrar.",
			maintenanceID{}, func(q *Maintenance) (any, error) {
				id, err := r.SetMaintenance(*q)
				return maintenanceID{id}, err
			}),
		registry.NewAct("delete-maintenance", "Call a maintenance off, and tell every registrar.",
			nil, func(q *maintenanceID) (any, error) { return nil, r.DeleteMaintenance(q.ID) }),
		registry.NewAct("change-domain", "Set fields of a domain's record, or delete it, and tell the sponsor who did it and why.",
			nil, func(q *amendment) (any, error) { return nil, amend(q, r.domains, r.ChangeDomain) }),
		registry.NewAct("change-host", "Set fields of a host's record, or delete it, and tell the sponsor.",
			nil, func(q *amendment) (any, error) { return nil, amend(q, r.hosts, r.ChangeHost) }),
		registry.NewAct("change-contact", "Set fields of a contact's record, or delete it, and tell the sponsor.",
			nil, func(q *amendment) (any, error) { return nil, amend(q, r.contacts, r.ChangeContact) }),
	}
}

// named is an object by its name.
type named struct {
	Name string `yaml:"name" json:"name"`
}

// decision is what becomes of what waits. Approve is a pointer so that nothing is refused
// because it was forgotten.
type decision struct {
	Kind    string `yaml:"kind" json:"kind"` // domain, host or contact
	Name    string `yaml:"name" json:"name"`
	Approve *bool  `yaml:"approve" json:"approve"`
}

func (r *Registry) actDecide(q *decision) (any, error) {
	if q.Approve == nil {
		return nil, registry.Path{"approve"}.Errorf("must be true or false")
	}
	switch q.Kind {
	case registry.Domain:
		return nil, r.Decide(q.Name, *q.Approve)
	case registry.Host:
		return nil, r.DecideHost(q.Name, *q.Approve)
	case registry.Contact:
		return nil, r.DecideContact(q.Name, *q.Approve)
	}
	return nil, registry.Path{"kind"}.Errorf("must be domain, host or contact")
}

// applicationStatus is a status of RFC 8334, section 2.5, and a text that goes with it.
type applicationStatus struct {
	ID     string `yaml:"id" json:"id"`
	Status string `yaml:"status" json:"status"`
	Text   string `yaml:"text" json:"text,omitempty"`
}

func (r *Registry) actSetApplication(q *applicationStatus) (any, error) {
	v := new(validator)
	v.oneOf(q.Status, registry.Path{"status"}, launch.PendingValidation, launch.Validated, launch.Invalid,
		launch.PendingAllocation, launch.Allocated, launch.Rejected)
	v.Line(q.Text, 0, registry.NoLimit, registry.Path{"text"})
	if v.Err != nil {
		return nil, v.Err
	}
	return nil, r.SetApplication(q.ID, q.Status, q.Text)
}

type maintenanceID struct {
	ID string `yaml:"id" json:"id"`
}

// amendment is a [Change], and what it does: it sets fields or deletes.
type amendment struct {
	Name   string          `yaml:"name" json:"name"` // or the identifier of a contact
	Set    registry.Fields `yaml:"set" json:"set,omitempty"`
	Delete bool            `yaml:"delete" json:"delete,omitempty"`
	Change `yaml:",inline"`
}

// amend does what an amendment says to a record of a table.
func amend[T any, R interface {
	*T
	registry.Record
}](q *amendment, t *registry.Table[R], change func(string, Change, func(R) error) error) error {
	if err := q.validate(); err != nil {
		return err
	}
	if q.Delete {
		return change(q.Name, q.Change, nil)
	}
	return change(q.Name, q.Change, func(r R) error {
		next, err := t.Amend(r, q.Set)
		if err == nil {
			*r = *next
		}
		return err
	})
}

// validate checks what a message of RFC 8590 has no room for.
func (q *amendment) validate() error {
	v := new(validator)
	v.Check(q.Delete != (len(q.Set) > 0), registry.Path{"set"}, "must be there, or else delete")
	v.oneOf(q.Operation, registry.Path{"operation"}, "", changepoll.Create, changepoll.Delete, changepoll.Renew, changepoll.Transfer,
		changepoll.Update, changepoll.Restore, changepoll.AutoRenew, changepoll.AutoDelete, changepoll.AutoPurge, changepoll.Custom)
	v.Token(q.Op, 0, registry.NoLimit, registry.Path{"op"})
	v.Check(q.Operation != changepoll.Custom || q.Op != "", registry.Path{"op"}, "must say what is custom")
	v.Line(q.Who, 0, 255, registry.Path{"who"})
	v.oneOf(q.CaseType, registry.Path{"caseType"}, "", changepoll.UDRP, changepoll.URS, changepoll.Custom)
	v.Token(q.CaseName, 0, registry.NoLimit, registry.Path{"caseName"})
	v.Check(q.CaseType != changepoll.Custom || q.CaseName != "", registry.Path{"caseName"}, "must say which case is custom")
	v.Token(q.CaseID, 0, registry.NoLimit, registry.Path{"caseID"})
	v.Check(q.CaseType == "" || q.CaseID != "", registry.Path{"caseID"}, "must say which case it is")
	v.Check(utf8.RuneCountInString(q.Reason) <= 32, registry.Path{"reason"}, "has 32 characters at most")
	return v.Err
}
