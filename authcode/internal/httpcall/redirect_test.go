package httpcall_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// TestRedirect follows a redirect on the same host, and of a call that changes nothing.
func TestRedirect(t *testing.T) {
	const here = "api.example:80"
	for _, r := range []struct {
		to       string
		followed bool
	}{
		{"/there", true},
		{"there", true},
		{"http://api.example/there", true},
		{"//api.example/there", true},
		{"http://api.example:80/there", false}, // not worth a comparison that knows ports
		{"http://api.example:81/there", false},
		{"https://api.example/there", false},
		{"http://other.example/there", false},
		{"//other.example/there", false},
		{"http://sub.api.example/there", false},
		{"http://api.example.other.example/there", false},
		{"http://api.example@other.example/there", false},
		{"file:///etc/passwd", false},
	} {
		for _, status := range []string{"300", "301", "302", "303", "304", "307", "308"} {
			t.Run(status+" "+r.to, func(t *testing.T) {
				p := answering("HTTP/1.1 "+status+" Go\r\nLocation: "+r.to+empty, ok)
				q := safe
				q.Header = http.Header{"Authorization": {"Bearer s3cret"}}
				_, err := caller(t, p.client(t), authcode.HTTP{}).Do(t.Context(), q)
				for _, addr := range p.dialled {
					require.Equal(t, here, addr, "the credentials went elsewhere")
				}
				if r.followed && status != "300" && status != "304" {
					require.NoError(t, err)
					require.Equal(t, 2, p.count())
					require.Equal(t, "/there", p.requests[1].URL.Path)
					require.Equal(t, "Bearer s3cret", p.requests[1].Header.Get("Authorization"))
					return
				}
				require.ErrorContains(t, err, "redirect")
				require.False(t, authcode.OutcomeUnknown(err))
				require.Equal(t, 1, p.count())
			})
			t.Run(status+" unsafe "+r.to, func(t *testing.T) {
				p := answering("HTTP/1.1 "+status+" Go\r\nLocation: "+r.to+empty, ok)
				_, err := caller(t, p.client(t), authcode.HTTP{}).Do(t.Context(), unsafe)
				require.ErrorContains(t, err, "redirect")
				require.Equal(t, 1, p.count())
				require.Equal(t, status != "307" && status != "308", authcode.OutcomeUnknown(err))
			})
		}
	}
	t.Run("in a circle", func(t *testing.T) {
		p := answering("HTTP/1.1 302 Go\r\nLocation: /it" + empty)
		_, err := caller(t, p.client(t), authcode.HTTP{}).Do(t.Context(), safe)
		require.ErrorContains(t, err, "redirect")
		require.Equal(t, 4, p.count())
	})
	t.Run("to nowhere", func(t *testing.T) {
		p := answering("HTTP/1.1 302 Go" + empty)
		_, err := caller(t, p.client(t), authcode.HTTP{}).Do(t.Context(), safe)
		require.ErrorContains(t, err, "redirect")
	})
}

// TestClient leaves the http.Client that it was given as it was.
func TestClient(t *testing.T) {
	client := answering("HTTP/1.1 302 Go\r\nLocation: http://other.example/"+empty, ok).client(t)
	before := *client
	_, err := caller(t, client, authcode.HTTP{}).Do(t.Context(), safe)
	require.Error(t, err)
	require.Nil(t, client.CheckRedirect)
	require.Equal(t, before.Transport, client.Transport)
	resp, err := client.Get("http://api.example/")
	require.NoError(t, err)
	resp.Body.Close()
	require.Equal(t, 200, resp.StatusCode)
}
