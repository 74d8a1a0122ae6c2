package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/fred"
)

func (a *app) creditCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "credit",
		Short:   "Show the registrar's credit in each zone (FRED)",
		Example: "  eppkit credit -o json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := a.needFRED("creditInfo"); err != nil {
				return err
			}
			return do(a, cmd, &fred.CreditInfo{}, func(w io.Writer, r *client.Answer[*fred.ResCreditInfo]) {
				for _, z := range r.Data.ZoneCredit {
					fmt.Fprintf(w, "%s  %s\n", z.Zone, z.Credit)
				}
			})
		},
	}
}

// needFRED refuses what other registries don't have.
func (a *app) needFRED(what string) error {
	kind, err := a.kind()
	if err == nil && kind != "fred" {
		err = usage("%s is a command of FRED; this registry is of the kind %s", what, kind)
	}
	return err
}
