package openprovider

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// A Domain is what the system tells of a domain. FindDomain may leave more of it out
// than DomainInfo.
type Domain struct {
	ID   int32
	Name string // in canonical form
	// AuthCode and InternalAuthCode are "" where the system does not tell them.
	AuthCode, InternalAuthCode authcode.Secret
	Locked, Lockable           authcode.Truth
	Status                     string // as in ACT
	// The contacts' handles.
	Owner, Admin, Tech, Billing, Reseller string
	NameServers                           []NameServer
	// The dates as they came.
	Created, Activated, Changed, Expires, Renews string
	// Extra are further fields.
	Extra map[string]json.RawMessage
	Reply Reply // of DomainInfo alone
}

// A NameServer is one of a domain's.
type NameServer struct {
	Name string `json:"name"`
	IP   string `json:"ip,omitempty"`
	IP6  string `json:"ip6,omitempty"`
}

// nameData is a domain's name on the wire.
type nameData struct {
	Name      string `json:"name"`
	Extension string `json:"extension"`
}

// split takes a name apart. What the system calls an extension follows the first dot.
func split(domain string) nameData {
	name, extension, _ := strings.Cut(domain, ".")
	return nameData{name, extension}
}

// canonical is the name put together; "" where it is none.
func (d nameData) canonical() string {
	name, err := authcode.CanonicalDomain(d.Name + "." + d.Extension)
	if err != nil {
		return ""
	}
	return name
}

// domainData is a Domain on the wire.
type domainData struct {
	ID               jsonwire.Int   `json:"id"`
	Domain           nameData       `json:"domain"`
	AuthCode         jsonwire.Exact `json:"auth_code,omitempty"`
	InternalAuthCode jsonwire.Exact `json:"internal_auth_code,omitempty"`
	IsLocked         *boolean       `json:"is_locked,omitempty"`
	IsLockable       *boolean       `json:"is_lockable,omitempty"`
	Status           string         `json:"status,omitempty"`
	OwnerHandle      string         `json:"owner_handle,omitempty"`
	AdminHandle      string         `json:"admin_handle,omitempty"`
	TechHandle       string         `json:"tech_handle,omitempty"`
	BillingHandle    string         `json:"billing_handle,omitempty"`
	ResellerHandle   string         `json:"reseller_handle,omitempty"`
	NameServers      []NameServer   `json:"name_servers,omitempty"`
	CreationDate     string         `json:"creation_date,omitempty"`
	ActiveDate       string         `json:"active_date,omitempty"`
	LastChanged      string         `json:"last_changed,omitempty"`
	ExpirationDate   string         `json:"expiration_date,omitempty"`
	RenewalDate      string         `json:"renewal_date,omitempty"`
}

func (d *domainData) complete() bool {
	return d.ID > 0 && d.ID <= math.MaxInt32 && d.Domain.canonical() != ""
}

func (d *domainData) domain(extra map[string]json.RawMessage) *Domain {
	return &Domain{
		ID: int32(d.ID), Name: d.Domain.canonical(),
		AuthCode: authcode.Secret(d.AuthCode), InternalAuthCode: authcode.Secret(d.InternalAuthCode),
		Locked: d.IsLocked.truth(), Lockable: d.IsLockable.truth(), Status: d.Status,
		Owner: d.OwnerHandle, Admin: d.AdminHandle, Tech: d.TechHandle, Billing: d.BillingHandle,
		Reseller: d.ResellerHandle, NameServers: d.NameServers,
		Created: d.CreationDate, Activated: d.ActiveDate, Changed: d.LastChanged,
		Expires: d.ExpirationDate, Renews: d.RenewalDate, Extra: extra,
	}
}

// listData is the answer to a search on the wire.
type listData struct {
	Results []json.RawMessage `json:"results"`
	Total   *jsonwire.Int     `json:"total"`
}

// complete takes an answer without results for an empty one when it says that there
// are none.
func (d *listData) complete() bool { return d.Results != nil || d.Total != nil && *d.Total == 0 }

// deleted is the status of a domain that is gone, and listed still.
const deleted = "DEL"

// FindDomain looks for a domain of the account by its name. One that was deleted is
// found when there is no other of the name. The error is a Refused, of class NotYours
// where the account has no such domain, or an *authcode.Error.
func (c *Client) FindDomain(ctx context.Context, name string) (*Domain, error) {
	name, err := authcode.CanonicalDomain(name)
	if err != nil {
		return nil, err
	}
	q := httpcall.Call{
		Op: "GET domains", Domain: name, Method: http.MethodGet, Path: "/domains",
		Query: url.Values{"full_name": {name}}, Safe: true,
	}
	var list listData
	if _, err := c.do(ctx, q, &list); err != nil {
		return nil, err
	}
	var found *Domain
	garbled := false
	for _, doc := range list.Results {
		var d domainData
		extra, err := jsonwire.Unmarshal(doc, &d)
		if err != nil || !d.complete() {
			garbled = true
			continue
		}
		if d.Domain.canonical() == name && (found == nil || found.Status == deleted) {
			found = d.domain(extra)
		}
	}
	if found == nil && garbled {
		return nil, c.http.Error(q, nil, false, errData)
	}
	if found == nil {
		return nil, authcode.Refused{Class: authcode.NotYours, Text: "the account has no such domain"}
	}
	return found, nil
}

// DomainInfo tells about a domain. The error is a Refused or an *authcode.Error.
func (c *Client) DomainInfo(ctx context.Context, id int32) (*Domain, error) {
	var d domainData
	a, err := c.do(ctx, httpcall.Call{
		Op: "GET domains/id", Method: http.MethodGet,
		Path: httpcall.Path("domains", idText(id)), Safe: true,
	}, &d)
	if err != nil {
		return nil, err
	}
	it := d.domain(a.extra)
	it.Reply = a.Reply
	return it, nil
}

// infoOf is DomainInfo of a domain whose name is known.
func (c *Client) infoOf(ctx context.Context, id int32, name string) (*Domain, error) {
	d, err := c.DomainInfo(ctx, id)
	if err == nil && d.Name != name {
		return nil, &authcode.Error{System: c.http.System(), Op: "GET domains/id", Domain: name, Err: errOther}
	}
	return d, err
}

// Describe tells about a domain by its name.
func (c *Client) Describe(ctx context.Context, domain string) (authcode.Domain, error) {
	var it authcode.Domain
	err := c.named(ctx, domain, func(id int32, name string) error {
		d, err := c.infoOf(ctx, id, name)
		if err == nil {
			it = d.describe(c.zone)
		}
		return err
	})
	return it, err
}

func (d *Domain) describe(zone *time.Location) authcode.Domain {
	it := authcode.Domain{
		Name: d.Name, Locked: d.Locked, Lockable: d.Lockable, Registrant: d.Owner,
		Status: jsonwire.List(d.Status), Admin: jsonwire.List(d.Admin), Tech: jsonwire.List(d.Tech), Billing: jsonwire.List(d.Billing),
		Created: parseDate(d.Created, zone), Updated: parseDate(d.Changed, zone), Expires: parseDate(d.Expires, zone),
	}
	for _, ns := range d.NameServers {
		it.NS = append(it.NS, ns.Name)
	}
	return it
}

// parseDate reads a date; zero where there is none.
func parseDate(s string, zone *time.Location) time.Time {
	for _, layout := range []string{time.DateTime, time.DateOnly, time.RFC3339} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t
		}
	}
	return time.Time{}
}
