package netim

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A DomainInfo is what Netim tells of a domain (StructDomainInfo).
type DomainInfo struct {
	Domain string
	// The dates are days; zero where they are not told.
	DateCreate, DateExpiration                 time.Time
	DateMinRenew, DateMaxRenew, DateMaxRestore time.Time
	Status                                     string         // as in "ACTIVE, DELEGATED"
	IDOwner, IDAdmin, IDTech, IDBilling        string         // contacts
	DomainIsLock                               authcode.Truth // transfers are forbidden
	WhoisPrivacy, AutoRenew                    bool
	IsSigned, HasDNS4Service                   bool
	NS                                         []string
	AuthID                                     authcode.Secret            // the transfer code; "" for none
	Extra                                      map[string]json.RawMessage // DNSSEC, further fields, and dates that are none
}

type wireInfo struct {
	Domain         string         `json:"domain"`
	DateCreate     string         `json:"dateCreate"`
	DateExpiration string         `json:"dateExpiration"`
	DateMinRenew   string         `json:"dateMinRenew,omitempty"`
	DateMaxRenew   string         `json:"dateMaxRenew,omitempty"`
	DateMaxRestore string         `json:"dateMaxRestore,omitempty"`
	Status         string         `json:"status"`
	IDOwner        string         `json:"idOwner"`
	IDAdmin        string         `json:"idAdmin"`
	IDTech         string         `json:"idTech"`
	IDBilling      string         `json:"idBilling"`
	DomainIsLock   *jsonwire.Flag `json:"domainIsLock,omitempty"`
	WhoisPrivacy   *jsonwire.Flag `json:"whoisPrivacy,omitempty"`
	AutoRenew      *jsonwire.Flag `json:"autoRenew,omitempty"`
	IsSigned       *jsonwire.Flag `json:"IsSigned,omitempty"`
	HasDNS4Service *jsonwire.Flag `json:"HasDNS4Service,omitempty"`
	NS             []string       `json:"ns"`
	AuthID         jsonwire.Exact `json:"authID"`
}

// parseInfo reads what is told of a domain, given by its canonical name. Another
// domain's answer is an error: its code must not get into the wrong hands.
func parseInfo(doc []byte, domain string, loc *time.Location) (*DomainInfo, error) {
	var w wireInfo
	extra, err := jsonwire.Unmarshal(doc, &w)
	if err != nil {
		return nil, err
	}
	if name, err := authcode.CanonicalDomain(w.Domain); err != nil || name != domain {
		return nil, errOtherDomain
	}
	yes := func(f *jsonwire.Flag) bool { return f != nil && bool(*f) }
	info := &DomainInfo{
		Domain: w.Domain, Status: w.Status,
		IDOwner: w.IDOwner, IDAdmin: w.IDAdmin, IDTech: w.IDTech, IDBilling: w.IDBilling,
		DomainIsLock: w.DomainIsLock.Truth(), WhoisPrivacy: yes(w.WhoisPrivacy), AutoRenew: yes(w.AutoRenew),
		IsSigned: yes(w.IsSigned), HasDNS4Service: yes(w.HasDNS4Service),
		NS: w.NS, AuthID: authcode.Secret(w.AuthID), Extra: extra,
	}
	for _, d := range []struct {
		name, text string
		into       *time.Time
	}{
		{"dateCreate", w.DateCreate, &info.DateCreate},
		{"dateExpiration", w.DateExpiration, &info.DateExpiration},
		{"dateMinRenew", w.DateMinRenew, &info.DateMinRenew},
		{"dateMaxRenew", w.DateMaxRenew, &info.DateMaxRenew},
		{"dateMaxRestore", w.DateMaxRestore, &info.DateMaxRestore},
	} {
		*d.into = date(d.text, d.name, loc, &info.Extra)
	}
	return info, nil
}

// describe is the information in the common model. Nothing tells whether the lock can
// be changed.
func (i *DomainInfo) describe() authcode.Domain {
	return authcode.Domain{
		Name: i.Domain, Locked: i.DomainIsLock, Status: jsonwire.List(i.Status),
		Registrant: i.IDOwner, Admin: jsonwire.List(i.IDAdmin), Tech: jsonwire.List(i.IDTech), Billing: jsonwire.List(i.IDBilling),
		NS: i.NS, Created: i.DateCreate, Expires: i.DateExpiration,
	}
}

// wireInfoOf is a domain in the interface's words. What no Provider tells is left out.
func wireInfoOf(d authcode.Domain, code authcode.Secret, loc *time.Location) wireInfo {
	return wireInfo{
		Domain:     d.Name,
		DateCreate: formatTime(d.Created, dayLayout, loc), DateExpiration: formatTime(d.Expires, dayLayout, loc),
		Status:  strings.Join(d.Status, ", "),
		IDOwner: d.Registrant, IDAdmin: jsonwire.First(d.Admin), IDTech: jsonwire.First(d.Tech), IDBilling: jsonwire.First(d.Billing),
		DomainIsLock: jsonwire.FlagOf(d.Locked),
		NS:           append([]string{}, d.NS...), // never null
		AuthID:       jsonwire.Exact(code),
	}
}
