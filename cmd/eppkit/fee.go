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
		return func() (maker, error) {
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
	var names []string
	var period *epp.Period
	one(x, "fee-command", "ask what these `COMMANDS` cost, separated by commas: create, delete, renew, update, transfer, restore", &names,
		words(fee.CommandCreate, fee.CommandDelete, fee.CommandRenew, fee.CommandUpdate, fee.CommandTransfer, fee.CommandRestore))
	opt(x, "period", "what they cost for this `TIME`, as 2y", &period, parsePeriod)
	currencyFlag(x, &currency)
	x.needs("currency", "fee-command")
	x.needs("period", "fee-command")
	return func() (maker, error) {
		if !x.given("fee-command") {
			return nil, nil
		}
		return func(g *epp.Greeting) (epp.Element, error) {
			v, err := feeVersion(g)
			if err != nil {
				return nil, err
			}
			m := &fee.Check{Version: v, Currency: currency}
			for _, name := range names {
				m.Commands = append(m.Commands, fee.Command{Name: name, Period: period})
			}
			return m, nil
		}, nil
	}
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
