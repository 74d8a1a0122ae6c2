package office_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/examples/ownregistry/office"
	"github.com/eppkit/eppkit/schemas"
)

func create(code string, notes ...string) *epp.Command {
	return &epp.Command{
		Request:   &domain.Create{Name: "sauna.example", AuthInfo: new(epp.AuthInfo)},
		Extension: []epp.Element{&office.Create{Code: code, Notes: notes}},
		ClTRID:    "EX-1",
	}
}

// What is written is read as it was, and is valid by the schema in this folder, which
// anybody can give to the validator.
func TestCreate(t *testing.T) {
	set, err := epp.NewSchema(domain.Extension(), office.Extension())
	require.NoError(t, err)
	validator, err := schemas.New(schemas.Options{Dirs: []string{"."}})
	require.NoError(t, err)
	for _, cmd := range []*epp.Command{create("OUL"), create("HEL", "in person", "with a key")} {
		frame, err := set.Append(nil, cmd)
		require.NoError(t, err)
		require.NoError(t, validator.Validate(t.Context(), frame))
		m, err := set.ParseStrict(frame)
		require.NoError(t, err)
		require.Equal(t, cmd.Extension, m.(*epp.Command).Extension)

		wrong := strings.NewReplacer("OUL", "Oulu", "HEL", "Helsinki").Replace(string(frame))
		require.ErrorContains(t, validator.Validate(t.Context(), []byte(wrong)), "office:code")
		_, err = set.ParseStrict([]byte(wrong))
		require.ErrorContains(t, err, "three capital letters")
	}
}

func TestRefused(t *testing.T) {
	for _, cmd := range []*epp.Command{create(""), create("Oulu"), create("OUL", "1", "2", "3", "4")} {
		_, err := epp.Append(nil, cmd)
		var field *epp.FieldError
		require.ErrorAs(t, err, &field)
	}
}

func ExampleCreate() {
	frame, err := epp.Append(nil, create("OUL"))
	if err != nil {
		panic(err)
	}
	_, extension, _ := strings.Cut(string(frame), "<extension>")
	extension, _, _ = strings.Cut(extension, "</extension>")
	fmt.Println(extension)
	// Output:
	// <office:create xmlns:office="https://registry.example/epp/office-1.0"><office:code>OUL</office:code></office:create>
}
