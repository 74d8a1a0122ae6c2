package client

import (
	"context"
	"slices"

	"github.com/eppkit/eppkit/epp"
)

// A Doer sends a command and returns its answer, whatever its result code. A
// [Session] is one; so is whatever is put around one.
type Doer interface {
	Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error)
}

// An Answer is a successful response and its typed data.
type Answer[R epp.Element] struct {
	*epp.Response
	// Data is what the command's answer carries in resData. It is nil where the
	// answer may do without.
	Data R
}

// Do sends a request and returns the data of its answer. The type of the data
// follows from the request:
//
//	inf, err := client.Do(ctx, s, &domain.Info{Name: "example.com"}) // a *domain.InfData
//
// exts extend the command, such as with secDNS. A response that says no is a
// [*epp.ResultError]; anything else that fails is an [*Error].
func Do[R epp.Element](ctx context.Context, d Doer, q epp.Request[R], exts ...epp.Element) (R, error) {
	a, err := Call(ctx, d, q, exts...)
	if err != nil {
		var none R
		return none, err
	}
	return a.Data, nil
}

// Call is Do for those who need the rest of the answer too: its code, message
// queue, extensions and transaction identifiers.
func Call[R epp.Element](ctx context.Context, d Doer, q epp.Request[R], exts ...epp.Element) (*Answer[R], error) {
	cmd := &epp.Command{Request: q, Extension: exts}
	resp, err := d.Exchange(ctx, cmd)
	if err != nil {
		return nil, err
	}
	if err := resp.Err(); err != nil {
		return nil, err
	}
	data, err := dataOf(resp, q, exts)
	if err != nil {
		return nil, &Error{Op: nameOf(cmd).Qualified(), ClTRID: resp.TrID.ClTRID, Fate: Answered, Err: err}
	}
	return &Answer[R]{Response: resp, Data: data}, nil
}

// dataOf finds the data that answers q, extended by exts.
func dataOf[R epp.Element](resp *epp.Response, q epp.Request[R], exts []epp.Element) (R, error) {
	var none R
	want := q.Answer()
	name := want.XMLName()
	if name == (epp.Name{}) { // NoData
		return want, nil
	}
	for _, e := range resp.ResData {
		if r, ok := e.(R); ok {
			return r, nil
		}
		raw, ok := e.(*epp.Raw)
		if !ok || raw.XMLName() != name && raw.TypeName() != name {
			continue
		}
		if raw.Err != nil {
			return none, invalid("%w", raw.Err)
		}
		// The session was not told of this namespace; the request knows it.
		if err := raw.Decode(nil, want); err != nil {
			return none, invalid("%w", err)
		}
		return want, nil
	}
	if resp.Code() == epp.ActionPending || slices.ContainsFunc(append([]epp.Element{q}, exts...), optional) {
		return none, nil
	}
	return none, invalid("a success without %s:%s", epp.PrefixOf(name.Space), name.Local)
}

func optional(e epp.Element) bool {
	o, ok := e.(epp.OptionalAnswer)
	return ok && o.AnswerOptional()
}
