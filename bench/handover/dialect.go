package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/mijndomeinreseller"
	"github.com/eppkit/eppkit/authcode/netim"
	"github.com/eppkit/eppkit/authcode/openprovider"
	"github.com/eppkit/eppkit/authcode/opensrs"
)

// The reseller's credentials.
const (
	user   = "BENCH1"
	secret = "tam-Secret-8"
	key    = "BENCH-01-0123456789012345678901234567890123456789012345678901234567890123"
	token  = "8d3f0c5a7b9e4162a0d4c6e8f1b35797"
)

// newGateway lets one reseller have all domains.
func newGateway(p authcode.Provider, o options) (*gateway.Gateway, error) {
	acc := gateway.Account{Name: "bench", User: user, Secret: secret, Key: key, Tokens: []authcode.Secret{token}}
	for i := range o.domains {
		acc.Domains = append(acc.Domains, gateway.Holding{Name: name(i), ID: int32(i + 1)})
	}
	accounts, err := gateway.NewAccounts([]gateway.Account{acc})
	if err != nil {
		return nil, err
	}
	return gateway.New(gateway.Options{Provider: p, Accounts: accounts})
}

// A dialect is an interface, and the request of it that is one hand-over.
type dialect struct {
	name    string
	handler func(*gateway.Gateway) http.Handler
	// request is for the i-th domain.
	request func(i int) rawRequest
	// good reports whether an answer hands the code over.
	good func(status int, body []byte) bool
}

// A rawRequest is what a client sends that has no use for ours.
type rawRequest struct {
	method, path string
	header       http.Header
	body         []byte
}

func bearer(secret, contentType string) http.Header {
	return http.Header{"Authorization": {"Bearer " + secret}, "Content-Type": {contentType}}
}

// says makes a good that wants status 200 and a part of the body.
func says(part string) func(int, []byte) bool {
	return func(status int, body []byte) bool {
		return status == http.StatusOK && bytes.Contains(body, []byte(part))
	}
}

// mijn is the dialect that is measured with every upstream: its one request has a code
// made, and shown or sent.
var mijn = dialect{
	name: "mijndomeinreseller",
	handler: func(g *gateway.Gateway) http.Handler {
		return mijndomeinreseller.NewHandler(g, mijndomeinreseller.HandlerOptions{})
	},
	request: func(i int) rawRequest {
		return rawRequest{
			method: http.MethodPost, path: "/v2/domains/" + name(i) + "/auth_code",
			header: bearer(key, "application/json"),
		}
	},
	good: func(status int, body []byte) bool {
		return status == http.StatusNoContent ||
			status == http.StatusCreated && bytes.Contains(body, []byte(`"auth_code"`))
	},
}

var others = []dialect{
	{
		name:    "netim, a code for the reseller",
		handler: func(g *gateway.Gateway) http.Handler { return netim.NewHandler(g, netim.HandlerOptions{}) },
		request: func(i int) rawRequest {
			return rawRequest{
				method: http.MethodPatch, path: "/1.0/domain/" + name(i) + "/authid/",
				header: bearer(token, "application/json"), body: []byte(`{"sendtoregistrant":0}`),
			}
		},
		good: says(`"Done"`),
	},
	{
		name: "openprovider, reset",
		handler: func(g *gateway.Gateway) http.Handler {
			return openprovider.NewHandler(g, openprovider.HandlerOptions{})
		},
		request: func(i int) rawRequest {
			return rawRequest{
				method: http.MethodPost, path: fmt.Sprintf("/v1beta/domains/%d/authcode/reset", i+1),
				header: bearer(token, "application/json"),
				body:   fmt.Appendf(nil, `{"auth_code_type":"external","id":%d}`, i+1),
			}
		},
		good: says(`"auth_code":"`),
	},
	{
		name:    "opensrs, modify",
		handler: func(g *gateway.Gateway) http.Handler { return opensrs.NewHandler(g, opensrs.HandlerOptions{}) },
		request: func(i int) rawRequest {
			body := []byte(strings.Replace(modify, "NAME", name(i), 1))
			return rawRequest{method: http.MethodPost, path: "/", body: body, header: http.Header{
				"Content-Type": {"text/xml"}, "X-Username": {user}, "X-Signature": {opensrs.Sign(body, secret)},
			}}
		},
		good: says(`<item key="response_code">200<`),
	},
}

// modify sets a code that its client chose.
const modify = `<?xml version="1.0" encoding="UTF-8"?>
<OPS_envelope><header><version>0.9</version></header><body><data_block><dt_assoc>
<item key="protocol">XCP</item><item key="action">MODIFY</item><item key="object">DOMAIN</item>
<item key="attributes"><dt_assoc><item key="domain">NAME</item><item key="data">domain_auth_info</item>
<item key="domain_auth_info">QmVuY2g-3xampl3_C0de.</item></dt_assoc></item>
</dt_assoc></data_block></body></OPS_envelope>`
