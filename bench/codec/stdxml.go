package main

import (
	"encoding/xml"
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// The contender "encoding/xml" reads and writes structs with tags. They name the
// namespace of each element that begins one, as such structs are usually written.

type stdContender struct{}

type stdAnswer struct {
	XMLName xml.Name    `xml:"urn:ietf:params:xml:ns:epp-1.0 epp"`
	Results []stdResult `xml:"response>result"`
	Inf     *stdInfData `xml:"response>resData>infData"`
	Chk     *stdChkData `xml:"response>resData>chkData"`
	ClTRID  string      `xml:"response>trID>clTRID"`
	SvTRID  string      `xml:"response>trID>svTRID"`
}

type stdResult struct {
	Code int    `xml:"code,attr"`
	Msg  string `xml:"msg"`
}

type stdCheck struct {
	XMLName xml.Name         `xml:"urn:ietf:params:xml:ns:epp-1.0 epp"`
	Check   *stdCheckPayload `xml:"command>check>check"`
	ClTRID  string           `xml:"command>clTRID"`
}

type stdCheckPayload struct {
	XMLName xml.Name `xml:"urn:ietf:params:xml:ns:domain-1.0 check"`
	Names   []string `xml:"name"`
}

type stdChkData struct {
	XMLName xml.Name `xml:"urn:ietf:params:xml:ns:domain-1.0 chkData"`
	CD      []stdCD  `xml:"cd"`
}

type stdCD struct {
	Name struct {
		Avail bool   `xml:"avail,attr"`
		Name  string `xml:",chardata"`
	} `xml:"name"`
	Reason *struct {
		Lang string `xml:"lang,attr,omitempty"`
		Text string `xml:",chardata"`
	} `xml:"reason"`
}

type stdInfData struct {
	XMLName    xml.Name     `xml:"urn:ietf:params:xml:ns:domain-1.0 infData"`
	Name       string       `xml:"name"`
	ROID       string       `xml:"roid"`
	Status     []stdStatus  `xml:"status"`
	Registrant string       `xml:"registrant,omitempty"`
	Contacts   []stdContact `xml:"contact"`
	HostObj    []string     `xml:"ns>hostObj"`
	Hosts      []string     `xml:"host"`
	ClID       string       `xml:"clID"`
	CrID       string       `xml:"crID,omitempty"`
	CrDate     *time.Time   `xml:"crDate"`
	UpID       string       `xml:"upID,omitempty"`
	UpDate     *time.Time   `xml:"upDate"`
	ExDate     *time.Time   `xml:"exDate"`
	TrDate     *time.Time   `xml:"trDate"`
	PW         string       `xml:"authInfo>pw,omitempty"`
}

type stdStatus struct {
	S    string `xml:"s,attr"`
	Text string `xml:",chardata"`
}

type stdContact struct {
	Type string `xml:"type,attr,omitempty"`
	ID   string `xml:",chardata"`
}

func (stdContender) parseAnswer(doc []byte) (*stdAnswer, error) {
	m := new(stdAnswer)
	return m, xml.Unmarshal(doc, m)
}

func (stdContender) parseCommand(doc []byte) (*stdCheck, error) {
	m := new(stdCheck)
	return m, xml.Unmarshal(doc, m)
}

func (stdContender) build(dst []byte, v any) ([]byte, error) {
	w := appender{append(dst, xml.Header...)}
	err := xml.NewEncoder(&w).Encode(v)
	return w.buf, err
}

// stdOf converts an answer to an info, which is not measured.
func stdOf(m *epp.Response) *stdAnswer {
	inf := m.ResData[0].(*domain.InfData)
	a := &stdAnswer{ClTRID: m.TrID.ClTRID, SvTRID: m.TrID.SvTRID, Inf: &stdInfData{
		Name: inf.Name, ROID: inf.ROID, Registrant: inf.Registrant,
		HostObj: inf.NS.HostObj, Hosts: inf.Hosts, ClID: inf.ClID, CrID: inf.CrID, UpID: inf.UpID,
		CrDate: &inf.CrDate, UpDate: &inf.UpDate, ExDate: &inf.ExDate, TrDate: &inf.TrDate,
		PW: string(inf.AuthInfo.PW),
	}}
	for _, r := range m.Results {
		a.Results = append(a.Results, stdResult{Code: int(r.Code), Msg: r.Msg.Text})
	}
	for _, s := range inf.Status {
		a.Inf.Status = append(a.Inf.Status, stdStatus{S: s.S, Text: s.Text})
	}
	for _, c := range inf.Contacts {
		a.Inf.Contacts = append(a.Inf.Contacts, stdContact{Type: c.Type, ID: c.ID})
	}
	return a
}
