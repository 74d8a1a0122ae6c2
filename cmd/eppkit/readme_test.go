package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/mockserver/fault"
	scripting "github.com/eppkit/eppkit/mockserver/script"
)

func readREADME(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	return string(readme)
}

// TestREADMECurl runs what the README has for a shell, against a mock that is served as
// its first line says.
func TestREADMECurl(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs a shell")
	}
	for _, name := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not here", name)
		}
	}
	_, block, _ := strings.Cut(readREADME(t), "<!-- curl -->\n```sh\n")
	block, _, ok := strings.Cut(block, "```\n<!-- /curl -->")
	require.True(t, ok, "the README has the lines")
	first, lines, _ := strings.Cut(block, "\n")

	dir := t.TempDir()
	serving := strings.Fields(strings.TrimSuffix(strings.TrimPrefix(first, "eppkit "), "&"))
	for i, arg := range serving {
		switch {
		case arg == "mock" && serving[i-min(i, 1)] == "--dir":
			serving[i] = filepath.Join(dir, "mock")
		case arg == "localhost:8700":
			serving[i] = "localhost:0"
		}
	}
	background(t, serving...)
	addr, err := os.ReadFile(filepath.Join(dir, "mock", "control"))
	require.NoError(t, err)

	// The program is this test's binary; see TestMain.
	bin := filepath.Join(dir, "bin")
	require.NoError(t, os.Mkdir(bin, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(bin, "eppkit"),
		fmt.Appendf(nil, "#!/bin/sh\nEPPKIT_TEST_PROCESS=1 exec '%s' \"$@\"\n", os.Args[0]), 0o700))
	script := strings.ReplaceAll(lines, "localhost:8700", strings.TrimSpace(string(addr)))
	script = regexp.MustCompile(`(?m)^([^#\n]*(?:curl|eppkit) .*)$`).ReplaceAllString(script, "$1\necho \"status $?\"")
	script = strings.ReplaceAll(script, "curl ", "curl --silent --fail ")
	sh := exec.CommandContext(t.Context(), "sh", "-c", script)
	sh.Dir = dir
	sh.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := sh.CombinedOutput()
	require.NoError(t, err, "%s", out)

	steps := regexp.MustCompile(`(?m)^status \d+\n`).Split(string(out), -1)
	var statuses []string
	for _, m := range regexp.MustCompile(`(?m)^status (\d+)$`).FindAllStringSubmatch(string(out), -1) {
		statuses = append(statuses, m[1])
	}
	require.Equal(t, []string{"0", "0", "0", "0", "6", "0", "0", "0", "0", "1", "0", "0"}, statuses, "%s", out)
	for step, says := range map[int]string{
		0: "1001", 1: "2026-03-06", 2: " clID reg-south", 4: "may have executed", 5: "2032-01-12", 9: "2303", 11: "2032-01-12",
	} {
		require.Contains(t, regexp.MustCompile(` +`).ReplaceAllString(steps[step], " "), says, "step %d of\n%s", step, out)
	}
}

// TestREADMEFiles reads the files that the README shows.
func TestREADMEFiles(t *testing.T) {
	faults, stubs := 0, 0
	for _, block := range strings.Split(readREADME(t), "```yaml\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		switch {
		case strings.HasPrefix(block, "faults:"):
			_, err := fault.Parse([]byte(block))
			require.NoError(t, err)
			faults++
		case strings.HasPrefix(block, "stubs:"):
			_, err := scripting.Parse("README.md", []byte(block))
			require.NoError(t, err)
			stubs++
		}
	}
	require.Equal(t, 1, faults)
	require.Equal(t, 1, stubs)
}
