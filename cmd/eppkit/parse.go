package main

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/host"
	"github.com/eppkit/eppkit/epp/secdns"
)

// The errors of these functions say what a flag's value must be.

// some is nil for what nothing was given for.
func some[T any](v T) *T {
	if reflect.ValueOf(v).IsZero() {
		return nil
	}
	return &v
}

func text(s string) (string, error) { return s, nil }

func boolean(s string) (bool, error) {
	switch s {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, errors.New("it must be true or false")
}

func wordOf(words ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		if !slices.Contains(words, s) {
			return "", fmt.Errorf("it must be one of %s", strings.Join(words, ", "))
		}
		return s, nil
	}
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, errors.New("it must be a number")
	}
	return n, nil
}

func parsePeriod(s string) (epp.Period, error) {
	p := epp.Period{Unit: s[max(0, len(s)-1):]}
	n, err := strconv.Atoi(strings.TrimSuffix(s, p.Unit))
	if p.N = n; err != nil || n < 1 || n > 99 || p.Unit != epp.Years && p.Unit != epp.Months {
		return epp.Period{}, errors.New("it must be a number of years as in 2y, or of months as in 18m, from 1 to 99")
	}
	return p, nil
}

func day(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return t, errors.New("it must be a day as in 2031-04-15")
	}
	return t, nil
}

func moment(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return t, errors.New("it must be a time as in 2031-04-15T07:00:00Z")
	}
	return t, nil
}

// words are comma-separated ones of those that are known.
func words(known ...string) func(string) ([]string, error) {
	return func(s string) ([]string, error) {
		list := strings.Split(s, ",")
		for _, word := range list {
			if !slices.Contains(known, word) {
				return nil, fmt.Errorf("it must be one or several of %s", strings.Join(known, ","))
			}
		}
		return list, nil
	}
}

func hostAddr(s string) (host.Addr, error) {
	switch a, err := netip.ParseAddr(s); {
	case err != nil || a.Zone() != "":
		return host.Addr{}, fmt.Errorf("%q is no IP address", s)
	case a.Is4():
		return host.Addr{IP: host.V4, Addr: s}, nil
	}
	return host.Addr{IP: host.V6, Addr: s}, nil
}

// nameServer is a host and its addresses: HOST, HOST= or HOST=IP,IP.
type nameServer struct {
	host  string
	given bool // an equals sign
	addrs []host.Addr
}

func parseNameServer(s string) (ns nameServer, err error) {
	name, list, given := strings.Cut(s, "=")
	if name == "" {
		return ns, errors.New("it must be HOST or HOST=IP,IP")
	}
	if name, err = hostName(name); err != nil {
		return ns, err
	}
	ns = nameServer{host: name, given: given}
	if list == "" {
		return ns, nil
	}
	for s := range strings.SplitSeq(list, ",") {
		addr, err := hostAddr(s)
		if err != nil {
			return ns, err
		}
		ns.addrs = append(ns.addrs, addr)
	}
	return ns, nil
}

func status(s string) (epp.Status, error) {
	name, words, _ := strings.Cut(s, "=")
	if name == "" {
		return epp.Status{}, errors.New("it must be STATUS or STATUS=TEXT")
	}
	return epp.Status{S: name, Text: words}, nil
}

// cutPair reads KEY=VALUE, of which the value may be empty.
func cutPair(s string) (key, value string, err error) {
	key, value, ok := strings.Cut(s, "=")
	if key == "" || !ok {
		return "", "", errors.New("it must be NAME=VALUE")
	}
	return key, value, nil
}

// phone is a telephone number and, after an x, an extension.
func phone(s string) (contact.Phone, error) {
	number, x, has := strings.Cut(s, "x")
	if !epp.IsE164(number) || has && x == "" {
		return contact.Phone{}, errors.New("it must be a telephone number like +358.2555123, or +358.2555123x12 with an extension")
	}
	if !has {
		return contact.Phone{Number: number}, nil
	}
	return contact.Phone{Number: number, X: &x}, nil
}

func dsData(s string) (secdns.DSData, error) {
	n, digest, err := record(s)
	if err != nil {
		return secdns.DSData{}, fmt.Errorf("it must be KEYTAG ALG DIGESTTYPE DIGEST, as in a DS record: %w", err)
	}
	return secdns.DSData{KeyTag: n[0], Alg: n[1], DigestType: n[2], Digest: digest}, nil
}

func keyData(s string) (secdns.KeyData, error) {
	n, key, err := record(s)
	if err != nil {
		return secdns.KeyData{}, fmt.Errorf("it must be FLAGS PROTOCOL ALG PUBKEY, as in a DNSKEY record: %w", err)
	}
	return secdns.KeyData{Flags: n[0], Protocol: n[1], Alg: n[2], PubKey: key}, nil
}

// record reads three numbers and what may be in several parts, as zone files have it.
func record(s string) (n [3]int, rest string, err error) {
	parts := strings.Fields(s)
	if len(parts) < 4 {
		return n, "", errors.New("something is missing")
	}
	for i := range n {
		if n[i], err = number(parts[i]); err != nil {
			return n, "", fmt.Errorf("%q is no number", parts[i])
		}
	}
	return n, strings.Join(parts[3:], ""), nil
}
