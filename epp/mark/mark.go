package mark

import (
	"regexp"
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Mark is a prior right to a name: one or more marks, of one or more kinds. Its schema
// lets it hold none.
type Mark struct {
	Trademarks         []Trademark
	TreatiesOrStatutes []TreatyOrStatute
	Courts             []Court
}

// XMLName is mark:mark.
func (*Mark) XMLName() epp.Name { return epp.Name{Space: NS, Local: "mark"} }

// Fields walks the content of <mark:mark>.
func (m *Mark) Fields(x *epp.Codec) {
	epp.Each(x, "trademark", &m.Trademarks)
	epp.Each(x, "treatyOrStatute", &m.TreatiesOrStatutes)
	epp.Each(x, "court", &m.Courts)
}

// Trademark is a registered mark.
type Trademark struct {
	ID           string // of the mark, a hyphen, and that of who issued it
	MarkName     string
	Holders      []Holder // at least one
	Contacts     []Contact
	Jurisdiction string   // two letters, as in WIPO ST.3
	Classes      []int    // of the Nice classification
	Labels       []string // A-labels that stand for MarkName
	// GoodsAndServices is what the mark was registered for.
	GoodsAndServices string
	ApID             string    // of the application; "" is not stated
	ApDate           time.Time // of the application; zero is not stated
	RegNum           string
	RegDate          time.Time
	ExDate           time.Time // zero is not stated
}

// Fields walks the content of <mark:trademark>.
func (m *Trademark) Fields(x *epp.Codec) {
	id(x, &m.ID)
	x.Elem("markName", epp.Token(&m.MarkName))
	holders(x, &m.Holders)
	epp.Each(x, "contact", &m.Contacts)
	country(x, "jurisdiction", &m.Jurisdiction)
	epp.ListOf(x, "class", &m.Classes, epp.Int)
	labels(x, &m.Labels)
	x.Elem("goodsAndServices", epp.Token(&m.GoodsAndServices))
	x.Opt("apId", epp.Token(&m.ApID))
	x.Opt("apDate", epp.DateTime(&m.ApDate))
	x.Elem("regNum", epp.Token(&m.RegNum))
	x.Elem("regDate", epp.DateTime(&m.RegDate))
	x.Opt("exDate", epp.DateTime(&m.ExDate))
}

// TreatyOrStatute is a mark that a treaty or a law protects.
type TreatyOrStatute struct {
	ID               string // of the mark, a hyphen, and that of who issued it
	MarkName         string
	Holders          []Holder // at least one
	Contacts         []Contact
	Protections      []Protection // at least one
	Labels           []string     // A-labels that stand for MarkName
	GoodsAndServices string
	RefNum           string
	ProDate          time.Time // since when it is protected
	Title            string    // of the treaty or law
	ExecDate         time.Time // of the treaty or law
}

// Fields walks the content of <mark:treatyOrStatute>.
func (m *TreatyOrStatute) Fields(x *epp.Codec) {
	id(x, &m.ID)
	x.Elem("markName", epp.Token(&m.MarkName))
	holders(x, &m.Holders)
	epp.Each(x, "contact", &m.Contacts)
	epp.Each(x, "protection", &m.Protections)
	x.NotEmpty(len(m.Protections), "protection")
	labels(x, &m.Labels)
	x.Elem("goodsAndServices", epp.Token(&m.GoodsAndServices))
	x.Elem("refNum", epp.Token(&m.RefNum))
	x.Elem("proDate", epp.DateTime(&m.ProDate))
	x.Elem("title", epp.Token(&m.Title))
	x.Elem("execDate", epp.DateTime(&m.ExecDate))
}

// Protection is where a treaty or a law protects a mark.
type Protection struct {
	CC      string   // the country, two letters
	Region  string   // of the country; "" is all of it
	Rulings []string // countries in which the treaty or law holds, two letters each
}

// Fields walks the content of <mark:protection>.
func (m *Protection) Fields(x *epp.Codec) {
	country(x, "cc", &m.CC)
	x.Opt("region", epp.Token(&m.Region))
	x.SizedList("ruling", &m.Rulings, 2, 2)
}

// Court is a mark that a court has confirmed.
type Court struct {
	ID               string // of the mark, a hyphen, and that of who issued it
	MarkName         string
	Holders          []Holder // at least one
	Contacts         []Contact
	Labels           []string // A-labels that stand for MarkName
	GoodsAndServices string
	RefNum           string    // of the court's opinion
	ProDate          time.Time // since when it is protected
	CC               string    // where the court is, two letters
	Regions          []string  // of that country; none is all of it
	CourtName        string
}

// Fields walks the content of <mark:court>.
func (m *Court) Fields(x *epp.Codec) {
	id(x, &m.ID)
	x.Elem("markName", epp.Token(&m.MarkName))
	holders(x, &m.Holders)
	epp.Each(x, "contact", &m.Contacts)
	labels(x, &m.Labels)
	x.Elem("goodsAndServices", epp.Token(&m.GoodsAndServices))
	x.Elem("refNum", epp.Token(&m.RefNum))
	x.Elem("proDate", epp.DateTime(&m.ProDate))
	country(x, "cc", &m.CC)
	x.List("region", &m.Regions)
	x.Elem("courtName", epp.Token(&m.CourtName))
}

var (
	idForm    = regexp.MustCompile(`^\p{Nd}+-\p{Nd}+$`)
	labelForm = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$`)
)

// id is the child that names a mark (idType).
func id(x *epp.Codec, v *string) {
	x.Elem("id", epp.Token(v))
	x.Check(idForm.MatchString(epp.Collapse(*v)), "id", "is not two numbers with a hyphen between them")
}

func holders(x *epp.Codec, v *[]Holder) {
	epp.Each(x, "holder", v)
	x.NotEmpty(len(*v), "holder")
}

// labels are children that are labels of the DNS (labelType).
func labels(x *epp.Codec, v *[]string) {
	x.List("label", v)
	for _, label := range *v {
		x.Length("label", label, 1, 63)
		x.Check(labelForm.MatchString(epp.Collapse(label)), "label", "is not a label of the DNS")
	}
}

// country is a child that is the code of a country (ccType).
func country(x *epp.Codec, local string, v *string) {
	x.Sized(local, v, 2, 2)
}
