package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// flags are those of every command.
type flags struct {
	config, profile string
	mock            bool
	registry        string
	output          string
	dryRun, verbose bool
	timeout         time.Duration
	clTRID          string
}

var (
	outputs    = []string{"text", "json", "xml", "raw"}
	registries = []string{"fred", "gtld"}
)

func (f *flags) add(root *cobra.Command) {
	p := root.PersistentFlags()
	p.StringVar(&f.config, "config", "", "configuration `FILE` (default eppkit/config.yaml in your configuration directory; also $EPPKIT_CONFIG)")
	p.StringVar(&f.profile, "profile", "", "`NAME` of the profile to use (default the file's; also $EPPKIT_PROFILE)")
	p.BoolVar(&f.mock, "mock", false, "talk to the mock registry inside eppkit, whatever is configured")
	p.StringVar(&f.registry, "registry", "fred", "`KIND` of registry where no profile says it: fred or gtld")
	p.StringVarP(&f.output, "output", "o", "text", "`FORMAT` of the answer: text, json, xml (indented) or raw (as it came)")
	p.BoolVar(&f.dryRun, "dry-run", false, "print the frame that would be sent, and send nothing")
	p.BoolVarP(&f.verbose, "verbose", "v", false, "show all frames on standard error, secrets redacted")
	p.DurationVar(&f.timeout, "timeout", 30*time.Second, "give up after this `TIME` in all")
	p.StringVar(&f.clTRID, "cltrid", "", "client transaction `ID` of the command, 3 to 64 characters (default a unique one)")
	complete(root, "output", outputs)
	complete(root, "registry", registries)
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return f.check() }
}

func complete(cmd *cobra.Command, flag string, values []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func (f *flags) check() error {
	if err := oneOf("--output", f.output, outputs); err != nil {
		return err
	}
	if f.timeout <= 0 {
		return usage("--timeout must be more than 0")
	}
	return oneOf("--registry", f.registry, registries)
}

func oneOf(flag, value string, values []string) error {
	if !slices.Contains(values, value) {
		return usage("%s is %q; it must be one of %s", flag, value, strings.Join(values, ", "))
	}
	return nil
}

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }
