package fred

import (
	"time"

	"github.com/eppkit/eppkit/epp"
)

// RequestFeeInfoData is the poll message about how many requests the client has sent in
// a period, beyond a number of which each costs something.
type RequestFeeInfoData struct {
	PeriodFrom     time.Time // when the period began
	PeriodTo       time.Time // until when the requests were counted
	TotalFreeCount uint64    // requests that cost nothing
	UsedCount      uint64    // requests sent in the period
	// Price is for the requests beyond the free ones: an amount as in
	// [ZoneCredit].
	Price string
}

// XMLName is fred:requestFeeInfoData.
func (*RequestFeeInfoData) XMLName() epp.Name {
	return epp.Name{Space: NS, Local: "requestFeeInfoData"}
}

// Fields walks the content of <fred:requestFeeInfoData>.
func (m *RequestFeeInfoData) Fields(x *epp.Codec) {
	x.Elem("periodFrom", epp.DateTime(&m.PeriodFrom))
	x.Elem("periodTo", epp.DateTime(&m.PeriodTo))
	x.Elem("totalFreeCount", epp.Uint(&m.TotalFreeCount))
	x.Elem("usedCount", epp.Uint(&m.UsedCount))
	amount(x, "price", &m.Price)
}
