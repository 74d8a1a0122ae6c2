// Package otel tells OpenTelemetry of the commands that a client sends: a span for each,
// how long they took, and the state of a pool. It is a module of its own, so that a program
// without OpenTelemetry never downloads it; it uses the API alone, and leaves the SDK to
// the program.
//
//	import eppotel "github.com/eppkit/eppkit/otel"
//
//	opts := eppotel.Options{Registry: "cz", Address: "epp.registry.example"}
//	durations, err := eppotel.Durations(opts)
//	…
//	d := middleware.Wrap(pool, eppotel.Spans(opts), durations)
//
// # Attributes
//
// Names are those of OpenTelemetry's conventions for remote procedure calls where these
// have one, and begin with epp otherwise. Secrets, frames and the server's words are in
// none.
//
//	rpc.system.name            epp
//	rpc.method                 domain:check
//	rpc.response.status_code   2303; absent without an answer
//	error.type                 2400 and the codes from 2500 on; not sent, unknown or executed without an answer
//	server.address             Options.Address; of spans over a pool the server that was asked
//	server.port                of spans over a pool only
//	epp.client.pool.waited     seconds that it waited for a session; of spans over a pool only
//	epp.registry               Options.Registry
//	epp.class                  session, query or transform
//	epp.objects                names and handles, at most ten; of spans only
//	epp.cl_trid, epp.sv_trid   transaction identifiers; of spans only
//
// A span fails (its status is Error) where error.type is there: a refusal by a rule, such
// as 2303, is an answer like another. A span of [Spans] covers all that the layers below
// it do: a wait for a session of a pool or for a turn, and repeats.
package otel
