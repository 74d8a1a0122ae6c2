package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/eppkit/eppkit/epp"
)

func objectRoutes() []route {
	list := []param{
		{"from", "string", "The key to begin with."},
		{"limit", "integer", "How many at most; 100, and no more than 10000."},
		secretsParam,
	}
	return []route{
		{
			method: http.MethodGet, path: "/records/{table}", query: list, answer: Records{},
			says:  "List the records of a table, such as domain, contact, host or registrar, by their keys.",
			serve: listRecords,
		},
		{
			method: http.MethodGet, path: "/records/{table}/{key...}", query: []param{secretsParam}, answer: json.RawMessage(nil),
			says:  "Get a record.",
			serve: getRecord,
		},
		{
			method: http.MethodPut, path: "/records/{table}/{key...}", body: json.RawMessage(nil), answer: json.RawMessage(nil),
			says:  "Put a record, in place of the one there is, as the registry's operator may.",
			serve: putRecord,
		},
		{
			method: http.MethodDelete, path: "/records/{table}/{key...}",
			says: "Delete a record. One that others refer to stays.",
			serve: func(x *call) (any, error) {
				return nil, x.mock.State.DeleteRecord(x.PathValue("table"), x.PathValue("key"))
			},
		},
		{
			method: http.MethodPost, path: "/seed", body: json.RawMessage(nil), max: maxSeed,
			says: "Add the objects of a document of fixtures, JSON or YAML, to those that there are: all, or none.",
			serve: func(x *call) (any, error) {
				if x.mock.Seed == nil {
					return nil, &problem{http.StatusNotImplemented, "", "this registry can't be seeded"}
				}
				doc, err := x.document()
				if err != nil {
					return nil, err
				}
				if string(bytes.TrimSpace(doc)) == "null" {
					return nil, &problem{http.StatusBadRequest, "", "the body must be an object"}
				}
				return nil, x.mock.Seed(doc)
			},
		},
	}
}

// Records are some of a table.
type Records struct {
	Records []json.RawMessage `json:"records"`
	// Next is the key to go on from, where there are more.
	Next string `json:"next,omitempty"`
}

func listRecords(x *call) (any, error) {
	limit, err := x.number("limit", 100, 10_000)
	if err != nil {
		return nil, err
	}
	secrets, err := x.flag("secrets")
	if err != nil {
		return nil, err
	}
	list, err := x.mock.State.Records(x.PathValue("table"), x.args.Get("from"), limit+1)
	if err != nil {
		return nil, err
	}
	out := Records{Records: []json.RawMessage{}}
	for i, r := range list {
		if i == limit {
			out.Next = r.Key
			break
		}
		out.Records = append(out.Records, x.mock.shown(r.Value, secrets))
	}
	return out, nil
}

func getRecord(x *call) (any, error) {
	secrets, err := x.flag("secrets")
	if err != nil {
		return nil, err
	}
	r, err := x.mock.State.Record(x.PathValue("table"), x.PathValue("key"))
	if err != nil {
		return nil, err
	}
	return x.mock.shown(r.Value, secrets), nil
}

func putRecord(x *call) (any, error) {
	doc, err := x.unhidden()
	if err != nil {
		return nil, err
	}
	s, table, key := x.mock.State, x.PathValue("table"), x.PathValue("key")
	if got, err := s.KeyOf(table, doc); err != nil {
		return nil, err
	} else if got != key {
		return nil, &problem{http.StatusBadRequest, "key", fmt.Sprintf("the record's key is %q, and the path has another", got)}
	}
	if _, err := s.PutRecord(table, doc); err != nil {
		return nil, err
	}
	r, err := s.Record(table, key)
	return x.mock.shown(r.Value, false), err
}

// unhidden is a body with fields of records. A secret in it is the secret itself.
func (x *call) unhidden() ([]byte, error) {
	doc, err := x.document()
	if err == nil && strings.Contains(string(doc), epp.Redacted) {
		err = &problem{http.StatusBadRequest, "", "a secret in it is hidden; get the record with secrets=true to put it again"}
	}
	return doc, err
}
