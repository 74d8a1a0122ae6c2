package enumval

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// Update extends domain:update.
type Update struct{ Chg Chg }

// XMLName is enumval:update.
func (*Update) XMLName() epp.Name { return epp.Name{Space: NS, Local: "update"} }

// Fields walks the content of <enumval:update>.
func (m *Update) Fields(x *epp.Codec) { epp.One(x, "chg", &m.Chg) }

// Chg is what an [Update] replaces.
type Chg struct {
	ValExDate time.Time // the day on which the new validation expires
	Publish   *bool     // whether to list the domain in the directory; nil leaves it
}

// Fields walks the content of <enumval:chg>.
func (m *Chg) Fields(x *epp.Codec) { validation(x, &m.ValExDate, &m.Publish) }
