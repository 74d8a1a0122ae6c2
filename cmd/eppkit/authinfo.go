package main

import (
	"fmt"
	"io"

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
}

// read returns the authInfo, or nil when none was given.
func (f *authInfoFlags) read(cmd *cobra.Command, stdin io.Reader) (*epp.Secret, error) {
	byValue, byFile := cmd.Flags().Changed("authinfo"), cmd.Flags().Changed("authinfo-file")
	switch {
	case byValue && byFile:
		return nil, usage("--authinfo and --authinfo-file can't be used together")
	case byFile:
		b, err := readFile(cmd.Context(), f.file, stdin)
		if err != nil {
			return nil, err
		}
		line := firstLine(b)
		if line == "" {
			return nil, &configError{fmt.Errorf("%s holds no authInfo on its first line", inputName(f.file))}
		}
		return new(epp.Secret(line)), nil
	case byValue:
		return new(epp.Secret(f.value)), nil
	case f.roid != "":
		return nil, usage("--authinfo-roid says whose the authInfo is; give that with --authinfo-file or --authinfo")
	}
	return nil, nil
}

// rfc returns the authInfo as RFC 5731 and 5733 have it.
func (f *authInfoFlags) rfc(pw *epp.Secret) *epp.AuthInfo {
	if pw == nil {
		return nil
	}
	return &epp.AuthInfo{PW: *pw, ROID: f.roid}
}
