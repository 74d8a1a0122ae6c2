package epp

// Types that the mappings of contacts (RFC 5733) and of organizations (RFC 8543) share.
// Their elements are in the namespace that uses them.

// E164 is a telephone number (RFC 5733, section 2.5).
type E164 struct {
	Number string  // as in "+1.7035555555", or ""
	X      *string // extension
}

// Fields walks the attribute and the number.
func (m *E164) Fields(x *Codec) {
	x.OptAttr("x", OptToken(&m.X))
	x.Text(Token(&m.Number))
	if x.checking() {
		x.Check(IsE164(Collapse(m.Number)), "", "is not a telephone number like +1.7035555555")
	}
}

// Addr is a postal address (RFC 5733, section 2.6).
type Addr struct {
	Street []string // at most three lines, each of which may be empty
	City   string
	SP     *string // state or province
	PC     *string // postal code
	CC     string  // two letters, as in ISO 3166-1
}

// Fields walks the content of <addr>.
func (m *Addr) Fields(x *Codec) {
	x.Lines("street", &m.Street)
	x.AtMost(len(m.Street), 3, "street")
	for _, line := range m.Street {
		x.StringLength("street", line, 0, 255)
	}
	PostalLine(x, "city", &m.City)
	OptPostalLine(x, "sp", &m.SP)
	if x.Opt("pc", OptToken(&m.PC)) {
		x.Length("pc", *m.PC, 0, 16)
	}
	x.Sized("cc", &m.CC, 2, 2)
}

// PostalLine is a child that must be there and is a line of 1 to 255 characters, in
// which white space counts (postalLineType).
func PostalLine(x *Codec, local string, v *string) {
	x.Elem(local, String(v))
	x.StringLength(local, *v, 1, 255)
}

// OptPostalLine is [PostalLine] for a child that may be absent or empty
// (optPostalLineType).
func OptPostalLine(x *Codec, local string, v **string) {
	if x.Opt(local, OptString(v)) {
		x.StringLength(local, **v, 0, 255)
	}
}

// PostalForm is the attribute type of <postalInfo>: int for one in ASCII, or loc
// (RFC 5733, section 2.6).
func PostalForm(x *Codec, v *string) {
	x.Attr("type", Token(v))
	x.Check(*v == "int" || *v == "loc", "@type", "must be int or loc")
}
