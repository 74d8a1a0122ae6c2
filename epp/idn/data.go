package idn

import "github.com/eppkit/eppkit/epp"

// Data says what the characters of a name are.
type Data struct {
	// Table is the registry's name of the table, such as the tag of a language or
	// a script.
	Table string
	// UName is the name in Unicode; "" leaves it to be derived from the A-labels.
	UName string
}

// XMLName is idn:data.
func (*Data) XMLName() epp.Name { return epp.Name{Space: NS, Local: "data"} }

// Fields walks the content of <idn:data>.
func (m *Data) Fields(x *epp.Codec) {
	x.Elem("table", epp.Token(&m.Table))
	x.NotBlank("table", m.Table)
	x.OptSized("uname", &m.UName, 1, 255)
}
