package reconcile_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	nicfred "github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var fredStart = time.Date(2027, 12, 29, 9, 0, 0, 0, time.UTC)

const fredFixtures = `
zones: [cz]
registrars:
  - {clID: reg-north, password: walk-Gate9, maxSessions: 9, credit: {cz: 90000000.00}}
  - {clID: reg-south, password: walk-Gate9, maxSessions: 9, credit: {cz: 90000000.00}}
  - {clID: reg-staff, password: walk-Gate9, maxSessions: 9}
options: {systemRegistrar: reg-staff}
`

type fredWorld struct{ *fred.Registry }

func newFRED(t testing.TB, seed uint64) world {
	f, err := fred.ParseFixtures("walk.yaml", []byte(fredFixtures))
	require.NoError(t, err)
	reg, err := fred.New(fred.Options{
		Options:  registry.Options{Clock: registry.NewClock(fredStart), Seed: seed, HashIterations: 1},
		Fixtures: f,
	})
	require.NoError(t, err)
	return fredWorld{reg}
}

func (fredWorld) schema(t testing.TB) *epp.Schema {
	set, err := epp.NewSchema(nicfred.Extensions()...)
	require.NoError(t, err)
	return set
}

func handle(rnd *rand.Rand, prefix string) string { return fmt.Sprint(prefix, "-", rnd.IntN(4)) }
func czDomain(rnd *rand.Rand) string              { return fmt.Sprintf("d%d.cz", rnd.IntN(4)) }

func (m fredWorld) command(rnd *rand.Rand, clID string) *epp.Command {
	switch n := rnd.IntN(10); {
	case n < 4:
		return m.domain(rnd, clID)
	case n < 7:
		return m.contact(rnd)
	case n < 9:
		return m.nsset(rnd)
	default:
		return m.keyset(rnd)
	}
}

// transfer finds the code that shows that the holder agrees, or one that does not.
func (m fredWorld) transfer(rnd *rand.Rand, kind, handle string) epp.Secret {
	if rnd.IntN(6) == 0 {
		return "wrongOne"
	}
	m.AuthInfos.Set(registry.Ref{Kind: kind, Handle: handle}, them, "walkOne7")
	return "walkOne7"
}

func (m fredWorld) domain(rnd *rand.Rand, clID string) *epp.Command {
	name := czDomain(rnd)
	d, there := m.Domain(name)
	for range 3 {
		if there && d.ClID == clID {
			break
		}
		name = czDomain(rnd)
		d, there = m.Domain(name)
	}
	n := rnd.IntN(10)
	if !there && rnd.IntN(20) > 0 {
		n = 0
	}
	switch {
	case n < 1:
		q := &domain.Create{Name: name, Registrant: handle(rnd, "CID"), Admins: []string{handle(rnd, "cid")}}
		if rnd.IntN(2) == 0 {
			q.Period = &epp.Period{N: 12 * (1 + rnd.IntN(2)), Unit: epp.Months}
		}
		if id := handle(rnd, "NID"); rnd.IntN(2) == 0 {
			q.Nsset = id
		}
		return &epp.Command{Request: q}
	case n < 4:
		q := &domain.Renew{Name: name, CurExpDate: fredStart}
		if there {
			q.CurExpDate = mistaken(rnd, d.ExDate)
		}
		if rnd.IntN(3) > 0 {
			q.Period = &epp.Period{N: 1 + rnd.IntN(3), Unit: epp.Years}
		}
		return &epp.Command{Request: q}
	case n < 5:
		return &epp.Command{Request: &domain.Delete{Name: name}}
	case n < 7:
		return &epp.Command{Request: &domain.Transfer{Op: epp.TransferRequest, Name: name, AuthInfo: m.transfer(rnd, registry.Domain, name)}}
	}
	q := &domain.Update{Name: name}
	switch rnd.IntN(5) {
	case 0:
		q.Chg = &domain.Chg{AuthInfo: new(epp.Secret("setOne77"))}
	case 1:
		q.Chg = &domain.Chg{Registrant: handle(rnd, "CID")}
	case 2:
		q.Chg = &domain.Chg{Nsset: new(pick(rnd, "", handle(rnd, "NID"))), Keyset: new("")}
	case 3:
		q.Add = &domain.Add{Admins: []string{handle(rnd, "CID")}}
	default:
		q.Rem = &domain.Rem{Admins: []string{handle(rnd, "CID")}}
	}
	return &epp.Command{Request: q}
}

func (m fredWorld) contact(rnd *rand.Rand) *epp.Command {
	id := handle(rnd, "CID")
	_, there := m.Contact(id)
	n := rnd.IntN(8)
	if !there && rnd.IntN(20) > 0 {
		n = 0
	}
	addr := &contact.Addr{Street: []string{"Dlouhá 1"}, City: pick(rnd, "Praha", "Brno"), PC: new("11000"), CC: "CZ"}
	switch {
	case n < 1:
		return &epp.Command{Request: &contact.Create{
			ID: id, PostalInfo: contact.PostalInfo{Name: "Anna", Addr: addr}, Email: []string{"anna@dum.example"},
			Disclose: &contact.Disclose{Email: true, Voice: rnd.IntN(2) == 0},
		}}
	case n < 2:
		return &epp.Command{Request: &contact.Delete{ID: id}}
	case n < 5:
		return &epp.Command{Request: &contact.Transfer{Op: epp.TransferRequest, ID: id, AuthInfo: m.transfer(rnd, registry.Contact, id)}}
	}
	q := &contact.Update{ID: id, Chg: new(contact.Chg)}
	switch rnd.IntN(3) {
	case 0:
		q.Chg.PostalInfo = &contact.PostalInfo{Addr: addr}
	case 1:
		q.Chg.Voice, q.Chg.Email = new(pick(rnd, "", "+420.222123456")), []string{pick(rnd, "anna@dum.example", "eva@dum.example")}
	default:
		q.Chg.Disclose = &contact.Disclose{Flag: rnd.IntN(2) == 0, VAT: true, Email: true}
	}
	return &epp.Command{Request: q}
}

func (m fredWorld) nsset(rnd *rand.Rand) *epp.Command {
	id := handle(rnd, "NID")
	_, there := m.NSSet(id)
	n := rnd.IntN(8)
	if !there && rnd.IntN(20) > 0 {
		n = 0
	}
	third := nsset.NameServer{Name: "NS3.kiuas.example"}
	switch {
	case n < 1:
		return &epp.Command{Request: &nsset.Create{
			ID: id, NS: []nsset.NameServer{{Name: "ns1.kiuas.example"}, {Name: "ns2.kiuas.example"}}, Techs: []string{handle(rnd, "CID")},
		}}
	case n < 2:
		return &epp.Command{Request: &nsset.Delete{ID: id}}
	case n < 5:
		return &epp.Command{Request: &nsset.Transfer{Op: epp.TransferRequest, ID: id, AuthInfo: m.transfer(rnd, registry.NSSet, id)}}
	}
	q := &nsset.Update{ID: id}
	switch rnd.IntN(4) {
	case 0:
		q.Add = &nsset.Add{NS: []nsset.NameServer{third}}
	case 1:
		q.Rem = &nsset.Rem{Names: []string{third.Name}}
	case 2:
		q.Add = &nsset.Add{Techs: []string{handle(rnd, "CID")}}
	default:
		q.Chg = &nsset.Chg{ReportLevel: new(rnd.IntN(4))}
	}
	return &epp.Command{Request: q}
}

func (m fredWorld) keyset(rnd *rand.Rand) *epp.Command {
	id := handle(rnd, "KID")
	_, there := m.KeySet(id)
	n := rnd.IntN(8)
	if !there && rnd.IntN(20) > 0 {
		n = 0
	}
	key := func(n int) keyset.DNSKey {
		return keyset.DNSKey{Flags: 257, Protocol: 3, Alg: 13, PubKey: []string{"AwEAAQ==", "AwEAAg==", "AwEAAw=="}[n]}
	}
	switch {
	case n < 1:
		return &epp.Command{Request: &keyset.Create{ID: id, DNSKeys: []keyset.DNSKey{key(0)}, Techs: []string{handle(rnd, "CID")}}}
	case n < 2:
		return &epp.Command{Request: &keyset.Delete{ID: id}}
	case n < 5:
		return &epp.Command{Request: &keyset.Transfer{Op: epp.TransferRequest, ID: id, AuthInfo: m.transfer(rnd, registry.KeySet, id)}}
	}
	change := &keyset.AddRem{DNSKeys: []keyset.DNSKey{key(1 + rnd.IntN(2))}}
	q := &keyset.Update{ID: id, Add: change}
	if rnd.IntN(2) == 0 {
		q.Add, q.Rem = nil, change
	}
	return &epp.Command{Request: q}
}

// staff is always named: FRED has a registrar of its own.
func (m fredWorld) staff(rnd *rand.Rand, _ bool) {
	_ = m.UpdateDomain(czDomain(rnd), func(d *fred.Domain) {
		d.Status = toggle(d.Status, "serverBlocked")
	})
}

func (fredWorld) info(cmd *epp.Command) *epp.Command {
	var q epp.Element
	switch m := cmd.Request.(type) {
	case *domain.Create:
		q = &domain.Info{Name: m.Name}
	case *domain.Delete:
		q = &domain.Info{Name: m.Name}
	case *domain.Renew:
		q = &domain.Info{Name: m.Name}
	case *domain.Update:
		q = &domain.Info{Name: m.Name}
	case *domain.Transfer:
		q = &domain.Info{Name: m.Name}
	case *contact.Create:
		q = &contact.Info{ID: m.ID}
	case *contact.Delete:
		q = &contact.Info{ID: m.ID}
	case *contact.Update:
		q = &contact.Info{ID: m.ID}
	case *contact.Transfer:
		q = &contact.Info{ID: m.ID}
	case *nsset.Create:
		q = &nsset.Info{ID: m.ID}
	case *nsset.Delete:
		q = &nsset.Info{ID: m.ID}
	case *nsset.Update:
		q = &nsset.Info{ID: m.ID}
	case *nsset.Transfer:
		q = &nsset.Info{ID: m.ID}
	case *keyset.Create:
		q = &keyset.Info{ID: m.ID}
	case *keyset.Delete:
		q = &keyset.Info{ID: m.ID}
	case *keyset.Update:
		q = &keyset.Info{ID: m.ID}
	case *keyset.Transfer:
		q = &keyset.Info{ID: m.ID}
	default:
		return nil
	}
	return &epp.Command{Request: q}
}
