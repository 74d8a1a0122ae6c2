package gtld

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/idn"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// Why a name in another script is not available; at most 32 characters.
const (
	reasonALabel = "Not a valid A-label"
	reasonTable  = "Not of any IDN table"
)

// aLabel begins a label that stands for one in another script (RFC 5890, section 2.3.2.1).
const aLabel = "xn--"

// idns registers names in other scripts by the tables of the policy
// (draft-ietf-eppext-idnmap-02). A client need not name the table.
func (r *Registry) idns() *hooks {
	return &hooks{
		uri: idn.NS,
		check: func(o *op, name string) string {
			_, _, why := o.policy.idn(name, "")
			return why
		},
		create: createIDN,
		info: func(o *op, d *Domain) error {
			if d.IDN != nil {
				o.Extension = append(o.Extension, &idn.Data{Table: d.IDN.Table, UName: d.IDN.Uname})
			}
			return nil
		},
	}
}

// createIDN finds the table of a new domain, and holds what the client says of it to its
// name.
func createIDN(o *op, d *Domain) error {
	q, ok := extension[*idn.Data](o)
	if !ok {
		q = new(idn.Data)
	}
	if q.Table != "" && o.policy.table(q.Table) == nil {
		return refuseIDN(epp.ParameterPolicyError, "table", "there is no such table")
	}
	u, table, why := o.policy.idn(d.Name, q.Table)
	switch {
	case why == reasonALabel:
		return refuseDomain(epp.ParameterSyntaxError, "name", d.Name, why)
	case why != "" && q.Table != "":
		return refuseIDN(epp.ParameterPolicyError, "table", "does not have all characters of the name")
	case why != "":
		return refuseDomain(epp.ParameterPolicyError, "name", d.Name, why)
	}
	if q.UName != "" {
		if a, err := idna.Registration.ToASCII(epp.Collapse(q.UName)); err != nil || lower(a) != d.Name {
			return refuseIDN(epp.ParameterPolicyError, "uname", "is another name")
		}
	}
	if table != nil {
		d.IDN = &IDN{Table: table.Tag, Uname: strings.Clone(u)}
	}
	return nil
}

// idn finds the U-label form of a name and the table that it is of: the one with a tag, or
// for "" the first that has all its characters; nil for a name that needs none. why says
// what is wrong, or "".
func (p *Policy) idn(name, tag string) (u string, table *IDNTable, why string) {
	label, zone, _ := strings.Cut(name, ".")
	if !strings.HasPrefix(label, aLabel) {
		t := p.table(tag)
		if t != nil && !t.has(label) {
			return name, nil, reasonTable
		}
		return name, t, ""
	}
	u, err := idna.Registration.ToUnicode(label)
	if err != nil {
		return "", nil, reasonALabel
	}
	if a, err := idna.Registration.ToASCII(u); err != nil || a != label {
		return "", nil, reasonALabel
	}
	for i := range p.Names.IDN {
		if t := &p.Names.IDN[i]; strings.EqualFold(t.Tag, cmp.Or(tag, t.Tag)) && t.has(u) {
			return u + "." + zone, t, ""
		}
	}
	return "", nil, reasonTable
}

// table finds a table by its tag; nil where there is none.
func (p *Policy) table(tag string) *IDNTable {
	tag = epp.Collapse(tag)
	k := slices.IndexFunc(p.Names.IDN, func(t IDNTable) bool { return strings.EqualFold(t.Tag, tag) })
	if k < 0 {
		return nil
	}
	return &p.Names.IDN[k]
}

// has reports whether a label is of the table's characters.
func (t *IDNTable) has(label string) bool {
	return !strings.ContainsFunc(label, func(c rune) bool {
		switch {
		case c >= '0' && c <= '9' || c == '-':
			return false
		case c >= 'a' && c <= 'z':
			return t.OnlyOwn
		}
		return !t.own(c)
	})
}

// own reports whether a character is one of those that the table adds.
func (t *IDNTable) own(c rune) bool {
	list := []rune(t.Characters)
	for i := 0; i < len(list); i++ {
		if i+2 < len(list) && list[i+1] == '-' {
			if c >= list[i] && c <= list[i+2] {
				return true
			}
			i += 2
		} else if c == list[i] {
			return true
		}
	}
	return false
}

func refuseIDN(code epp.Code, local, why string) error {
	return epp.Refuse(code, registry.Because(idn.NS, local, "", why))
}
