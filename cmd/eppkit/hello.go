package main

import (
	"context"
	"reflect"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

func (a *app) helloCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hello",
		Short: "Show the registry's greeting, without logging in",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if a.flags.dryRun {
				return a.printFrame(&epp.Hello{})
			}
			return a.connected(cmd.Context(), false, func(ctx context.Context, s *client.Session) error {
				g, err := s.Hello(ctx)
				if err != nil {
					return err
				}
				return a.printGreeting(g)
			})
		},
	}
	return noClTRID(cmd)
}

// printGreeting writes the greeting that has just come.
func (a *app) printGreeting(g *epp.Greeting) error {
	switch a.flags.output {
	case "xml", "raw":
		return a.printDocument(*a.received.Load())
	case "json":
		return a.printJSON(object{{"greeting", view(reflect.ValueOf(g))}})
	}
	printObject(a.out, view(reflect.ValueOf(g)))
	return nil
}
