package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/eppkit/eppkit/epp"
)

// readFile reads a file, or standard input for "-", until ctx ends. A read that
// nothing ends, as of a pipe into which nobody writes, can't be called off: it is
// left to the end of the process, which is near then.
func readFile(ctx context.Context, name string, stdin io.Reader) ([]byte, error) {
	type content struct {
		b   []byte
		err error
	}
	done := make(chan content, 1)
	go func() {
		b, err := readAll(name, stdin)
		done <- content{b, err}
	}()
	select {
	case c := <-done:
		return c.b, c.err
	case <-ctx.Done():
		return nil, fmt.Errorf("reading %s: %w", inputName(name), ctx.Err())
	}
}

// readAll reads no more than a frame can hold.
func readAll(name string, stdin io.Reader) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &configError{err}
		}
		defer f.Close()
		stdin = f
	}
	b, err := io.ReadAll(io.LimitReader(stdin, epp.DefaultMaxFrame+1))
	switch {
	case err != nil:
		return nil, &configError{err}
	case len(b) > epp.DefaultMaxFrame:
		return nil, &configError{fmt.Errorf("%s has more than %d octets", inputName(name), epp.DefaultMaxFrame)}
	}
	return b, nil
}

func inputName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}
