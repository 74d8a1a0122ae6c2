package main

import "github.com/spf13/pflag"

// flagNamespaces is the annotation of a flag that says which namespaces it is of, for the
// documentation in docs. A flag without one is of its command's. A command has it that
// has no dry run which would show them.
const flagNamespaces = "namespaces"

// ofNamespaces notes that a flag is of these namespaces.
func ofNamespaces(f *pflag.Flag, uris []string) {
	if f.Annotations == nil {
		f.Annotations = make(map[string][]string)
	}
	f.Annotations[flagNamespaces] = uris
}
