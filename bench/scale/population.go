package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// The registrars, among whom the objects are dealt out.
const registrars = 10

func clID(n int) string { return fmt.Sprintf("reg-%d", n%registrars) }

const password = "metronome"

// began is the registry's time, which stands still.
var began = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// zone is where the domains are, and names of objects have eight digits.
const zone = "example"

func domainName(n int) string { return fmt.Sprintf("d%08d.%s", n, zone) }
func contactID(n int) string  { return fmt.Sprintf("C%08d", n) }
func hostName(n int) string   { return fmt.Sprintf("ns%08d.hosting.invalid", n) }
func contactsFor(n int) int   { return max(n/5, registrars) }
func hostsFor(n int) int      { return max(n/20, registrars) }
func statusOf(n int) []string { return [][]string{nil, {"clientTransferProhibited"}}[n%2] }
func created(n int) time.Time { return began.Add(-time.Duration(n%20_000) * time.Hour) }
func expires(n int) time.Time { return began.Add(time.Duration(1+n%8_000) * time.Hour) }
func object(kind string, n int) registry.Object {
	return registry.Object{
		ROID: fmt.Sprintf("%s%d-BENCH", kind, n), ClID: clID(n), CrID: clID(n / registrars), CrDate: created(n), Status: statusOf(n),
	}
}

// newRegistry makes a registry that has its registrars, and nothing else.
func newRegistry() (*gtld.Registry, error) {
	f := &gtld.Fixtures{Zones: []string{zone}}
	for n := range registrars {
		f.Registrars = append(f.Registrars, registry.Account{ClID: clID(n), Password: password, MaxSessions: 100_000})
	}
	return gtld.New(gtld.Options{Options: registry.Options{Clock: registry.NewClock(began)}, Fixtures: f})
}

// writePopulation writes a snapshot file of a registry with so many domains, each of
// which has three contacts and two hosts of a fifth and a twentieth as many.
func writePopulation(w io.Writer, domains int) error {
	empty, err := newRegistry()
	if err != nil {
		return err
	}
	var start bytes.Buffer
	if err := empty.WriteSnapshot(&start, ""); err != nil {
		return err
	}
	contacts, hosts := contactsFor(domains), hostsFor(domains)
	out := bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	first, rest, _ := strings.Cut(start.String(), "\n")
	var header map[string]any
	if err := json.Unmarshal([]byte(first), &header); err != nil {
		return err
	}
	header["records"] = strings.Count(rest, "\n") + contacts + hosts + domains
	if err := enc.Encode(header); err != nil {
		return err
	}
	if _, err := out.WriteString(rest); err != nil {
		return err
	}
	write := func(table string, r registry.Record) {
		if err == nil {
			err = enc.Encode(map[string]any{table: r})
		}
	}
	for n := range contacts {
		write(registry.Contact, &gtld.Contact{
			ID: contactID(n), Object: object("C", n),
			Postal: []gtld.Postal{{Type: "int", Name: fmt.Sprintf("Holder %d", n), Street: []string{fmt.Sprintf("Rantatie %d", n)}, City: "Oulu", PC: "90100", CC: "FI"}},
			Voice:  gtld.Phone{Number: "+358.401234567"}, Email: fmt.Sprintf("holder%d@kiuas.example", n), AuthInfo: "sundial-72",
		})
	}
	for n := range hosts {
		write(registry.Host, &gtld.Host{Name: hostName(n), Object: object("H", n), Addrs: []netip.Addr{netip.AddrFrom4([4]byte{192, 0, 2, byte(n)})}})
	}
	for n := range domains {
		write(registry.Domain, &gtld.Domain{
			Name: domainName(n), Object: object("D", n), Registrant: contactID(n % contacts),
			Contacts: []gtld.Link{{Type: "admin", ID: contactID(n % contacts)}, {Type: "tech", ID: contactID(n / 7 % contacts)}},
			NS:       []string{hostName(n % hosts), hostName((n + 1) % hosts)},
			ExDate:   expires(n), AuthInfo: registry.Kept(fmt.Sprintf("sundial-%d", n)),
		})
	}
	if err != nil {
		return err
	}
	return out.Flush()
}
