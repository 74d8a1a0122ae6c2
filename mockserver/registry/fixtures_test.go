package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

type fixture struct {
	Registrars []Account `yaml:"registrars"`
	Things     []struct {
		Object `yaml:",inline"`
	} `yaml:"things"`
}

func (f *fixture) Validate() error {
	if err := ValidateAccounts(f.Registrars); err != nil {
		return err
	}
	for i := range f.Things {
		if err := f.Things[i].Validate(ClIDs(f.Registrars), Path{"things", i}); err != nil {
			return err
		}
	}
	return nil
}

func TestDecodeFixtures(t *testing.T) {
	const registrar = "registrars:\n- clID: REG-A\n  password: hush-hush\n"
	for _, tt := range []struct{ name, doc, want string }{
		{"fine", registrar + "things:\n- {clID: REG-A, crDate: 2026-01-02T03:04:05Z}\n", ""},
		{"empty", "", "f.yaml: the file is empty"},
		{"two documents", registrar + "---\nthings: []\n", "f.yaml: a second document"},
		{"not YAML", "registrars: [", "f.yaml: "},
		{"unknown key", registrar + "  colour: blue\n", "f.yaml: yaml: unmarshal errors:\n  line 4: field colour not found"},
		{"key given twice", registrar + "  clID: REG-B\n", `line 4: mapping key "clID" already defined`},
		{"unknown registrar", registrar + "things:\n- crDate: 2026-01-02\n  clID: REG-B\n", `f.yaml:6: things[0].clID: there is no registrar "REG-B"`},
		{"no sponsor", registrar + "things:\n- crDate: 2026-01-02\n", "f.yaml:5: things[0]: has no sponsor (clID)"},
		{"no crDate", registrar + "things:\n- clID: REG-A\n", "f.yaml:5: things[0]: has no crDate"},
		{"registrar twice", registrar + "- {clID: REG-A, password: hush-hush}\n", "f.yaml:4: registrars[1].clID: REG-A is there twice"},
		{"short password", "registrars:\n- clID: REG-A\n  password: hush\n", "f.yaml:3: registrars[0].password: a password has 6 to 16 characters"},
		{"no fingerprint", registrar + "  certificates:\n  - issued\n  - abcd\n", "f.yaml:6: registrars[0].certificates[1]: must be"},
		{"no amount", registrar + "  credit: {cz: 1.234}\n", `line 4: "1.234" is not an amount`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			err := DecodeFixtures("f.yaml", []byte(tt.doc), new(fixture))
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.NotContains(t, err.Error(), "hush")
		})
	}
}

func TestRegister(t *testing.T) {
	objs := []*Object{{ClID: "A"}, {ClID: "B", CrID: "A", ROID: "T1"}, {ClID: "B"}}
	Register(objs, func(n int) string { return "T" + string(rune('0'+n)) })
	require.Equal(t, []*Object{
		{ClID: "A", CrID: "A", ROID: "T2"}, {ClID: "B", CrID: "A", ROID: "T1"}, {ClID: "B", CrID: "B", ROID: "T3"},
	}, objs)
}
