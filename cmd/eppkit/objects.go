package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/contact"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	fredcontact "github.com/eppkit/eppkit/fred/contact"
	freddomain "github.com/eppkit/eppkit/fred/domain"
	"github.com/eppkit/eppkit/fred/keyset"
	"github.com/eppkit/eppkit/fred/nsset"
)

func (a *app) domainCommand() *cobra.Command {
	check := a.checkCommand("NAME...", "Ask whether domain names can be registered", "eppkit domain check mydomain.cz free.cz",
		func(cmd *cobra.Command, names []string) error {
			return do(a, cmd, &domain.Check{Names: names}, func(w io.Writer, r *client.Answer[*domain.ChkData]) {
				for _, cd := range r.Data.CD {
					printAvail(w, cd.Name, cd.Avail, (*epp.Text)(cd.Reason))
				}
			})
		},
		func(cmd *cobra.Command, names []string) error {
			return do(a, cmd, &freddomain.Check{Names: names}, func(w io.Writer, r *client.Answer[*freddomain.ChkData]) {
				for _, cd := range r.Data.CD {
					printAvail(w, cd.Name, cd.Avail, cd.Reason)
				}
			})
		})
	var hosts string
	info := a.infoCommand("NAME", "Show what the registry knows of a domain", "eppkit domain info mydomain.cz",
		func(cmd *cobra.Command, name string, auth *epp.AuthInfo) error {
			return do(a, cmd, &domain.Info{Name: name, Hosts: hosts, AuthInfo: auth}, nil)
		},
		func(cmd *cobra.Command, name string, authInfo *epp.Secret) error {
			if hosts != "" {
				return usage("--hosts is of RFC 5731; a FRED registry has no such thing")
			}
			return do(a, cmd, &freddomain.Info{Name: name, AuthInfo: authInfo}, nil)
		})
	info.Flags().StringVar(&hosts, "hosts", "", "which `HOSTS` to list: all, del, sub or none (gtld)")
	complete(info, "hosts", []string{"all", "del", "sub", "none"})
	send := a.sendAuthInfoCommand("domain", "NAME", "mydomain.cz", "the holder and the administrative contacts", func(cmd *cobra.Command, name string) error {
		return sendAuthInfo(a, cmd, "domain", name, &freddomain.SendAuthInfo{Name: name},
			func(d *freddomain.SendAuthInfoData) []string { return d.Email })
	})
	return group("domain", "Domain names", check, info, send)
}

func (a *app) contactCommand() *cobra.Command {
	check := a.checkCommand("ID...", "Ask whether contact handles can be registered", "eppkit contact check CID-MYOWN CID-FREE",
		func(cmd *cobra.Command, ids []string) error {
			return do(a, cmd, &contact.Check{IDs: ids}, func(w io.Writer, r *client.Answer[*contact.ChkData]) {
				for _, cd := range r.Data.CD {
					printAvail(w, cd.ID, cd.Avail, (*epp.Text)(cd.Reason))
				}
			})
		},
		func(cmd *cobra.Command, ids []string) error {
			return do(a, cmd, &fredcontact.Check{IDs: ids}, func(w io.Writer, r *client.Answer[*fredcontact.ChkData]) {
				for _, cd := range r.Data.CD {
					printAvail(w, cd.ID, cd.Avail, cd.Reason)
				}
			})
		})
	info := a.infoCommand("ID", "Show what the registry knows of a contact", "eppkit contact info CID-MYOWN",
		func(cmd *cobra.Command, id string, auth *epp.AuthInfo) error {
			return do(a, cmd, &contact.Info{ID: id, AuthInfo: auth}, nil)
		},
		func(cmd *cobra.Command, id string, authInfo *epp.Secret) error {
			return do(a, cmd, &fredcontact.Info{ID: id, AuthInfo: authInfo}, nil)
		})
	send := a.sendAuthInfoCommand("contact", "ID", "CID-MYOWN", "the contact", func(cmd *cobra.Command, id string) error {
		return sendAuthInfo(a, cmd, "contact", id, &fredcontact.SendAuthInfo{ID: id},
			func(d *fredcontact.SendAuthInfoData) []string { return d.Email })
	})
	return group("contact", "Contacts", check, info, send)
}

// checkCommand describes check for one kind of object: as an RFC registry has it,
// and as FRED has it.
func (a *app) checkCommand(args, short, example string, rfc, fred func(*cobra.Command, []string) error) *cobra.Command {
	return &cobra.Command{
		Use: "check " + args, Short: short, Example: "  " + example, Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, err := a.kind()
			if err != nil {
				return err
			}
			if kind == "gtld" {
				return rfc(cmd, args)
			}
			return fred(cmd, args)
		},
	}
}

// infoCommand describes info likewise.
func (a *app) infoCommand(arg, short, example string,
	rfc func(*cobra.Command, string, *epp.AuthInfo) error, fred func(*cobra.Command, string, *epp.Secret) error,
) *cobra.Command {
	var auth authInfoFlags
	cmd := &cobra.Command{
		Use: "info " + arg, Short: short, Args: cobra.ExactArgs(1),
		Example: "  " + example + "\n  " + example + " --authinfo-file code.txt -o json",
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, err := a.kind()
			if err != nil {
				return err
			}
			pw, err := auth.read(cmd, a.in)
			switch {
			case err != nil:
				return err
			case kind == "gtld":
				return rfc(cmd, args[0], auth.rfc(pw))
			case auth.roid != "":
				return usage("--authinfo-roid is of RFC 5731 and 5733; a FRED registry has no such thing")
			}
			return fred(cmd, args[0], pw)
		},
	}
	auth.add(cmd)
	return cmd
}

// handleCommand is nsset or keyset, which so far have one command.
func (a *app) handleCommand(object, example string) *cobra.Command {
	send := a.sendAuthInfoCommand(object, "ID", example, "the technical contacts", func(cmd *cobra.Command, id string) error {
		if object == "nsset" {
			return sendAuthInfo(a, cmd, object, id, &nsset.SendAuthInfo{ID: id},
				func(d *nsset.SendAuthInfoData) []string { return d.Email })
		}
		return sendAuthInfo(a, cmd, object, id, &keyset.SendAuthInfo{ID: id},
			func(d *keyset.SendAuthInfoData) []string { return d.Email })
	})
	short := "Sets of name servers (FRED)"
	if object == "keyset" {
		short = "Sets of DNSSEC keys (FRED)"
	}
	return group(object, short, send)
}

// sendAuthInfoCommand describes send-authinfo for one kind of object.
func (a *app) sendAuthInfoCommand(object, arg, example, to string, run func(*cobra.Command, string) error) *cobra.Command {
	return &cobra.Command{
		Use:   "send-authinfo " + arg,
		Short: "Have the registry mail a new authInfo to " + to,
		Long: "Have the registry make a new authInfo for a " + object + " and mail it to " + to + `.

The answer does not hold the authInfo. Where the registry discloses to whom it
was mailed, the addresses come masked.`,
		Example: "  eppkit " + object + " send-authinfo " + example,
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return run(cmd, args[0]) },
	}
}

// sendAuthInfo carries it out.
func sendAuthInfo[R epp.Element](a *app, cmd *cobra.Command, object, handle string, q epp.Request[R], emails func(R) []string) error {
	if err := a.needFRED("sendAuthInfo"); err != nil {
		return err
	}
	return do(a, cmd, fred.SendAuthInfo(q), func(w io.Writer, r *client.Answer[R]) {
		if len(r.ResData) == 0 {
			fmt.Fprintf(w, "The registry has mailed a new authInfo of %s %s. It does not say to whom.\n", object, handle)
			return
		}
		fmt.Fprintf(w, "The registry has mailed a new authInfo of %s %s to:\n", object, handle)
		for _, e := range emails(r.Data) {
			fmt.Fprintf(w, "  %s\n", oneLine(e))
		}
	})
}

// needFRED refuses what other registries don't have.
func (a *app) needFRED(what string) error {
	kind, err := a.kind()
	if err == nil && kind != "fred" {
		err = usage("%s is a command of FRED; this registry is of the kind %s", what, kind)
	}
	return err
}

func printAvail(w io.Writer, name string, avail bool, reason *epp.Text) {
	state := "available"
	if !avail {
		state = "not available"
	}
	line := name + "  " + state
	if reason != nil && reason.Text != "" {
		line += " (" + reason.Text + ")"
	}
	fmt.Fprintln(w, oneLine(strings.TrimSpace(line)))
}
