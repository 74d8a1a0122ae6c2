package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/eppkit/eppkit/epp/domain"
)

// asciiName is a name as registries have it, of one as people write it. What is ASCII
// stays as it was given: whether it is a name is for the registry to say.
func asciiName(s string) (string, error) {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return s, nil
	}
	return domain.ToASCII(s)
}

// asciiNames does so for the arguments of a command.
func asciiNames(args []string) ([]string, error) {
	out := make([]string, len(args))
	for i, arg := range args {
		name, err := asciiName(arg)
		if err != nil {
			return nil, usage("%w", err)
		}
		out[i] = name
	}
	return out, nil
}

// hostName reads the name of a host.
func hostName(s string) (string, error) {
	name, err := asciiName(s)
	if err != nil {
		return "", fmt.Errorf("it must be a host name: %w", err)
	}
	return name, nil
}
