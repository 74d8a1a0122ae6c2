package main

import (
	"fmt"
	"io"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/fred"
)

// sendAuthInfoVerb has the registry mail an authInfo.
func sendAuthInfoVerb[R epp.Element](object, arg, to string, q func(id string) epp.Request[R], example string) verb {
	return verb{
		use: "send-authinfo " + arg, short: "Have the registry mail a new authInfo to " + to,
		long: "Have the registry make a new authInfo for " + oneOfKind(object) + " and mail it to " + to + `.

The answer does not hold the authInfo. Where the registry discloses to whom it
was mailed, the addresses come masked.`,
		examples: []string{example},
		fred: func(*fields) builder {
			return func(args []string) (question, error) {
				return ask(fred.SendAuthInfo(q(args[0])), printMailed(object, args[0])), nil
			}
		},
	}
}

func printMailed(object, id string) func(io.Writer, *epp.Response) {
	return func(w io.Writer, r *epp.Response) {
		if len(r.ResData) == 0 {
			fmt.Fprintf(w, "The registry has mailed a new authInfo of %s %s. It does not say to whom.\n", object, oneLine(id))
			return
		}
		fmt.Fprintf(w, "The registry has mailed a new authInfo of %s %s to:\n", object, oneLine(id))
		for _, e := range r.ResData {
			for _, l := range lines("", dataOf(e)) {
				fmt.Fprintf(w, "  %s\n", oneLine(l[1]))
			}
		}
	}
}
