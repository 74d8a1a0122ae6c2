package authcode_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// TestStatus gives each class a status that is no success, and reads it as a class of
// the same kind.
func TestStatus(t *testing.T) {
	same := map[authcode.Class]authcode.Class{ // classes that share a status with another
		authcode.Denied: authcode.NotYours, authcode.Unset: authcode.Busy,
		authcode.NoCodes: authcode.Unsupported, authcode.Undeliverable: authcode.Failed,
	}
	for _, class := range authcode.Classes {
		status := class.HTTPStatus()
		require.NotEmpty(t, http.StatusText(status))
		if class != authcode.Invalid {
			require.NotEqual(t, http.StatusBadRequest, status, class)
		}
		got, refused := authcode.ClassOfStatus(status)
		require.True(t, refused, class)
		want := class
		if other, shared := same[class]; shared {
			want = other
		}
		require.Equal(t, want, got)
	}
	require.Equal(t, http.StatusBadRequest, authcode.Class("no class").HTTPStatus())

	for status := 100; status < 600; status++ {
		_, refused := authcode.ClassOfStatus(status)
		require.Equal(t, status/100 == 4 && status != 408 && status != 499 || status == 503, refused, status)
	}
	for status, want := range map[int]authcode.Class{
		400: authcode.Invalid, 401: authcode.Unauthorized, 403: authcode.NotYours, 404: authcode.NotFound, 405: authcode.Invalid,
		409: authcode.Busy, 418: authcode.Invalid, 422: authcode.Unsupported, 423: authcode.Locked, 424: authcode.Failed,
		429: authcode.RateLimited, 503: authcode.Unavailable,
	} {
		got, _ := authcode.ClassOfStatus(status)
		require.Equal(t, want, got, status)
	}
}
