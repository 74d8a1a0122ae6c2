package openprovider

import (
	"strings"
	"time"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpserve"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// The statuses of a domain are Openprovider's; the Provider's have other words.
const active = "ACT"

// sayable are the outcomes for which the interface has words.
const sayable = authcode.KindCode | authcode.KindSent

// request answers with the code, or has it sent to the holder: by the document the
// registry decides which.
func (h *handler) request(x *exchange, domain string) *httpserve.Answer {
	scope, ok := scopeOf(x.query.Get("auth_code_type"))
	if !ok {
		return h.refuse(errScope)
	}
	// An error is HandOver's too, which comes upon it and enters it in the audit.
	caps, err := h.g.Capabilities(x.Context(), x.who, domain)
	r := authcode.Request{Domain: domain, Verb: authcode.Retrieve, Scope: scope}
	send := authcode.Request{Domain: domain, Verb: authcode.Send, To: authcode.Registrant, Scope: scope}
	if err == nil && !caps.For(r).Any() && caps.For(send).Only(authcode.KindSent) {
		r = send
	}
	code, no := h.handOver(x, r)
	if no != nil {
		return no
	}
	return h.ok(code)
}

// reset answers with a new code, or says that it was sent.
func (h *handler) reset(x *exchange, domain string) *httpserve.Answer {
	q, ok := readReset(x.Body)
	if !ok {
		return h.refuse(errMalformed)
	}
	scope, ok := scopeOf(q.AuthCodeType)
	if !ok {
		return h.refuse(errScope)
	}
	if !h.same(x, domain, q.ID, q.Domain) {
		return h.refuse(errOtherDomain)
	}
	code, no := h.handOver(x, authcode.Request{Domain: domain, Verb: authcode.Regenerate, Scope: scope})
	if no != nil {
		return no
	}
	d := resetData{AuthCode: code.AuthCode, Success: code.Success, Type: code.Type, EPPStatuses: []string{""}}
	// The new code is there. It is not lost because nobody can tell more.
	if it, err := h.g.Describe(x.Context(), x.who, domain); err == nil {
		d.DomainROID = it.ROID
		if len(it.Status) > 0 {
			d.EPPStatuses = it.Status
		}
	}
	return h.ok(d)
}

// handOver carries out a request. One of the answers is nil.
func (h *handler) handOver(x *exchange, r authcode.Request) (*codeData, *httpserve.Answer) {
	out, err := h.g.HandOver(x.Context(), x.who, r, sayable)
	if err != nil {
		return nil, h.failure(err)
	}
	success := boolean(true)
	d := &codeData{Success: &success, Type: string(r.Scope)}
	switch out := out.(type) {
	case authcode.Refused:
		return nil, h.refuse(out)
	case authcode.Code:
		d.AuthCode, d.Type = jsonwire.Exact(out.Value), string(out.Scope.OrExternal())
	}
	return d, nil
}

var (
	errScope       = invalid("auth_code_type is external or internal")
	errOtherDomain = invalid("the body is about another domain than the path")
)

// same reports whether a body, as far as it says, is about the domain of the path.
func (h *handler) same(x *exchange, domain string, id jsonwire.Int, name nameBody) bool {
	return (id == 0 || int64(id) == int64(int32(id)) && h.g.Accounts().Domain(x.who.Account, int32(id)) == domain) &&
		(name.Name == "" && name.Extension == "" || name.canonical() == domain)
}

// scopeOf reads an auth_code_type.
func scopeOf(s string) (authcode.Scope, bool) {
	scope := authcode.Scope(s).OrExternal()
	return scope, scope == authcode.External || scope == authcode.Internal
}

// readReset reads the body of a reset, which may be empty.
func readReset(body []byte) (q resetBody, ok bool) {
	if len(strings.TrimSpace(string(body))) == 0 {
		return q, true
	}
	_, err := jsonwire.Unmarshal(body, &q)
	return q, err == nil
}

// resetBody is a resetRequest as clients send it.
type resetBody struct {
	AuthCodeType string       `json:"auth_code_type"`
	Domain       nameBody     `json:"domain"`
	ID           jsonwire.Int `json:"id"`
}

// nameBody is a name that is an object or a text.
type nameBody struct{ nameData }

// UnmarshalJSON reads both.
func (d *nameBody) UnmarshalJSON(doc []byte) error {
	if text, ok := textOf(doc); ok {
		d.nameData = split(text)
		return nil
	}
	_, err := jsonwire.Unmarshal(doc, &d.nameData)
	return err
}

// find answers with the domain of a name. Other searches can't be answered, for the
// account may have all domains below a suffix.
func (h *handler) find(x *exchange, _ string) *httpserve.Answer {
	full := x.query.Get("full_name")
	if full == "" {
		return h.refuse(authcode.Refused{Class: authcode.Unsupported, Text: "domains are found by full_name alone"})
	}
	name, err := authcode.CanonicalDomain(full)
	if err != nil {
		return h.failure(err)
	}
	none := listing{Results: []domainData{}}
	if holder := h.g.Accounts().Holder(name); holder == nil || holder.Name != x.who.Name {
		return h.ok(none)
	}
	d, err := h.describe(x, name)
	if no, refused := authcode.AsRefused(err); refused && (no.Class == authcode.NotFound || no.Class == authcode.NotYours) {
		return h.ok(none)
	}
	if err != nil {
		return h.failure(err)
	}
	return h.ok(listing{Results: []domainData{d}, Total: 1})
}

// listing is the answer to a search.
type listing struct {
	Results []domainData `json:"results"`
	Total   int          `json:"total"`
}

// show answers with what is known of a domain. It has the codes where reading them
// changes nothing and mails nobody.
func (h *handler) show(x *exchange, domain string) *httpserve.Answer {
	d, err := h.describe(x, domain)
	if err != nil {
		return h.failure(err)
	}
	caps, err := h.g.Capabilities(x.Context(), x.who, domain)
	if err != nil {
		return h.failure(err)
	}
	codes := map[authcode.Scope]jsonwire.Exact{}
	for _, scope := range []authcode.Scope{authcode.External, authcode.Internal} {
		r := authcode.Request{Domain: domain, Verb: authcode.Retrieve, Scope: scope}
		if able := caps.For(r); !able.Any() || able.SideEffects() {
			continue
		}
		out, err := h.g.HandOver(x.Context(), x.who, r, authcode.KindCode)
		if err != nil {
			return h.failure(err)
		}
		switch out := out.(type) {
		case authcode.Code:
			codes[scope] = jsonwire.Exact(out.Value)
		case authcode.Refused:
			if !silent(out.Class) {
				return h.refuse(out)
			}
		}
	}
	d.AuthCode, d.InternalAuthCode = codes[authcode.External], codes[authcode.Internal]
	return h.ok(d)
}

// silent says of which refusals to tell a code a domain's information is as good
// without. Others would make it look like that of a domain without a code.
func silent(class authcode.Class) bool {
	switch class {
	case authcode.Unset, authcode.NoCodes, authcode.Unsupported, authcode.Denied, authcode.Locked:
		return true
	}
	return false
}

// update sets the lock, and refuses to change anything else.
func (h *handler) update(x *exchange, domain string) *httpserve.Answer {
	var q updateBody
	extra, err := jsonwire.Unmarshal(x.Body, &q)
	switch {
	case err != nil:
		return h.refuse(errMalformed)
	case extra != nil:
		return h.refuse(authcode.Refused{Class: authcode.Unsupported, Text: "is_locked alone can be changed here"})
	case q.IsLocked == nil:
		return h.refuse(invalid("is_locked is missing"))
	case !h.same(x, domain, q.ID, q.Domain):
		return h.refuse(errOtherDomain)
	}
	if err := h.g.SetLock(x.Context(), x.who, domain, q.IsLocked.is()); err != nil {
		return h.failure(err)
	}
	return h.ok(lockData{Status: active})
}

// updateBody is a lockRequest as clients send it, some with the name and the number of
// the domain.
type updateBody struct {
	IsLocked *boolean     `json:"is_locked"`
	Domain   nameBody     `json:"domain"`
	ID       jsonwire.Int `json:"id"`
}

// describe is what the Provider tells of a domain, or at least its name and number.
func (h *handler) describe(x *exchange, domain string) (domainData, error) {
	id, err := h.g.Accounts().ID(x.who.Account, domain)
	if err != nil {
		return domainData{}, err
	}
	d := domainData{ID: jsonwire.Int(id), Domain: split(domain), Status: active}
	it, err := h.g.Describe(x.Context(), x.who, domain)
	if err != nil {
		return d, err
	}
	d.IsLocked, d.IsLockable = (*boolean)(jsonwire.FlagOf(it.Locked)), (*boolean)(jsonwire.FlagOf(it.Lockable))
	d.OwnerHandle, d.AdminHandle = it.Registrant, jsonwire.First(it.Admin)
	d.TechHandle, d.BillingHandle = jsonwire.First(it.Tech), jsonwire.First(it.Billing)
	d.CreationDate, d.LastChanged, d.ExpirationDate = date(it.Created), date(it.Updated), date(it.Expires)
	for _, ns := range it.NS {
		d.NameServers = append(d.NameServers, NameServer{Name: ns})
	}
	return d, nil
}

// date writes a time as parseDate reads it, in UTC.
func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateTime)
}
