package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

func TestFlagsWithoutEffectAreRefused(t *testing.T) {
	for _, args := range []string{
		"mock serve --dry-run",
		"mock serve --timeout 1s",
		"mock serve -o json",
		"mock serve --profile x",
		"version -o json",
		"version --mock",
		"hello --cltrid TEST-0001",
		"raw frame.xml --cltrid TEST-0001",
		"hello --mock --profile x",
		"hello --mock --config x",
		"domain check x.cz --dry-run -o json",
		"contact info CID-MYOWN --authinfo-roid C1-X --registry gtld",
		"contact info CID-MYOWN --authinfo x --authinfo-file y",
	} {
		t.Run(args, func(t *testing.T) {
			r := eppkit(t, nil, "", strings.Fields(args)...)
			require.Equal(t, exitUsage, r.status, r.out+r.err)
			require.Contains(t, r.err, `"--help"`)
			require.NotContains(t, r.err, "mock registry", "nothing is started")
		})
	}
}

// What a script has in a variable that is not set must not choose another registry.
func TestEmptyFlagsAreRefused(t *testing.T) {
	conf := writeFile(t, t.TempDir(), "c.yaml", "profiles: {it: {address: x, clID: ME-1, password: {env: PW}}}\n")
	env := map[string]string{"EPPKIT_CONFIG": conf, "EPPKIT_PROFILE": "it"}
	for _, args := range []string{
		"domain check x.cz --dry-run --profile=",
		"domain check x.cz --dry-run --config=",
		"domain check x.cz --dry-run --mock --profile=",
		"domain check x.cz --dry-run --cltrid=",
		"authcode get x.cz --via=",
		"authcode send x.cz --to=",
		"authcode serve --upstream=",
		"authcode serve --outbox=",
		"convert --to=",
		"convert --schemas=",
		"convert --profile=",
		"validate --config= -",
		"validate --schemas= -",
		"validate --schemas . --schemas= -",
	} {
		t.Run(args, func(t *testing.T) {
			r := eppkit(t, env, goodFrame, strings.Fields(args)...)
			require.Equal(t, exitUsage, r.status, r.out+r.err)
			require.Regexp(t, `^eppkit: --[a-z]+ is empty\n`, r.err)
			require.Empty(t, r.out)
		})
	}
}

func TestHelpShowsFlagsThatHaveAnEffect(t *testing.T) {
	r := eppkit(t, nil, "", "mock", "serve", "--help")
	require.NotContains(t, r.out, "--dry-run")
	require.Contains(t, r.out, "--verbose")
	r = eppkit(t, nil, "", "poll", "--help")
	require.Contains(t, r.out, "--cltrid")
	for _, group := range []string{"bulk", "bulk domain"} {
		r = eppkit(t, nil, "", append(strings.Fields(group), "--help")...)
		require.NotRegexp(t, "--(cltrid|output)", r.out)
		require.Contains(t, r.out, "give up on a row after this TIME")
	}
	r = eppkit(t, nil, "", "mock", "--help")
	require.NotRegexp(t, "--(cltrid|output|timeout|dry-run) ", r.out)
	r = eppkit(t, nil, "", "load", "--help")
	require.Contains(t, r.out, "neither the file's nor $EPPKIT_PROFILE")
}

// TestHelpIsEnglish reads the help of every command.
func TestHelpIsEnglish(t *testing.T) {
	var read func(*cobra.Command)
	read = func(cmd *cobra.Command) {
		texts := []string{cmd.Short, cmd.Long}
		cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
			texts = append(texts, f.Usage)
			if what, ok := strings.CutPrefix(f.Name, "rem-"); ok {
				add := cmd.Flags().Lookup("add-" + what)
				require.True(t, add == nil || add.Usage != f.Usage, "%s: --add-%s and --%s say the same", cmd.CommandPath(), what, f.Name)
			}
		})
		for _, text := range texts {
			require.NotRegexp(t, `\b(a (org|nsset|organization|element)|an (domain|host))\b|\brem (a|the)\b`, text, cmd.CommandPath())
		}
		for _, sub := range cmd.Commands() {
			read(sub)
		}
	}
	read((&app{stdio: stdio{getenv: func(string) string { return "" }}}).root())
	for _, args := range [][]string{{"domain", "create"}, {"host", "info"}} {
		require.Contains(t, eppkit(t, nil, "", append(args, "--help")...).out, "A-labels")
	}
}

func TestRefusedBeforeConnecting(t *testing.T) {
	for _, args := range [][]string{
		{"domain", "check", ""},
		{"domain", "check", strings.Repeat("a", 256)},
		{"contact", "info", ""},
		{"contact", "send-authinfo", strings.Repeat("A", 64)},
		{"credit", "--cltrid", "x"},
		{"poll", "--cltrid", strings.Repeat("x", 65)},
	} {
		t.Run(strings.Join(args[:2], " "), func(t *testing.T) {
			r := eppkit(t, nil, "", args...)
			require.Equal(t, exitUsage, r.status, r.err)
			require.NotContains(t, r.err, "mock registry")
		})
	}
}

func TestDryRunOfEachCommand(t *testing.T) {
	for _, row := range []struct{ args, has string }{
		{"hello", "<hello/>"},
		{"domain check a.cz b.cz", ":name>b.cz<"},
		{"domain info a.cz", ":name>a.cz<"},
		{"domain send-authinfo a.cz", ":sendAuthInfo"},
		{"contact check CID-A", ":id>CID-A<"},
		{"contact info CID-A", ":id>CID-A<"},
		{"contact send-authinfo CID-A", ":sendAuthInfo"},
		{"nsset send-authinfo NID-A", ":sendAuthInfo"},
		{"keyset send-authinfo KID-A", ":sendAuthInfo"},
		{"credit", ":creditInfo/>"},
		{"poll", `<poll op="req"/>`},
		{"poll ack 12", `<poll op="ack" msgID="12"/>`},
		{"--registry gtld domain check a.example", ":name>a.example<"},
		{"--registry gtld domain info a.example --hosts none", `hosts="none"`},
		{"--registry gtld contact check jr-1", ":id>jr-1<"},
		{"--registry gtld contact info jr-1", ":id>jr-1<"},
	} {
		t.Run(row.args, func(t *testing.T) {
			r := eppkit(t, nil, "", append(strings.Fields(row.args), "--dry-run")...)
			require.Equal(t, exitOK, r.status, r.err)
			require.Empty(t, r.err, "a dry run starts no registry")
			require.Contains(t, r.out, row.has)
			if row.args != "hello" {
				require.Contains(t, r.out, "clTRID>eppkit-dry-run<")
			}
		})
	}
}
