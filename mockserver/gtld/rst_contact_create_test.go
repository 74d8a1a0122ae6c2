package gtld_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

const contactCreate = "EPP_CONTACT_CREATE_"

// rstContactCreate is the case about making contacts.
func rstContactCreate() []rstCase {
	wrong := []rstWrong{
		{codes: "_ACCEPTS_", deviate: passing("<create>")},
		{codes: "_NOT_1000", deviate: answering("<info>", epp.ObjectDoesNotExist)},
	}
	return []rstCase{{
		id: "epp-07", skip: withoutContacts, check: (*rstRun).contactCreates,
		wrong: append(wrong, wrongContactInfo()...),
	}}
}

// wrongContactInfo are registries that tell of a contact what is not so, in one element
// each.
func wrongContactInfo() []rstWrong {
	list := []rstWrong{
		{codes: "_INCORRECT_POSTALINFO_TYPE$", deviate: lying(`type="loc"`, `type="int"`)},
		{codes: "_INCORRECT_VOICE_EXT$", deviate: lying(`<contact:voice x="[^"]*"`, `<contact:voice`)},
		{codes: "_INCORRECT_FAX_EXT$", deviate: lying(`<contact:fax x="[^"]*"`, `<contact:fax`)},
	}
	for local, other := range map[string]string{
		"id": "other-1", "name": "Somebody", "org": "Something", "street": "Somewhere", "city": "Sometown", "sp": "Someland",
		"pc": "1", "cc": "SE", "voice": "+46.1", "fax": "+46.1", "email": "somebody@some.example",
	} {
		list = append(list, rstWrong{
			codes:   "_INCORRECT_" + strings.ToUpper(local) + "$",
			deviate: lying(`(<contact:`+local+`(?: x="[^"]*")?>)[^<]*`, "${1}"+other),
		})
	}
	return list
}

// An rstContact is what a create says of one, by element: form is that of the postalInfo,
// voiceX and faxX are attributes, and a street has lines.
type rstContact map[string]string

const (
	rstSecret    = "Kiuas#84-Vihta!Loyly*27x" // worth what RFC 9154 wants
	rstContactPW = "<authInfo><pw>" + rstSecret + "</pw></authInfo>"
)

func newRSTContact(id string, different rstContact) rstContact {
	c := rstContact{
		"id": id, "form": "int", "name": "Ilmari Niemi", "org": "Niemi Oy", "street": "Rantatie 9\nB 4",
		"city": "Kuopio", "sp": "Savo", "pc": "70100", "cc": "FI",
		"voice": "+358.401112233", "voiceX": "21", "fax": "+358.401112244", "faxX": "22", "email": "ilmari@niemi.example",
	}
	maps.Copy(c, different)
	return c
}

func (c rstContact) create() string {
	return contactCommand("create", "<id>"+c["id"]+"</id>"+c.postal()+c.numbers()+"<email>"+c["email"]+"</email>"+rstContactPW)
}

// update is one that changes everything to what c is.
func (c rstContact) update() string {
	return contactCommand("update", "<id>"+c["id"]+"</id><chg>"+c.postal()+c.numbers()+"<email>"+c["email"]+"</email></chg>")
}

func (c rstContact) postal() string {
	street := strings.ReplaceAll(c["street"], "\n", "</street><street>")
	return `<postalInfo type="` + c["form"] + `"><name>` + c["name"] + `</name><org>` + c["org"] + `</org><addr><street>` + street +
		`</street><city>` + c["city"] + `</city><sp>` + c["sp"] + `</sp><pc>` + c["pc"] + `</pc><cc>` + c["cc"] + `</cc></addr></postalInfo>`
}

func (c rstContact) numbers() string {
	return `<voice x="` + c["voiceX"] + `">` + c["voice"] + `</voice><fax x="` + c["faxX"] + `">` + c["fax"] + `</fax>`
}

// shown wants an info to show the contact; prefix is that of the error codes.
func (c rstContact) shown(s *rstSession, prefix string) {
	a := s.do(infoContact(c["id"], ""))
	prefix += "INFO_RESPONSE_"
	if !s.r.want(prefix+"NOT_1000", resultOf(a) == "1000", "%s", a.XML) {
		return
	}
	prefix += "MISSING_OR_INCORRECT_"
	for _, el := range []string{"id", "name", "org", "street", "city", "sp", "pc", "cc", "voice", "fax", "email"} {
		s.r.shows(prefix+strings.ToUpper(el), a, "infData//"+el, strings.Split(c[el], "\n")...)
	}
	s.r.attrs(prefix+"POSTALINFO_TYPE", a, "postalInfo", "type", c["form"])
	s.r.attrs(prefix+"VOICE_EXT", a, "voice", "x", c["voiceX"])
	s.r.attrs(prefix+"FAX_EXT", a, "fax", "x", c["faxX"])
}

var (
	line256  = strings.Repeat("k", 256)
	badPhone = []string{"358.401112233", "+358401112233", "+358.", "+.40", "+3580.1", "+358.123456789012345", "+358.40a", "+0.1"}
)

// A badContact is what an element of a contact can't be; code is the end of the error code.
type badContact struct {
	code, el string
	values   []string
}

// badPostal is wrong in any command, badCreate in a create.
var (
	badPostal = []badContact{
		{"INVALID_POSTALINFO_TYPE", "form", []string{"", "INT", "local"}},
		{"INVALID_ORG", "org", []string{line256, "Löyly"}},
		{"INVALID_STREET", "street", []string{line256, "Mäkitie", "1\n2\n3\n4"}},
		{"INVALID_CITY", "city", []string{line256, "Jyväskylä"}},
		{"INVALID_CC", "cc", []string{"XX", "ZZ", "fi", "FIN", "F", "F1"}},
		{"INVALID_VOICE", "voice", badPhone},
		{"INVALID_FAX", "fax", badPhone},
		{"INVALID_EMAIL", "email", []string{
			"ilmari", "@niemi.example", "ilmari@", "ilmari niemi@niemi.example", "i@@niemi.example", "ilmari@niemi..example", ".i@niemi.example",
		}},
		{"EMPTY_NAME", "name", []string{"", " "}},
		{"EMPTY_CITY", "city", []string{"", " "}},
		{"EMPTY_CC", "cc", []string{""}},
	}
	badCreate = []badContact{
		{"INVALID_ID", "id", []string{"", "ab", "0123456789abcdefg"}},
		{"INVALID_NAME", "name", []string{line256, "Päivi"}},
		{"EMPTY_EMAIL", "email", []string{"", " "}},
		{"EMPTY_VOICE", "voice", []string{""}},
		{"EMPTY_FAX", "fax", []string{""}},
	}
)

// contactCreates is epp-07.
func (r *rstRun) contactCreates() {
	s, _ := r.thickOnes()
	for _, bad := range slices.Concat(badPostal, badCreate) {
		for _, v := range bad.values {
			c := newRSTContact(r.fresh(), rstContact{bad.el: v})
			s.rejects(contactCreate+"SERVER_ACCEPTS_"+bad.code, c.create())
		}
	}
	c := newRSTContact(r.fresh(), nil)
	twice := strings.Replace(c.create(), "<voice", c.postal()+"<voice", 1)
	s.rejects(contactCreate+"SERVER_ACCEPTS_INVALID_POSTALINFO_TYPE", twice)

	for _, different := range []rstContact{
		nil,
		{"form": "loc", "name": "Päivi Mäki", "org": "Löyly Oy", "street": "Mäkitie 1\nOvi 2\n3. kerros", "city": "Jyväskylä", "sp": "Häme"},
	} {
		c := newRSTContact(r.fresh(), different)
		s.must(c.create())
		c.shown(s, contactCreate)
	}
	s.contact(r.fresh()) // with the least that RFC 5733 asks for
}
