package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/schemas"
)

// A comparison is worth something only when all contenders do the work.
func TestRun(t *testing.T) {
	var out strings.Builder
	require.NoError(t, run(t.Context(), &out, options{rounds: 1, times: 100, only: "domain: check", schemas: "../../schemas"}))
	require.Contains(t, out.String(), "eppkit: validate")
	if _, err := exec.LookPath("xmllint"); err == nil {
		require.Contains(t, out.String(), "libxml2: parse and validate")
	}
}

// A frame that is not valid is found by both sides.
func TestInvalid(t *testing.T) {
	validator, err := schemas.New(schemas.Options{})
	require.NoError(t, err)
	lint, err := newLint("../../schemas")
	require.NoError(t, err)
	defer lint.close()
	if lint == nil {
		t.Skip("xmllint is not installed; Debian has it in libxml2-utils")
	}
	wrong := []byte(strings.Replace(string(sample.Document(sample.Check())), "<clTRID>", "<clTRID>-<b/>", 1))
	file, err := lint.write(wrong)
	require.NoError(t, err)
	require.Error(t, validator.Validate(t.Context(), wrong))
	_, err = lint.repeat(file, "--schema", lint.driver)(context.Background(), 100)
	require.ErrorContains(t, err, "validity error")
	require.NoError(t, os.WriteFile(file, sample.Document(sample.Check()), 0o600))
	_, err = lint.repeat(file, "--schema", lint.driver)(context.Background(), 100)
	require.NoError(t, err)
}

func TestMeasuredExist(t *testing.T) {
	have := map[string]bool{}
	for _, c := range sample.Commands() {
		have[c.Name] = true
	}
	for _, name := range measured {
		require.True(t, have[name], name)
	}
}
