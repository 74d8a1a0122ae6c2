package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	return withFlags(&cobra.Command{
		Use:   "version",
		Short: "Show the version of eppkit and of Go",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			version, goVersion := built()
			_, err := fmt.Fprintf(a.out, "eppkit %s %s\n", version, goVersion)
			return err
		},
	})
}

// built says which version this is, and of which version of Go.
func built() (version, goVersion string) {
	version = "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok {
		goVersion = info.GoVersion
		if info.Main.Version != "" {
			version = info.Main.Version
		}
	}
	return version, goVersion
}
