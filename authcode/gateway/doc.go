// Package gateway is what stands between the resellers' interfaces and a Provider: who
// may ask for which domain, how often, and what is written down about it. The packages
// netim, mijndomeinreseller, openprovider and opensrs make an http.Handler each of the
// same [Gateway]:
//
//	g, err := gateway.New(gateway.Options{Provider: p, Accounts: accounts})
//	…
//	http.Handle("/1.0/", netim.NewHandler(g, netim.HandlerOptions{}))
//
// Over the client of a registry it is a gateway; over the client of a mock registry it
// is a mock of the interfaces.
package gateway
