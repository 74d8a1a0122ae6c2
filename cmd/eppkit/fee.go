package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/fee"
)

func feeURIs() (uris []string) {
	for _, e := range fee.Extensions() {
		uris = append(uris, e.URI)
	}
	return uris
}

// feeAddition is RFC 8748 and the drafts before it.
func feeAddition() addition {
	return addition{"gtld", feeURIs(), map[string]func(*fields) extender{
		"domain check": feeCheck,
		"domain create": feeOf(func(v fee.Version, currency string, fees []fee.Fee) epp.Element {
			return &fee.Create{Version: v, Currency: currency, Fees: fees}
		}),
		"domain renew": feeOf(func(v fee.Version, currency string, fees []fee.Fee) epp.Element {
			return &fee.Renew{Version: v, Currency: currency, Fees: fees}
		}),
		"domain transfer": feeOf(func(v fee.Version, currency string, fees []fee.Fee) epp.Element {
			return &fee.Transfer{Version: v, Currency: currency, Fees: fees}
		}),
		"domain update": feeOf(func(v fee.Version, currency string, fees []fee.Fee) epp.Element {
			return &fee.Update{Version: v, Currency: currency, Fees: fees}
		}),
	}}
}

// feeOf is for the commands that cost something.
func feeOf(extension func(fee.Version, string, []fee.Fee) epp.Element) func(*fields) extender {
	return func(x *fields) extender {
		var currency string
		var fees []fee.Fee
		each(x, "fee", "agree to pay this `AMOUNT`, as 10.00", &fees, amount)
		currencyFlag(x, &currency)
		x.needs("currency", "fee")
		return func([]string) (maker, error) {
			if !x.given("fee") {
				return nil, nil
			}
			return func(g *epp.Greeting) (epp.Element, error) {
				v, err := feeVersion(g)
				return extension(v, currency, fees), err
			}, nil
		}
	}
}

func feeCheck(x *fields) extender {
	var currency string
	var commands []fee.Command
	var period *epp.Period
	x.offer(one(x, "fee-command", "ask what these `COMMANDS` cost, as create=2y,restore: "+strings.Join(feeCommands, ", "), &commands, priced), feeCommands)
	opt(x, "period", "what those cost for this `TIME` that are without one of their own", &period, parsePeriod)
	currencyFlag(x, &currency)
	x.needs("currency", "fee-command")
	x.needs("period", "fee-command")
	return func(names []string) (maker, error) {
		if !x.given("fee-command") {
			return nil, nil
		}
		for i := range commands {
			if commands[i].Period == nil {
				commands[i].Period = period
			}
		}
		return func(g *epp.Greeting) (epp.Element, error) {
			v, err := feeVersion(g)
			if err != nil {
				return nil, err
			}
			return feeCheckOf(v, names, currency, commands)
		}, nil
	}
}

// feeCheckOf asks in the way of a version: the older ones have one command, and the
// oldest one for each object.
func feeCheckOf(v fee.Version, names []string, currency string, commands []fee.Command) (epp.Element, error) {
	if v == fee.V0_11 && len(commands) > 1 {
		return nil, usage("the registry speaks %s, in which --fee-command asks for one command", v)
	}
	if v <= fee.V0_11 {
		return &fee.Check{Version: v, Currency: currency, Commands: commands}, nil
	}
	m := &fee.Check{Version: v}
	for _, name := range names {
		for _, c := range commands {
			m.Objects = append(m.Objects, fee.Object{ObjID: fee.ObjID{ID: name}, Currency: currency, Command: c})
		}
	}
	return m, nil
}

var feeCommands = []string{
	fee.CommandCreate, fee.CommandDelete, fee.CommandRenew, fee.CommandUpdate, fee.CommandTransfer, fee.CommandRestore,
}

// priced reads commands, each maybe with a period: create=2y,restore.
func priced(s string) (list []fee.Command, err error) {
	for s := range strings.SplitSeq(s, ",") {
		name, time, has := strings.Cut(s, "=")
		if _, err := wordOf(feeCommands...)(name); err != nil {
			return nil, err
		}
		c := fee.Command{Name: name}
		if has {
			p, err := parsePeriod(time)
			if err != nil {
				return nil, err
			}
			c.Period = &p
		}
		list = append(list, c)
	}
	return list, nil
}

// feeVersion is the newest that the registry offers.
func feeVersion(g *epp.Greeting) (fee.Version, error) {
	if g == nil {
		return fee.V1_0, nil
	}
	for v := fee.V1_0; v.URI() != ""; v++ {
		if slices.Contains(g.ExtURI, v.URI()) {
			return v, nil
		}
	}
	return 0, usage("the registry offers no fees, in no version that eppkit knows")
}

func currencyFlag(x *fields, v *string) {
	one(x, "currency", "`CODE` of the currency, as EUR (default the registry's)", v, func(s string) (string, error) {
		if len(s) != 3 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return "", errors.New("it must be three capital letters")
		}
		return s, nil
	})
}

var money = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)

func amount(s string) (fee.Fee, error) {
	if !money.MatchString(s) {
		return fee.Fee{}, errors.New("it must be an amount as 10.00")
	}
	return fee.Fee{Amount: s}, nil
}
