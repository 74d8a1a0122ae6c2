package reconcile

import (
	"context"
	"strings"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/allocationtoken"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/namestore"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

// A subject is a command in the shape in which the rules look at it.
type subject struct {
	name string // or handle
	rule func(*inquiry) error
	wish *wish
	// op is that of a transfer.
	op string
	// period and expires are a renew's; period a create's, too.
	period  *epp.Period
	expires renewal

	// idles: the registry removes objects of the kind that nothing uses.
	idles bool

	info, check question
	// transfers is the query of a transfer, with an authInfo or without. It is nil where
	// there is none: hosts, and FRED.
	transfers func(*epp.AuthInfo) question
	authInfo  *epp.AuthInfo // of a transfer
	renamed   question      // info of a host by the name that an update gives it
}

// A question is a query and the type of its answer.
type question struct {
	name string
	ask  func(context.Context, client.Doer, []epp.Element) (*epp.Response, epp.Element, error)
}

func query[R epp.Element](q epp.Request[R]) question {
	n := q.XMLName()
	return question{
		name: epp.PrefixOf(n.Space) + ":" + n.Local,
		ask: func(ctx context.Context, d client.Doer, exts []epp.Element) (*epp.Response, epp.Element, error) {
			a, err := client.Call(ctx, d, q, exts...)
			if err != nil {
				return nil, nil, err
			}
			return a.Response, a.Data, nil
		},
	}
}

// subjectOf finds what a command is about; nil when there is no rule for it.
func subjectOf(cmd *epp.Command) *subject {
	if s := rfcSubject(cmd.Request); s != nil {
		return s
	}
	return fredSubject(cmd.Request)
}

func rfcSubject(q epp.Element) *subject {
	ofDomain := func(name string) *subject {
		return &subject{
			name: name, info: query(&domain.Info{Name: name}), check: query(&domain.Check{Names: []string{name}}),
			transfers: func(a *epp.AuthInfo) question {
				return query(&domain.Transfer{Op: epp.TransferQuery, Name: name, AuthInfo: a})
			},
		}
	}
	ofContact := func(id string) *subject {
		return &subject{
			name: id, info: query(&contact.Info{ID: id}), check: query(&contact.Check{IDs: []string{id}}),
			transfers: func(a *epp.AuthInfo) question {
				return query(&contact.Transfer{Op: epp.TransferQuery, ID: id, AuthInfo: a})
			},
		}
	}
	ofHost := func(name string) *subject {
		return &subject{name: name, info: query(&host.Info{Name: name}), check: query(&host.Check{Names: []string{name}})}
	}
	switch q := q.(type) {
	case *domain.Create:
		s := ofDomain(q.Name).with(create, domainCreate(q))
		s.period = q.Period
		return s
	case *domain.Delete:
		return ofDomain(q.Name).with(remove, nil)
	case *domain.Renew:
		return ofDomain(q.Name).renews(renewal(q.CurExpDate), q.Period)
	case *domain.Update:
		return ofDomain(q.Name).with(update, domainUpdate(q))
	case *domain.Transfer:
		return ofDomain(q.Name).moves(q.Op, q.AuthInfo)
	case *contact.Create:
		return ofContact(q.ID).with(create, contactCreate(q))
	case *contact.Delete:
		return ofContact(q.ID).with(remove, nil)
	case *contact.Update:
		return ofContact(q.ID).with(update, contactUpdate(q))
	case *contact.Transfer:
		return ofContact(q.ID).moves(q.Op, q.AuthInfo)
	case *host.Create:
		return ofHost(q.Name).with(create, hostCreate(q))
	case *host.Delete:
		return ofHost(q.Name).with(remove, nil)
	case *host.Update:
		s := ofHost(q.Name).with(update, hostUpdate(q))
		if q.Chg != nil && q.Chg.Name != "" && !strings.EqualFold(q.Chg.Name, q.Name) {
			s.renamed = query(&host.Info{Name: q.Chg.Name})
		}
		return s
	}
	return nil
}

func fredSubject(q epp.Element) *subject {
	ofDomain := func(name string) *subject {
		return &subject{name: name, info: query(&freddomain.Info{Name: name}), check: query(&freddomain.Check{Names: []string{name}})}
	}
	ofContact := func(id string) *subject {
		return &subject{name: id, idles: true, info: query(&fredcontact.Info{ID: id}), check: query(&fredcontact.Check{IDs: []string{id}})}
	}
	ofNsset := func(id string) *subject {
		return &subject{name: id, idles: true, info: query(&nsset.Info{ID: id}), check: query(&nsset.Check{IDs: []string{id}})}
	}
	ofKeyset := func(id string) *subject {
		return &subject{name: id, idles: true, info: query(&keyset.Info{ID: id}), check: query(&keyset.Check{IDs: []string{id}})}
	}
	switch q := q.(type) {
	case *freddomain.Create:
		s := ofDomain(q.Name).with(create, fredDomainCreate(q))
		s.period = q.Period
		return s
	case *freddomain.Delete:
		return ofDomain(q.Name).with(remove, nil)
	case *freddomain.Renew:
		return ofDomain(q.Name).renews(renewal(q.CurExpDate), q.Period)
	case *freddomain.Update:
		return ofDomain(q.Name).with(update, fredDomainUpdate(q))
	case *freddomain.Transfer:
		return ofDomain(q.Name).moves(q.Op, nil)
	case *fredcontact.Create:
		return ofContact(q.ID).with(create, fredContactCreate(q))
	case *fredcontact.Delete:
		return ofContact(q.ID).with(remove, nil)
	case *fredcontact.Update:
		return ofContact(q.ID).with(update, fredContactUpdate(q))
	case *fredcontact.Transfer:
		return ofContact(q.ID).moves(q.Op, nil)
	case *nsset.Create:
		return ofNsset(q.ID).with(create, nssetCreate(q))
	case *nsset.Delete:
		return ofNsset(q.ID).with(remove, nil)
	case *nsset.Update:
		return ofNsset(q.ID).with(update, nssetUpdate(q))
	case *nsset.Transfer:
		return ofNsset(q.ID).moves(q.Op, nil)
	case *keyset.Create:
		return ofKeyset(q.ID).with(create, keysetCreate(q))
	case *keyset.Delete:
		return ofKeyset(q.ID).with(remove, nil)
	case *keyset.Update:
		return ofKeyset(q.ID).with(update, keysetUpdate(q))
	case *keyset.Transfer:
		return ofKeyset(q.ID).moves(q.Op, nil)
	}
	return nil
}

func (m *subject) with(rule func(*inquiry) error, w *wish) *subject {
	m.rule, m.wish = rule, w
	if w == nil {
		m.wish = newWish()
	}
	return m
}

func (m *subject) renews(expires renewal, p *epp.Period) *subject {
	m.expires, m.period = expires, p
	return m.with(renew, nil)
}

func (m *subject) moves(op string, a *epp.AuthInfo) *subject {
	m.op, m.authInfo = op, a
	switch {
	case op == epp.TransferRequest && m.transfers != nil:
		return m.with(request, nil)
	case op == epp.TransferRequest:
		return m.with(take, nil)
	case m.transfers != nil && op != epp.TransferQuery:
		return m.with(decide, nil)
	}
	return nil
}

// stateOf is what an answer shows of an object, or nil.
func stateOf(data epp.Element, exts []epp.Element) *state {
	var st *state
	switch m := data.(type) {
	case *domain.InfData:
		st = domainState(m)
	case *contact.InfData:
		st = contactState(m)
	case *host.InfData:
		st = hostState(m)
	case *freddomain.InfData:
		st = fredDomainState(m)
	case *fredcontact.InfData:
		st = fredContactState(m)
	case *nsset.InfData:
		st = nssetState(m)
	case *keyset.InfData:
		st = keysetState(m)
	default:
		return nil
	}
	for _, e := range exts {
		switch e := e.(type) {
		case *secdns.InfData:
			secDNSShown(st.values, e)
		case *rgp.InfData:
			st.rgp = statusesOf(e.RGPStatus)
		case *enumval.InfData:
			validation(st.values, e.ValExDate, e.Publish)
		case *extraaddr.InfData:
			st.values.put("mailing", mailing(&e.Mailing))
		}
	}
	return st
}

// extend adds what a command's extensions ask for. It returns those that have to go with
// a query too, and the name of one that is not understood, or "".
func (m *wish) extend(exts []epp.Element) (along []epp.Element, unknown string) {
	for _, e := range exts {
		switch e := e.(type) {
		case *secdns.Create:
			secDNSCreate(m, e)
		case *secdns.Update:
			secDNSUpdate(m, e)
		case *rgp.Update:
			m.restore = e.Restore.Op
		case *enumval.Create:
			validation(m.set, e.ValExDate, e.Publish)
		case *enumval.Renew:
			validation(m.set, e.ValExDate, e.Publish)
		case *enumval.Update:
			validation(m.set, e.Chg.ValExDate, e.Chg.Publish)
		case *extraaddr.Create:
			m.set.put("mailing", mailing(&e.Mailing))
		case *extraaddr.Update:
			if e.Rem != nil {
				m.set.put("mailing")
			}
			if e.Set != nil {
				m.set.put("mailing", mailing(&e.Set.Mailing))
			}
		case *namestore.NamestoreExt: // says where the object is
			along = append(along, e)
		case *fee.Create, *fee.Renew, *fee.Transfer, *fee.Update, *allocationtoken.AllocationToken:
			// They can have a command refused, and are no part of the object.
		default:
			n := e.XMLName()
			unknown = n.Local
			if p := epp.PrefixOf(n.Space); p != "" {
				unknown = p + ":" + n.Local
			}
		}
	}
	m.settle()
	return along, unknown
}
