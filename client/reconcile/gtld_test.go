package reconcile_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/rgp"
	"github.com/eppkit/eppkit/epp/secdns"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// The walk begins two days before the end of a February, so that years end there too.
var gtldStart = time.Date(2028, 2, 27, 8, 0, 0, 0, time.UTC)

const gtldFixtures = `
tlds:
  - name: sauna
    contacts: {model: optional}
  - name: kiuas
    contacts: {model: optional}
    autoRenew: false
    transfer: {pending: 0s}
registrars:
  - {clID: reg-north, password: walk-Gate9, maxSessions: 9}
  - {clID: reg-south, password: walk-Gate9, maxSessions: 9}
`

type gtldWorld struct{ *gtld.Registry }

func newGTLD(t testing.TB, seed uint64) world {
	f, err := gtld.ParseFixtures("walk.yaml", []byte(gtldFixtures))
	require.NoError(t, err)
	reg, err := gtld.New(gtld.Options{
		Options:  registry.Options{Clock: registry.NewClock(gtldStart), Seed: seed, HashIterations: 1},
		Fixtures: f,
	})
	require.NoError(t, err)
	return gtldWorld{reg}
}

func (gtldWorld) schema(t testing.TB) *epp.Schema {
	set, err := epp.NewSchema(domain.Extension(), contact.Extension(), host.Extension(), rgp.Extension(), secdns.Extension())
	require.NoError(t, err)
	return set
}

const secret = "walk-Secret7"

func pw(rnd *rand.Rand) *epp.AuthInfo {
	if rnd.IntN(8) == 0 {
		return &epp.AuthInfo{PW: "wrong-Secret7"}
	}
	return &epp.AuthInfo{PW: secret}
}

func domainName(rnd *rand.Rand) string {
	return fmt.Sprintf("d%d.%s", rnd.IntN(5), pick(rnd, "sauna", "sauna", "kiuas"))
}
func contactID(rnd *rand.Rand) string { return fmt.Sprintf("con-%d", rnd.IntN(5)) }

func hostName(rnd *rand.Rand) string {
	return fmt.Sprintf("ns%d.%s", rnd.IntN(2), pick(rnd, "elsewhere.invalid", "d0.sauna", "d1.sauna"))
}

func pick(rnd *rand.Rand, list ...string) string { return list[rnd.IntN(len(list))] }

func (m gtldWorld) command(rnd *rand.Rand, clID string) *epp.Command {
	switch n := rnd.IntN(10); {
	case n < 6:
		return m.domain(rnd, clID)
	case n < 8:
		return m.contact(rnd, clID)
	default:
		return m.host(rnd)
	}
}

func (m gtldWorld) domain(rnd *rand.Rand, clID string) *epp.Command {
	name := domainName(rnd)
	d, there := m.Domain(name)
	for range 3 { // one of the registrar's own, most of the time
		if there && d.ClID == clID {
			break
		}
		name = domainName(rnd)
		d, there = m.Domain(name)
	}
	n := rnd.IntN(14)
	switch {
	case !there && rnd.IntN(20) > 0:
		n = 0
	case there && slices.Contains(d.Status, "pendingTransfer") && rnd.IntN(3) > 0:
		return &epp.Command{Request: &domain.Transfer{Op: decision(rnd, d.ClID == clID), Name: name}}
	case there && d.RGP != "" && rnd.IntN(3) > 0:
		return restores(name, d)
	}
	switch {
	case n < 1:
		q := &domain.Create{Name: name, AuthInfo: &epp.AuthInfo{PW: secret}}
		if rnd.IntN(2) == 0 {
			q.Period = &epp.Period{N: 1 + rnd.IntN(3), Unit: epp.Years}
		}
		if id := contactID(rnd); m.has(id) {
			q.Registrant = id
		}
		cmd := &epp.Command{Request: q}
		if rnd.IntN(3) == 0 {
			cmd.Extension = []epp.Element{&secdns.Create{DSData: []secdns.DSData{ds(rnd)}}}
		}
		return cmd
	case n < 4:
		q := &domain.Renew{Name: name, CurExpDate: gtldStart}
		if there {
			q.CurExpDate = mistaken(rnd, d.ExDate.Truncate(24*time.Hour))
		}
		if rnd.IntN(3) > 0 {
			q.Period = &epp.Period{N: 1 + rnd.IntN(3), Unit: epp.Years}
		}
		return &epp.Command{Request: q}
	case n < 5:
		return &epp.Command{Request: &domain.Delete{Name: name}}
	case n < 9:
		q := &domain.Transfer{Name: name, AuthInfo: pw(rnd)}
		if q.Op = epp.TransferRequest; rnd.IntN(10) == 0 {
			q.Op = pick(rnd, epp.TransferApprove, epp.TransferReject, epp.TransferCancel)
			q.AuthInfo = nil
		}
		return &epp.Command{Request: q}
	}
	return m.domainUpdate(rnd, name, d)
}

// mistaken is the day that a renewal names, nearly always the right one. It is
// never that of a renewal which was carried out before, see the package comment.
func mistaken(rnd *rand.Rand, day time.Time) time.Time {
	if rnd.IntN(8) > 0 {
		return day
	}
	return day.AddDate(1+rnd.IntN(3), 0, 0)
}

// decision ends a transfer, as the sponsor or the other side can.
func decision(rnd *rand.Rand, sponsor bool) string {
	if sponsor {
		return pick(rnd, epp.TransferApprove, epp.TransferReject)
	}
	return epp.TransferCancel
}

// restores takes the next step that brings a deleted domain back.
func restores(name string, d *gtld.Domain) *epp.Command {
	u := &rgp.Update{Restore: rgp.Restore{Op: rgp.OpRequest}}
	if d.RGP == rgp.PendingRestore {
		text := func(s string) epp.Mixed { return epp.Mixed{Text: s} }
		u.Restore = rgp.Restore{Op: rgp.OpReport, Report: &rgp.Report{
			PreData: text("as it was"), PostData: text("as it is"), DelTime: d.CrDate, ResTime: d.CrDate,
			ResReason: epp.Msg{Mixed: text("deleted by mistake")},
			Statement: []epp.Msg{{Mixed: text("It was not for sale.")}, {Mixed: text("All of this is true.")}},
		}}
	}
	return &epp.Command{Request: &domain.Update{Name: name, Chg: new(domain.Chg)}, Extension: []epp.Element{u}}
}

func ds(rnd *rand.Rand) secdns.DSData {
	return secdns.DSData{
		KeyTag: 1 + rnd.IntN(2), Alg: 13, DigestType: 2,
		Digest: "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF",
	}
}

func (m gtldWorld) has(id string) bool { _, there := m.Contact(id); return there }

func (m gtldWorld) domainUpdate(rnd *rand.Rand, name string, d *gtld.Domain) *epp.Command {
	q, cmd := &domain.Update{Name: name}, new(epp.Command)
	cmd.Request = q
	status := pick(rnd, "clientHold", "clientRenewProhibited")
	change := &domain.AddRem{Status: []epp.Status{{S: status}}}
	switch rnd.IntN(5) {
	case 0:
		q.Chg = &domain.Chg{AuthInfo: &domain.AuthInfoChg{PW: epp.Secret(pick(rnd, secret, secret, "other-Secret7"))}}
	case 1:
		q.Chg = &domain.Chg{Registrant: new(contactID(rnd))}
	case 2:
		q.Chg = new(domain.Chg)
		u := new(secdns.Update)
		if d != nil && d.SecDNS != nil && len(d.SecDNS.DS) > 0 && rnd.IntN(2) == 0 {
			u.Rem = &secdns.Rem{All: new(true)}
		} else {
			u.Add = &secdns.Add{DSData: []secdns.DSData{ds(rnd)}}
		}
		cmd.Extension = []epp.Element{u}
	default:
		if d != nil && slices.Contains(d.Status, status) && rnd.IntN(6) > 0 {
			q.Rem = change
		} else {
			q.Add = change
		}
		if h := hostName(rnd); rnd.IntN(3) == 0 {
			if q.Add == nil {
				q.Add = new(domain.AddRem)
			}
			q.Add.NS = &domain.NameServers{HostObj: []string{h}}
		}
	}
	return cmd
}

func (m gtldWorld) contact(rnd *rand.Rand, clID string) *epp.Command {
	id := contactID(rnd)
	c, there := m.Contact(id)
	n := rnd.IntN(10)
	switch {
	case !there && rnd.IntN(20) > 0:
		n = 0
	case there && slices.Contains(c.Status, "pendingTransfer") && rnd.IntN(3) > 0:
		return &epp.Command{Request: &contact.Transfer{Op: decision(rnd, c.ClID == clID), ID: id}}
	}
	switch {
	case n < 1:
		return &epp.Command{Request: &contact.Create{
			ID: id, Email: "anna@example.invalid", AuthInfo: &epp.AuthInfo{PW: secret},
			PostalInfo: []contact.PostalInfo{{Type: contact.Int, Name: "Anna", Addr: contact.Addr{City: pick(rnd, "Oulu", "Pori"), CC: "FI"}}},
		}}
	case n < 3:
		return &epp.Command{Request: &contact.Delete{ID: id}}
	case n < 6:
		q := &contact.Transfer{ID: id, AuthInfo: pw(rnd)}
		if q.Op = epp.TransferRequest; rnd.IntN(10) == 0 {
			q.Op = pick(rnd, epp.TransferApprove, epp.TransferReject, epp.TransferCancel)
			q.AuthInfo = nil
		}
		return &epp.Command{Request: q}
	}
	q := &contact.Update{ID: id}
	status := &contact.AddRem{Status: []epp.Status{{S: "clientTransferProhibited"}}}
	switch rnd.IntN(3) {
	case 0:
		q.Chg = &contact.Chg{Email: pick(rnd, "anna@example.invalid", "otto@example.invalid"), Voice: &contact.Phone{Number: "+358.91234"}}
	case 1:
		q.Chg = &contact.Chg{PostalInfo: []contact.ChgPostalInfo{{Type: contact.Int, Addr: &contact.Addr{City: pick(rnd, "Oulu", "Pori"), CC: "FI"}}}}
	default:
		if there && slices.Contains(c.Status, "clientTransferProhibited") {
			q.Rem = status
		} else {
			q.Add = status
		}
	}
	return &epp.Command{Request: q}
}

func (m gtldWorld) host(rnd *rand.Rand) *epp.Command {
	name := hostName(rnd)
	_, there := m.Host(name)
	addr := []host.Addr{{Addr: fmt.Sprintf("192.0.2.%d", 1+rnd.IntN(3))}}
	n := rnd.IntN(8)
	if !there && rnd.IntN(20) > 0 {
		n = 0
	}
	switch {
	case n < 1:
		q := &host.Create{Name: name}
		if name[4:] != "elsewhere.invalid" {
			q.Addr = addr
		}
		return &epp.Command{Request: q}
	case n < 3:
		return &epp.Command{Request: &host.Delete{Name: name}}
	case n < 5:
		return &epp.Command{Request: &host.Update{Name: name, Chg: &host.Chg{Name: hostName(rnd)}}}
	case n < 7:
		return &epp.Command{Request: &host.Update{Name: name, Add: &host.AddRem{Addr: addr}}}
	default:
		return &epp.Command{Request: &host.Update{Name: name, Add: &host.AddRem{Status: []epp.Status{{S: "clientDeleteProhibited"}}}}}
	}
}

// staff sets what no registrar can, so that it is not by chance what a command asks for.
func (m gtldWorld) staff(rnd *rand.Rand, named bool) {
	why := gtld.Change{Who: "staff"}
	switch rnd.IntN(3) {
	case 0:
		_ = m.ChangeDomain(domainName(rnd), why, func(d *gtld.Domain) error {
			d.Status, d.UpID = toggle(d.Status, "serverHold"), unless(named, d.UpID)
			return nil
		})
	case 1:
		_ = m.ChangeContact(contactID(rnd), why, func(c *gtld.Contact) error {
			c.Status, c.UpID = toggle(c.Status, "serverDeleteProhibited"), unless(named, c.UpID)
			return nil
		})
	default:
		_ = m.ChangeHost(hostName(rnd), why, func(h *gtld.Host) error {
			h.Status, h.UpID = toggle(h.Status, "serverDeleteProhibited"), unless(named, h.UpID)
			return nil
		})
	}
}

func unless(named bool, upID string) string {
	if named {
		return ""
	}
	return upID
}

func toggle(list []string, s string) []string {
	if i := slices.Index(list, s); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return append(slices.Clone(list), s)
}

func (gtldWorld) info(cmd *epp.Command) *epp.Command {
	switch q := cmd.Request.(type) {
	case *domain.Create:
		return &epp.Command{Request: &domain.Info{Name: q.Name}}
	case *domain.Delete:
		return &epp.Command{Request: &domain.Info{Name: q.Name}}
	case *domain.Renew:
		return &epp.Command{Request: &domain.Info{Name: q.Name}}
	case *domain.Update:
		return &epp.Command{Request: &domain.Info{Name: q.Name}}
	case *domain.Transfer:
		return &epp.Command{Request: &domain.Info{Name: q.Name}}
	case *contact.Create:
		return &epp.Command{Request: &contact.Info{ID: q.ID}}
	case *contact.Delete:
		return &epp.Command{Request: &contact.Info{ID: q.ID}}
	case *contact.Update:
		return &epp.Command{Request: &contact.Info{ID: q.ID}}
	case *contact.Transfer:
		return &epp.Command{Request: &contact.Info{ID: q.ID}}
	case *host.Create:
		return &epp.Command{Request: &host.Info{Name: q.Name}}
	case *host.Delete:
		return &epp.Command{Request: &host.Info{Name: q.Name}}
	case *host.Update:
		return &epp.Command{Request: &host.Info{Name: q.Name}}
	}
	return nil
}
