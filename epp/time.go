package epp

import (
	"strings"
	"time"
)

type dateTime time.Time

func (v *dateTime) absent() bool { return time.Time(*v).IsZero() }

func (v *dateTime) append(dst []byte, _ bool) ([]byte, error) {
	if v.absent() {
		return dst, ErrMissing
	}
	t := time.Time(*v).UTC()
	y, m, d := t.Date()
	if y < 1 || y > 9999 {
		return dst, &RuleError{Reason: "a time before the year 1 or after the year 9999"}
	}
	where := time.Time(*v).Location()
	if where == dayOnly {
		return appendDate(dst, y, m, d), nil
	}
	if t.Nanosecond() != 0 {
		dst = t.AppendFormat(dst, "2006-01-02T15:04:05.999999999")
	} else {
		dst = append(appendDate(dst, y, m, d), 'T')
		hour, minute, sec := t.Clock()
		dst = append(appendTwo(dst, hour), ':')
		dst = append(appendTwo(dst, minute), ':')
		dst = appendTwo(dst, sec)
	}
	if where == unstated {
		return dst, nil
	}
	return append(dst, 'Z'), nil
}

func (v *dateTime) parse(s string) error {
	c := Collapse(s)
	t, ok := parseDateTime(c)
	if !ok {
		return &ValueError{Type: "a date and time", Text: s}
	}
	t = t.UTC()
	switch n := len(c); {
	case c[n-1] == 'Z', c[n-6] == '+', c[n-6] == '-' && c[n-3] == ':':
	case strings.Contains(c, "T"):
		t = t.In(unstated)
	default:
		t = t.In(dayOnly)
	}
	*v = dateTime(t)
	return nil
}

// The zones of a time for which none is given, and of a day in the place of a time.
// Where a time is says how it was written.
var unstated, dayOnly = time.FixedZone("no zone", 0), time.FixedZone("day", 0)

type date time.Time

func (v *date) absent() bool { return time.Time(*v).IsZero() }

func (v *date) append(dst []byte, _ bool) ([]byte, error) {
	if v.absent() {
		return dst, ErrMissing
	}
	y, m, d := time.Time(*v).Date() // the day that the caller sees
	if y < 1 || y > 9999 {
		return dst, &RuleError{Reason: "a date before the year 1 or after the year 9999"}
	}
	dst = appendDate(dst, y, m, d)
	// No zone of the world has a name with a colon, or of one letter.
	if name, _ := time.Time(*v).Zone(); name == "Z" || len(name) == 6 && name[3] == ':' {
		dst = append(dst, name...)
	}
	return dst, nil
}

func appendDate(dst []byte, year int, month time.Month, day int) []byte {
	dst = append(appendTwo(appendTwo(dst, year/100), year%100), '-')
	return appendTwo(append(appendTwo(dst, int(month)), '-'), day)
}

func appendTwo(dst []byte, n int) []byte {
	return append(dst, '0'+byte(n/10), '0'+byte(n%10))
}

func (v *date) parse(s string) error {
	c := Collapse(s)
	t, ok := parseDateTime(c)
	if !ok {
		return &ValueError{Type: "a date", Text: s}
	}
	y, m, d := t.Date()
	zone := time.UTC
	switch _, offset := t.Zone(); {
	case strings.Contains(c, "T"): // its zone is that of the time
	case strings.HasSuffix(c, "Z"):
		zone = time.FixedZone("Z", 0)
	case c[len(c)-3] == ':':
		zone = time.FixedZone(c[len(c)-6:], offset)
	}
	*v = date(time.Date(y, m, d, 0, 0, 0, 0, zone))
	return nil
}

// parseDateTime reads xs:dateTime and xs:date: years of four digits and more, any
// number of fractional digits (kept to the nanosecond), 24:00:00, offsets up to
// 14 hours (XML Schema part 2, 3.2.7 and 3.2.9).
func parseDateTime(s string) (time.Time, bool) {
	p := timeParser{s: s, ok: true}
	long := len(s) > 4 && s[0] == '0' && s[4] != '-' // 3.2.7.1: no leading zeros then
	year := p.digits(4, 6)
	p.expect('-')
	month := p.digits(2, 2)
	p.expect('-')
	day := p.digits(2, 2)
	var hour, minute, sec, nsec int
	if p.accept('T') {
		hour = p.digits(2, 2)
		p.expect(':')
		minute = p.digits(2, 2)
		p.expect(':')
		sec = p.digits(2, 2)
		if p.accept('.') {
			nsec = p.fraction()
		}
	}
	zone := time.UTC
	switch {
	case p.accept('Z'):
	case p.s != "":
		zone = p.offset()
	}
	endOfDay := hour == 24 && minute == 0 && sec == 0 && nsec == 0
	if !p.ok || long || p.s != "" || year == 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) ||
		hour > 23 && !endOfDay || minute > 59 || sec > 59 {
		return time.Time{}, false
	}
	return time.Date(year, time.Month(month), day, hour, minute, sec, nsec, zone), true
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

type timeParser struct {
	s  string
	ok bool
}

func (p *timeParser) accept(c byte) bool {
	if p.s == "" || p.s[0] != c {
		return false
	}
	p.s = p.s[1:]
	return true
}

func (p *timeParser) expect(c byte) { p.ok = p.accept(c) && p.ok }

func (p *timeParser) digits(least, most int) (n int) {
	i := 0
	for i < len(p.s) && i < most && p.s[i] >= '0' && p.s[i] <= '9' {
		n = n*10 + int(p.s[i]-'0')
		i++
	}
	p.ok = p.ok && i >= least
	p.s = p.s[i:]
	return n
}

func (p *timeParser) fraction() (nsec int) {
	n := strings.IndexFunc(p.s, func(r rune) bool { return r < '0' || r > '9' })
	if n < 0 {
		n = len(p.s)
	}
	p.ok = p.ok && n > 0
	for i := range 9 {
		nsec *= 10
		if i < n {
			nsec += int(p.s[i] - '0')
		}
	}
	p.s = p.s[n:]
	return nsec
}

func (p *timeParser) offset() *time.Location {
	sign := 1
	if p.accept('-') {
		sign = -1
	} else {
		p.expect('+')
	}
	h := p.digits(2, 2)
	p.expect(':')
	m := p.digits(2, 2)
	p.ok = p.ok && m < 60 && h*60+m <= 14*60
	return time.FixedZone("", sign*(h*3600+m*60))
}
