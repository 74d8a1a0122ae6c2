package gtld

import (
	"fmt"
	"hash/crc32"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/launch"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/signedmark"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// marks holds the marks of a create against its label, and returns those that are told in
// an info (RFC 8334, section 3.3.1). A signed mark must be in force, and for the label.
// Whether the signature is right, and whether a code is, Options.VerifyMarks says; without
// it signatures are believed, and codes are not taken.
func (r *Registry) marks(o *op, name, label string, q *launch.Create) (kept string, err error) {
	verify := r.opts.VerifyMarks
	switch {
	case len(q.CodeMarks)+len(q.SignedMarks) == 0:
		return "", refuseLaunch(epp.RequiredParameterMissing, "create", "a signed mark is missing")
	case len(q.CodeMarks) > 0 && verify == nil:
		return "", refuseLaunch(epp.ParameterPolicyError, "codeMark", "the registry takes signed marks")
	}
	var list []epp.Element
	for _, e := range q.SignedMarks {
		m, err := r.signedMark(e)
		if err != nil {
			return "", err
		}
		if why := unfitMark(m, label, o.Now()); why != "" {
			return "", refuseMark(epp.ParameterPolicyError, e, why)
		}
		list = append(list, m.Mark)
	}
	for i := range q.CodeMarks {
		list = append(list, q.CodeMarks[i].Marks...)
	}
	if verify != nil {
		if err := verify(name, q); err != nil {
			return "", err
		}
	}
	return r.keepMarks(list)
}

// signedMark reads a signed mark in one of its two forms.
func (r *Registry) signedMark(e epp.Element) (*signedmark.SignedMark, error) {
	switch m := e.(type) {
	case *signedmark.SignedMark:
		return m, nil
	case *signedmark.EncodedSignedMark:
		s, err := m.SignedMark(r.Schema())
		if err != nil {
			return nil, refuseMark(epp.ParameterSyntaxError, e, "holds no signed mark that can be read")
		}
		return s, nil
	}
	return nil, refuseMark(epp.ParameterPolicyError, e, "is not of a kind that the registry knows")
}

// unfitMark says why a signed mark gives no right to a label at a time, or "" (RFC 7848,
// section 2.3).
func unfitMark(m *signedmark.SignedMark, label string, now time.Time) string {
	marks, ok := m.Mark.(*mark.Mark)
	switch {
	case !ok:
		return "holds a mark that the registry can't read"
	case m.Signature == nil:
		return "is not signed"
	case now.Before(m.NotBefore):
		return "is not valid yet"
	case !now.Before(m.NotAfter):
		return "has expired"
	case !slices.Contains(marked(marks, now), label):
		return "is for other labels"
	}
	return ""
}

// marked are the labels of marks that are in force, in lower case.
func marked(m *mark.Mark, now time.Time) []string {
	var list []string
	for _, t := range m.Trademarks {
		if t.ExDate.IsZero() || now.Before(t.ExDate) {
			list = append(list, t.Labels...)
		}
	}
	for _, t := range m.TreatiesOrStatutes {
		list = append(list, t.Labels...)
	}
	for _, c := range m.Courts {
		list = append(list, c.Labels...)
	}
	for i, l := range list {
		list[i] = lower(epp.Collapse(l))
	}
	return list
}

// keepMarks writes marks as a document, "" for none.
func (r *Registry) keepMarks(list []epp.Element) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	doc, err := r.Schema().Append(nil, &epp.Response{
		Results:   []epp.Result{{Code: epp.Success, Msg: epp.Text{Text: epp.Success.Text()}}},
		Extension: []epp.Element{&launch.InfData{Phase: launch.Phase{Phase: launch.Sunrise}, Marks: list}},
		TrID:      epp.TrID{SvTRID: "marks"},
	})
	if err != nil {
		return "", fmt.Errorf("gtld: marks can't be kept: %w", err)
	}
	return string(doc), nil
}

// readMarks reads what keepMarks wrote.
func (r *Registry) readMarks(kept string) ([]epp.Element, error) {
	if kept == "" {
		return nil, nil
	}
	m, err := r.Schema().Parse([]byte(kept))
	if err != nil {
		return nil, fmt.Errorf("gtld: marks that were kept: %w", err)
	}
	return m.(*epp.Response).Extension[0].(*launch.InfData).Marks, nil
}

// acceptedFor is how long after it was accepted a notice of claims can be shown (RFC 9361).
const acceptedFor = 48 * time.Hour

// noticeForm is what ICANN's clearinghouse calls a notice: a checksum of four octets, and a
// number.
var noticeForm = regexp.MustCompile(`^([0-9a-f]{8})([0-9]{1,19})$`)

// noticed refuses a create for a label that is claimed unless a notice of the claims was
// accepted (RFC 8334, section 3.3.2).
func noticed(now time.Time, label string, list []launch.Notice) error {
	if len(list) == 0 {
		return refuseLaunch(epp.RequiredParameterMissing, "notice", "the label is claimed: see the claims check")
	}
	for _, n := range list {
		switch {
		case !noticeFits(n.NoticeID, label, n.NotAfter):
			return refuseLaunch(epp.ParameterPolicyError, "noticeID", "is not that of a notice for the label and the notAfter")
		case !now.Before(n.NotAfter):
			return refuseLaunch(epp.ParameterPolicyError, "notAfter", "the notice has expired")
		case n.AcceptedDate.After(now):
			return refuseLaunch(epp.ParameterPolicyError, "acceptedDate", "is in the future")
		case now.Sub(n.AcceptedDate) > acceptedFor:
			return refuseLaunch(epp.ParameterPolicyError, "acceptedDate", "is more than 48 hours ago")
		}
	}
	return nil
}

// noticeFits holds an identifier of ICANN's clearinghouse to its checksum, which is made of
// the label, the end of the notice in seconds and the number (RFC 9361). What
// others call a notice is theirs to know.
func noticeFits(id launch.NoticeID, label string, notAfter time.Time) bool {
	if id.ValidatorID != "" && id.ValidatorID != tmch {
		return true
	}
	m := noticeForm.FindStringSubmatch(epp.Collapse(id.ID))
	if m == nil {
		return false
	}
	sum := crc32.ChecksumIEEE([]byte(label + strconv.FormatInt(notAfter.Unix(), 10) + m[2]))
	return m[1] == fmt.Sprintf("%08x", sum)
}

// refuseMark refuses a signed mark, and does not repeat it.
func refuseMark(code epp.Code, e epp.Element, why string) error {
	name := e.XMLName()
	return epp.Refuse(code, registry.Because(name.Space, name.Local, "", why))
}
