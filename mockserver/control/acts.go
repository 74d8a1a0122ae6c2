package control

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/eppkit/eppkit/mockserver/registry"
)

// actPath is that of all acts. What each takes and tells is its own, and so is its
// description.
const actPath = "/acts/{act}"

func actRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/acts", answer: Acts{},
			says: "List what the registry's staff can do and no registrar can.",
			serve: func(x *call) (any, error) {
				out := Acts{Acts: []ActInfo{}}
				for _, a := range x.mock.Acts {
					out.Acts = append(out.Acts, ActInfo{a.Name, a.Says})
				}
				return out, nil
			},
		},
		{
			method: http.MethodPost, path: actPath, body: json.RawMessage(nil), answer: json.RawMessage(nil),
			says: "Do one of these acts. Where the registry can't do it as it is now, the status is 409.",
			serve: func(x *call) (any, error) {
				name := x.PathValue("act")
				i := slices.IndexFunc(x.mock.Acts, func(a registry.Act) bool { return a.Name == name })
				if i < 0 {
					return nil, &problem{http.StatusNotFound, "act", fmt.Sprintf("there is no act %q; GET /acts lists those there are", name)}
				}
				answer, err := x.mock.Acts[i].Do(func(body any) error {
					doc, err := x.unhidden()
					if err != nil {
						return err
					}
					return decode(doc, body)
				})
				if err != nil {
					return nil, &impossible{err}
				}
				return answer, nil
			},
		},
	}
}

// Acts are those of a registry.
type Acts struct {
	Acts []ActInfo `json:"acts"`
}

// ActInfo is an act. The description of this control has its body.
type ActInfo struct {
	Name string `json:"name"`
	Says string `json:"says"`
}

// impossible is an act that failed: by a body that makes no sense, or by the state of the
// registry.
type impossible struct{ error }

func (e *impossible) Unwrap() error { return e.error }

// actRoutesOf are the routes of the acts of some mocks, which are one route with
// descriptions of their own.
func actRoutesOf(mocks ...*Mock) []route {
	byName := make(map[string]route)
	for _, m := range mocks {
		for _, a := range m.Acts {
			byName[a.Name] = route{
				method: http.MethodPost, path: strings.Replace(actPath, "{act}", a.Name, 1),
				says: a.Says, body: a.Body, answer: a.Answer,
			}
		}
	}
	list := slices.Collect(maps.Values(byName))
	slices.SortFunc(list, func(a, b route) int { return cmp.Compare(a.path, b.path) })
	return list
}

// describeActs describes the acts of the first registry, and below the path of a tenant
// those of all.
func (c *Control) describeActs(paths map[string]any, s *schemas) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]*Mock, 0, len(c.mocks))
	for _, name := range slices.Sorted(maps.Keys(c.mocks)) {
		all = append(all, c.mocks[name].Mock)
	}
	for _, r := range actRoutesOf(c.mocks[c.first].Mock) {
		describe(paths, &r, s, "")
	}
	for _, r := range actRoutesOf(all...) {
		describe(paths, &r, s, tenantPath)
	}
}
