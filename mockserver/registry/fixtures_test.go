package registry

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

type fixture struct {
	Registrars []Account `yaml:"registrars"`
	Messages   []Message `yaml:"messages"`
	Things     []struct {
		Object `yaml:",inline"`
		Level  int        `yaml:"level"`
		On     bool       `yaml:"on"`
		Addr   netip.Addr `yaml:"addr"`
		Like   *struct {
			Name string `yaml:"name"`
		} `yaml:"like"`
	} `yaml:"things"`
}

func (f *fixture) Validate() error {
	v := &Validator{ROID: regexp.MustCompile(`^T[0-9]$`), ROIDLike: "T1"}
	v.Registrars(f.Registrars)
	v.Messages(f.Messages)
	for i := range f.Things {
		v.Define("things", strconv.Itoa(i), &f.Things[i].Object, []string{
			"worn", "pendingDelete", "pendingUpdate", "clientDeleteProhibited", "serverUpdateProhibited",
		}, Path{"things", i})
	}
	return v.Err
}

func TestParseFixtures(t *testing.T) {
	const registrar = "registrars:\n- clID: REG-A\n  password: hush-hush\n"
	const thing = registrar + "things:\n- clID: REG-A\n  crDate: 2026-01-02\n"
	for _, tt := range []struct{ name, doc, want string }{
		{"fine", registrar + "things:\n- {clID: REG-A, crDate: 2026-01-02T03:04:05Z}\n", ""},
		{"every kind", thing + "  level: 7\n  on: true\n  addr: 192.0.2.1\n  like: {name: 12}\n  status: [worn]\n  roid: T1\n", ""},
		{"nothing where a list may be", registrar + "things:\n", ""},
		{"an alias", registrar + "things:\n- &a {clID: REG-A, crDate: 2026-01-02}\n- *a\n", ""},
		{"a message", registrar + "messages:\n- {clID: REG-A, text: Hello, qDate: 2026-01-02}\n", ""},

		{"empty", "", "f.yaml:1: the document is empty"},
		{"nothing but a comment", "# nothing\n", "f.yaml:1: "},
		{"two documents", registrar + "---\nthings: []\n", "f.yaml:4: a second document is not expected"},
		{"not YAML", registrar + "things: [", "f.yaml:4: "},
		{"not YAML, after the document", registrar + "--- [", "f.yaml:4: "},
		{"unknown key", registrar + "  colour: blue\n", "f.yaml:4: registrars[0].colour: there is no such key"},
		{"key in another case", thing + "  Level: 7\n", "f.yaml:7: things[0].Level: there is no such key"},
		{"a merge", thing + "- &a {<<: *a}\n", "f.yaml:7: things[1].<<: merge keys are not understood"},
		{"a merge with itself, which is never done", "registrars: [&x {<<: *x, clID: ABC, password: secret12}]", "f.yaml:1: registrars[0].<<: merge keys are not understood"},
		{"a merge by another name", "registrars: [&x {!!merge clID: *x}]", "f.yaml:1: registrars[0].clID: merge keys are not understood"},
		{"a merge of amounts", registrar + "  credit: &x {cz: 1, <<: *x}\n", "f.yaml:4: registrars[0].credit.<<: merge keys are not understood"},
		{"a merge where an address is due", thing + "  addr: &x {<<: *x}\n", "f.yaml:7: things[0].addr: "},
		{"a merge where a time is due", thing + "  upDate: &x {<<: *x}\n", "f.yaml:7: things[0].upDate: must be a day"},
		{"an alias of what it is in", "registrars: &a [*a]\n", "f.yaml:1: registrars[0]: must be keys with values"},
		{"key given twice", registrar + "  clID: REG-B\n", "f.yaml:4: registrars[0].clID: is there twice"},
		{"a zone given twice", registrar + "  credit:\n    cz: 1\n    cz: 2\n", "f.yaml:6: registrars[0].credit.cz: is there twice"},
		{"no time", thing + "  upDate: tomorrow\n", "f.yaml:7: things[0].upDate: must be a day or a time, like 2026-01-02"},
		{"no number", thing + "  level: hush\n", "f.yaml:7: things[0].level: must be a whole number"},
		{"neither true nor false", thing + "  on: hush\n", "f.yaml:7: things[0].on: must be true or false"},
		{"no address", thing + "  addr: 192.0.2.300\n", "f.yaml:7: things[0].addr: "},
		{"no list", thing + "  status: hush\n", "f.yaml:7: things[0].status: must be a list"},
		{"keys where a list is due", "registrars: {}\n", "f.yaml:1: registrars: must be a list"},
		{"no text", "registrars:\n- clID: REG-A\n  password: [hush-hush]\n", "f.yaml:3: registrars[0].password: must be a text"},
		{"a text where keys are due", thing + "  like: hush\n", "f.yaml:7: things[0].like: must be keys with values"},
		{"a text alone", "hush", "f.yaml:1: must be keys with values"},
		{"no amount", registrar + "  credit: {cz: 1.234}\n", `f.yaml:4: registrars[0].credit.cz: "1.234" is not an amount`},
		{"keys where an amount is due", registrar + "  credit: {cz: {eur: 1}}\n", `f.yaml:4: registrars[0].credit.cz: `},

		{"no registrars", "things: []\n", "f.yaml:1: registrars: there must be at least one registrar"},
		{"unknown registrar", registrar + "things:\n- crDate: 2026-01-02\n  clID: REG-B\n", `f.yaml:6: things[0].clID: there is no registrar "REG-B"`},
		{"no sponsor", registrar + "things:\n- crDate: 2026-01-02\n", "f.yaml:5: things[0]: has no sponsor (clID)"},
		{"no crDate", registrar + "things:\n- clID: REG-A\n", "f.yaml:5: things[0]: has no crDate"},
		{"no ROID", thing + "  roid: T11\n", "f.yaml:7: things[0].roid: is not like T1"},
		{"ROID twice", thing + "  roid: T1\n- {clID: REG-A, crDate: 2026-01-02, roid: T1}\n", "f.yaml:8: things[1].roid: T1 is there twice"},
		{"no status", thing + "  status: [worn, torn]\n", `f.yaml:7: things[0].status[1]: there is no status "torn"`},
		{"status twice", thing + "  status: [worn, worn]\n", `f.yaml:7: things[0].status[1]: worn is there twice`},
		{"RFC 5731, 2.3: two that are pending", thing + "  status: [pendingDelete, pendingUpdate]\n", `f.yaml:7: things[0].status[1]: pendingUpdate can't stand beside pendingDelete`},
		{"RFC 5731, 2.3: pending and prohibited", thing + "  status: [pendingDelete, clientDeleteProhibited]\n", `f.yaml:7: things[0].status[1]: clientDeleteProhibited can't stand beside pendingDelete`},
		{"RFC 5731, 2.3: prohibited and pending", thing + "  status: [worn, serverUpdateProhibited, pendingUpdate]\n", `f.yaml:7: things[0].status[2]: pendingUpdate can't stand beside serverUpdateProhibited`},
		{"pending and something else prohibited", thing + "  status: [pendingDelete, serverUpdateProhibited, worn]\n", ""},
		{"registrar twice", registrar + "- {clID: REG-A, password: hush-hush}\n", "f.yaml:4: registrars[1].clID: REG-A is there twice"},
		{"short password", "registrars:\n- clID: REG-A\n  password: hush\n", "f.yaml:3: registrars[0].password: must have 6 to 16 characters"},
		{"long password", "registrars:\n- clID: REG-A\n  password: hush-hush-hush-hush\n", "f.yaml:3: registrars[0].password: must have 6 to 16 characters"},
		{"a password with a space at its end", "registrars:\n- clID: REG-A\n  password: 'hush-hush '\n", "f.yaml:3: registrars[0].password: has white space that is lost"},
		{"a password with two spaces", "registrars:\n- clID: REG-A\n  password: hush  hush\n", "f.yaml:3: registrars[0].password: has white space that is lost"},
		{"a password with a tab", "registrars:\n- clID: REG-A\n  password: \"hush\\thush\"\n", "f.yaml:3: registrars[0].password: holds a line break or another control character"},
		{"a password that XML can't hold", "registrars:\n- clID: REG-A\n  password: \"hush\\x01hush\"\n", "f.yaml:3: registrars[0].password: holds a line break or another control character"},
		{"short clID", "registrars:\n- clID: RE\n  password: hush-hush\n", "f.yaml:2: registrars[0].clID: must have 3 to 16 characters"},
		{"a clID with a line break", "registrars:\n- clID: \"REG\\nA\"\n  password: hush-hush\n", "f.yaml:2: registrars[0].clID: holds a line break or another control character"},
		{"a clID with a space before it", "registrars:\n- clID: ' REG-A'\n  password: hush-hush\n", "f.yaml:2: registrars[0].clID: has white space that is lost"},
		{"credit of ten digits", registrar + "  credit: {cz: -99999999.99, sk: 1234567890, pl: 123456789.1}\n", ""},
		{"credit of eleven digits", registrar + "  credit:\n    aa: 1\n    cz: 100000000.01\n    dd: 12345678901\n", "f.yaml:6: registrars[0].credit.cz: may have ten digits at most"},
		{"credit of no zone", registrar + "  credit: {'': 1}\n", "f.yaml:4: registrars[0].credit.: must have 1 to 255 characters"},
		{"no fingerprint", registrar + "  certificates:\n  - issued\n  - abcd\n", "f.yaml:6: registrars[0].certificates[1]: must be"},
		{"a message for nobody", registrar + "messages:\n- text: Hello\n  clID: REG-B\n", `f.yaml:6: messages[0].clID: there is no registrar "REG-B"`},
		{"a message of two lines", registrar + "messages:\n- {clID: REG-A, text: \"one\\ntwo\"}\n", ""},
		{"a message that XML can't hold", registrar + "messages:\n- clID: REG-A\n  text: \"one\\x07\"\n", "f.yaml:6: messages[0].text: holds a control character"},
		{"a message without a text", registrar + "messages:\n- clID: REG-A\n", "f.yaml:5: messages[0]: has no text"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f, err := ParseFixtures[fixture]("f.yaml", []byte(tt.doc))
			if tt.want == "" {
				require.NoError(t, err)
				require.Equal(t, "REG-A", f.Registrars[0].ClID)
				return
			}
			require.IsType(t, new(FixtureError), err)
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "hush")
			require.NotContains(t, err.Error(), "registry.", "no names of Go's types")
		})
	}
}

func TestReadFixtures(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f.yaml")
	_, err := ReadFixtures[fixture](file)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(file, []byte("registrars: [{clID: REG-A, password: hush-hush}]"), 0o600))
	f, err := ReadFixtures[fixture](file)
	require.NoError(t, err)
	require.Equal(t, "REG-A", f.Registrars[0].ClID)
}

func TestRegister(t *testing.T) {
	form := func(letter string, n uint64) string { return fmt.Sprintf("%s%d", letter, n) }
	s, err := NewState(Options{}, nil)
	require.NoError(t, err)
	objs := []*Object{{ClID: "A"}, {ClID: "B", CrID: "A", ROID: "T1"}, {ClID: "B"}, {ClID: "B", ROID: "T7"}}
	require.NoError(t, s.Change(func(tx *Tx) error {
		Register(tx, objs, "T", form)
		require.Equal(t, "T8", NewROID(tx, "T", form), "none that a fixture has")
		require.Equal(t, "U1", NewROID(tx, "U", form))
		return nil
	}))
	require.Equal(t, []*Object{
		{ClID: "A", CrID: "A", ROID: "T2"},
		{ClID: "B", CrID: "A", ROID: "T1"},
		{ClID: "B", CrID: "B", ROID: "T3"},
		{ClID: "B", CrID: "B", ROID: "T7"},
	}, objs)
}

func FuzzParseFixtures(f *testing.F) {
	for _, doc := range []string{
		"registrars: [{clID: REG-A, password: hush-hush, credit: {cz: 1.5}}]", "a: &a [*a]", "? {a: b}\n: c", "<<: *a", "--- \n--- ", "- !!binary x",
		"registrars: [&a {clID: *a}]", "things: [&a {<<: *a}]", "things: !!set {a}", "things: [{level: ~, on: ~, addr: ~, like: ~, crDate: ~}]",
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if _, err := ParseFixtures[fixture]("f.yaml", doc); err != nil {
			require.IsType(t, new(FixtureError), err)
		}
	})
}
