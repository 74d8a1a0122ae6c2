package main

import (
	"github.com/eppkit/eppkit/fred/extraaddr"
)

// mailingAddition is CZ.NIC's extension for mailing addresses.
func mailingAddition() addition {
	return addition{"fred", []string{extraaddr.NS}, map[string]func(*fields) extender{
		"contact create": func(x *fields) extender {
			mailing := mailingFlags(x)
			return func([]string) (maker, error) {
				m, err := mailing()
				if m == nil {
					return nil, err
				}
				return always(&extraaddr.Create{Mailing: *m}), nil
			}
		},
		"contact update": func(x *fields) extender {
			mailing := mailingFlags(x)
			rem := false
			yes(x, "rem-mailing", "remove the mailing address", &rem)
			return func([]string) (maker, error) {
				m, err := mailing()
				switch {
				case err != nil:
					return nil, err
				case m != nil && rem:
					return nil, usage("--rem-mailing and a mailing address can't be used together")
				case m != nil:
					return always(&extraaddr.Update{Set: &extraaddr.Set{Mailing: *m}}), nil
				case rem:
					return always(&extraaddr.Update{Rem: &extraaddr.Rem{Mailing: true}}), nil
				}
				return nil, nil
			}
		},
	}}
}

// mailingFlags adds the flags of a mailing address. What it returns makes the address, or
// nil when none was given.
func mailingFlags(x *fields) func() (*extraaddr.Mailing, error) {
	p := &postal{x: x, prefix: "mailing-"}
	addrFlags(x, p.prefix, ", of the mailing address", &p.addr)
	return func() (*extraaddr.Mailing, error) {
		addr, err := p.whole("street", "city", "pc", "cc")
		if addr == nil || err != nil {
			return nil, err
		}
		m := &extraaddr.Mailing{Addr: extraaddr.Addr{Street: addr.Street, City: addr.City, PC: *addr.PC, CC: addr.CC}}
		if addr.SP != nil {
			m.Addr.SP = *addr.SP
		}
		return m, nil
	}
}
