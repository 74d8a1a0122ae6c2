package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/epp"
)

// A password says where the password is. It is never in the configuration itself.
type password struct {
	Command []string `yaml:"command,omitempty"` // prints it on its first line
	Env     string   `yaml:"env,omitempty"`     // environment variable
	File    string   `yaml:"file,omitempty"`    // holds it on its first line
}

// isZero reports whether nothing is said of it.
func (pw *password) isZero() bool { return len(pw.Command) == 0 && pw.Env == "" && pw.File == "" }

// UnmarshalYAML reads a password. Its errors don't quote what stands there, which
// may be the password itself.
func (pw *password) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: password does not hold the password; it needs one of command, env and file", n.Line)
	}
	for i := 0; i < len(n.Content); i += 2 {
		if err := oneOf("password", n.Content[i].Value, []string{"command", "env", "file"}); err != nil {
			return fmt.Errorf("line %d: password needs one of command, env and file", n.Content[i].Line)
		}
	}
	type plain password
	if err := n.Decode((*plain)(pw)); err != nil {
		return fmt.Errorf("line %d: password: command is a list of words, env and file are words", n.Line)
	}
	return nil
}

// passwordDelay is how long what a password command has left behind may hold its
// output after it ended.
const passwordDelay = 500 * time.Millisecond

// read fetches the password from where it is.
func (pw *password) read(ctx context.Context, p *profile, getenv func(string) string) (epp.Secret, error) {
	ways := 0
	for _, used := range []bool{len(pw.Command) > 0, pw.Env != "", pw.File != ""} {
		if used {
			ways++
		}
	}
	if ways != 1 {
		return "", errors.New("password needs one of command, env and file")
	}
	switch {
	case len(pw.Command) > 0:
		cmd := exec.CommandContext(ctx, pw.Command[0], pw.Command[1:]...)
		cmd.Dir, cmd.Stderr = p.dir, os.Stderr
		cmd.WaitDelay = passwordDelay
		out, err := cmd.Output()
		if ctx.Err() != nil {
			err = ctx.Err() // says more than what killed the command
		}
		if err != nil {
			return "", fmt.Errorf("the password command %s: %w", pw.Command[0], err)
		}
		return passwordIn(out, "the password command "+pw.Command[0])
	case pw.Env != "":
		return passwordIn([]byte(getenv(pw.Env)), "the environment variable "+pw.Env)
	}
	path := p.path(pw.File)
	b, err := readPrivate("the password file", path)
	if err != nil {
		return "", err
	}
	return passwordIn(b, "the password file "+path)
}

// readPrivate reads a file with secrets, which its owner alone may be able to read.
func readPrivate(what, path string) ([]byte, error) {
	if err := private(what, path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// private checks that a file or a directory is its owner's alone.
func private(what, path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	perm, should := info.Mode().Perm(), 0o600
	if info.IsDir() {
		should = 0o700
	}
	if runtime.GOOS != "windows" && perm&0o077 != 0 {
		return fmt.Errorf("%s %s can be read by others (mode %04o); make it %04o", what, path, perm, should)
	}
	return nil
}

func passwordIn(b []byte, from string) (epp.Secret, error) {
	pw := firstLine(b)
	if pw == "" {
		return "", fmt.Errorf("%s gives no password", from)
	}
	return epp.Secret(pw), nil
}

// firstLine returns the first line without its end.
func firstLine(b []byte) string {
	line, _, _ := bytes.Cut(b, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r")))
}
