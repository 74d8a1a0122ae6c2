package fee

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
)

// When a [Fee] is taken (RFC 8748, section 3.4.4).
const (
	Immediate = "immediate"
	Delayed   = "delayed"
)

// Fee is an amount that the client pays (RFC 8748, section 3.4).
type Fee struct {
	Amount      string // a decimal, 0 or more
	Description string // for people
	Lang        string // of the Description; "" is English. Since [V1_0Draft]
	// Refundable says whether it is given back when the object is deleted, within
	// the GracePeriod if there is one. Nil says nothing.
	Refundable  *bool
	GracePeriod string // an [epp.Duration]
	// Applied is Immediate, Delayed or "". Since [V0_6].
	Applied string
}

func (m *Fee) fields(x *walk) {
	description(x, &m.Description, &m.Lang)
	x.OptAttr("refundable", epp.Optional(&m.Refundable, epp.Bool))
	x.OptAttr("grace-period", epp.Duration(&m.GracePeriod))
	if x.place(applied, "@applied", m.Applied != "") && x.OptAttr("applied", epp.Token(&m.Applied)) {
		x.Check(m.Applied == Immediate || m.Applied == Delayed, "@applied", "must be immediate or delayed")
	}
	x.Text(epp.Decimal(&m.Amount))
	x.Check(!strings.HasPrefix(m.Amount, "-") || isZero(m.Amount), "", "must not be negative")
}

// Credit is an amount that the client is given.
type Credit struct {
	Amount      string // a decimal, 0 or less
	Description string // for people
	Lang        string // of the Description; "" is English. Since [V1_0Draft]
}

func (m *Credit) fields(x *walk) {
	description(x, &m.Description, &m.Lang)
	x.Text(epp.Decimal(&m.Amount))
	x.Check(strings.HasPrefix(m.Amount, "-") || isZero(m.Amount), "", "must not be more than 0")
}

func description(x *walk, text, lang *string) {
	x.OptAttr("description", epp.Exact(text))
	if x.place(feeLang, "@lang", *lang != "") {
		x.Lang(lang)
	}
}

// isZero is for a decimal.
func isZero(s string) bool { return !strings.ContainsAny(s, "123456789") }

// fees walks what is to be paid and what is given.
func fees(x *walk, f *[]Fee, c *[]Credit) {
	epp.EachFunc(x.Codec, "fee", f, func(m *Fee) { m.fields(x) })
	if x.place(credits, "credit", len(*c) > 0) {
		epp.EachFunc(x.Codec, "credit", c, func(m *Credit) { m.fields(x) })
	}
}

// currency walks the code of a currency.
func currency(x *walk, v *string, optional bool) {
	if optional && !x.Opt("currency", epp.Token(v)) {
		return
	}
	if !optional {
		x.Elem("currency", epp.Token(v))
	}
	x.Check(isCurrency(epp.Collapse(*v)), "currency", "must be three capital letters")
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Reason says why there is no answer.
type Reason struct {
	Text string
	Lang string // "" is English. Since [V0_21]
}

func (m *Reason) fields(x *walk) {
	if x.place(reasonLang, "@lang", m.Lang != "") {
		x.Lang(&m.Lang)
	}
	x.Text(epp.Token(&m.Text))
}

func reason(x *walk, v **Reason) {
	x.OptGroup("reason", *v != nil, func() {
		if *v == nil {
			*v = new(Reason)
		}
		(*v).fields(x)
	})
}
