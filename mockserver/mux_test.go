package mockserver_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/mockserver"
)

// A modified registry differs from the toy in what it does around commands, and at last.
type modified struct {
	toy
	around func(x *mockserver.Exchange, q epp.Element, next mockserver.Handler) (epp.Element, error)
	finish func(*epp.Response)
}

func (r *modified) Routes(m *mockserver.Mux) {
	if r.toy.Routes(m); r.around != nil {
		m.Around(r.around)
	}
}

func (r *modified) Finish(_ *mockserver.Exchange, m *epp.Response) {
	if r.finish != nil {
		r.finish(m)
	}
}

func TestAround(t *testing.T) {
	var seen []epp.Name
	s := newServer(t, mockserver.Options{Registry: &modified{
		around: func(x *mockserver.Exchange, q epp.Element, next mockserver.Handler) (epp.Element, error) {
			seen = append(seen, q.XMLName())
			q.(*domain.Check).Names[0] = "b.example"
			data, err := next(x, q)
			require.NoError(t, err)
			data.(*domain.ChkData).CD[0].Avail = false
			return data, nil
		},
	}})
	p, _ := pipe(t, s)
	r := p.login("REG-A").ask(checkDoc("a.example"))
	require.Equal(t, epp.Success, r.Code())
	cd := r.ResData[0].(*domain.ChkData).CD[0]
	require.Equal(t, "b.example", cd.Name)
	require.False(t, cd.Avail)
	require.Equal(t, []epp.Name{{Space: domain.NS, Local: "check"}}, seen, "a login is not a handler's")
}

func TestFinishPanics(t *testing.T) {
	reg := &modified{}
	s := newServer(t, mockserver.Options{Registry: reg})
	p, _ := pipe(t, s)
	p.login("REG-A")
	reg.finish = func(*epp.Response) { panic("a registry's mistake") }
	r := p.ask(checkDoc("a.example"))
	require.Equal(t, epp.CommandFailed, r.Code())
	require.Equal(t, "CHK-1", r.TrID.ClTRID)
	reg.finish = nil
	require.Equal(t, epp.Success, p.ask(checkDoc("a.example")).Code(), "the session goes on")
}
