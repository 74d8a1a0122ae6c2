package namestore

import "github.com/eppkit/eppkit/epp"

// NamestoreExt says which product a command or an answer is about.
type NamestoreExt struct {
	SubProduct string // as in "dotCOM"; 1 to 64 characters
}

// XMLName is namestoreExt:namestoreExt.
func (*NamestoreExt) XMLName() epp.Name { return epp.Name{Space: NS, Local: "namestoreExt"} }

// Fields walks the content of <namestoreExt:namestoreExt>.
func (m *NamestoreExt) Fields(x *epp.Codec) {
	x.Elem("subProduct", epp.Token(&m.SubProduct))
	x.Length("subProduct", m.SubProduct, 1, 64)
}

// NsExtErrData says in an answer that failed what is wrong with the product.
type NsExtErrData struct{ Msg Msg }

// XMLName is namestoreExt:nsExtErrData.
func (*NsExtErrData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "nsExtErrData"} }

// Fields walks the content of <namestoreExt:nsExtErrData>.
func (m *NsExtErrData) Fields(x *epp.Codec) { epp.One(x, "msg", &m.Msg) }

// Msg is a reason, as a number and in words.
type Msg struct {
	Code string // as in "1": there is no such product
	Lang string // "" is English
	Text string
}

// Fields walks the attributes and the words.
func (m *Msg) Fields(x *epp.Codec) {
	x.Attr("code", epp.Token(&m.Code))
	x.Lang(&m.Lang)
	x.Text(epp.String(&m.Text))
}
