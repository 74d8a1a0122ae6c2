package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
)

// A listing is what can be listed, and by what.
type listing struct {
	what string
	all  epp.Request[*fred.InfoResponse]
	by   []listingBy
}

// listingBy makes a list of what uses one object.
type listingBy struct {
	flag, help string
	q          func(string) epp.Request[*fred.InfoResponse]
}

func listings() []listing {
	return []listing{
		{what: "contacts", all: &fred.ListContacts{}},
		{what: "domains", all: &fred.ListDomains{}, by: []listingBy{
			{"by-contact", "those whose holder or administrative contact has this `ID`", func(id string) epp.Request[*fred.InfoResponse] {
				return &fred.DomainsByContact{ID: id}
			}},
			{"by-nsset", "those that use the nsset with this `ID`", func(id string) epp.Request[*fred.InfoResponse] {
				return &fred.DomainsByNsset{ID: id}
			}},
			{"by-keyset", "those that use the keyset with this `ID`", func(id string) epp.Request[*fred.InfoResponse] {
				return &fred.DomainsByKeyset{ID: id}
			}},
		}},
		{what: "nssets", all: &fred.ListNssets{}, by: []listingBy{
			{"by-contact", "those whose technical contact has this `ID`", func(id string) epp.Request[*fred.InfoResponse] {
				return &fred.NssetsByContact{ID: id}
			}},
			{"by-ns", "those with the name server of this `NAME`", func(name string) epp.Request[*fred.InfoResponse] {
				return &fred.NssetsByNs{Name: name}
			}},
		}},
		{what: "keysets", all: &fred.ListKeysets{}, by: []listingBy{
			{"by-contact", "those whose technical contact has this `ID`", func(id string) epp.Request[*fred.InfoResponse] {
				return &fred.KeysetsByContact{ID: id}
			}},
		}},
	}
}

func (a *app) listCommand() *cobra.Command {
	list := group("list", "List what the registrar has in the registry (FRED)")
	for _, l := range listings() {
		list.AddCommand(a.listingCommand(l))
	}
	return list
}

func (a *app) listingCommand(l listing) *cobra.Command {
	cmd := &cobra.Command{
		Use: l.what, Short: "List the registrar's " + l.what + ", one a line", Args: cobra.NoArgs,
		Long: "List the registrar's " + l.what + `, one a line.

The registry prepares the list, and is then asked for part after part.`,
		Example: "  eppkit list " + l.what,
	}
	by := make([]string, len(l.by))
	for i, b := range l.by {
		cmd.Flags().StringVar(&by[i], b.flag, "", b.help)
		cmd.Example += "\n  eppkit list " + l.what + " --" + b.flag + " " + map[string]string{
			"by-contact": "CID-MYOWN", "by-nsset": "NID-MYNSSET", "by-keyset": "KID-MYKEYSET", "by-ns": "ns.mydomain.cz",
		}[b.flag]
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.needFRED("list " + l.what); err != nil {
			return err
		}
		prepare, chosen := l.all, ""
		for i, b := range l.by {
			switch {
			case !cmd.Flags().Changed(b.flag):
			case chosen != "":
				return usage("--%s and --%s can't be used together", chosen, b.flag)
			default:
				prepare, chosen = b.q(by[i]), b.flag
			}
		}
		return a.list(cmd, prepare)
	}
	return cmd
}

// list has a list prepared, and prints all of it. Another list that the same registrar
// asks for meanwhile takes the place of this one: the registry keeps one.
func (a *app) list(cmd *cobra.Command, prepare epp.Request[*fred.InfoResponse]) error {
	if a.flags.dryRun {
		for _, q := range []epp.Element{prepare, &fred.GetResults{}} {
			if err := a.printFrame(a.dryCommand(q)); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := a.frame(a.dryCommand(prepare)); err != nil {
		return err // before connecting for nothing
	}
	return a.session(cmd.Context(), func(ctx context.Context, s *client.Session) error {
		ready, err := client.Call(ctx, named{s, a.flags.clTRID}, prepare)
		if err != nil {
			return a.refused(err)
		}
		if a.asDocuments() {
			if err := a.printResponse(ready.Response, nil); err != nil {
				return err
			}
		}
		items, err := a.results(ctx, s, ready.Data.Count)
		if err != nil {
			return err
		}
		switch a.flags.output {
		case "json":
			return a.printJSON(items)
		case "text":
			for _, item := range items {
				fmt.Fprintln(a.out, oneLine(item))
			}
		}
		return nil
	})
}

// results fetches a list that is prepared. Parts come until one is empty.
func (a *app) results(ctx context.Context, s *client.Session, count uint64) ([]string, error) {
	items := []string{}
	for {
		part, err := client.Call(ctx, s, &fred.GetResults{})
		if err != nil {
			return nil, a.refused(err)
		}
		if a.asDocuments() {
			if err := a.printResponse(part.Response, nil); err != nil {
				return nil, err
			}
		}
		if len(part.Data.Items) == 0 {
			break
		}
		items = append(items, part.Data.Items...)
	}
	if uint64(len(items)) != count {
		fmt.Fprintf(a.err, "eppkit: the registry announced %d and gave %d; was another list asked for meanwhile?\n", count, len(items))
	}
	return items, nil
}

// asDocuments reports whether answers are printed as they come.
func (a *app) asDocuments() bool { return a.flags.output == "xml" || a.flags.output == "raw" }
