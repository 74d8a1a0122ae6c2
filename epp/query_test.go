package epp_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/epp/domain"
	"github.com/eppkit/eppkit/fred"
	"github.com/eppkit/eppkit/fred/contact"
)

func TestIsQuery(t *testing.T) {
	raw, err := epp.NewRaw([]byte(`<x:lamp xmlns:x="urn:example:lamp-1.0"/>`))
	require.NoError(t, err)
	for name, tt := range map[string]struct {
		cmd  epp.Command
		want bool
	}{
		"5730 2.9.2.1 check":             {epp.Command{Request: &domain.Check{}}, true},
		"5730 2.9.2.2 info":              {epp.Command{Request: &domain.Info{}}, true},
		"5730 2.9.2.3 poll req":          {epp.Command{Request: &epp.Poll{Op: epp.PollReq}}, true},
		"5730 2.9.2.3 poll ack":          {epp.Command{Request: &epp.Poll{Op: epp.PollAck}}, false},
		"5730 2.9.2.4 transfer query":    {epp.Command{Request: &domain.Transfer{Op: epp.TransferQuery}}, true},
		"5730 2.9.3.4 transfer request":  {epp.Command{Request: &domain.Transfer{Op: epp.TransferRequest}}, false},
		"5730 2.9.3.1 create":            {epp.Command{Request: &domain.Create{}}, false},
		"5730 2.9.3.3 renew":             {epp.Command{Request: &domain.Renew{}}, false},
		"5730 2.9.1.1 login":             {epp.Command{Request: &epp.Login{}}, false},
		"raw info":                       {epp.Command{Request: raw, Verb: "info"}, true},
		"raw transfer query":             {epp.Command{Request: raw, Verb: "transfer", Op: "query"}, true},
		"raw transfer":                   {epp.Command{Request: raw, Verb: "transfer", Op: "request"}, false},
		"raw of nobody knows what":       {epp.Command{Request: raw}, false},
		"raw in an envelope":             {epp.Command{Request: raw, Verb: "info", Envelope: raw}, false},
		"FRED creditInfo":                {epp.Command{Request: &fred.CreditInfo{}}, true},
		"FRED listDomains":               {epp.Command{Request: &fred.ListDomains{}}, true},
		"FRED getResults moves a cursor": {epp.Command{Request: &fred.GetResults{}}, false},
		"FRED sendAuthInfo":              {epp.Command{Request: fred.SendAuthInfo(&contact.SendAuthInfo{ID: "CID-MYOWN"})}, false},
		"nothing":                        {epp.Command{}, false},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, tt.cmd.IsQuery()) })
	}
}
