package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/eppkit/eppkit/schemas"
)

// An xmllint runs libxml2 over a frame again and again, in a process of its own: it reads
// the schemas once, and then repeats. What it costs to start is measured, too, and left
// out.
type xmllint struct {
	dir, driver string
}

// newLint returns nil where there is no xmllint. It takes our schemas, so that both sides
// have the same to do.
func newLint(folder string) (*xmllint, error) {
	if _, err := exec.LookPath("xmllint"); err != nil {
		return nil, nil
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	x := &xmllint{dir: dir, driver: filepath.Join(dir, "driver.xsd")}
	var b strings.Builder
	b.WriteString(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`)
	for _, o := range schemas.Embedded() {
		fmt.Fprintf(&b, `<xs:import namespace="%s" schemaLocation="%s"/>`, o.Namespace, filepath.ToSlash(filepath.Join(folder, o.File)))
	}
	b.WriteString(`</xs:schema>`)
	return x, os.WriteFile(x.driver, []byte(b.String()), 0o600)
}

func (x *xmllint) close() {
	if x != nil {
		os.RemoveAll(x.dir)
	}
}

// write puts a frame where xmllint finds it.
func (x *xmllint) write(doc []byte) (string, error) {
	file := filepath.Join(x.dir, "frame.xml")
	return file, os.WriteFile(file, doc, 0o600)
}

const oneRepeat = 100 // what --repeat means

// repeat makes a contender of xmllint with some arguments.
func (x *xmllint) repeat(file string, args ...string) func(context.Context, int) (time.Duration, error) {
	args = append([]string{"--nonet", "--noout", "--quiet", "--memory"}, args...)
	return func(ctx context.Context, times int) (time.Duration, error) {
		start, err := x.run(ctx, append(slices.Clone(args), file))
		if err != nil {
			return 0, err
		}
		files := slices.Repeat([]string{file}, times/oneRepeat)
		took, err := x.run(ctx, slices.Concat(args, []string{"--repeat"}, files))
		return took - start, err
	}
}

// run returns the processor time of one run. A frame that is not valid is an error.
func (x *xmllint) run(ctx context.Context, args []string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, "xmllint", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("xmllint: %w: %.300s", err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
