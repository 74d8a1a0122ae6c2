// Package control lets a program in any language look into a mock registry and steer it,
// over HTTP and JSON: objects, clock, messages, mail, journal, snapshots, faults,
// scripts, reset, and one isolated registry for each tenant. GET /openapi.json describes
// it; GET / lists what there is.
//
// It is for tests, and it shows everything to whoever can reach it: it listens on
// loopback unless it is told otherwise, and answers only requests whose Host is
// loopback or one of Options.Hosts, so that no page in a browser can reach it by a name of
// its own. Passwords and authInfo are hidden unless a request asks for them with
// secrets=true.
package control
