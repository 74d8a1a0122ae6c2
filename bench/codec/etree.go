package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/beevik/etree"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
)

// The contender "etree" reads the document into etree's tree and walks it into the
// typed values that eppkit's own codec fills, and makes a tree to write it. It
// compares namespaces by URI, and does not check what it does not look for.

type treeContender struct{}

func (treeContender) parseAnswer(doc []byte) (*epp.Response, error) {
	root, err := readTree(doc)
	if err != nil {
		return nil, err
	}
	m := &epp.Response{}
	r := child(root, epp.NS, "response")
	if r == nil {
		return nil, fmt.Errorf("no response")
	}
	for _, e := range r.ChildElements() {
		switch {
		case e.NamespaceURI() != epp.NS:
		case e.Tag == "result":
			code, err := strconv.Atoi(e.SelectAttrValue("code", ""))
			if err != nil {
				return nil, err
			}
			m.Results = append(m.Results, epp.Result{Code: epp.Code(code), Msg: epp.Text{Text: text(child(e, epp.NS, "msg"))}})
		case e.Tag == "resData":
			for _, d := range e.ChildElements() {
				switch {
				case d.NamespaceURI() != domain.NS:
				case d.Tag == "infData":
					inf, err := treeInfData(d)
					if err != nil {
						return nil, err
					}
					m.ResData = append(m.ResData, inf)
				case d.Tag == "chkData":
					m.ResData = append(m.ResData, treeChkData(d))
				}
			}
		case e.Tag == "trID":
			m.TrID = epp.TrID{ClTRID: text(child(e, epp.NS, "clTRID")), SvTRID: text(child(e, epp.NS, "svTRID"))}
		}
	}
	return m, nil
}

func (treeContender) parseCommand(doc []byte) (*epp.Command, error) {
	root, err := readTree(doc)
	if err != nil {
		return nil, err
	}
	c := child(root, epp.NS, "command")
	if c == nil {
		return nil, fmt.Errorf("no command")
	}
	m := &epp.Command{ClTRID: text(child(c, epp.NS, "clTRID"))}
	if verb := child(c, epp.NS, "check"); verb != nil {
		m.Verb = verb.Tag
		if q := child(verb, domain.NS, "check"); q != nil {
			chk := &domain.Check{}
			for _, e := range q.ChildElements() {
				if e.Tag == "name" && e.NamespaceURI() == domain.NS {
					chk.Names = append(chk.Names, text(e))
				}
			}
			m.Request = chk
		}
	}
	return m, nil
}

func readTree(doc []byte) (*etree.Element, error) {
	d := etree.NewDocument()
	if err := d.ReadFromBytes(doc); err != nil {
		return nil, err
	}
	root := d.Root()
	if root == nil || root.Tag != "epp" || root.NamespaceURI() != epp.NS {
		return nil, fmt.Errorf("the root is not epp")
	}
	return root, nil
}

func child(e *etree.Element, space, local string) *etree.Element {
	for _, c := range e.ChildElements() {
		if c.Tag == local && c.NamespaceURI() == space {
			return c
		}
	}
	return nil
}

func text(e *etree.Element) string {
	if e == nil {
		return ""
	}
	return epp.Collapse(e.Text())
}

func treeChkData(d *etree.Element) *domain.ChkData {
	m := &domain.ChkData{}
	for _, e := range d.ChildElements() {
		if e.Tag != "cd" || e.NamespaceURI() != domain.NS {
			continue
		}
		var cd domain.CD
		if n := child(e, domain.NS, "name"); n != nil {
			cd.Name = text(n)
			avail := n.SelectAttrValue("avail", "")
			cd.Avail = avail == "1" || avail == "true"
		}
		if r := child(e, domain.NS, "reason"); r != nil {
			cd.Reason = &epp.Reason{Lang: r.SelectAttrValue("lang", ""), Text: text(r)}
		}
		m.CD = append(m.CD, cd)
	}
	return m
}

func treeInfData(d *etree.Element) (*domain.InfData, error) {
	m := &domain.InfData{}
	var err error
	date := func(e *etree.Element) time.Time {
		t, failed := time.Parse(time.RFC3339, text(e))
		if failed != nil {
			err = failed
		}
		return t
	}
	for _, e := range d.ChildElements() {
		if e.NamespaceURI() != domain.NS {
			continue
		}
		switch e.Tag {
		case "name":
			m.Name = text(e)
		case "roid":
			m.ROID = text(e)
		case "status":
			m.Status = append(m.Status, epp.Status{S: e.SelectAttrValue("s", ""), Lang: e.SelectAttrValue("lang", ""), Text: e.Text()})
		case "registrant":
			m.Registrant = text(e)
		case "contact":
			m.Contacts = append(m.Contacts, domain.Contact{Type: e.SelectAttrValue("type", ""), ID: text(e)})
		case "ns":
			m.NS = &domain.NameServers{}
			for _, h := range e.ChildElements() {
				if h.Tag == "hostObj" && h.NamespaceURI() == domain.NS {
					m.NS.HostObj = append(m.NS.HostObj, text(h))
				}
			}
		case "host":
			m.Hosts = append(m.Hosts, text(e))
		case "clID":
			m.ClID = text(e)
		case "crID":
			m.CrID = text(e)
		case "crDate":
			m.CrDate = date(e)
		case "upID":
			m.UpID = text(e)
		case "upDate":
			m.UpDate = date(e)
		case "exDate":
			m.ExDate = date(e)
		case "trDate":
			m.TrDate = date(e)
		case "authInfo":
			m.AuthInfo = &epp.AuthInfo{PW: epp.Secret(text(child(e, domain.NS, "pw")))}
		}
	}
	return m, err
}

func (treeContender) buildCheck(dst []byte, q *domain.Check, clTRID string) ([]byte, error) {
	d, root := newTree()
	cmd := root.CreateElement("command")
	chk := cmd.CreateElement("check").CreateElement("domain:check")
	chk.CreateAttr("xmlns:domain", domain.NS)
	for _, n := range q.Names {
		chk.CreateElement("domain:name").SetText(n)
	}
	cmd.CreateElement("clTRID").SetText(clTRID)
	return writeTree(dst, d)
}

func (treeContender) buildInfo(dst []byte, m *epp.Response) ([]byte, error) {
	d, root := newTree()
	resp := root.CreateElement("response")
	for i := range m.Results {
		r := resp.CreateElement("result")
		r.CreateAttr("code", strconv.Itoa(int(m.Results[i].Code)))
		r.CreateElement("msg").SetText(m.Results[i].Msg.Text)
	}
	inf := m.ResData[0].(*domain.InfData)
	e := resp.CreateElement("resData").CreateElement("domain:infData")
	e.CreateAttr("xmlns:domain", domain.NS)
	put := func(in *etree.Element, local, s string) *etree.Element {
		c := in.CreateElement("domain:" + local)
		if s != "" {
			c.SetText(s)
		}
		return c
	}
	date := func(local string, t time.Time) { put(e, local, t.Format(time.RFC3339Nano)) }
	put(e, "name", inf.Name)
	put(e, "roid", inf.ROID)
	for _, s := range inf.Status {
		put(e, "status", s.Text).CreateAttr("s", s.S)
	}
	put(e, "registrant", inf.Registrant)
	for _, c := range inf.Contacts {
		put(e, "contact", c.ID).CreateAttr("type", c.Type)
	}
	ns := put(e, "ns", "")
	for _, h := range inf.NS.HostObj {
		put(ns, "hostObj", h)
	}
	for _, h := range inf.Hosts {
		put(e, "host", h)
	}
	put(e, "clID", inf.ClID)
	put(e, "crID", inf.CrID)
	date("crDate", inf.CrDate)
	put(e, "upID", inf.UpID)
	date("upDate", inf.UpDate)
	date("exDate", inf.ExDate)
	date("trDate", inf.TrDate)
	put(put(e, "authInfo", ""), "pw", string(inf.AuthInfo.PW))
	id := resp.CreateElement("trID")
	id.CreateElement("clTRID").SetText(m.TrID.ClTRID)
	id.CreateElement("svTRID").SetText(m.TrID.SvTRID)
	return writeTree(dst, d)
}

func newTree() (*etree.Document, *etree.Element) {
	d := etree.NewDocument()
	d.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := d.CreateElement("epp")
	root.CreateAttr("xmlns", epp.NS)
	return d, root
}

// appender is an io.Writer on a slice that is used again.
type appender struct{ buf []byte }

func (w *appender) Write(p []byte) (int, error) {
	w.buf = append(w.buf, p...)
	return len(p), nil
}

func writeTree(dst []byte, d *etree.Document) ([]byte, error) {
	w := appender{dst}
	_, err := d.WriteTo(&w)
	return w.buf, err
}
