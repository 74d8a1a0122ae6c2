package gtld_test

import "github.com/stretchr/testify/require"

// rules5730 are those of EPP itself (RFC 5730).
var rules5730 = []rule{
	{id: "R5730-001", deviate: rewriteTo("^$", "greeting", "response"), check: func(s *site) {
		require.Equal(s, "greeting", s.dial().Greeting.Root().ChildElements()[0].Tag)
	}},
	{id: "R5730-037", deviate: rewrite(`(<\w+:roid)>\w`, `$1>-`), check: func(s *site) {
		require.Regexp(s, `^\w{1,80}-\w{1,8}$`, s.north().Do(infoDomain("alpha.example", "", "")).Code(1000).Text("roid"))
	}},
}

var unseen5730 = map[string]string{}
