package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

// exitStatus says what an error means for the caller of the program.
func exitStatus(err error) int {
	var (
		usage   *usageError
		field   *epp.FieldError
		refused *epp.ResultError
		login   *client.LoginError
		trouble *client.Error
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &login):
		if errors.As(err, &refused) && refused.Code() != epp.SessionLimitExceeded && refused.Code() != epp.CommandFailed {
			return exitAuthentication
		}
		return exitRefused
	case errors.Is(err, client.ErrInvalidAnswer):
		return exitInvalid
	case errors.As(err, &trouble):
		return troubleStatus(trouble)
	case errors.As(err, &refused):
		return exitRefused
	case errors.As(err, &field):
		return exitUsage
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "required flag"):
		return exitUsage // cobra has no types for these
	}
	return exitConnection
}

func troubleStatus(e *client.Error) int {
	var field *epp.FieldError
	switch {
	case e.Op == "login" && e.Fate == client.Unknown:
		// The login may have been executed; the command was not sent.
		if errors.Is(e, context.DeadlineExceeded) {
			return exitTimeout
		}
		return exitConnection
	case e.Fate == client.Unknown:
		return exitUnknown
	case e.Fate == client.Answered:
		return exitInvalid
	case errors.As(e, &field):
		return exitUsage
	case errors.Is(e, context.DeadlineExceeded):
		return exitTimeout
	}
	return exitConnection
}

// printError says on standard error what went wrong.
func (a *app) printError(err error) {
	fmt.Fprintf(a.err, "eppkit: %v\n", err)
	switch {
	case client.OutcomeUnknown(err) && exitStatus(err) == exitUnknown:
		fmt.Fprintln(a.err, "eppkit: the registry may have executed the command; look before you send it again")
	case exitStatus(err) == exitUsage:
		fmt.Fprintln(a.err, `eppkit: run it with "--help" for how it is used`)
	}
}
