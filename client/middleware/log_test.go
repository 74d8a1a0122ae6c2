package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/middleware"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/epp/loginsec"
)

// logged returns the lines of what is sent to d, without their time.
func logged(t *testing.T, opts middleware.LogOptions, d client.Doer, cmd *epp.Command) string {
	var buf bytes.Buffer
	opts.Log = slog.New(slog.NewTextHandler(&buf, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "took" {
			return slog.Attr{}
		}
		return a
	}}))
	_, _ = middleware.Wrap(d, middleware.NewLog(opts)).Exchange(t.Context(), cmd)
	require.Equal(t, 1, strings.Count(buf.String(), "\n"), buf.String())
	return strings.TrimSpace(buf.String())
}

func TestLog(t *testing.T) {
	cancelled := &client.Error{Op: "domain:check", ClTRID: "A-1", Fate: client.NotSent, Err: context.Canceled}
	ended := &client.Error{Op: "domain:check", ClTRID: "A-9", Fate: client.Unknown, Err: fmt.Errorf("the server ended the session: %w", epp.Refuse(epp.CommandFailedClosing))}
	for want, c := range map[string]struct {
		d   client.Doer
		cmd *epp.Command
	}{
		`level=INFO msg="EPP command" command=domain:check object="a.example b.example" clTRID=A-1 svTRID=SV-7 code=1000`: {
			answering(epp.Success), check("a.example", "b.example"),
		},
		`level=INFO msg="EPP command" command=domain:check object="a b c and 2 more" clTRID=A-1 svTRID=SV-7 code=1000`: {
			answering(epp.Success), check("a", "b", "c", "d", "e"),
		},
		`level=WARN msg="EPP command" command=domain:create object=sauna.example clTRID=A-2 svTRID=SV-7 code=2302`: {
			answering(epp.ObjectExists), create(),
		},
		`level=ERROR msg="EPP command" command=domain:create object=sauna.example clTRID=A-2 svTRID=SV-7 code=2400`: {
			answering(epp.CommandFailed), create(),
		},
		`level=ERROR msg="EPP command" command=domain:create object=sauna.example clTRID=A-1 fate="outcome unknown" error="client: domain:any (clTRID A-1): outcome unknown: the line is cut"`: {
			failing(fate(client.Unknown)), create(),
		},
		`level=ERROR msg="EPP command" command=domain:check object=a.example clTRID=A-9 fate="outcome unknown" error="the server said 2500"`: {
			failing(ended), check("a.example"),
		},
		`level=INFO msg="EPP command" command=domain:check object=a.example clTRID=A-1 fate="not sent" error="client: domain:check (clTRID A-1): not sent: context canceled"`: {
			failing(cancelled), check("a.example"),
		},
		`level=ERROR msg="EPP command" command=poll fate="outcome unknown" error=odd`: {
			failing(errors.New("odd")), &epp.Command{Request: &epp.Poll{Op: epp.PollReq}},
		},
	} {
		require.Equal(t, want, logged(t, middleware.LogOptions{}, c.d, c.cmd))
	}
	quiet := middleware.LogOptions{Level: func(i middleware.Info, o middleware.Outcome) slog.Level {
		require.Equal(t, "domain:create", i.Name)
		require.Equal(t, "2302", o.Result())
		return slog.LevelDebug
	}}
	require.Contains(t, logged(t, quiet, answering(epp.ObjectExists), create()), "level=DEBUG")
}

// No secret of a command or of an answer is in a line, nor what a server says in words,
// which may quote one.
func TestLogHasNoSecrets(t *testing.T) {
	const canary = "k4n4rek"
	auth := &epp.AuthInfo{PW: canary, ROID: "SAUNA1-EX"}
	words := epp.Text{Text: "the password " + canary + " is wrong"}
	raw, err := epp.NewRaw([]byte(`<domain:pw xmlns:domain="urn:ietf:params:xml:ns:domain-1.0">` + canary + `</domain:pw>`))
	require.NoError(t, err)
	value := epp.ErrValue{Value: epp.Mixed{Text: canary, Elements: []epp.Element{raw}}, Reason: &words}
	refused := func(code epp.Code) *epp.Response {
		return &epp.Response{
			Results: []epp.Result{{Code: code, Msg: words, Values: []epp.ErrValue{value}}},
			ResData: []epp.Element{&domain.InfData{Name: "sauna.example", AuthInfo: auth}, raw},
			MsgQ:    &epp.MsgQ{ID: "1", Msg: &epp.Msg{Mixed: epp.Mixed{Text: canary}}},
			TrID:    epp.TrID{ClTRID: "A-1", SvTRID: "SV-7"},
			Frame:   canary,
		}
	}
	said := func(code epp.Code) client.Doer {
		return &doer{f: func(context.Context, *epp.Command) (*epp.Response, error) { return refused(code), nil }}
	}
	ended := func(f client.Fate) client.Doer {
		return failing(&client.Error{Op: "login", Fate: f, Err: &client.LoginError{ClID: "REG-A", Err: refused(epp.AuthenticationErrorClosing).Err()}})
	}
	twice := failing(&client.Error{Fate: client.Answered, Err: fmt.Errorf("%w, to a command that failed: %w", client.ErrInvalidAnswer, refused(epp.CommandFailed).Err())})
	commands := map[string]*epp.Command{
		"login":    {Request: &epp.Login{ClID: "REG-A", PW: canary, NewPW: canary}},
		"loginSec": {Request: &epp.Login{ClID: "REG-A", PW: "[LOGIN-SECURITY]"}, Extension: []epp.Element{&loginsec.LoginSec{PW: canary, NewPW: canary}}},
		"info":     {Request: &domain.Info{Name: "sauna.example", AuthInfo: auth}},
		"create":   {Request: &contact.Create{ID: "SAUNA-1", AuthInfo: auth}, Extension: []epp.Element{raw}},
		"transfer": {Request: &domain.Transfer{Name: "sauna.example", Op: epp.TransferRequest, AuthInfo: auth}},
		"raw":      {Request: raw},
	}
	doers := map[string]client.Doer{
		"1000": said(epp.Success), "2200": said(epp.AuthenticationError), "2202": said(epp.InvalidAuthInfo),
		"2400": said(epp.CommandFailed), "lost": ended(client.Unknown), "login refused": ended(client.NotSent), "invalid": twice,
	}
	lines := 0
	for cmdName, cmd := range commands {
		for name, d := range doers {
			line := logged(t, middleware.LogOptions{}, d, cmd)
			require.NotContains(t, line, canary, cmdName+", "+name)
			require.NotContains(t, line, "password")
			lines++
		}
	}
	require.Equal(t, 42, lines)
}
