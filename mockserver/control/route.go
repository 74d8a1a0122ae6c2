package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/eppkit/eppkit/internal/yamldoc"
	"github.com/eppkit/eppkit/mockserver/fault"
	"github.com/eppkit/eppkit/mockserver/match"
	"github.com/eppkit/eppkit/mockserver/registry"
	"github.com/eppkit/eppkit/mockserver/script"
)

// Limits on what a request may bring. Snapshots have none: they are read as they come.
const (
	maxBody = 1 << 20
	maxSeed = 64 << 20
)

// A route is one thing that can be asked for. The description of the whole is made from
// the routes too, so that it can't tell otherwise.
type route struct {
	method, path string
	says         string  // what it does, for people
	query        []param // what may stand after "?"
	body, answer any     // a value of the type, or nil for none
	// raw is the type of a body or an answer that is not JSON.
	raw    string
	max    int64 // of the body; 0 is maxBody
	global bool  // not of one tenant
	serve  func(*call) (any, error)
}

// A param is one of a query.
type param struct{ name, typ, says string }

var secretsParam = param{"secrets", "boolean", "Show passwords and authInfo."}

// A call is a request to a route.
type call struct {
	*http.Request
	w     http.ResponseWriter
	route *route
	ctl   *Control
	mock  *Mock
	args  url.Values
}

// A problem is a request that can't be done.
type problem struct {
	status int
	field  string
	text   string
}

func (p *problem) Error() string { return p.text }

// Failure is the body of an answer that says no.
type Failure struct {
	// Error says what is wrong, for people; Field names what it is about, where it is
	// about one thing.
	Error string `json:"error"`
	Field string `json:"field,omitempty"`
}

// tenantPath is what stands before the paths of a tenant's registry.
const tenantPath = "/tenants/{tenant}"

func (c *Control) bind() {
	c.routes = slices.Concat(
		metaRoutes(), tenantRoutes(), statusRoutes(), clockRoutes(), objectRoutes(), actRoutes(), mailRoutes(), queueRoutes(),
		journalRoutes(), snapshotRoutes(), faultRoutes(), scriptRoutes(),
	)
	for i := range c.routes {
		r := &c.routes[i]
		h := func(w http.ResponseWriter, q *http.Request) { c.serve(r, w, q) }
		c.mux.HandleFunc(r.method+" "+pattern(r.path), h)
		if !r.global {
			c.mux.HandleFunc(r.method+" "+pattern(tenantPath+r.path), h)
		}
	}
}

// pattern is a path as package http has it: "/" alone would be every path.
func pattern(path string) string {
	if path == "/" {
		return "/{$}"
	}
	return path
}

// ServeHTTP answers a request. Whatever it is, the mock registry goes on.
func (c *Control) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if !c.local(q.Host) {
		fail(w, &problem{http.StatusForbidden, "Host", "this host is not one that the control is for"})
		return
	}
	if foreign(q) {
		fail(w, &problem{http.StatusForbidden, "Origin", "pages of others may not use the control"})
		return
	}
	if _, pattern := c.mux.Handler(q); pattern == "" {
		// Package http knows whether it is the method; its words are plain text.
		rec := &statusOnly{header: make(http.Header)}
		c.mux.ServeHTTP(rec, q)
		if allow := rec.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
			fail(w, &problem{http.StatusMethodNotAllowed, "", "this path takes " + allow})
			return
		}
		fail(w, &problem{http.StatusNotFound, "", "there is no such path; GET / lists those there are"})
		return
	}
	c.mux.ServeHTTP(w, q)
}

// foreign reports whether a browser says that a page of another origin makes a request.
func foreign(q *http.Request) bool {
	switch q.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	origin := q.Header.Get("Origin")
	u, err := url.Parse(origin)
	return origin != "" && (err != nil || u.Host != q.Host)
}

// statusOnly keeps an answer's header alone.
type statusOnly struct{ header http.Header }

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
func (s *statusOnly) WriteHeader(int)             {}

func (c *Control) serve(r *route, w http.ResponseWriter, q *http.Request) {
	x := &call{Request: q, w: w, route: r, ctl: c}
	answer, err := x.run()
	switch {
	case err != nil:
		fail(w, err)
	case r.raw != "" && r.answer != nil: // written already
	case answer == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, answer)
	}
}

func (x *call) run() (answer any, err error) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler {
				panic(v) // what was written can't be taken back
			}
			x.ctl.log.Error("control", "path", x.URL.Path, "panic", v, "stack", string(debug.Stack()))
			answer, err = nil, &problem{http.StatusInternalServerError, "", "this is a fault of the control; its log says more"}
		}
	}()
	if x.args, err = url.ParseQuery(x.URL.RawQuery); err != nil {
		return nil, &problem{http.StatusBadRequest, "", "what follows the ? can't be read"}
	}
	for name, values := range x.args {
		known := slices.ContainsFunc(x.route.query, func(p param) bool { return p.name == name })
		if !known || len(values) != 1 {
			return nil, &problem{http.StatusBadRequest, name, "there is no such parameter, or it is there twice"}
		}
	}
	if !x.route.global {
		if x.mock, err = x.ctl.mock(x.PathValue("tenant")); err != nil {
			return nil, err
		}
	}
	if x.route.body == nil && x.ContentLength != 0 && x.route.raw == "" {
		if n, _ := io.CopyN(io.Discard, x.Body, 1); n > 0 {
			return nil, &problem{http.StatusBadRequest, "", "this request takes no body"}
		}
	}
	return x.route.serve(x)
}

// bodyBytes reads the body.
func (x *call) bodyBytes() ([]byte, error) {
	limit := x.route.max
	if limit == 0 {
		limit = maxBody
	}
	doc, err := io.ReadAll(http.MaxBytesReader(x.w, x.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &problem{http.StatusRequestEntityTooLarge, "", fmt.Sprintf("the body may have %d octets", limit)}
	case err != nil:
		return nil, &problem{http.StatusBadRequest, "", "the body was cut off"}
	}
	return doc, nil
}

// mediaTypes are what a body may be called. A page in a browser can't send these to
// another host without asking first.
var mediaTypes = []string{"application/json", "application/yaml", "application/x-yaml", "application/x-ndjson", "application/gzip", "application/octet-stream"}

// typed refuses a body that does not say what it is.
func (x *call) typed() error {
	t, _, err := mime.ParseMediaType(x.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(mediaTypes, t) {
		return &problem{http.StatusUnsupportedMediaType, "Content-Type", "must be application/json"}
	}
	return nil
}

// decode reads the body into what v points to. A key that is not known and a value of
// another kind are refused by name.
func (x *call) decode(v any) error {
	doc, err := x.document()
	if err != nil {
		return err
	}
	return decode(doc, v)
}

// document is the body, which says that it is one.
func (x *call) document() ([]byte, error) {
	if err := x.typed(); err != nil {
		return nil, err
	}
	return x.bodyBytes()
}

func decode(doc []byte, v any) error {
	if string(bytes.TrimSpace(doc)) == "null" {
		return &problem{http.StatusBadRequest, "", "the body must be an object"}
	}
	return yamldoc.Decode(doc, v)
}

func missing(field string) error { return &problem{http.StatusBadRequest, field, "is missing"} }

func atLeast(field string, n, least int) error {
	if n < least {
		return &problem{http.StatusBadRequest, field, fmt.Sprintf("must be %d or more", least)}
	}
	return nil
}

// flag and number are parameters.
func (x *call) flag(name string) (bool, error) {
	switch x.args.Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, &problem{http.StatusBadRequest, name, "must be true or false"}
}

func (x *call) number(name string, def, most int) (int, error) {
	s := x.args.Get(name)
	if s == "" {
		return def, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most {
		return 0, &problem{http.StatusBadRequest, name, fmt.Sprintf("must be a number from 0 to %d", most)}
	}
	return n, nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	doc, err := json.Marshal(v)
	if err != nil {
		status, doc = http.StatusInternalServerError, []byte(`{"error":"the answer can't be written"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(doc, '\n'))
}

// fail answers what could not be done. Errors of the packages below name fields and quote
// no values.
func fail(w http.ResponseWriter, err error) {
	var (
		p   *problem
		doc *yamldoc.Error
		ed  *registry.EditError
		fix *registry.FixtureError
		flt *fault.Error
		scr *script.Error
		mat *match.Error
		act *impossible
	)
	out, status := Failure{Error: trim(err.Error())}, http.StatusBadRequest
	switch {
	case errors.As(err, &p):
		status, out.Field = p.status, p.field
	case errors.As(err, &doc):
		out.Field = doc.Path.String()
	case errors.As(err, &ed):
		out.Field = ed.Field
	case errors.As(err, &fix):
		out.Field = fix.Path.String()
	case errors.As(err, &flt):
		out.Field = flt.Field
	case errors.As(err, &scr):
	case errors.As(err, &mat):
		out.Field = mat.Criterion
	case errors.Is(err, registry.ErrNoRecord), errors.Is(err, registry.ErrNoSnapshot):
		status = http.StatusNotFound
	case errors.As(err, &act):
		status = http.StatusConflict
	}
	writeJSON(w, status, out)
}

// trim takes the names of packages off a text for people.
func trim(s string) string {
	for _, pkg := range []string{"registry: ", "fault: ", "script: ", "match: ", "mockserver: ", "gtld: ", "fred: "} {
		s = strings.TrimPrefix(s, pkg)
	}
	return s
}
