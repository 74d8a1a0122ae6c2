package registry

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// An Amount is money in hundredths of the currency's unit.
type Amount int64

// ParseAmount reads a decimal number with at most two decimals.
func ParseAmount(s string) (Amount, error) {
	digits, negative := strings.CutPrefix(s, "-")
	units, cents, dot := strings.Cut(digits, ".")
	for dot && len(cents) < 2 {
		cents += "0"
	}
	if !dot {
		cents = "00"
	}
	n, err := strconv.ParseUint(units+cents, 10, 62)
	if err != nil || units == "" || len(cents) != 2 {
		return 0, fmt.Errorf("%q is not an amount with at most two decimals", s)
	}
	if negative {
		return -Amount(n), nil
	}
	return Amount(n), nil
}

// String writes the amount with two decimals, as in "41375.50".
func (a Amount) String() string {
	sign := ""
	if a < 0 {
		sign, a = "-", -a
	}
	return fmt.Sprintf("%s%d.%02d", sign, a/100, a%100)
}

// digits counts the digits that an answer cannot do without, as xs:totalDigits does.
func (a Amount) digits() int {
	whole, cents, _ := strings.Cut(strings.TrimLeft(a.String(), "-0"), ".")
	return len(whole) + len(strings.TrimRight(cents, "0"))
}

// UnmarshalYAML reads the amount as it is written, so that no digit is lost to
// floating point.
func (a *Amount) UnmarshalYAML(n *yaml.Node) error {
	v, err := ParseAmount(n.Value)
	*a = v
	return err
}

// MarshalText writes the amount as String does.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what [ParseAmount] does.
func (a *Amount) UnmarshalText(b []byte) error {
	v, err := ParseAmount(string(b))
	*a = v
	return err
}
