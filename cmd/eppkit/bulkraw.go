package main

import (
	"bytes"
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/internal/bulk"
)

// bulkRaw is "raw" for rows.
func (a *app) bulkRaw() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "raw",
		Short: "Send a frame as it is, for each row of a file",
		Args:  cobra.NoArgs,
		Long: `Send a frame as it is, for each row of a file: valid or not.

The column frame has a document, or the column file has the name of a file with one. A
document that can be read as a query may be sent again; all others count as something
that changes, which a resume file remembers. Documents keep their clTRIDs, of which the
results then tell. "eppkit bulk --help" has the rest.`,
		Example: "  eppkit bulk raw --from frames.jsonl --results results.jsonl",
	}
	return a.bulkOf(cmd, func(_ string, set *epp.Schema, _ []string) rowSource { return &rowDocuments{set} })
}

// rowDocuments are rows of which each has a document that is sent as it is.
type rowDocuments struct{ set *epp.Schema }

func (x *rowDocuments) name() string { return "raw" }

func (x *rowDocuments) parts() []bulk.Part {
	return []bulk.Part{{Name: "command", Content: []byte(x.name())}}
}

func (x *rowDocuments) about() (many, secret func(string) bool) {
	no := func(string) bool { return false }
	return no, no
}

func (x *rowDocuments) question(ctx context.Context, row bulk.Row) (*rowQuestion, error) {
	q := &rowQuestion{}
	file := ""
	for _, cell := range row.Cells {
		switch {
		case cell.Name != "frame" && cell.Name != "file":
			return nil, usage("there is no column %q; raw has: frame, file", cell.Name)
		case q.doc != nil:
			return nil, usage("there is more than one document")
		case cell.Name == "frame":
			q.doc = []byte(cell.Value)
		default:
			var err error
			if q.doc, err = readFile(ctx, cell.Value, noInput{}); err != nil {
				return nil, err
			}
			file = cell.Value
		}
	}
	if len(q.doc) == 0 {
		return nil, usage("there is nothing to send")
	}
	name := ""
	if m, err := x.set.Parse(q.doc); err == nil {
		if q.cmd, _ = m.(*epp.Command); q.cmd != nil {
			name = nameOfCommand(q.cmd)
		}
	}
	q.object = cmp.Or(file, name, "a frame")
	q.secret = file == "" && !bytes.Equal(x.set.Redact(q.doc), q.doc)
	return q, nil
}

// sendDocument sends the document of a row.
func (x *bulkRun) sendDocument(ctx context.Context, q *rowQuestion, query bool) bulk.Result {
	result := bulk.Result{Status: bulk.Done} // of a greeting
	err := x.pool.Hold(ctx, func(ctx context.Context, s *client.Session) error {
		m, err := s.SendRaw(ctx, q.doc)
		if r, ok := m.(*epp.Response); ok && err == nil {
			result = x.answered(r)
		}
		return err
	})
	if err != nil {
		return failedRow(unanswered(q.doc, err), query)
	}
	return result
}
