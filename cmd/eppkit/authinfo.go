package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/eppkit/eppkit/epp"
)

// authInfoFlags let an info command show an authInfo.
type authInfoFlags struct {
	value, file, roid string
}

func (f *authInfoFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.value, "authinfo", "", "show this `AUTHINFO` to the registry (other users of this machine may see it; rather use --authinfo-file)")
	cmd.Flags().StringVar(&f.file, "authinfo-file", "", "show the authInfo in the first line of this `FILE`, or of standard input for -")
	cmd.Flags().StringVar(&f.roid, "authinfo-roid", "", "the authInfo is that of the contact with this `ROID` (gtld)")
	cmd.MarkFlagsMutuallyExclusive("authinfo", "authinfo-file")
}

// read returns the authInfo, or nil when none was given.
func (f *authInfoFlags) read(cmd *cobra.Command, stdin io.Reader) (*string, error) {
	switch {
	case f.file != "":
		b, err := readFile(f.file, stdin)
		if err != nil {
			return nil, err
		}
		s, err := firstLine(b, "--authinfo-file")
		return &s, err
	case cmd.Flags().Changed("authinfo"):
		return &f.value, nil
	}
	return nil, nil
}

// rfc returns the authInfo as RFC 5731 and 5733 have it.
func (f *authInfoFlags) rfc(pw *string) *epp.AuthInfo {
	if pw == nil {
		return nil
	}
	return &epp.AuthInfo{PW: *pw, ROID: f.roid}
}

// readFile reads a file, or standard input for "-".
func readFile(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(stdin, epp.DefaultMaxFrame))
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, &usageError{err}
	}
	return b, nil
}
