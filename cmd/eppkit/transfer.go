package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
)

var transferOps = []string{
	epp.TransferRequest, epp.TransferQuery, epp.TransferApprove, epp.TransferReject, epp.TransferCancel,
}

// transferVerb asks for a transfer, or decides about one.
func transferVerb(object, arg string, gtld, fred func(*fields) builder, example string) verb {
	v := verb{
		use: "transfer [OP] " + arg, short: "Take over " + oneOfKind(object) + " from another registrar, or decide about that",
		long: `OP is one of request, query, approve, reject and cancel. A FRED registry has request
alone, which may be left out there, and is done at once.`,
		examples: []string{"request " + example + " --authinfo-file code.txt"},
		args:     cobra.RangeArgs(1, 2), valid: transferOps, gtld: gtld, fred: fred,
	}
	if gtld == nil {
		v.use, v.long, v.short = "transfer "+arg, "", "Take over "+oneOfKind(object)+" from another registrar"
		v.examples = []string{example + " --authinfo-file code.txt"}
	} else {
		v.examples = append(v.examples, "query "+example)
	}
	return v
}

// opOf reads the arguments of a transfer.
func opOf(x *fields, args []string) (op, id string, err error) {
	switch {
	case len(args) == 2 && !slices.Contains(transferOps, args[0]):
		return "", "", usage("%q is not what can be done about a transfer: %s", args[0], strings.Join(transferOps, ", "))
	case len(args) == 2:
		op, id = args[0], args[1]
	case slices.Contains(transferOps, args[0]):
		return "", "", usage("what is %s to be about?", args[0])
	case x.kind == "gtld":
		return "", "", usage("say what to do about the transfer of %s: %s", args[0], strings.Join(transferOps, ", "))
	default:
		op, id = epp.TransferRequest, args[0]
	}
	if op == epp.TransferRequest && !x.given("authinfo-file") {
		return "", "", usage("a request needs the authInfo, with --authinfo-file")
	}
	return op, id, nil
}

// transferRFC is for registries in which a transfer takes time.
func transferRFC[R epp.Element](x *fields, object string, q func(op, id string, auth *epp.AuthInfo) epp.Request[R]) builder {
	auth := shownAuthInfo(x, false)
	return func(args []string) (question, error) {
		op, id, err := opOf(x, args)
		if err != nil {
			return nil, err
		}
		return ask(q(op, id, auth.rfc()), transferred(object, op, id)), nil
	}
}

// transferFRED is for FRED.
func transferFRED(object string, q func(op, id string, pw epp.Secret) epp.Request[*epp.NoData]) func(*fields) builder {
	return func(x *fields) builder {
		auth := shownAuthInfo(x, false)
		return func(args []string) (question, error) {
			op, id, err := opOf(x, args)
			switch {
			case err != nil:
				return nil, err
			case op != epp.TransferRequest:
				return nil, usage("a FRED registry does a transfer at once: it knows of request alone, not of %s", op)
			}
			return ask(q(op, id, *auth.pw), isNow(object, id, "yours")), nil
		}
	}
}

// transferred writes what a transfer has come to, where the data of the answer says.
func transferred(object, op, id string) func(io.Writer, *epp.Response) {
	return func(w io.Writer, r *epp.Response) {
		if op != epp.TransferQuery {
			fmt.Fprintf(w, "The registry has taken the %s of the transfer of the %s %s.\n", nounOf[op], object, oneLine(id))
		}
		printData(w, r.ResData)
	}
}

var nounOf = map[string]string{
	epp.TransferRequest: "request", epp.TransferApprove: "approval", epp.TransferReject: "rejection",
	epp.TransferCancel: "cancellation",
}
