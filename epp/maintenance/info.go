package maintenance

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Info asks for one maintenance event or for the list of them (RFC 9167, section
// 4.1.1): for the list when ID is nil.
type Info struct{ ID *ID }

// XMLName is maintenance:info.
func (*Info) XMLName() epp.Name { return epp.Name{Space: NS, Local: "info"} }

// Answer is maintenance:infData: of its fields, Item for one event and List for the
// list.
func (*Info) Answer() *InfData { return new(InfData) }

// Fields walks the content of <maintenance:info>.
func (m *Info) Fields(x *epp.Codec) {
	epp.Maybe(x, "id", &m.ID)
	if m.ID == nil {
		x.Group("list", x.IgnoreContent)
	}
}

// ID names a maintenance event.
type ID struct {
	ID   string // never changes
	Name string // for people; may be ""
	Lang string // of Name; "" is English
}

// Fields walks the attributes and the text.
func (m *ID) Fields(x *epp.Codec) {
	x.OptAttr("name", epp.Token(&m.Name))
	x.Lang(&m.Lang)
	x.Text(epp.Token(&m.ID))
}

// InfData tells of the list of events or of one: exactly one of its fields is there.
// A poll message holds an Item with a PollType.
type InfData struct {
	List *List
	Item *Item
}

// XMLName is maintenance:infData.
func (*InfData) XMLName() epp.Name { return epp.Name{Space: NS, Local: "infData"} }

// Fields walks the content of <maintenance:infData>.
func (m *InfData) Fields(x *epp.Codec) {
	epp.Maybe(x, "list", &m.List)
	epp.Maybe(x, "item", &m.Item)
	x.Check((m.List == nil) != (m.Item == nil), "", "must hold one of list and item")
}

// List is the events that the server knows of (RFC 9167, section 4.1.1.2), which may be
// none.
type List struct{ Items []ListItem }

// Fields walks the content of <maintenance:list>.
func (m *List) Fields(x *epp.Codec) { epp.Each(x, "listItem", &m.Items) }

// ListItem is an event in short.
type ListItem struct {
	ID             ID
	Start, End     time.Time
	CrDate, UpDate time.Time
}

// Fields walks the content of <maintenance:listItem>.
func (m *ListItem) Fields(x *epp.Codec) {
	epp.One(x, "id", &m.ID)
	x.Elem("start", epp.DateTime(&m.Start))
	x.Elem("end", epp.DateTime(&m.End))
	dates(x, &m.CrDate, &m.UpDate)
}

// dates walks when an event was made known, and when that was changed.
func dates(x *epp.Codec, crDate, upDate *time.Time) {
	x.Elem("crDate", epp.DateTime(crDate))
	x.Opt("upDate", epp.DateTime(upDate))
}
