package main

import (
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/changepoll"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/e164val"
	"github.com/eppkit/eppkit/epp/e164valex"
	"github.com/eppkit/eppkit/epp/fee"
	"github.com/eppkit/eppkit/epp/mark"
	"github.com/eppkit/eppkit/epp/verificationcode"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	"github.com/eppkit/eppkit/schemas"
)

// This file makes frames for the pages of namespaces whose examples print none.

// made is a frame with an element of a namespace; of one with an extension, the extension.
func (x *library) made(uri string) string {
	m := madeOf(uri)
	if m == nil {
		return ""
	}
	doc, err := epp.Append(nil, m)
	require.NoError(x.t, err)
	valid, err := schemas.For(x.set, schemas.Options{})
	require.NoError(x.t, err)
	require.NoError(x.t, valid.Validate(x.t.Context(), doc), "%s", doc)
	tree := etree.NewDocument()
	require.NoError(x.t, tree.ReadFromBytes(doc))
	if ext := tree.FindElement("//extension"); ext != nil {
		tree = etree.NewDocument()
		tree.SetRoot(ext.ChildElements()[0])
	}
	tree.Indent(2)
	s, err := tree.WriteToString()
	require.NoError(x.t, err)
	return strings.TrimSpace(s)
}

func madeOf(uri string) epp.Message {
	day := func(year int) time.Time { return time.Date(year, 2, 3, 0, 0, 0, 0, time.UTC) }
	switch uri {
	case epp.NS:
		return &epp.Command{Request: &epp.Poll{Op: epp.PollAck, MsgID: "40404"}, ClTRID: "EX-1"}
	case fredcontact.NS:
		return &epp.Command{ClTRID: "EX-1", Request: &fredcontact.Create{
			ID: "CID-SAUNA",
			PostalInfo: fredcontact.PostalInfo{
				Name: "Aino Löyly", Addr: &fredcontact.Addr{Street: []string{"Rantatie 7"}, City: "Kuopio", PC: new("70100"), CC: "FI"},
			},
			Email: []string{"aino@sauna.example"}, NotifyEmail: []string{"notes@sauna.example"},
		}}
	case changepoll.NS:
		return extends(&changepoll.ChangeData{
			State: changepoll.After, Operation: changepoll.Operation{Name: changepoll.Update}, Date: day(2031), SvTRID: "SV-77",
			Who: "the registry's lawyers", CaseID: &changepoll.CaseID{Type: changepoll.UDRP, ID: "D2031-0007"},
		})
	case mark.NS:
		return extends(&mark.Mark{Trademarks: []mark.Trademark{{
			ID: "00012-7", MarkName: "Löyly", Jurisdiction: "FI", Labels: []string{"loyly", "xn--lyly-5qa"},
			Holders:          []mark.Holder{{Entitlement: mark.HolderOwner, Org: "Sauna Oy", Addr: mark.Addr{Street: []string{"Rantatie 7"}, City: "Kuopio", CC: "FI"}}},
			GoodsAndServices: "steam", RegNum: "4711", RegDate: day(2029),
		}}})
	case e164valex.NS:
		return extends(&e164val.InfData{Inf: []e164val.Validation{{
			ID: "first", ValidationInfo: e164val.ValidationInfo{Info: &e164valex.SimpleVal{MethodID: "Letter", ExecutionDate: day(2031)}},
		}}})
	case verificationcode.NS:
		return extends(&verificationcode.InfData{
			Status: verificationcode.PendingCompliance,
			Profiles: []verificationcode.Profile{{
				Name: "sauna", Status: verificationcode.PendingCompliance,
				Missing: []verificationcode.MissingCode{{Type: "registrant", Due: day(2031)}},
			}},
		})
	}
	if v := slices.IndexFunc(fee.Extensions(), func(f epp.Extension) bool { return f.URI == uri }); v >= 0 {
		return &epp.Command{
			Request: &domain.Create{Name: "sauna.example", AuthInfo: new(epp.AuthInfo)},
			Extension: []epp.Element{
				&fee.Create{Version: fee.Version(v), Currency: "EUR", Fees: []fee.Fee{{Amount: "7.50"}}},
			},
		}
	}
	return nil
}

// extends is an answer with an extension.
func extends(e epp.Element) *epp.Response {
	return &epp.Response{
		Results: []epp.Result{{Code: epp.Success, Msg: epp.Text{Text: epp.Success.Text()}}}, Extension: []epp.Element{e},
		TrID: epp.TrID{SvTRID: "SV-1"},
	}
}
