package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/loginsec"
)

func (a *app) loginCommand() *cobra.Command {
	var newPassword string
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Log in and out, and change the password if asked",
		Long: `Log in and out, and show what the registry says of the login, such as that the
password or the certificate will expire.

With --new-password-file the registry takes the first line of the file for the new
password; the profile has to be told of it afterwards. Its owner alone may be able to
read the file. Where no answer comes (exit status 6), either password may be the good one:
try the new one first, once, and the old one if it is refused.

A password of more than 16 characters, old or new, goes the way of RFC 8807. Where the
registry does not offer that, nothing is sent.`,
		Example: "  eppkit login\n  eppkit login --new-password-file new.password",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var pw epp.Secret
			if cmd.Flags().Changed("new-password-file") {
				var err error
				if pw, err = newPasswordIn(newPassword); err != nil {
					return &configError{err}
				}
			}
			return a.login(cmd.Context(), pw)
		},
	}
	cmd.Flags().StringVar(&newPassword, "new-password-file", "", "`FILE` with a new password on its first line, to change it")
	withFlags(cmd, "config", "profile", "mock", "registry", "output", "verbose", "timeout")
	cmd.Annotations[flagNamespaces] = epp.NS + " " + loginsec.NS
	return cmd
}

func newPasswordIn(path string) (epp.Secret, error) {
	b, err := readPrivate("the file of the new password", path)
	if err != nil {
		return "", err
	}
	return passwordIn(b, "the file of the new password "+path)
}

// A changeError is that nobody knows whether the registry has a new password.
type changeError struct{ err error }

func (e *changeError) Error() string {
	return e.err.Error() + "; nobody knows whether the password is the old one or the new one. To find out, log in once" +
		" with the new one: put it where the profile takes the password from, and run \"eppkit login\"." +
		" Where that is refused with 2200, the old one is still good: put it back. Try neither twice: the registry counts what it refuses"
}
func (e *changeError) Unwrap() error { return e.err }

// login logs in and out, and changes the password to one that is not "".
func (a *app) login(ctx context.Context, newPW epp.Secret) error {
	t, err := a.target(ctx, true)
	if err != nil {
		return err
	}
	t.opts.Credentials.NewPW = newPW
	err = a.on(ctx, t, func(_ context.Context, s *client.Session) error {
		r := s.LoginResponse()
		return a.printResponse(r, func(w io.Writer) {
			fmt.Fprintf(w, "%s can log in at %s\n", t.opts.Credentials.ClID, t.addr)
			if newPW != "" {
				fmt.Fprintln(w, "The password is changed: put the new one where the profile takes it from.")
			}
			printEvents(w, r)
		})
	})
	var trouble *client.Error
	if newPW != "" && errors.As(err, &trouble) && trouble.Op == "login" && trouble.Fate != client.NotSent {
		return &changeError{err}
	}
	return err
}

// warn says on standard error what the registry says of a login.
func (a *app) warn(r *epp.Response) {
	var b strings.Builder
	printEvents(&b, r)
	for line := range strings.Lines(b.String()) {
		a.note("the registry says of the login: " + strings.TrimSuffix(line, "\n"))
	}
}

// printEvents writes what a registry says of a login (RFC 8807, section 3.1), a line for
// each event.
func printEvents(w io.Writer, r *epp.Response) {
	for _, e := range r.Extension {
		data, ok := e.(*loginsec.LoginSecData)
		if !ok {
			continue
		}
		for _, ev := range data.Events {
			fmt.Fprintln(w, oneLine(ev.String()))
		}
	}
}
