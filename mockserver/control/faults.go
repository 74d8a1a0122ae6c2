package control

import (
	"fmt"
	"net/http"

	"github.com/eppkit/eppkit/mockserver/fault"
)

func faultRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/faults", answer: Faults{},
			says: "List the faults, and how often each struck.",
			serve: func(x *call) (any, error) {
				return Faults{append([]fault.Status{}, x.mock.Server.Faults().List()...)}, nil
			},
		},
		{
			method: http.MethodPost, path: "/faults", body: fault.Fault{}, answer: fault.Status{},
			says: "Have something go wrong.",
			serve: func(x *call) (any, error) {
				var f fault.Fault
				if err := x.decode(&f); err != nil {
					return nil, err
				}
				set := x.mock.Server.Faults()
				id, err := set.Add(f)
				if err != nil {
					return nil, err
				}
				s, _ := set.Get(id)
				return s, nil
			},
		},
		{
			method: http.MethodDelete, path: "/faults",
			says: "Have nothing go wrong any more.",
			serve: func(x *call) (any, error) {
				x.mock.Server.Faults().Reset()
				return nil, nil
			},
		},
		{
			method: http.MethodDelete, path: "/faults/{id}",
			says: "Remove a fault.",
			serve: func(x *call) (any, error) {
				if id := x.PathValue("id"); !x.mock.Server.Faults().Remove(id) {
					return nil, &problem{http.StatusNotFound, "id", fmt.Sprintf("there is no fault %q", id)}
				}
				return nil, nil
			},
		},
		{
			method: http.MethodGet, path: "/faults/kinds", answer: FaultKinds{}, global: true,
			says:  "Describe all faults that there are.",
			serve: func(*call) (any, error) { return kinds(), nil },
		},
	}
}

// Faults are those of a server.
type Faults struct {
	Faults []fault.Status `json:"faults"`
}

// FaultKinds are all that there are.
type FaultKinds struct {
	Kinds []FaultKind `json:"kinds"`
}

// FaultKind describes one.
type FaultKind struct {
	Kind  string   `json:"kind"`
	Says  string   `json:"says"`            // what the client sees
	Needs []string `json:"needs,omitempty"` // parameters that must be given
	Takes []string `json:"takes,omitempty"` // and that may be
}

func kinds() FaultKinds {
	var out FaultKinds
	for _, k := range fault.Kinds() {
		out.Kinds = append(out.Kinds, FaultKind{string(k.Kind), k.Says, k.Needs, k.Takes})
	}
	return out
}
