package gtld_test

import (
	"strings"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/mockserver"
)

const contactUpdate = "EPP_CONTACT_UPDATE_"

// rstContacts are the cases about contacts that are there.
func rstContacts() []rstCase {
	cases := []rstCase{
		{id: "epp-08", check: (*rstRun).contactAccess, wrong: []rstWrong{
			{codes: "_INFO_", deviate: func(p *plan) { p.fixtures.ContactRules.Open = true }},
			{codes: "_UPDATE_", deviate: lenient[*contact.Update](epp.AuthorizationError)},
		}},
		{
			id: "epp-09", check: (*rstRun).contactUpdates,
			wrong: append(wrongContactInfo(),
				rstWrong{codes: "_ACCEPTS_|" + rstSuccess, deviate: passing("<update>")},
				rstWrong{codes: rstFailure, deviate: answering("<update>", epp.StatusProhibitsOperation)},
				rstWrong{codes: "_NOT_1000", deviate: answering("<info>", epp.ObjectDoesNotExist)},
				rstWrong{codes: "_STATUS$", deviate: lying(`(<contact:status s=")client`, "${1}server")},
			),
		},
		{id: "epp-10", check: (*rstRun).contactDeletes, wrong: []rstWrong{
			{codes: "_NOT_1000", deviate: answering("<delete>", epp.StatusProhibitsOperation)},
			{codes: "_STILL_", deviate: around(func(*mockserver.Exchange, *contact.Delete, func() (epp.Element, error)) (epp.Element, error) {
				return nil, nil
			})},
		}},
	}
	for i := range cases {
		cases[i].skip = withoutContacts
	}
	return cases
}

// contact makes one with the least that it needs.
func (s *rstSession) contact(id string) {
	s.must(contactCommand("create", "<id>"+id+"</id>"+taavi+taaviMail+rstContactPW))
}

// contactAccess is epp-08.
func (r *rstRun) contactAccess() {
	s, other := r.thickOnes()
	for _, different := range []rstContact{nil, {"form": "loc"}} {
		c := newRSTContact(r.fresh(), different)
		s.must(c.create())
		other.rejects("EPP_CONTACT_INFO_RESPONSE_NOT_REJECTED", infoContact(c["id"], ""))
		other.rejects("EPP_CONTACT_UPDATE_RESPONSE_NOT_REJECTED", c.update())
		other.rejects("EPP_CONTACT_UPDATE_RESPONSE_NOT_REJECTED", alterContact(c["id"], "add", "clientDeleteProhibited"))
	}
}

// alterContact adds statuses to a contact, or removes them.
func alterContact(id, local string, status ...string) string {
	s := ""
	for _, st := range status {
		s += `<status s="` + st + `"/>`
	}
	return contactCommand("update", "<id>"+id+"</id><"+local+">"+s+"</"+local+">")
}

// contactUpdates is epp-09.
func (r *rstRun) contactUpdates() {
	s, _ := r.thickOnes()
	for _, form := range []string{"int", "loc"} {
		c := newRSTContact(r.fresh(), rstContact{"form": form})
		s.must(c.create())
		for _, bad := range append(badPostal[:len(badPostal):len(badPostal)],
			badContact{"INVALID_SP", "sp", []string{line256, "Häme"}},
			badContact{"INVALID_PC", "pc", []string{"12345678901234567", "701ää"}},
		) {
			for _, v := range bad.values {
				if form == "loc" && strings.ContainsFunc(v, func(c rune) bool { return c > 0x7f }) {
					continue // which is fine there
				}
				q := newRSTContact(c["id"], rstContact{"form": form, bad.el: v}).update()
				s.rejects(contactUpdate+"SERVER_ACCEPTS_"+bad.code, q)
			}
		}
		c.shown(s, contactUpdate)
		for _, different := range []rstContact{
			{"name": "Saara Niemi", "org": "Niemi ja Niemi Oy"},
			{"street": "Satamakatu 2", "city": "Oulu", "sp": "Pohjanmaa", "pc": "90100", "cc": "SE"},
			{"voice": "+46.701112233", "voiceX": "3", "fax": "+46.701112244", "faxX": "4"},
			{"email": "saara@niemi.example"},
		} {
			different["form"] = form
			c = newRSTContact(c["id"], different)
			if s.accepts(rstFailure, c.update()) {
				c.shown(s, contactUpdate)
			}
		}
		s.contactStatuses(c["id"])
	}
}

func (s *rstSession) contactStatuses(id string) {
	shown := func(want ...string) {
		a := s.do(infoContact(id, ""))
		if s.r.want(contactUpdate+"INFO_RESPONSE_NOT_1000", resultOf(a) == "1000", "%s", a.XML) {
			s.r.attrs(contactUpdate+"INFO_RESPONSE_MISSING_OR_INCORRECT_STATUS", a, "infData/status", "s", want...)
		}
	}
	all := []string{"clientDeleteProhibited", "clientTransferProhibited", "clientUpdateProhibited"}
	for _, status := range all {
		s.rejects(rstSuccess, alterContact(id, "rem", status))
		if !s.accepts(rstFailure, alterContact(id, "add", status)) {
			continue
		}
		shown(status)
		s.rejects(rstSuccess, alterContact(id, "add", status))
		s.accepts(rstFailure, alterContact(id, "rem", status))
		shown("ok")
	}
	if s.accepts(rstFailure, alterContact(id, "add", all...)) {
		shown(all...)
		s.rejects(rstSuccess, newRSTContact(id, nil).update())
		s.accepts(rstFailure, alterContact(id, "rem", "clientUpdateProhibited"))
		s.accepts(rstFailure, alterContact(id, "rem", all[:2]...))
		shown("ok")
	}
	for _, status := range []string{"ok", "linked", "serverDeleteProhibited", "pendingUpdate"} {
		s.rejects(rstSuccess, alterContact(id, "add", status))
	}
	for _, status := range []string{"", "clienthold", "clientHold", "ClientUpdateProhibited"} {
		s.rejects(contactUpdate+"SERVER_ACCEPTS_INVALID_STATUS_CODE", alterContact(id, "add", status))
	}
}

// contactDeletes is epp-10.
func (r *rstRun) contactDeletes() {
	s, _ := r.thickOnes()
	for range 2 {
		id := r.fresh()
		s.contact(id)
		a := s.do(contactCommand("delete", "<id>"+id+"</id>"))
		if s.r.want("EPP_CONTACT_DELETE_RESPONSE_NOT_1000_OR_1001", resultOf(a) == "1000" || resultOf(a) == "1001", "%s", a.XML) && resultOf(a) == "1000" {
			a := s.do(infoContact(id, ""))
			s.r.want("EPP_CONTACT_DELETE_OBJECT_STILL_EXISTS", resultOf(a) == "2303", "%s", a.XML)
		}
	}
}
