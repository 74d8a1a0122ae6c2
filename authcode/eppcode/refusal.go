package eppcode

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

const system = "epp"

// classes say what a registry means by a result code. A code that is not here is
// Failed.
var classes = map[epp.Code]authcode.Class{
	epp.UnknownCommand:               authcode.Unsupported,
	epp.CommandSyntaxError:           authcode.Invalid,
	epp.CommandUseError:              authcode.Unauthorized, // the session has not logged in
	epp.RequiredParameterMissing:     authcode.Invalid,
	epp.ParameterRangeError:          authcode.Invalid,
	epp.ParameterSyntaxError:         authcode.Invalid,
	epp.UnimplementedVersion:         authcode.Unsupported,
	epp.UnimplementedCommand:         authcode.Unsupported,
	epp.UnimplementedOption:          authcode.Unsupported,
	epp.UnimplementedExtension:       authcode.Unsupported,
	epp.BillingFailure:               authcode.Denied,
	epp.NotEligibleForRenewal:        authcode.Denied,
	epp.NotEligibleForTransfer:       authcode.Denied,
	epp.AuthenticationError:          authcode.Unauthorized,
	epp.AuthorizationError:           authcode.NotYours,
	epp.InvalidAuthInfo:              authcode.Invalid,
	epp.ObjectPendingTransfer:        authcode.Locked,
	epp.ObjectNotPendingTransfer:     authcode.Denied,
	epp.ObjectExists:                 authcode.Invalid,
	epp.ObjectDoesNotExist:           authcode.NotFound,
	epp.StatusProhibitsOperation:     authcode.Locked,
	epp.AssociationProhibitsOp:       authcode.Denied,
	epp.ParameterPolicyError:         authcode.Invalid,
	epp.UnimplementedObjectService:   authcode.Unsupported,
	epp.DataManagementPolicyViolated: authcode.Denied,
	epp.CommandFailed:                authcode.Failed,
	epp.CommandFailedClosing:         authcode.Unavailable,
	epp.AuthenticationErrorClosing:   authcode.Unavailable, // FRED ends idle sessions so
	epp.SessionLimitExceeded:         authcode.RateLimited,
}

// retryable are the codes after which the same command may succeed.
var retryable = map[epp.Code]bool{
	epp.CommandFailed:              true,
	epp.CommandFailedClosing:       true,
	epp.AuthenticationErrorClosing: true,
	epp.SessionLimitExceeded:       true,
}

// A step is one command on the way to an outcome.
type step struct {
	op, domain string // domain is "" where it is about none
	changes    bool   // the command is no query
}

// do sends the command of a step. The error is a Refused or an *authcode.Error.
func do[R epp.Element](ctx context.Context, p *Provider, s step, q epp.Request[R]) (*client.Answer[R], error) {
	a, err := client.Call(ctx, p.opts.Doer, q)
	if err != nil {
		return nil, s.failure(err)
	}
	if a.Code() == epp.ActionPending && !s.changes {
		return nil, s.error(false, fmt.Errorf("%w: a query whose answer is to come later", client.ErrInvalidAnswer))
	}
	return a, nil
}

// failure says in the words of package authcode why a command failed.
func (s step) failure(err error) error {
	var (
		login  *client.LoginError
		result *epp.ResultError
		onWay  *client.Error
	)
	switch {
	case errors.As(err, &login):
		return refusedLogin(login)
	case errors.As(err, &result):
		return refused(result)
	case errors.As(err, &onWay) && onWay.Fate == client.NotSent:
		var field *epp.FieldError
		if field, _ = onWay.Err.(*epp.FieldError); field != nil && field.Line == 0 {
			// The command can't be written, whoever asks for it.
			return authcode.Refused{Class: authcode.Invalid, Text: field.Error()}
		}
		return s.error(false, err)
	}
	return s.error(s.changes, err)
}

// isAbout is an error when the answer to a query tells about another domain than was
// asked for: what it shows, and who it names, are the other's.
func (s step) isAbout(name string) error {
	if got, err := authcode.CanonicalDomain(name); err != nil || got != s.domain {
		return s.aboutAnother(name)
	}
	return nil
}

func (s step) aboutAnother(id string) *authcode.Error {
	return s.error(false, fmt.Errorf("%w: it is about %q, which was not asked for", client.ErrInvalidAnswer, id))
}

func (s step) error(unknown bool, err error) *authcode.Error {
	return &authcode.Error{System: system, Op: s.op, Domain: s.domain, Unknown: unknown, Err: err}
}

// undecided is a success that is none yet: the registry will look at the command
// later (1001).
func (s step) undecided() *authcode.Error {
	e := s.error(true, errors.New("the registry has taken the command, and has not decided yet"))
	e.Code = code(epp.ActionPending)
	return e
}

func refused(e *epp.ResultError) authcode.Refused {
	no := authcode.Refused{
		Class:     authcode.Failed,
		Code:      code(e.Code()),
		Text:      words(e),
		Retryable: retryable[e.Code()],
	}
	if class, ok := classes[e.Code()]; ok {
		no.Class = class
	}
	if e.Response != nil {
		no.Body = authcode.Body(e.Response.Frame)
	}
	return no
}

// refusedLogin is about who asks, unless the registry is out of order or has too many
// sessions.
func refusedLogin(e *client.LoginError) authcode.Refused {
	no := authcode.Refused{Class: authcode.Unauthorized, Text: e.Error()}
	var result *epp.ResultError
	if errors.As(e.Err, &result) {
		no = refused(result)
		no.Text = "the login failed: " + no.Text
		switch result.Code() {
		case epp.CommandFailed, epp.CommandFailedClosing:
			no.Class = authcode.Unavailable
		case epp.SessionLimitExceeded:
		default:
			no.Class, no.Retryable = authcode.Unauthorized, false
		}
	}
	return no
}

func code(c epp.Code) string { return fmt.Sprintf("%04d", c) }

// words are the registry's messages and reasons. ResultError hides in them what may
// be a secret.
func words(e *epp.ResultError) string {
	s := (&epp.ResultError{Results: e.Results}).Error()
	s = strings.TrimPrefix(s, "epp:")
	return strings.TrimSpace(strings.TrimPrefix(s, " "+code(e.Code())))
}
