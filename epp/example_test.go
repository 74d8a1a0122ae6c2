package epp_test

import (
	"errors"
	"fmt"

	"github.com/eppkit/eppkit/epp"
)

// Lamp is <light:lamp>: what a lighthouse shows.
type Lamp struct {
	Name  string
	Reach int // in miles; 0 is not stated
}

func (*Lamp) XMLName() epp.Name { return epp.Name{Space: "urn:example:light-1.0", Local: "lamp"} }

func (m *Lamp) Fields(x *epp.Codec) {
	x.Elem("name", epp.Token(&m.Name)) // required
	x.Opt("reach", epp.Int(&m.Reach))  // optional
}

// A message of one's own is declared once, and read and written by that.
func Example() {
	set, err := epp.NewSchema(epp.Extension{
		URI: "urn:example:light-1.0", Level: epp.ObjectLevel,
		Elements: []func() epp.Element{epp.Make[Lamp]},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	frame, err := epp.Append(nil, &epp.Response{
		Results: []epp.Result{{Code: epp.Success, Msg: epp.Text{Text: epp.Success.Text()}}},
		ResData: []epp.Element{&Lamp{Name: "Southern Cape", Reach: 19}},
		TrID:    epp.TrID{ClTRID: "CAPE-1", SvTRID: "LIGHT-9"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := set.Parse(frame)
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := m.(*epp.Response)
	fmt.Println(answer.Code(), answer.Err())
	fmt.Printf("%+v\n", *answer.ResData[0].(*Lamp))
	// Output:
	// epp: 1000 Command completed successfully <nil>
	// {Name:Southern Cape Reach:19}
}

// A result code is an error of its own kind.
func ExampleCode() {
	err := error(epp.Refuse(epp.ObjectDoesNotExist))
	fmt.Println(err)
	fmt.Println(errors.Is(err, epp.ObjectDoesNotExist), errors.Is(err, epp.ObjectExists))
	// Output:
	// epp: 2303 Object does not exist
	// true false
}

// Passwords are taken out of a frame before anybody sees it.
func ExampleRedact() {
	fmt.Printf("%s\n", epp.Redact([]byte(`<login><clID>cape</clID><pw>blue-Tide-77</pw></login>`)))
	// Output: <login><clID>cape</clID><pw>[redacted]</pw></login>
}
