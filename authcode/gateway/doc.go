// Package gateway is what stands between the resellers' interfaces and a Provider: who
// may ask for which domain, how often, and what is written down about it. The packages
// netim, mijndomeinreseller, openprovider and opensrs make an http.Handler each of the
// same [Gateway]:
//
//	g, err := gateway.New(gateway.Options{Provider: p, Accounts: accounts})
//	…
//	http.ListenAndServe(addr, netim.NewHandler(g, netim.HandlerOptions{}))
//
// An http.ServeMux in front of a handler redirects what has doubled slashes in its
// path, which real clients send and do not follow.
//
// Over the client of a registry it is a gateway; over the client of a mock registry it
// is a mock of the interfaces.
package gateway
