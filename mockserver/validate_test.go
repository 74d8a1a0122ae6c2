package mockserver_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/schemas"
)

// What only the schemas refuse, not the types.
var (
	wrongSyntax = commandDoc(`<delete><d:delete xmlns:d="`+domain.NS+`"><d:name>a.example</d:name></d:delete></delete>`, "ABC-1")
	wrongAny    = commandDoc(checkXML("a.example")+`<extension><n:note xmlns:n="`+extNS+`"><n:text>x</n:text></n:note></extension>`, "ABC-2")
)

// An answer that its schemas do not allow is the registry's failure, and is not sent.
func TestAnswersAreValidated(t *testing.T) {
	unknown, err := epp.NewRaw([]byte(`<u:data xmlns:u="urn:example:u"/>`))
	require.NoError(t, err)
	routes := func(m *mockserver.Mux) {
		mockserver.Handle(m, func(x *mockserver.Exchange, q *domain.Delete) (*epp.NoData, error) {
			x.ResData = []epp.Element{unknown}
			return nil, nil
		})
	}
	for _, tt := range []struct {
		name        string
		unvalidated bool
		code        epp.Code
	}{{"by default", false, epp.CommandFailed}, {"unvalidated", true, epp.Success}} {
		t.Run(tt.name, func(t *testing.T) {
			s := newServer(t, mockserver.Options{Registry: &toy{routes: routes}, Unvalidated: tt.unvalidated})
			p, _ := pipe(t, s)
			p.login("REG-A")
			require.Equal(t, tt.code, p.ask(wrongSyntax).Code())
		})
	}
}

// A frame is held to the user's own schemas where they are given.
func TestOwnValidator(t *testing.T) {
	v, err := schemas.New(schemas.Options{URIs: []string{epp.NS, domain.NS}}) // without the toy's extension
	require.NoError(t, err)
	s := newServer(t, mockserver.Options{Registry: &toy{}, Validator: v})
	p, _ := pipe(t, s)
	p.login("REG-A")
	r := p.ask(wrongAny)
	require.Equal(t, epp.CommandSyntaxError, r.Code())
	require.Equal(t, "ABC-2", r.TrID.ClTRID)
	require.Equal(t, epp.Name{Space: extNS, Local: "note"}, r.Results[0].Values[0].Value.Elements[0].XMLName())
	require.Contains(t, r.Results[0].Values[0].Reason.Text, extNS)
}

// FRED's words stand before each reason, and the number of reasons is bounded.
func TestInvalidPrefix(t *testing.T) {
	s := newServer(t, mockserver.Options{Registry: &toy{profile: mockserver.Profile{SchemaFirst: true, InvalidPrefix: "XML validation error: "}}})
	p, _ := pipe(t, s)
	r := p.ask(commandDoc(`<check><d:check xmlns:d="`+domain.NS+`">`+strings.Repeat("<d:name/>", 50)+`</d:check></check>`, "ABC-1"))
	require.Equal(t, epp.CommandSyntaxError, r.Code(), "before the login")
	require.Empty(t, r.TrID.ClTRID)
	require.Len(t, r.Results[0].Values, 20)
	for _, v := range r.Results[0].Values {
		require.Regexp(t, "^XML validation error: .", v.Reason.Text)
	}
}

// A registry whose greeting is not valid is none.
func TestGreetingIsValidated(t *testing.T) {
	_, err := mockserver.New(mockserver.Options{Registry: badGreeter{&toy{}}})
	var invalid *schemas.Error
	require.ErrorAs(t, err, &invalid)
	require.ErrorContains(t, err, "greeting")
	require.False(t, errors.Is(err, context.Canceled))
}

// badGreeter announces what is no URI's form, but a text that the types take.
type badGreeter struct{ *toy }

func (r badGreeter) Greeting() *epp.Greeting {
	g := r.toy.Greeting()
	g.Lang = []string{"not a language"}
	return g
}
