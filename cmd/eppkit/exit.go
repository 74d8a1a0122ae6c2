package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// The exit statuses.
const (
	exitOK = iota
	exitRefused
	exitUsage
	exitConnection
	exitAuthentication
	exitTimeout
	exitUnknown
	exitInvalid
)

// usageError is a wrong command line or configuration.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// unknownError is a command that the shell does not have.
type unknownError struct{ name string }

func (e *unknownError) Error() string {
	return fmt.Sprintf("there is no command %q; help lists those there are", e.name)
}

// queryError is of a command that changes nothing, so that it can be sent again.
type queryError struct{ err error }

func (e *queryError) Error() string { return e.err.Error() }
func (e *queryError) Unwrap() error { return e.err }

// configError is a file, a profile or a directory that does not do.
type configError struct{ err error }

func (e *configError) Error() string { return e.err.Error() }
func (e *configError) Unwrap() error { return e.err }

// exitStatus says what an error means for the caller of the program.
func exitStatus(err error) int {
	var (
		usage   *usageError
		unknown *unknownError
		config  *configError
		field   *epp.FieldError
		raw     *malformedError
		refused *epp.ResultError
		login   *client.LoginError
		trouble *client.Error
		call    *authcode.Error
		no      authcode.Refused
		shown   *notSentError
		bad     *notValidError
		changed *changeError
		rows    *bulkError
		loaded  *loadError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &rows):
		return rows.status
	case errors.As(err, &loaded):
		return loaded.status
	case errors.As(err, &changed):
		return exitUnknown
	case errors.As(err, &usage), errors.As(err, &unknown), errors.As(err, &config):
		return exitUsage
	case errors.As(err, &shown), errors.As(err, &bad):
		return exitRefused
	case errors.As(err, &no):
		if no.Class == authcode.Unauthorized {
			return exitAuthentication
		}
		return exitRefused
	case authcode.OutcomeUnknown(err):
		return exitUnknown
	case errors.As(err, &call):
		return onWayStatus(call)
	case errors.As(err, &login):
		for _, code := range []epp.Code{
			epp.AuthenticationError, epp.AuthorizationError, epp.InvalidAuthInfo, epp.AuthenticationErrorClosing,
		} {
			if errors.Is(err, code) {
				return exitAuthentication
			}
		}
		return exitRefused
	case errors.Is(err, client.ErrInvalidAnswer), errors.As(err, &raw):
		return exitInvalid
	case errors.As(err, &trouble):
		return troubleStatus(trouble)
	case errors.As(err, &refused):
		return exitRefused
	case errors.As(err, &field):
		return exitUsage
	case ended(err):
		return exitTimeout
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "required flag"):
		return exitUsage // cobra has no types for these
	}
	return exitConnection
}

// onWayStatus is of a hand-over that did not get as far as to change anything, whatever
// became of the questions before it.
func onWayStatus(e *authcode.Error) int {
	var trouble *client.Error
	switch {
	case errors.Is(e, client.ErrInvalidAnswer), errors.As(e, &trouble) && trouble.Fate == client.Answered:
		return exitInvalid
	case ended(e):
		return exitTimeout
	case e.HTTPStatus != 0:
		return exitInvalid
	}
	return exitConnection
}

func troubleStatus(e *client.Error) int {
	var field *epp.FieldError
	switch {
	case e.Op == "login" && e.Fate == client.Unknown:
		// The login may have been executed; the command was not sent.
		if ended(e) {
			return exitTimeout
		}
		return exitConnection
	case e.Fate == client.Unknown:
		return exitUnknown
	case e.Fate == client.Answered:
		return exitInvalid
	case errors.As(e, &field):
		return exitUsage
	case ended(e):
		return exitTimeout
	}
	return exitConnection
}

// mayBeDone reports whether the registry may have changed something: no answer
// came to a command, or none that can be trusted.
func mayBeDone(err error) bool {
	var raw *malformedError
	var query *queryError
	var trouble *client.Error
	if authcode.SafeToRetry(err) || errors.As(err, &query) {
		return false
	}
	return client.OutcomeUnknown(err) && !errors.As(err, &raw) && errors.As(err, &trouble) && !slices.Contains(changeless, trouble.Op)
}

// changeless are what changes nothing, though it is no query that can be repeated: that is
// of the session.
var changeless = []string{"login", "hello", "fred:getResults"}

// notImplemented reports whether the registry does not have the command.
func notImplemented(err error) bool {
	return errors.Is(err, epp.UnknownCommand) || errors.Is(err, epp.UnimplementedCommand) || errors.Is(err, epp.UnimplementedObjectService)
}

// ended reports whether time was up, or the run was interrupted.
func ended(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

// printError says on standard error what went wrong.
func (a *app) printError(err error) {
	status := exitStatus(err)
	if status == exitUsage {
		fmt.Fprintf(a.err, "eppkit: %s\n", printable(err.Error()))
	} else { // may hold a registry's words
		fmt.Fprintf(a.err, "eppkit: %s\n", oneLine(err.Error()))
	}
	var config *configError
	var unknown *unknownError
	var rows *bulkError // which sent commands: it was used as it should be
	switch {
	case mayBeDone(err):
		fmt.Fprintln(a.err, "eppkit: the registry may have executed the command; look before you send it again")
	case a.mocked && notImplemented(err):
		fmt.Fprintln(a.err, "eppkit: the mock registry inside eppkit does not have this command yet; --dry-run shows the frame")
	case status == exitUsage && !errors.As(err, &config) && !errors.As(err, &unknown) && !errors.As(err, &rows):
		fmt.Fprintln(a.err, `eppkit: run it with "--help" for how it is used`)
	}
}
