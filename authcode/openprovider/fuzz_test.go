package openprovider

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/gateway"
	"github.com/eppkit/eppkit/authcode/internal/jsonwire"
)

// FuzzAnswer: no answer makes the reader panic, and what it takes is written and read
// again as the same.
func FuzzAnswer(f *testing.F) {
	for _, doc := range []string{
		`{"code":0,"desc":"","data":{"auth_code":"a<\"𝛑","success":true,"type":"internal","domain_roid":"","epp_statuses":[""]}}`,
		`{"code":"0","desc":null,"data":{"id":"12","domain":{"name":"alpha","extension":"example"},"is_locked":0,"name_servers":[{"name":"n"}]},}`,
		`{"code":0,"data":{"results":[{"id":1},2],"total":"2"},"maintenance":1,"warnings":{}}`,
		`{"code":0,"data":{"token":"t","reseller_id":1,"status":"ACT"}}`,
		`{"code":320,"desc":"d","data":"e"}`,
		`{"code":1e3}`, `{"code":null}`, `[]`, `{"code":0,"data":"\ud800"}`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		e := readEnvelope(doc)
		if e == nil {
			return
		}
		_ = e.text()
		for _, v := range []payload{&codeData{}, &resetData{}, &domainData{}, &listData{}, &loginData{}, &lockData{}} {
			if _, err := e.read(v); err != nil {
				continue
			}
			again := reflect.New(reflect.TypeOf(v).Elem()).Interface().(payload)
			written := jsonwire.Append(response{Code: e.code(), Data: v})
			e2 := readEnvelope(written)
			require.NotNil(t, e2, "%s", written)
			_, err := e2.read(again)
			require.NoError(t, err, "%s", written)
			if _, list := v.(*listData); !list { // whose results are kept as they came
				require.Equal(t, normal(v), normal(again))
			}
			require.Equal(t, string(written), string(jsonwire.Append(response{Code: e.code(), Data: again})))
		}
		for _, status := range []int{200, 401, 404, 500, 503, 504} {
			no, refused := refusal(reply(status, doc), e, true, nil)
			require.Equal(t, refused, refused && no.Class != "")
		}
	})
}

// normal leaves out the difference between no list and an empty one.
func normal(v payload) payload {
	if d, ok := v.(*domainData); ok && len(d.NameServers) == 0 {
		d.NameServers = nil
	}
	return v
}

// FuzzHandler: no request makes the handler panic, and a domain of somebody else is
// never acted upon.
func FuzzHandler(f *testing.F) {
	f.Add("POST", "domains/7/authcode/reset", "", `{"auth_code_type":"internal","id":7,"domain":{"name":"alpha","extension":"example"}}`)
	f.Add("POST", "domains/7/authcode/reset", "", `{"domain":"alpha.example",}`)
	f.Add("PUT", "domains/7", "", `{"is_locked":"true"}`)
	f.Add("GET", "domains//7/authcode/", "auth_code_type=external", "")
	f.Add("GET", "domains", "full_name=%61lpha.example", "")
	f.Add("POST", "auth/login", "", `{"username":"u","password":"p"}`)
	accounts, err := gateway.NewAccounts([]gateway.Account{
		{Name: "a", User: "u", Secret: "p", Tokens: []authcode.Secret{"t"}, Domains: []gateway.Holding{{Name: "alpha.example", ID: 7}}},
		{Name: "b", User: "v", Secret: "q", Domains: []gateway.Holding{{Name: "beta.example", ID: 8}}},
	})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		g, err := gateway.New(gateway.Options{Provider: own{t}, Accounts: accounts})
		require.NoError(t, err)
		u := &url.URL{Scheme: "http", Host: "api.example", Path: "/v1beta/" + path, RawQuery: query}
		r, err := http.NewRequest(method, u.String(), strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("Authorization", "Bearer t")
		w := httptest.NewRecorder()
		NewHandler(g, HandlerOptions{}).ServeHTTP(w, r)
		require.NotEqual(t, http.StatusGatewayTimeout, w.Code, "it panicked, or lost an outcome")
		if method != http.MethodHead {
			e := readEnvelope(w.Body.Bytes())
			require.NotNil(t, e)
			require.Equal(t, w.Code == http.StatusOK, e.code() == 0)
		}
	})
}
