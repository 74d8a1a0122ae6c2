package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/eppcode"
)

const aboutAuthcode = `Hand over the code with which a domain can be transferred, whatever system the
domain is at: a registry with EPP, Netim, Mijndomeinreseller, Openprovider, OpenSRS.

Without a configuration file there are two mock registries inside eppkit: FRED has
mydomain.cz, an RFC registry alpha.example. To use systems of your own, describe them
as profiles, and in the section authcode which of them has which domains:

  profiles:
    cz: {address: epp.registry.example, registry: fred, clID: REG-EXAMPLE, password: {file: cz.password}}
    gt: {address: epp.gtld.example, registry: gtld, clID: REG-EXAMPLE, password: {file: gt.password},
         codes: {min: 16, max: 32}}    # what the registry takes; also alphabet, and
                                       # hidden: true where it never shows codes
    nt: {dialect: netim, user: AB123, password: {env: NETIM_SECRET}, version: "3.0", lang: en}
    md: {dialect: mijndomeinreseller, password: {file: md.key}}
    op: {dialect: openprovider, user: me, password: {file: op.password}}
    os: {dialect: opensrs, user: me, password: {file: os.key}, test: true}
  authcode:
    routes: {cz: cz, nl: md, com: os, "": nt}    # longest suffix; "" for the rest
    reseller: {name: Our Desk, email: desk@reseller.example}
    ttl: 72h                    # how long a code lives that eppkit sets by EPP, where
                                # "authcode serve" or, from cron, "authcode expire" runs
    state: /var/lib/eppkit      # remembers which domain has one, never the code
    mail:                       # sends the codes that a system only shows
      server: smtp.example:587
      from: {name: Our Desk, email: desk@reseller.example}
      user: desk
      password: {file: smtp.password}
      templates: texts          # a directory with texts of your own
      lang: en                  # of mail to those whose language is not known

A profile that is not for EPP can have "base", for another address than the live
system's, such as that of "eppkit authcode serve". It ends in what stands before the
paths of the interface:

  netim               https://HOST/1.0, or /3.0, as the version is
  mijndomeinreseller  https://HOST
  openprovider        https://HOST/v1beta
  opensrs             https://HOST:55443

"roots", in a profile and in mail, is a PEM file with the authorities to trust in place
of the system's. "test: true" takes the test system of Mijndomeinreseller or OpenSRS.

"eppkit authcode can DOMAIN" says what a system can do, and with which side effects.`

func (a *app) authcodeCommand() *cobra.Command {
	cmd := group("authcode", "Hand over the code with which a domain can be transferred",
		a.handOverCommand("get", authcode.Retrieve, "Show the code that a domain has",
			"eppkit authcode get alpha.example"),
		a.handOverCommand("reset", authcode.Regenerate, "Make a new code, and show it where the system does",
			"eppkit authcode reset alpha.example -o json"),
		a.handOverCommand("send", authcode.Send, "Have the code sent to somebody",
			"eppkit authcode send mydomain.cz\n  eppkit authcode send alpha.example --to admin"),
		a.canCommand(), a.expireCommand(), a.authcodeServeCommand(),
	)
	cmd.Long = aboutAuthcode
	return cmd
}

// authcodeFlags are the shared flags that the commands of authcode have a use for, and
// what they mean there.
func authcodeFlags(cmd *cobra.Command, more ...string) *cobra.Command {
	withFlags(cmd, append([]string{"config", "mock", "verbose"}, more...)...)
	cmd.Annotations["outputs"] = "text json"
	cmd.Annotations["usage of output"] = "`FORMAT` of the outcome: text or json"
	cmd.Annotations["usage of verbose"] = "show EPP frames, and the status of each HTTP call, on standard error, secrets redacted"
	return cmd
}

func viaFlag(cmd *cobra.Command, via *string) {
	cmd.Flags().StringVar(via, "via", "", "`PROFILE` of the system that has the domain (default $EPPKIT_PROFILE, or by the configuration's routes)")
}

func (a *app) handOverCommand(use string, verb authcode.Verb, short, example string) *cobra.Command {
	var (
		via, to        string
		internal, show bool
	)
	cmd := &cobra.Command{
		Use:     use + " DOMAIN",
		Short:   short,
		Example: "  " + example,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := authcode.Request{Domain: args[0], Verb: verb, To: authcode.Recipient(to)}
			if internal {
				r.Scope = authcode.Internal
			}
			return a.handOver(cmd.Context(), via, r, show || verb != authcode.Send)
		},
	}
	viaFlag(cmd, &via)
	if verb == authcode.Send {
		cmd.Long = `Have the code sent to somebody, and not shown. Some systems decide for themselves to
show it instead ("eppkit authcode can DOMAIN" says which). Then it was not sent, and the
exit status is 1; the code, which may be a new one, is printed only with --show or in
JSON.`
		cmd.Flags().BoolVar(&show, "show", false, "print the code where the system shows it in place of sending it")
		cmd.Flags().StringVar(&to, "to", string(authcode.Registrant), "`WHOM` to send it to: registrant, reseller or admin")
		complete(cmd, "to", recipients())
	} else {
		cmd.Flags().BoolVar(&internal, "internal", false, "the code for a transfer between two customers of the same system")
	}
	return authcodeFlags(cmd, "output", "timeout")
}

func recipients() []string {
	var list []string
	for _, r := range authcode.Recipients {
		list = append(list, string(r))
	}
	return list
}

// handOver carries out one request and prints what became of it; a code only with show.
func (a *app) handOver(ctx context.Context, via string, r authcode.Request, show bool) error {
	r, err := r.Canonical()
	if err != nil {
		return &usageError{err}
	}
	return a.withProvider(ctx, via, func(p *provider) error {
		r.Reseller = p.reseller
		out, err := p.HandOver(ctx, r)
		if err != nil {
			return a.noOutcome(object{{"domain", r.Domain}, {"verb", string(r.Verb)}}, err)
		}
		_, ours, _ := authcode.Find[*eppcode.Provider](ctx, p.Provider, r.Domain)
		if err := a.printOutcome(r, out, show, ours); err != nil {
			return err
		}
		if no, refused := out.(authcode.Refused); refused {
			return no
		}
		if notSent(r, out) {
			return &notSentError{domain: r.Domain, printed: show || a.flags.output == "json"}
		}
		return nil
	})
}

func (a *app) canCommand() *cobra.Command {
	var via string
	cmd := &cobra.Command{
		Use:   "can DOMAIN",
		Short: "Say what can be done for a domain, and with which side effects",
		Long: `Say what the system that has a domain can do with its code, and with which side
effects, without doing it.`,
		Example: "  eppkit authcode can mydomain.cz",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			domain, err := authcode.CanonicalDomain(args[0])
			if err != nil {
				return &usageError{err}
			}
			return a.withProvider(cmd.Context(), via, func(p *provider) error {
				caps, err := p.Capabilities(cmd.Context(), domain)
				if err != nil {
					return a.noOutcome(object{{"domain", domain}}, err)
				}
				return a.printCapabilities(caps)
			})
		},
	}
	viaFlag(cmd, &via)
	return authcodeFlags(cmd, "output", "timeout")
}

func (a *app) expireCommand() *cobra.Command {
	var via string
	cmd := &cobra.Command{
		Use:   "expire",
		Short: "Unset the codes whose time is over",
		Long: `Unset the codes that eppkit set by EPP and whose time is over (RFC 9154). "authcode
serve" does so by itself; where that does not run, let cron run this.`,
		Example: "  eppkit authcode expire",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withProvider(cmd.Context(), via, func(p *provider) error {
				ended, err := p.expire(cmd.Context())
				for _, domain := range ended {
					fmt.Fprintln(a.out, domain)
				}
				return err
			})
		},
	}
	viaFlag(cmd, &via)
	return authcodeFlags(cmd, "timeout")
}
