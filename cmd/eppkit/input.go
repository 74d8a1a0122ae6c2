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
// left to the end of the process, which is near then. It reads no more than a frame can
// hold.
func readFile(ctx context.Context, name string, stdin io.Reader) ([]byte, error) {
	return readUpTo(ctx, name, stdin, epp.DefaultMaxFrame)
}

// readUpTo is readFile for a file of at most so many octets.
func readUpTo(ctx context.Context, name string, stdin io.Reader, most int) ([]byte, error) {
	type content struct {
		b   []byte
		err error
	}
	done := make(chan content, 1)
	go func() {
		b, err := readAll(name, stdin, most)
		done <- content{b, err}
	}()
	select {
	case c := <-done:
		return c.b, c.err
	case <-ctx.Done():
		return nil, fmt.Errorf("reading %s: %w", inputName(name), ctx.Err())
	}
}

func readAll(name string, stdin io.Reader, most int) ([]byte, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &configError{err}
		}
		defer f.Close()
		stdin = f
	}
	b, err := io.ReadAll(io.LimitReader(stdin, int64(most)+1))
	switch {
	case err != nil:
		return nil, &configError{err}
	case len(b) > most:
		return nil, &configError{fmt.Errorf("%s has more than %d octets", inputName(name), most)}
	}
	return b, nil
}

func inputName(name string) string {
	if name == "-" {
		return "standard input"
	}
	return name
}
