package authcode_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/authcode"
)

// TestNothingPrintsCodes: a code is seen by who asks for it by name alone (RFC 9154,
// section 4.3, item 5).
func TestNothingPrintsCodes(t *testing.T) {
	body := authcode.Body(`{"code":"` + theCode + `"}`)
	no := authcode.Refused{Class: authcode.Failed, Body: body}
	for name, v := range map[string]any{
		"Secret":        authcode.Secret(theCode),
		"Code":          shown,
		"pointer":       &shown,
		"Outcome":       authcode.Outcome(shown),
		"list":          []authcode.Outcome{shown, no},
		"Request":       authcode.Request{Domain: "alpha.example", Verb: authcode.Regenerate, Value: theCode},
		"Letter":        authcode.Letter{To: authcode.Address{Email: "jana@lipa.example"}, Code: theCode},
		"Body":          body,
		"Refused":       no,
		"Refused error": error(no),
		"Error":         &authcode.Error{System: "netim", Body: body, Err: errors.New("cut off")},
		"map":           map[string]any{"code": shown, "body": body},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			requireNoCode(t, fmt.Sprintf(verb, v), name+" with "+verb)
		}
		text, err := json.Marshal(v)
		require.NoError(t, err, name)
		requireNoCode(t, string(text), name+" in JSON")
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("m", "k", v, slog.Group("g", "k", v))
		slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "k", v, slog.Group("g", "k", v))
		requireNoCode(t, log.String(), name+" in logs")
	}
	require.Equal(t, theCode, shown.Value.Reveal())
	require.Contains(t, string(body), theCode)
}

func requireNoCode(t *testing.T, text, where string) {
	t.Helper()
	require.NotEmpty(t, text, where)
	// Whatever the encoding, these stay as they are in it, or are hexadecimal, or
	// a list of octets.
	for _, part := range []string{"23x", "9W*", "323378", "50 51 120", "50, 51, 120", "MjN4", "0x32, 0x33"} {
		require.NotContains(t, text, part, where)
	}
}

func TestOutcomeStrings(t *testing.T) {
	for want, o := range map[string]authcode.Outcome{
		"a code was given": authcode.Code{Value: theCode},
		"a code was given, valid until 2031-05-04T12:00:00Z":              shown,
		"an internal code was given":                                      authcode.Code{Scope: authcode.Internal},
		"the code was sent":                                               authcode.Sent{},
		"the code was sent to registrant, admin at j*@l*.*, k*@m*.*":      authcode.Sent{To: []authcode.Recipient{authcode.Registrant, authcode.Admin}, Addresses: []string{"j*@l*.*", "k*@m*.*"}},
		"the code was sent, valid until 2031-05-04T12:00:00Z":             authcode.Sent{Expires: noon},
		"the system is at work":                                           authcode.Pending{},
		"the system is at work (operation 17): soon":                      authcode.Pending{Operation: "17", Text: "soon"},
		"refused (locked)":                                                authcode.Refused{Class: authcode.Locked},
		"refused (locked) with 2304: not now; but it was sent to j*@l*.*": authcode.Refused{Class: authcode.Locked, Code: "2304", Text: "not now", Delivered: []string{"j*@l*.*"}},
		"refused (undeliverable); the code before does not work any more": authcode.Refused{Class: authcode.Undeliverable, Replaced: true},
	} {
		require.Equal(t, want, o.String())
	}
	require.Equal(t, "authcode: refused (busy)", authcode.Refused{Class: authcode.Busy}.Error())
}

func TestKinds(t *testing.T) {
	for want, o := range map[authcode.Kinds]authcode.Outcome{
		authcode.KindCode:    authcode.Code{},
		authcode.KindSent:    authcode.Sent{},
		authcode.KindPending: authcode.Pending{},
		authcode.KindRefused: authcode.Refused{},
	} {
		require.Equal(t, want, o.Kind())
	}
	require.Equal(t, "code, sent, pending, refused", authcode.Kinds(15).String())
	require.Equal(t, "sent", authcode.KindSent.String())
	require.Equal(t, "", authcode.Kinds(0).String())
}
