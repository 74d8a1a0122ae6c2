package bulk

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
)

// A Row is one row of an input.
type Row struct {
	Number int // from 1
	Line   int // of the file, from 1
	Cells  []Cell
}

// A Cell is a value of a row. A row has several of one name where it has a list.
type Cell struct {
	Name, Value string
}

// A Format is that of an input.
type Format string

// The formats.
const (
	// CSV is RFC 4180: a line with the names of the columns, and a line for each row.
	// Several columns may have one name. A cell that is empty is not given.
	CSV Format = "csv"
	// JSONL has a JSON object in each line. Its values are strings, numbers, truth
	// values and lists of those. What is null is not given; "" is given.
	JSONL Format = "jsonl"
)

// An Input is the content of a file with rows. It is read as often as it is ranged over,
// so that it takes no more memory than the file.
type Input struct {
	Format Format
	Data   []byte

	// These are for CSV. Separator parts the values of a cell, in the columns for which
	// Many is true; "" parts none. Empty is the content of a cell whose value is empty;
	// "" means that there is none.
	Separator, Empty string
	Many             func(name string) bool
}

// An InputError is a line of an input that can't be read. It does not quote the line, in
// which secrets may be.
type InputError struct {
	Line int
	Err  error
}

func (e *InputError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

func (e *InputError) Unwrap() error { return e.Err }

// Rows reads the rows. An error, which is an *InputError, is the last element.
func (x *Input) Rows() iter.Seq2[Row, error] {
	data := bytes.TrimPrefix(x.Data, []byte("\ufeff"))
	if x.Format == JSONL {
		return jsonRows(data)
	}
	return func(yield func(Row, error) bool) {
		r := csv.NewReader(bytes.NewReader(data))
		names, err := header(r)
		if err != nil {
			yield(Row{}, err)
			return
		}
		for n := 1; ; n++ {
			record, err := r.Read()
			if err == io.EOF {
				return
			}
			if errors.Is(err, csv.ErrFieldCount) {
				line, _ := r.FieldPos(0)
				err = &InputError{line, fmt.Errorf("wrong number of fields: %d, where the first line has %d", len(record), len(names))}
				yield(Row{}, err)
				return
			}
			if err != nil {
				yield(Row{}, csvError(err))
				return
			}
			line, _ := r.FieldPos(0)
			if !yield(Row{n, line, x.cells(names, record)}, nil) {
				return
			}
		}
	}
}

// header reads the names of the columns.
func header(r *csv.Reader) ([]string, error) {
	record, err := r.Read()
	if err == io.EOF {
		return nil, &InputError{1, errors.New("there is no line with the names of the columns")}
	}
	if err != nil {
		return nil, csvError(err)
	}
	names := make([]string, len(record))
	for i, name := range record {
		names[i] = strings.ToLower(strings.TrimSpace(name))
		if names[i] == "" {
			return nil, &InputError{1, fmt.Errorf("column %d has no name", i+1)}
		}
		if at := strings.IndexAny(names[i], ";\t"); at >= 0 {
			return nil, &InputError{1, fmt.Errorf("column %d is %q; there has to be a comma between two columns, not %q", i+1, names[i], names[i][at])}
		}
	}
	return names, nil
}

func csvError(err error) error {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return &InputError{bad.Line, bad.Err}
	}
	return &InputError{0, err}
}

// cells are those of a record that are given.
func (x *Input) cells(names, record []string) []Cell {
	cells := make([]Cell, 0, len(record))
	for i, value := range record {
		switch {
		case value == "":
		case value == x.Empty:
			cells = append(cells, Cell{names[i], ""})
		case x.Separator != "" && strings.Contains(value, x.Separator) && x.Many(names[i]):
			for part := range strings.SplitSeq(value, x.Separator) {
				cells = append(cells, Cell{names[i], strings.TrimSpace(part)})
			}
		default:
			cells = append(cells, Cell{names[i], value})
		}
	}
	return cells
}

func jsonRows(data []byte) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		line, n := 0, 0
		for text := range bytes.Lines(data) {
			line++
			if len(bytes.TrimSpace(text)) == 0 {
				continue
			}
			n++
			cells, err := jsonCells(text)
			if err != nil {
				yield(Row{}, &InputError{line, err})
				return
			}
			if !yield(Row{n, line, cells}, nil) {
				return
			}
		}
	}
}

var errNoObject = errors.New("it must be one JSON object")

func jsonCells(text []byte) ([]Cell, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errNoObject
	}
	var cells []Cell
	var names []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, errNoObject
		}
		name := strings.ToLower(key.(string))
		if slices.Contains(names, name) {
			return nil, fmt.Errorf("%q is given twice; several values are a list", name)
		}
		names = append(names, name)
		var value any
		if err := dec.Decode(&value); err != nil {
			return nil, errNoObject
		}
		if cells, err = appendCells(cells, name, value); err != nil {
			return nil, err
		}
	}
	if _, err := dec.Token(); err != nil {
		return nil, errNoObject
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errNoObject
	}
	return cells, nil
}

func appendCells(cells []Cell, name string, value any) ([]Cell, error) {
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, value := range list {
		switch value := value.(type) {
		case nil:
		case string:
			cells = append(cells, Cell{name, value})
		case json.Number, bool:
			cells = append(cells, Cell{name, fmt.Sprint(value)})
		default:
			return nil, fmt.Errorf("the value of %q must be a text, a number, true, false, or a list of those", name)
		}
	}
	return cells, nil
}
