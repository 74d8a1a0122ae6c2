package domain

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// Nothing in this module converts a name by itself: these functions are for where
// names come in from people and go out to them.

// names is how names are mapped: as for a lookup (RFC 5891, section 5, and UTS 46), but
// with hyphens in any place inside a label, since such names are registered.
var names = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.BidiRule(),
	idna.CheckJoiners(true), idna.CheckHyphens(false),
)

// ToASCII returns the name that registries and the DNS use for a name as people write
// it: in lower case, and with an A-label, which begins with xn--, for each label that
// is not ASCII (RFC 5890, section 2.3.2.1). An error says why it is not a host name
// (RFC 1123, section 2.1). Which characters a registry takes is another question.
func ToASCII(name string) (string, error) {
	ascii, _, err := forms(name)
	return ascii, err
}

// ToUnicode returns a name as people read it: in lower case, and with a U-label for each
// A-label. An A-label that stands for nothing, or for what ToASCII would not have made,
// is an error; so is what ToASCII refuses.
func ToUnicode(name string) (string, error) {
	_, unicode, err := forms(name)
	return unicode, err
}

func forms(name string) (ascii, unicode string, err error) {
	if !utf8.ValidString(name) {
		return "", "", notName(name, errors.New("it is not UTF-8"))
	}
	ascii, err = names.ToASCII(name)
	if err == nil {
		unicode, err = names.ToUnicode(ascii)
	}
	if err == nil {
		err = checkLabels(ascii, unicode)
	}
	if err != nil {
		return "", "", notName(name, err)
	}
	return ascii, unicode, nil
}

func notName(name string, err error) error {
	return fmt.Errorf("domain: %q is not a domain name: %w", name, err)
}

// checkLabels holds a name to the limits of the DNS, and to the rule for hyphens, which
// a U-label keeps too (RFC 5891, section 4.2.3.1).
func checkLabels(ascii, unicode string) error {
	if len(ascii) > 253 {
		return errors.New("it has more than 253 characters")
	}
	for label := range strings.SplitSeq(ascii, ".") {
		switch {
		case label == "" && ascii != "" && strings.HasSuffix(ascii, "."):
			return errors.New("it ends with a dot, which EPP leaves out")
		case label == "":
			return errors.New("it has an empty label")
		case len(label) > 63:
			return fmt.Errorf("the label %q has more than 63 characters", label)
		}
	}
	for label := range strings.SplitSeq(unicode, ".") {
		if strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return fmt.Errorf("the label %q begins or ends with a hyphen", label)
		}
	}
	return nil
}
