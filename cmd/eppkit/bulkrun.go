package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/client/reconcile"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/bulk"
)

// A bulkRun is a run over a pool.
type bulkRun struct {
	*bulkWork
	form rowSource
	pool *client.Pool
	set  *epp.Schema
	clID string
	out  io.Writer // of the results
}

// carryOut sends the rows that were checked.
func (w *bulkWork) carryOut(ctx context.Context, form rowSource, in *bulk.Input, seen rowsSeen) (err error) {
	t, err := w.target(ctx, true)
	if err != nil {
		return err
	}
	defer t.close()
	opts := t.pool()
	opts.Timeout = w.flags.timeout
	x := &bulkRun{bulkWork: w, form: form, set: opts.Schema, clID: opts.Credentials.ClID, out: w.out}
	run := &bulk.Run{
		Input: in, Total: seen.total, Prepare: x.prepare, OnResult: x.tell,
		Workers: w.workers, Rate: w.rate, MaxErrors: w.maxErrors, Grace: min(graceTime, w.flags.timeout),
	}
	if run.Workers == 0 {
		run.Workers = opts.MaxSessions * max(opts.Depth, 1)
	}
	if run.Journal, err = w.journal(form, in, t, seen); err != nil {
		return err
	}
	if run.Journal != nil {
		defer func() { err = joined(err, asConfig(run.Journal.Close())) }()
	}
	if w.results != "" {
		if sameFile(w.results, w.from) || run.Journal != nil && sameFile(w.results, w.resumeFile()) {
			return usage("--results would overwrite %s", w.results)
		}
		f, err := os.OpenFile(w.results, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return &configError{err}
		}
		defer func() { err = joined(err, asConfig(f.Close())) }()
		x.out = f
	}
	note := w.note
	if !w.quiet {
		p := bulk.ShowProgress(w.err, w.lineFitter(), run.Counts)
		defer p.Stop()
		note = func(text string) { fmt.Fprintf(p, "eppkit: %s\n", oneLine(text)) }
	}
	opts.OnEvent = func(e client.Event) {
		if e.Level() > 0 {
			note(e.String())
		}
	}
	pool, err := client.NewPool(opts)
	if err != nil {
		return err
	}
	defer pool.Close()
	x.pool = pool
	halt := x.rows(ctx, run, seen)
	w.logOut(ctx, pool)
	x.sum(run, halt, note)
	return outcome(run.Counts(), halt)
}

// rows does the rows, and looks after those of unknown outcome. No row begins before a
// session is open: what has begun and was never sent would be of unknown outcome after a
// crash.
func (x *bulkRun) rows(ctx context.Context, run *bulk.Run, seen rowsSeen) error {
	ready, cancel := context.WithTimeout(ctx, x.flags.timeout)
	err := x.pool.Ready(ready)
	cancel()
	if err == nil && seen.extended {
		err = x.offered(ctx, run.Input)
	}
	if err == nil {
		err = run.Go(ctx)
	}
	if err == nil && x.reconcile != "" {
		// A command whose row has given up may still be on its way. The pool gives a
		// session up that does not answer, which ends the wait.
		if err = reconcile.Quiet(ctx, x.pool); err == nil {
			err = run.Look(ctx, x.reconcile == "retry")
		}
	}
	return err
}

// offered checks that the registry offers the extensions that rows need, before the first
// row is sent.
func (x *bulkRun) offered(ctx context.Context, in *bulk.Input) error {
	for row, err := range in.Rows() {
		if err != nil {
			return err
		}
		q, err := x.form.question(ctx, row)
		if err == nil {
			_, err = q.command(x.pool.Greeting(), x.set, "")
		}
		if err != nil {
			return fmt.Errorf("row %d (line %d): %w", row.Number, row.Line, err)
		}
	}
	return nil
}

// journal opens the resume file, where there is to be one.
func (w *bulkWork) journal(form rowSource, in *bulk.Input, t *target, seen rowsSeen) (*bulk.Journal, error) {
	switch {
	case w.resume != "":
	case !seen.transforms, w.mocked:
		return nil, nil
	case w.from == "-":
		return nil, usage("rows of standard input that change something need a file to go on with, with --resume")
	}
	parts := []bulk.Part{
		{Name: "input", Content: in.Data},
		{Name: "--format, --separator or --empty", Content: []byte(strings.Join([]string{string(in.Format), in.Separator, in.Empty}, "\x00"))},
	}
	parts = append(parts, form.parts()...)
	if seen.docs != nil {
		parts = append(parts, bulk.Part{Name: "document", Content: seen.docs.Sum(nil)})
	}
	if !w.mocked { // it is another one each time
		parts = append(parts, bulk.Part{Name: "registrar or registry", Content: []byte(t.opts.Credentials.ClID + " " + strings.Join(t.addrs, " "))})
	}
	j, err := bulk.OpenJournal(w.resumeFile(), form.name(), parts...)
	if errors.Is(err, bulk.ErrOtherWork) {
		err = fmt.Errorf("%w; name another with --resume, or remove it: then all rows are sent, also those that were done", err)
	}
	return j, asConfig(err)
}

func (w *bulkWork) resumeFile() string {
	if w.resume != "" {
		return w.resume
	}
	return w.from + ".resume"
}

// sameFile reports whether two paths lead to one file.
func sameFile(a, b string) bool {
	of, errA := os.Stat(a)
	to, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(of, to)
}

// joined is an error that ended a run, with what went wrong after it: one error is not
// told twice.
func joined(err, later error) error {
	switch {
	case later == nil || err != nil && errors.Is(err, errors.Unwrap(later)):
		return err
	case err == nil:
		return later
	}
	return fmt.Errorf("%w; %w", err, later)
}

// asConfig is an error of a file.
func asConfig(err error) error {
	if err == nil {
		return nil
	}
	return &configError{err}
}

// prepare makes a job of a row.
func (x *bulkRun) prepare(ctx context.Context, row bulk.Row) (bulk.Job, error) {
	q, err := x.form.question(ctx, row)
	if err != nil {
		return bulk.Job{}, err
	}
	query, own := q.isQuery(), ""
	if q.cmd != nil {
		own = q.cmd.ClTRID
	}
	return bulk.Job{
		Object: q.object, Harmless: query, ClTRID: own,
		Do:   func(ctx context.Context, clTRID string) bulk.Result { return x.do(ctx, q, clTRID, query) },
		Look: func(ctx context.Context, r *bulk.Result) { x.look(ctx, q, r) },
	}, nil
}

// do sends the command of a row.
func (x *bulkRun) do(ctx context.Context, q *rowQuestion, clTRID string, query bool) bulk.Result {
	ctx, cancel := context.WithTimeout(ctx, x.flags.timeout)
	defer cancel()
	cmd, err := q.command(x.pool.Greeting(), x.set, clTRID)
	if err != nil {
		return bulk.Result{Status: bulk.Failed, Error: err.Error(), Halt: err}
	}
	if q.doc != nil {
		return x.sendDocument(ctx, q, query)
	}
	r, err := x.pool.Exchange(ctx, cmd)
	if err != nil {
		return failedRow(err, query)
	}
	return x.answered(r)
}

// answered is the result of a command with an answer.
func (x *bulkRun) answered(r *epp.Response) bulk.Result {
	r = withoutSecretsOf(x.set, r)
	result := bulk.Result{
		Status: bulk.Done, Code: int(r.Code()), Message: r.Results[0].Msg.Text, SvTRID: r.TrID.SvTRID,
	}
	if err := r.Err(); err != nil {
		result.Status, result.Error = bulk.Refused, oneLine(err.Error())
	}
	var err error
	if result.Answer, err = json.Marshal(responseObject(r)); err != nil {
		result.Halt = err
	}
	return result
}

// failedRow is the result of a command without an answer. One that changes nothing fails,
// however far it came.
func failedRow(err error, query bool) bulk.Result {
	result := bulk.Result{Status: bulk.Failed, Error: oneLine(err.Error())}
	var trouble *client.Error
	var raw *malformedError
	if !query && !errors.As(err, &raw) && (!errors.As(err, &trouble) || trouble.Fate != client.NotSent) {
		result.Status = bulk.Unknown
	}
	if errors.Is(err, client.ErrStopped) {
		result.Halt = err
	}
	return result
}

// look asks the registry what became of a row.
func (x *bulkRun) look(ctx context.Context, q *rowQuestion, r *bulk.Result) {
	ctx, cancel := context.WithTimeout(ctx, x.flags.timeout)
	defer cancel()
	cmd, err := q.command(x.pool.Greeting(), x.set, r.ClTRID)
	if err != nil {
		r.Halt = err
		return
	}
	v, err := reconcile.Reconcile(ctx, x.pool, cmd, reconcile.Options{ClID: x.clID, Sent: r.Sent, ClTRID: r.ClTRID})
	if errors.Is(err, client.ErrStopped) {
		r.Halt = err
	}
	switch v.Outcome {
	case reconcile.Done:
		r.Status = bulk.Done
	case reconcile.NotDone:
		r.Status = bulk.NotDone
	}
	if r.Verdict, err = json.Marshal(v); err != nil {
		r.Halt = err
	}
}

// tell writes a result.
func (x *bulkRun) tell(r bulk.Result) error {
	enc := json.NewEncoder(x.out) // writes a line at once
	enc.SetEscapeHTML(false)
	return asConfig(enc.Encode(r))
}

// lineFitter is nil where progress has no terminal of its own.
func (w *bulkWork) lineFitter() func(string) string {
	if w.results == "" && isTerminal(w.out) {
		return nil
	}
	return lineFitter(w.err)
}

// maxListed is how many rows are listed for people; the results have all.
const maxListed = 100

// sum says at the end what people have to know.
func (x *bulkRun) sum(run *bulk.Run, halt error, note func(string)) {
	c := run.Counts()
	listed := 0
	for _, r := range run.Open() {
		if r.Status == bulk.Failed {
			continue
		}
		if listed++; listed > maxListed {
			note("and more, which are among the results")
			break
		}
		what := "its outcome is unknown; look before you send it again"
		if r.Status == bulk.NotDone {
			what = "it was not done"
		}
		note(fmt.Sprintf("row %d (line %d), %s, clTRID %s: %s", r.Row, r.Line, r.Object, r.ClTRID, what))
	}
	if c.Unknown > 0 && x.reconcile == "" {
		note("the same command with --reconcile asks the registry what became of them")
	}
	if c.Left() > 0 && run.Journal != nil {
		note("the same command goes on where this run ended")
	}
	if !x.quiet && outcome(c, halt) == nil {
		note(c.Summary())
	}
}
