package registry_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/fred"
	"github.com/eppkit/eppkit/mockserver/gtld"
	"github.com/eppkit/eppkit/mockserver/internal/wiretest"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// An object and a command extension that nobody has: shelves with books on them,
// and a colour for the answer.
const (
	shelfNS = "urn:example:params:xml:ns:shelf-1.0"
	tintNS  = "urn:example:params:xml:ns:tint-1.0"
)

type shelfInfo struct{ Room string }

func (*shelfInfo) XMLName() epp.Name     { return epp.Name{Space: shelfNS, Local: "info"} }
func (*shelfInfo) Answer() *shelfData    { return new(shelfData) }
func (m *shelfInfo) Fields(x *epp.Codec) { x.Elem("room", epp.Token(&m.Room)) }

type shelfData struct {
	Room  string
	Books int
}

func (*shelfData) XMLName() epp.Name { return epp.Name{Space: shelfNS, Local: "infData"} }

func (m *shelfData) Fields(x *epp.Codec) {
	x.Elem("room", epp.Token(&m.Room))
	x.Elem("books", epp.Int(&m.Books))
}

type tint struct{ Colour string }

func (*tint) XMLName() epp.Name     { return epp.Name{Space: tintNS, Local: "tint"} }
func (m *tint) Fields(x *epp.Codec) { x.Elem("colour", epp.Token(&m.Colour)) }

// extended are the options of a registry that has both.
func extended() registry.Options {
	return registry.Options{
		HashIterations: 10,
		Extensions: []epp.Extension{
			{URI: shelfNS, Level: epp.ObjectLevel, Elements: []func() epp.Element{epp.Make[shelfInfo], epp.Make[shelfData]}},
			{URI: tintNS, Level: epp.CommandLevel, Elements: []func() epp.Element{epp.Make[tint]}},
		},
		Routes: func(m *mockserver.Mux) { mockserver.Handle(m, infoShelf) },
	}
}

func infoShelf(x *mockserver.Exchange, q *shelfInfo) (*shelfData, error) {
	if q.Room != "attic" {
		return nil, epp.Refuse(epp.ObjectDoesNotExist)
	}
	for _, e := range x.Command.Extension {
		if t, ok := e.(*tint); ok {
			x.Extension = append(x.Extension, &tint{Colour: "dark " + t.Colour})
		}
	}
	return &shelfData{Room: q.Room, Books: 12}, nil
}

// registries make each kind of registry with the same options.
var registries = []struct {
	name, clID, pw string
	make           func(registry.Options) (mockserver.Registry, error)
}{
	{"gtld", "reg-north", "north-Gate9", func(o registry.Options) (mockserver.Registry, error) {
		return gtld.New(gtld.Options{Options: o})
	}},
	{"fred", "REG-MORAVA", "vinice-Sklep73", func(o registry.Options) (mockserver.Registry, error) {
		return fred.New(fred.Options{Options: o})
	}},
}

func TestExtensions(t *testing.T) {
	info := func(room string) string {
		return `<info><s:info xmlns:s="` + shelfNS + `"><s:room>` + room + `</s:room></s:info></info>`
	}
	const dye = `<extension><t:tint xmlns:t="` + tintNS + `"><t:colour>red</t:colour></t:tint></extension>`
	for _, tt := range registries {
		t.Run(tt.name, func(t *testing.T) {
			reg, err := tt.make(extended())
			require.NoError(t, err)
			c := wiretest.Dial(t, mockserver.StartTest(t, mockserver.Options{Registry: reg}), tt.clID, "")
			require.Contains(t, c.Greeting.All("objURI"), shelfNS)
			require.Contains(t, c.Greeting.All("extURI"), tintNS)
			c.Login(tt.clID, tt.pw)

			a := c.Do(info("attic") + dye).Code(1000)
			require.Equal(t, "attic", a.Text("resData/infData/room"))
			require.Equal(t, "12", a.Text("resData/infData/books"))
			require.Equal(t, "dark red", a.Text("response/extension/tint/colour"))
			require.NotContains(t, c.Do(info("attic")).Code(1000).XML, "tint")
			c.Do(info("cellar")).Code(2303)
			c.Do(`<poll op="req"/>`).Code(1301)

			// Without them it neither announces nor knows the object.
			o := extended()
			o.Extensions, o.Routes = nil, nil
			reg, err = tt.make(o)
			require.NoError(t, err)
			c = wiretest.Dial(t, mockserver.StartTest(t, mockserver.Options{Registry: reg}), tt.clID, "")
			require.NotContains(t, c.Greeting.XML, "shelf")
			c.Login(tt.clID, tt.pw)
			require.NotContains(t, c.Send("<command>"+info("attic")+"</command>").XML, `code="1000"`)
		})
	}
}

func TestExtensionsRefused(t *testing.T) {
	for _, tt := range registries {
		t.Run(tt.name, func(t *testing.T) {
			o := extended()
			o.Extensions = append(o.Extensions, o.Extensions[0])
			_, err := tt.make(o)
			require.ErrorContains(t, err, shelfNS)

			o = extended()
			o.Routes = func(m *mockserver.Mux) {
				mockserver.Handle(m, func(*mockserver.Exchange, *epp.Poll) (*epp.NoData, error) { return nil, nil })
			}
			reg, err := tt.make(o)
			require.NoError(t, err)
			_, err = mockserver.New(mockserver.Options{Registry: reg})
			require.ErrorContains(t, err, "two handlers")
		})
	}
}
