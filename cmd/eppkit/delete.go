package main

import (
	"fmt"
	"io"

	"github.com/eppkit/eppkit/epp"
)

// deleteVerb removes an object.
func deleteVerb(object, arg string, gtld, fred func(id string) epp.Request[*epp.NoData], example string) verb {
	form := func(q func(string) epp.Request[*epp.NoData]) func(*fields) builder {
		if q == nil {
			return nil
		}
		return func(*fields) builder {
			return func(args []string) (question, error) { return ask(q(args[0]), isNow(object, args[0], "deleted")), nil }
		}
	}
	return verb{
		use: "delete " + arg, short: "Remove " + oneOfKind(object), examples: []string{example},
		gtld: form(gtld), fred: form(fred),
	}
}

// isNow writes what became of an object, and the data of the answer.
func isNow(what, id, state string) func(io.Writer, *epp.Response) {
	return func(w io.Writer, r *epp.Response) {
		if r.Code() == epp.ActionPending {
			fmt.Fprintf(w, "The %s %s is not %s yet: the registry has to decide, and will say so in a message.\n", what, oneLine(id), state)
		} else {
			fmt.Fprintf(w, "The %s %s is %s.\n", what, oneLine(id), state)
		}
		printData(w, r.ResData)
	}
}
