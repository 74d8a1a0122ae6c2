package fred

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred/enumval"
	"github.com/eppkit/eppkit/mockserver"
)

var (
	reasonNotENUM    = phrase{"Only an ENUM domain is validated", "Validují se jen domény ENUM"}
	reasonValidation = phrase{"The validation can't end on this day", "Validace nemůže skončit tohoto dne"}
)

// validExDate reports whether the validation of a domain can end on a day: after today,
// and within the zone's limit. The limit is counted from the end of the validation that
// the domain has, if that is near.
func (r *Registry) validExDate(z *Zone, day, current, today time.Time) bool {
	from := today
	if !current.IsZero() && !today.Before(current.AddDate(0, 0, -r.life.ValidationWindow)) && today.Before(current) {
		from = current
	}
	return day.After(today) && !day.After(addMonths(from, z.MaxValidation))
}

// refuseValExDate says that a day is not one on which a validation can end.
func refuseValExDate(x *mockserver.Exchange, code epp.Code, day time.Time, why phrase) error {
	f := refusal{lang: x.Session.Lang}
	f.addValExDate(day, why)
	return f.err(code)
}

func (f *refusal) addValExDate(day time.Time, why phrase) {
	text := ""
	if !day.IsZero() {
		text = day.Format(time.DateOnly)
	}
	f.add(enumval.NS, "valExDate", text, why)
}
