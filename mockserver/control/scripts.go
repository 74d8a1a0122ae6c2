package control

import (
	"fmt"
	"net/http"

	"github.com/eppkit/eppkit/mockserver/script"
)

func scriptRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/scripts", answer: Scripts{},
			says:  "List the stubs, how often each answered, and the states of scenarios.",
			serve: func(x *call) (any, error) { return x.mock.scripts(), nil },
		},
		{
			method: http.MethodPost, path: "/scripts", body: script.Stub{}, answer: Added{},
			says: "Stub the answer to commands.",
			serve: func(x *call) (any, error) {
				var s script.Stub
				if err := x.decode(&s); err != nil {
					return nil, err
				}
				ids, err := x.mock.Server.Scripts().Add(s)
				if err != nil {
					return nil, err
				}
				return Added{ids[0]}, nil
			},
		},
		{
			method: http.MethodDelete, path: "/scripts",
			says: "Remove all stubs and scenarios.",
			serve: func(x *call) (any, error) {
				x.mock.Server.Scripts().Reset()
				return nil, nil
			},
		},
		{
			method: http.MethodDelete, path: "/scripts/{id}",
			says: "Remove a stub.",
			serve: func(x *call) (any, error) {
				if id := x.PathValue("id"); !x.mock.Server.Scripts().Remove(id) {
					return nil, &problem{http.StatusNotFound, "id", fmt.Sprintf("there is no stub %q", id)}
				}
				return nil, nil
			},
		},
		{
			method: http.MethodPut, path: "/scenarios/{name}", body: State{},
			says: "Set the state of a scenario.",
			serve: func(x *call) (any, error) {
				var q State
				if err := x.decode(&q); err != nil {
					return nil, err
				}
				x.mock.Server.Scripts().SetState(x.PathValue("name"), q.State)
				return nil, nil
			},
		},
	}
}

// Scripts are the stubs of a server, and the state of each scenario.
type Scripts struct {
	Stubs     []script.Status   `json:"stubs"`
	Scenarios map[string]string `json:"scenarios"`
}

func (m *Mock) scripts() Scripts {
	set := m.Server.Scripts()
	return Scripts{append([]script.Status{}, set.List()...), set.States()}
}

// Added is what was added.
type Added struct {
	ID string `json:"id"`
}

// State is that of a scenario.
type State struct {
	State string `yaml:"state" json:"state"`
}
