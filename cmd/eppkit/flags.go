package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
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
	p.StringVarP(&f.output, "output", "o", "text", "`FORMAT` of the answer: text, json, xml (indented) or raw (as it came); in json, data and extension are an object for one element, a list for several, absent for none; \"element\" in each says what it is, as domain:infData")
	p.BoolVar(&f.dryRun, "dry-run", false, "print the frame that would be sent, and send nothing")
	p.BoolVarP(&f.verbose, "verbose", "v", false, "show all frames on standard error, secrets redacted")
	p.DurationVar(&f.timeout, "timeout", 30*time.Second, "give up after this `TIME` in all")
	p.StringVar(&f.clTRID, "cltrid", "", "client transaction `ID` of the command, 3 to 64 characters (default a unique one)")
	_ = root.RegisterFlagCompletionFunc("output", func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return outputsOf(cmd), cobra.ShellCompDirectiveNoFileComp
	})
	complete(root, "registry", registries)
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		used := shownFlagsOf(cmd)
		for _, name := range sharedFlags {
			p.Lookup(name).Hidden = !slices.Contains(used, name)
			if text := textOf(cmd, name); text != "" {
				p.Lookup(name).Usage = text
			}
		}
		help(cmd, args)
	})
}

// outputsOf are the forms in which a command's answer can be had.
func outputsOf(cmd *cobra.Command) []string {
	if forms := cmd.Annotations["outputs"]; forms != "" {
		return strings.Fields(forms)
	}
	return outputs
}

// sharedFlags are the names of the flags of every command.
var sharedFlags = []string{"config", "profile", "mock", "registry", "output", "dry-run", "verbose", "timeout", "cltrid"}

// withFlags leaves a command only those of the shared flags that it has a use for;
// the others it neither shows nor takes.
func withFlags(cmd *cobra.Command, names ...string) *cobra.Command {
	cmd.Annotations = map[string]string{"flags": strings.Join(names, " ")}
	return cmd
}

// noClTRID is withFlags for what is sent without a clTRID of ours.
func noClTRID(cmd *cobra.Command) *cobra.Command {
	return withFlags(cmd, sharedFlags[:len(sharedFlags)-1]...)
}

// flagsOf names the shared flags that a command has a use for.
func flagsOf(cmd *cobra.Command) []string {
	if names, ok := cmd.Annotations["flags"]; ok {
		return strings.Fields(names)
	}
	return sharedFlags
}

// shownFlagsOf names the shared flags in the help of a command: of one that holds others
// they are those of the others.
func shownFlagsOf(cmd *cobra.Command) (names []string) {
	if !holdsOthers(cmd) {
		return flagsOf(cmd)
	}
	for _, sub := range cmd.Commands() {
		names = append(names, shownFlagsOf(sub)...)
	}
	return names
}

// textOf is what a shared flag does for a command, where that is not what it does for
// most; of one that holds others, where it does the same for all those.
func textOf(cmd *cobra.Command, name string) string {
	if !holdsOthers(cmd) {
		return cmd.Annotations["usage of "+name]
	}
	var texts []string
	for _, sub := range cmd.Commands() {
		if slices.Contains(shownFlagsOf(sub), name) {
			texts = append(texts, textOf(sub, name))
		}
	}
	if texts = slices.Compact(texts); len(texts) != 1 {
		return ""
	}
	return texts[0]
}

func holdsOthers(cmd *cobra.Command) bool {
	_, own := cmd.Annotations["flags"]
	return cmd.HasSubCommands() && !own
}

func complete(cmd *cobra.Command, flag string, values []string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func (f *flags) check(cmd *cobra.Command) error {
	used := flagsOf(cmd)
	for _, name := range sharedFlags {
		if cmd.Root().PersistentFlags().Lookup(name).Changed && !slices.Contains(used, name) {
			return usage("%s has no use for --%s", cmd.CommandPath(), name)
		}
	}
	for _, name := range notEmpty {
		if isEmpty(cmd.Flags().Lookup(name)) {
			return usage("--%s is empty", name)
		}
	}
	switch {
	case f.mock && f.profile != "":
		return usage("--mock and --profile can't be used together")
	case f.mock && f.config != "":
		return usage("--mock and --config can't be used together")
	case f.dryRun && f.output == "json":
		return usage("--dry-run prints a frame, which is no JSON; --output must be one of text, xml, raw")
	}
	if err := oneOf("--output", f.output, outputsOf(cmd)); err != nil {
		return err
	}
	if f.timeout <= 0 {
		return usage("--timeout must be more than 0")
	}
	return oneOf("--registry", f.registry, registries)
}

// notEmpty are the flags of which "" would be as if they were not given: a command would
// go to another registry for a variable that a script did not set.
var notEmpty = []string{
	"config", "profile", "via", "upstream", "outbox", "cltrid", "to", "schemas",
	"fixtures", "policy", "control", "faults", "scripts", "clock", "load", "keep", "snapshot-on-exit", "relay",
}

// isEmpty reports whether a flag, if there is one, was given with nothing, or with
// nothing in one of several places.
func isEmpty(f *pflag.Flag) bool {
	if f == nil || !f.Changed {
		return false
	}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		return slices.Contains(list.GetSlice(), "")
	}
	return f.Value.String() == ""
}

func oneOf(flag, value string, values []string) error {
	if !slices.Contains(values, value) {
		return usage("%s is %q; it must be one of %s", flag, value, strings.Join(values, ", "))
	}
	return nil
}

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }
