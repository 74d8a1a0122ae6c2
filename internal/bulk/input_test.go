package bulk

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func rowsOf(in *Input) (rows []Row, err error) {
	for row, e := range in.Rows() {
		if e != nil {
			return rows, e
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func TestRows(t *testing.T) {
	for _, row := range []struct {
		name, data string
		in         Input
		want       []Row
	}{
		{"CSV", "Name, period \r\nsauna.example,2y\r\n\r\n\"kiuas.example\",\r\n", Input{Format: CSV}, []Row{
			{1, 2, []Cell{{"name", "sauna.example"}, {"period", "2y"}}},
			{2, 4, []Cell{{"name", "kiuas.example"}}},
		}},
		{"CSV with a mark, and a cell of two lines", "\ufeffname,text\na,\"b\nc\"\nd,\n", Input{Format: CSV}, []Row{
			{1, 2, []Cell{{"name", "a"}, {"text", "b\nc"}}},
			{2, 4, []Cell{{"name", "d"}}},
		}},
		{"several columns of one name", "name,ns,ns\na,x,\nb,y,z\n", Input{Format: CSV}, []Row{
			{1, 2, []Cell{{"name", "a"}, {"ns", "x"}}},
			{2, 3, []Cell{{"name", "b"}, {"ns", "y"}, {"ns", "z"}}},
		}},
		{
			"lists in a cell", "name,ns\na|b,x | y\n",
			Input{Format: CSV, Separator: "|", Many: func(name string) bool { return name == "ns" }},
			[]Row{{1, 2, []Cell{{"name", "a|b"}, {"ns", "x"}, {"ns", "y"}}}},
		},
		{"empty values", "name,email\na,NONE\nb,\n", Input{Format: CSV, Empty: "NONE"}, []Row{
			{1, 2, []Cell{{"name", "a"}, {"email", ""}}},
			{2, 3, []Cell{{"name", "b"}}},
		}},
		{"JSONL", "{\"Name\":\"a\",\"ns\":[\"x\",\"y\"],\"n\":100000000000000000000,\"yes\":true,\"none\":null,\"empty\":\"\"}\n\n{\"name\":\"b|c\"}", Input{Format: JSONL, Separator: "|"}, []Row{
			{1, 1, []Cell{{"name", "a"}, {"ns", "x"}, {"ns", "y"}, {"n", "100000000000000000000"}, {"yes", "true"}, {"empty", ""}}},
			{2, 3, []Cell{{"name", "b|c"}}},
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.in.Data = []byte(row.data)
			got, err := rowsOf(&row.in)
			require.NoError(t, err)
			require.Equal(t, row.want, got)
		})
	}
}

func TestBadRows(t *testing.T) {
	for _, row := range []struct {
		name, data string
		format     Format
		says       string
	}{
		{"no header", "", CSV, "line 1: there is no line with the names"},
		{"a column without a name", "name,,ns\n", CSV, "line 1: column 2 has no name"},
		{"too few cells", "name,ns\na,b\nSesame42\n", CSV, "line 3: wrong number of fields: 1, where the first line has 2"},
		{"too many cells", "name,ns\na,b\na,Sesame42,\n", CSV, "line 3: wrong number of fields: 3, where the first line has 2"},
		{"semicolons", "name;ns\na;Sesame42\n", CSV, `line 1: column 1 is "name;ns"; there has to be a comma between two columns, not ';'`},
		{"tabs", "name\tns\na\tSesame42\n", CSV, `not '\t'`},
		{"a quotation mark", "name\nSes\"ame42\n", CSV, "line 2: bare \""},
		{"no object", "[1]\n", JSONL, "line 1: it must be one JSON object"},
		{"no JSON", "{\"name\":\"a\"}\n{\"authinfo\":\"Sesame42\n", JSONL, "line 2: it must be one JSON object"},
		{"two objects", "{}{}\n", JSONL, "line 1: it must be one JSON object"},
		{"an object inside", "{\"name\":{\"authinfo\":\"Sesame42\"}}\n", JSONL, "line 1: the value of \"name\" must be"},
		{"a list in a list", "{\"name\":[[\"Sesame42\"]]}\n", JSONL, "the value of \"name\" must be"},
		{"a name given twice", "{\"ns\":\"a\",\"NS\":\"Sesame42\"}\n", JSONL, "\"ns\" is given twice"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := rowsOf(&Input{Format: row.format, Data: []byte(row.data)})
			require.ErrorContains(t, err, row.says)
			require.NotContains(t, err.Error(), "Sesame42")
			var bad *InputError
			require.ErrorAs(t, err, &bad)
		})
	}
}
