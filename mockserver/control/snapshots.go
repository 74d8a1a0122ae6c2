package control

import (
	"encoding/json"
	"net/http"

	"github.com/eppkit/eppkit/mockserver/registry"
)

func snapshotRoutes() []route {
	to := []param{{"to", "string", "The snapshot to compare with; the registry as it is now, where it is left out."}, secretsParam}
	return []route{
		{
			method: http.MethodGet, path: "/snapshots", answer: Snapshots{},
			says:  "List the snapshots.",
			serve: func(x *call) (any, error) { return Snapshots{x.mock.State.Snapshots()}, nil },
		},
		{
			method: http.MethodPut, path: "/snapshots/{name}",
			says: "Save the registry as it is now under a name.",
			serve: func(x *call) (any, error) {
				x.mock.State.Save(x.PathValue("name"))
				return nil, nil
			},
		},
		{
			method: http.MethodPost, path: "/snapshots/{name}/restore",
			says:  "Bring back what was saved, and the time of then.",
			serve: func(x *call) (any, error) { return nil, x.mock.State.Restore(x.PathValue("name")) },
		},
		{
			method: http.MethodDelete, path: "/snapshots/{name}",
			says:  "Forget a snapshot.",
			serve: func(x *call) (any, error) { return nil, x.mock.State.Forget(x.PathValue("name")) },
		},
		{
			method: http.MethodGet, path: "/snapshots/{name}/diff", query: to, answer: Differences{},
			says:  "Tell what is different in another snapshot.",
			serve: diff,
		},
		{
			method: http.MethodGet, path: "/snapshots/{name}/file", raw: "application/x-ndjson", answer: "",
			says: "Get a snapshot as a file. It holds secrets.",
			serve: func(x *call) (any, error) {
				if err := x.mock.State.HasSnapshot(x.PathValue("name")); err != nil {
					return nil, err
				}
				x.w.Header().Set("Content-Type", "application/x-ndjson")
				if err := x.mock.State.WriteSnapshot(x.w, x.PathValue("name")); err != nil {
					panic(http.ErrAbortHandler) // a part is out
				}
				return "", nil
			},
		},
		{
			method: http.MethodPut, path: "/snapshots/{name}/file", raw: "application/x-ndjson",
			says: "Keep the snapshot in a file under a name. It is restored only when that is asked for.",
			serve: func(x *call) (any, error) {
				if err := x.typed(); err != nil {
					return nil, err
				}
				return nil, x.mock.State.ReadSnapshot(x.Body, x.PathValue("name"))
			},
		},
	}
}

// Snapshots are their names.
type Snapshots struct {
	Snapshots []string `json:"snapshots"`
}

// Differences are the records that are not the same.
type Differences struct {
	Differences []Difference `json:"differences"`
}

// Difference is a record that is not the same.
type Difference struct {
	registry.Ref
	// Before and After are null where the record is not there.
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

func diff(x *call) (any, error) {
	secrets, err := x.flag("secrets")
	if err != nil {
		return nil, err
	}
	list, err := x.mock.State.Diff(x.PathValue("name"), x.args.Get("to"))
	if err != nil {
		return nil, err
	}
	out := Differences{Differences: []Difference{}}
	for _, d := range list {
		out.Differences = append(out.Differences, Difference{d.Ref, x.mock.shown(d.Before, secrets), x.mock.shown(d.After, secrets)})
	}
	return out, nil
}
