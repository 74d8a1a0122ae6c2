package mockserver_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/secdns"
	cznic "github.com/eppkit/eppkit/fred"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/fred/extraaddr"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

var spring = time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC)

// saying is what a registrar says.
type saying struct {
	clID string
	q    epp.Element
	ext  []epp.Element
}

func says(clID string, q epp.Element, ext ...epp.Element) saying { return saying{clID, q, ext} }

// A talk is what two registrars say to a registry, and their passwords.
type talk struct {
	make      func() (mockserver.Registry, error)
	passwords map[string]epp.Secret
	sayings   []saying
	// hears is in what the registry says.
	hears []string
}

// answers has a client of ours hold the talk, and returns what it has understood. What has
// no order is sorted.
func (k talk) answers(t *testing.T, hostile *mockserver.Hostile) []string {
	t.Helper()
	reg, err := k.make()
	require.NoError(t, err)
	s := mockserver.StartTest(t, mockserver.Options{Registry: reg, Hostile: hostile})
	sessions := make(map[string]*client.Session)
	for clID, pw := range k.passwords {
		sessions[clID], err = client.Dial(t.Context(), s.Addr(), client.Options{
			Schema: reg.Schema(), TLS: s.ClientTLS(clID), Credentials: &client.Credentials{ClID: clID, PW: pw}, Pipeline: 1,
		})
		require.NoError(t, err)
		defer sessions[clID].Close()
	}
	var out []string
	for _, it := range k.sayings {
		r, err := sessions[it.clID].Exchange(t.Context(), &epp.Command{Request: it.q, Extension: it.ext})
		require.NoError(t, err, "%T", it.q)
		r.TrID = epp.TrID{SvTRID: "S-1"}
		doc, err := reg.Schema().Append(nil, r)
		require.NoError(t, err)
		lines := strings.Split(string(doc), "><")
		out = append(out, fmt.Sprintf("%T: %d %q", it.q, len(lines), slices.Sorted(slices.Values(lines))))
	}
	for _, c := range sessions {
		require.NoError(t, c.Logout(t.Context()))
	}
	return out
}

func gtldTalk() talk {
	const north, south = "reg-north", "reg-south"
	secret := &epp.AuthInfo{PW: "hostile-Secret7"}
	poll := &epp.Poll{Op: epp.PollReq}
	ds := secdns.DSData{KeyTag: 12345, Alg: 13, DigestType: 2, Digest: strings.Repeat("AB", 32)}
	return talk{
		make: func() (mockserver.Registry, error) {
			return gtld.New(gtld.Options{Options: registry.Options{Clock: registry.NewClock(spring), HashIterations: 1}})
		},
		passwords: map[string]epp.Secret{north: "north-Gate9", south: "south-Gate9"},
		hears:     []string{"contact:disclose", "secDNS:dsData", "rgp:rgpStatus", "domain:trnData", "host:addr", "2303"},
		sayings: []saying{
			says(north, &contact.Check{IDs: []string{"jr-1", "new-1", "kt-2"}}),
			says(north, &contact.Create{
				ID: "new-1", Email: "paivi@loyly.example", AuthInfo: secret, Voice: &contact.Phone{X: new("7"), Number: "+358.401234567"},
				PostalInfo: []contact.PostalInfo{
					{Type: "loc", Name: "Päivi Mäki", Addr: contact.Addr{Street: []string{"Rantatie 4", "B & C <7>"}, City: "Jyväskylä", CC: "FI"}},
					{Type: "int", Name: "Paivi Maki", Addr: contact.Addr{City: "Jyvaskyla", CC: "FI"}},
				},
				Disclose: &contact.Disclose{Name: []contact.IntLoc{"loc"}, Voice: true, Email: true},
			}),
			says(north, &contact.Update{ID: "new-1", Add: &contact.AddRem{Status: []epp.Status{{S: "clientDeleteProhibited", Lang: "fi", Text: "ei vielä"}}}}),
			says(north, &contact.Info{ID: "new-1"}),
			says(north, &contact.Info{ID: "jr-1"}),
			says(south, &contact.Transfer{Op: epp.TransferRequest, ID: "new-1", AuthInfo: secret}),
			says(north, &contact.Transfer{Op: epp.TransferApprove, ID: "new-1"}),
			says(south, &contact.Transfer{Op: epp.TransferQuery, ID: "new-1"}),
			says(north, &contact.Delete{ID: "nobody"}),

			says(north, &host.Check{Names: []string{"ns1.alpha.example", "ns9.alpha.example"}}),
			says(north, &host.Create{Name: "ns9.alpha.example", Addr: []host.Addr{{Addr: "192.0.2.9"}, {IP: "v6", Addr: "2001:db8::9"}}}),
			says(north, &host.Update{Name: "ns9.alpha.example", Add: &host.AddRem{Status: []epp.Status{{S: "clientUpdateProhibited"}}}}),
			says(north, &host.Info{Name: "ns9.alpha.example"}),
			says(north, &host.Delete{Name: "ns1.alpha.example"}),

			says(north, &domain.Check{Names: []string{"alpha.example", "fresh.example", "-bad.example", "c.example"}}),
			says(north, &domain.Create{
				Name: "fresh.example", Period: &epp.Period{N: 2, Unit: epp.Years}, Registrant: "jr-1", AuthInfo: secret,
				Contacts: []domain.Contact{{Type: "admin", ID: "kt-2"}, {Type: "tech", ID: "kt-2"}},
				NS:       &domain.NameServers{HostObj: []string{"ns1.alpha.example", "ns2.alpha.example"}},
			}, &secdns.Create{DSData: []secdns.DSData{ds}}),
			says(north, &domain.Update{Name: "fresh.example", Add: &domain.AddRem{Status: []epp.Status{{S: "clientHold", Lang: "en", Text: "<unpaid> & cold"}}}}),
			says(north, &domain.Info{Name: "fresh.example"}),
			says(north, &domain.Info{Name: "alpha.example", Hosts: domain.HostsDelegated}),
			says(north, &domain.Renew{Name: "fresh.example", CurExpDate: spring.AddDate(2, 0, 0), Period: &epp.Period{N: 1, Unit: epp.Years}}),
			says(south, &domain.Transfer{Op: epp.TransferRequest, Name: "fresh.example", AuthInfo: secret}),
			says(south, &domain.Transfer{Op: epp.TransferQuery, Name: "fresh.example"}),
			says(north, poll), says(north, &epp.Poll{Op: epp.PollAck, MsgID: "1"}), says(north, poll),
			says(north, &epp.Poll{Op: epp.PollAck, MsgID: "2"}), says(north, poll), says(south, poll),
			says(north, &domain.Transfer{Op: epp.TransferApprove, Name: "fresh.example"}),
			says(north, &domain.Delete{Name: "beta.example"}), says(north, &domain.Info{Name: "beta.example"}),
		},
	}
}

func fredTalk() talk {
	const north, south = "REG-MORAVA", "REG-SLEZSKO"
	const code = "own-choice-1"
	poll := &epp.Poll{Op: epp.PollReq}
	secret := epp.Secret(code)
	here := &fredcontact.Addr{Street: []string{"Horní 8", "vchod <B> & C"}, City: "Litomyšl", PC: new("57001"), CC: "CZ"}
	return talk{
		make: func() (mockserver.Registry, error) {
			return fred.New(fred.Options{
				Options: registry.Options{Clock: registry.NewClock(spring), HashIterations: 1}, MailingAddress: true,
				PartiallyDiscloseContactEmails: true,
			})
		},
		passwords: map[string]epp.Secret{north: "vinice-Sklep73", south: "halda-Vrch58"},
		hears: []string{
			"domain:trnData", "fred:item", "extra-addr:mailing", "enumval:valExDate", "contact:disclose", "domain:sendAuthInfoData",
			"nsset:addr", "keyset:pubKey", "2202", "contact:updateData",
		},
		sayings: []saying{
			says(north, &fredcontact.Check{IDs: []string{"CID-MYOWN", "CID-NEW", "CID-GONE"}}),
			says(north, &fredcontact.Create{
				ID: "CID-NEW", PostalInfo: fredcontact.PostalInfo{Name: "Sauna Novák", Addr: here},
				Email: []string{"a@sauna.example", "b@sauna.example"}, Disclose: &fredcontact.Disclose{Flag: true, Voice: true, Email: true},
				Ident: &fredcontact.Ident{Type: "op", Text: "AB 123"},
			}, &extraaddr.Create{Mailing: extraaddr.Mailing{Addr: extraaddr.Addr{Street: []string{"Dolní 1"}, City: "Brno", PC: "60200", CC: "CZ"}}}),
			says(north, &fredcontact.Update{ID: "CID-MYOWN", Chg: &fredcontact.Chg{Voice: new("+420.541123457")}}),
			says(south, &fredcontact.Info{ID: "CID-NEW"}),
			says(north, &nsset.Check{IDs: []string{"NID-NEW", "NID-MYNSSET"}}),
			says(north, &nsset.Create{
				ID: "NID-NEW", Techs: []string{"CID-NEW", "CID-TECH1"},
				NS: []nsset.NameServer{{Name: "ns1.sauna.cz", Addrs: []string{"194.0.12.1", "2001:678:f::1"}}, {Name: "ns2.sauna.example"}},
			}),
			says(north, &nsset.Update{ID: "NID-NEW", Chg: &nsset.Chg{ReportLevel: new(5), AuthInfo: &secret}}),
			says(south, &nsset.Info{ID: "NID-NEW"}),
			says(south, &nsset.Transfer{Op: epp.TransferRequest, ID: "NID-NEW", AuthInfo: code}),
			says(north, &keyset.Create{ID: "KID-NEW", Techs: []string{"CID-NEW"}, DNSKeys: []keyset.DNSKey{{Flags: 257, Protocol: 3, Alg: 13, PubKey: "c2F1bmE="}}}),
			says(south, &keyset.Info{ID: "KID-NEW"}),
			says(north, &keyset.Check{IDs: []string{"KID-NEW", "KID-X"}}),
			says(north, &keyset.Update{ID: "KID-NEW", Add: &keyset.AddRem{Techs: []string{"CID-TECH1"}}}),

			says(north, &freddomain.Check{Names: []string{"mydomain.cz", "sauna.cz", "zakazane.cz", "a.example"}}),
			says(north, &freddomain.Create{Name: "sauna.cz", Registrant: "CID-NEW", Admins: []string{"CID-TECH1", "CID-ADMIN1"}, Nsset: "NID-NEW", Keyset: "KID-NEW"}),
			says(north, &freddomain.Create{Name: "3.2.1.0.2.4.e164.arpa", Registrant: "CID-NEW"}, &enumval.Create{ValExDate: spring.AddDate(0, 2, 0), Publish: new(true)}),
			says(south, &freddomain.Info{Name: "3.2.1.0.2.4.e164.arpa"}),
			says(north, &freddomain.Update{Name: "sauna.cz", Chg: &freddomain.Chg{AuthInfo: &secret}}),
			says(south, &freddomain.Info{Name: "sauna.cz"}),
			says(south, &freddomain.Info{Name: "sauna.cz", AuthInfo: new(epp.Secret("wrong & <wrong>"))}),
			says(south, cznic.SendAuthInfo(&freddomain.SendAuthInfo{Name: "sauna.cz"})),
			says(south, &freddomain.Transfer{Op: epp.TransferRequest, Name: "sauna.cz", AuthInfo: code}),
			says(south, &freddomain.Renew{Name: "sauna.cz", CurExpDate: spring.AddDate(1, 0, 0)}),
			says(north, &fredcontact.Update{ID: "CID-NEW", Chg: &fredcontact.Chg{Fax: new("+420.541123458")}}),
			says(north, poll), says(north, &epp.Poll{Op: epp.PollAck, MsgID: "1"}),
			says(north, &epp.Poll{Op: epp.PollAck, MsgID: "2"}), says(north, poll),
			says(north, &epp.Poll{Op: epp.PollAck, MsgID: "3"}), says(north, poll), says(south, poll),
			says(north, &cznic.CreditInfo{}), says(north, &cznic.ListContacts{}), says(north, &cznic.GetResults{}), says(north, &cznic.GetResults{}),
			says(south, &freddomain.Delete{Name: "sauna.cz"}), says(south, &freddomain.Delete{Name: "sauna.cz"}),
		},
	}
}

// A client of ours says the same to a calm and to a hostile registry, with every command on
// every kind of object, and understands the same.
func TestHostileRegistries(t *testing.T) {
	seeds := uint64(12)
	if testing.Short() {
		seeds = 3
	}
	for name, k := range map[string]talk{"gtld": gtldTalk(), "fred": fredTalk()} {
		t.Run(name, func(t *testing.T) {
			calm := k.answers(t, nil)
			for _, s := range k.hears {
				require.True(t, strings.Contains(strings.Join(calm, " "), s), "nothing of %s", s)
			}
			for seed := range seeds {
				for i, got := range k.answers(t, &mockserver.Hostile{Seed: seed}) {
					require.Equal(t, calm[i], got, "seed %d", seed)
				}
			}
		})
	}
}
