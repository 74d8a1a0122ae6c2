package openprovider

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/internal/httpcall"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// An AuthCode is the answer to the request for a code and to its reset.
type AuthCode struct {
	// Code is auth_code. It is "" where the code was mailed to the holder.
	Code    authcode.Secret
	Success bool
	Type    string // external or internal
	// DomainROID and EPPStatuses are of the reset alone.
	DomainROID  string
	EPPStatuses []string
	// Extra are further fields of the data.
	Extra map[string]json.RawMessage
	// Reply has code 393 where the system says by an error that the code was
	// mailed; nothing else is filled in then.
	Reply Reply

	asked authcode.Scope
}

// Outcome is what was handed over: an authcode.Code, or else an authcode.Sent.
func (a *AuthCode) Outcome() authcode.Outcome {
	if a.Code == "" {
		return authcode.Sent{To: []authcode.Recipient{authcode.Registrant}}
	}
	scope := authcode.Scope(a.Type)
	if scope != authcode.External && scope != authcode.Internal {
		scope = a.asked
	}
	return authcode.Code{Value: a.Code, Scope: scope}
}

// codeData is an AuthCode on the wire.
type codeData struct {
	AuthCode jsonwire.Exact `json:"auth_code"`
	Success  *boolean       `json:"success"`
	Type     string         `json:"type"`
}

func (d *codeData) complete() bool { return told(d.Success, d.AuthCode) }

// told reports whether an answer says who has the code. One that has a code and denies
// success does not.
func told(success *boolean, code jsonwire.Exact) bool {
	return success != nil && (success.is() || code == "")
}

// resetData is the answer to a reset on the wire.
type resetData struct {
	AuthCode    jsonwire.Exact `json:"auth_code"`
	DomainROID  string         `json:"domain_roid"`
	EPPStatuses []string       `json:"epp_statuses"`
	Success     *boolean       `json:"success"`
	Type        string         `json:"type"`
}

func (d *resetData) complete() bool { return told(d.Success, d.AuthCode) }

// resetRequest asks for a new code.
type resetRequest struct {
	AuthCodeType string    `json:"auth_code_type"`
	Domain       *nameData `json:"domain,omitempty"`
	ID           int32     `json:"id"`
}

// RequestAuthCode asks for the code of a domain: it is shown, or else the registry mails
// it to the holder. For that reason it is not repeated. The error is a Refused, also
// where success is false, or an *authcode.Error.
func (c *Client) RequestAuthCode(ctx context.Context, id int32, scope authcode.Scope) (*AuthCode, error) {
	var d codeData
	a, err := c.do(ctx, httpcall.Call{
		Op: "GET domains/authcode", Method: http.MethodGet,
		Path:  httpcall.Path("domains", idText(id), "authcode"),
		Query: url.Values{"auth_code_type": {string(scope.OrExternal())}},
	}, &d)
	return handedOver(a, err, &AuthCode{
		Code: authcode.Secret(d.AuthCode), Success: d.Success.is(), Type: d.Type, asked: scope.OrExternal(),
	})
}

// ResetAuthCode has a new code made, which ends the one before. domain is the name, to
// be sent along with the number; "" leaves it out. The error is as of RequestAuthCode.
func (c *Client) ResetAuthCode(ctx context.Context, id int32, domain string, scope authcode.Scope) (*AuthCode, error) {
	q := resetRequest{AuthCodeType: string(scope.OrExternal()), ID: id}
	if domain != "" {
		name := split(domain)
		q.Domain = &name
	}
	var d resetData
	a, err := c.do(ctx, httpcall.Call{
		Op: "POST domains/authcode/reset", Domain: domain, Method: http.MethodPost,
		Path: httpcall.Path("domains", idText(id), "authcode", "reset"),
		Body: jsonwire.Append(q),
	}, &d)
	return handedOver(a, err, &AuthCode{
		Code: authcode.Secret(d.AuthCode), Success: d.Success.is(), Type: d.Type, asked: scope.OrExternal(),
		DomainROID: d.DomainROID, EPPStatuses: d.EPPStatuses,
	})
}

// handedOver decides whether an answer hands over the code that its data hold.
func handedOver(a *answer, err error, data *AuthCode) (*AuthCode, error) {
	if no, refused := authcode.AsRefused(err); refused && no.Code == strconv.Itoa(codeSent) {
		return &AuthCode{Reply: Reply{Code: codeSent, Desc: no.Text}}, nil
	}
	if err != nil {
		return nil, err
	}
	if !data.Success {
		return nil, authcode.Refused{
			Class: authcode.Failed, Code: strconv.Itoa(a.Code), Text: a.Desc,
			HTTPStatus: a.status, Body: a.body,
		}
	}
	data.Extra, data.Reply = a.extra, a.Reply
	return data, nil
}
