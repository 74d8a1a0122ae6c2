// Package client speaks EPP to a registry: RFC 5730 over TLS as in RFC 5734.
//
// A [Session] is one connection. Any number of goroutines may use it at once; their
// commands are pipelined, and each gets its own answer or an error that says how
// far its command came:
//
//	s, err := client.Dial(ctx, "epp.registry.example:700", client.Options{
//		Schema:      schema,
//		TLS:         &tls.Config{RootCAs: roots, Certificates: certs},
//		Credentials: &client.Credentials{ClID: "REG-EXAMPLE", PW: password},
//	})
//	…
//	defer s.Close()
//	chk, err := client.Do(ctx, s, &domain.Check{Names: []string{"example.com"}})
//
// A [Pool] keeps sessions for a program that runs for long, and [Messages] takes what the
// registry has for its registrar from the queue, from either. Package reconcile asks what
// became of a command whose outcome is unknown; packages middleware and metrics have what
// else goes around a [Doer], and what can be seen of it.
//
// # Errors
//
// An answer that refuses a command is a [*epp.ResultError]; ask for its code with
// errors.Is(err, epp.ObjectDoesNotExist). Everything else is an [*Error]: it says at
// which step something failed, and whether the command was never sent, so that it
// can be sent again ([SafeToRetry]), or whether its outcome is unknown
// ([OutcomeUnknown]), so that the caller has to look before it acts. A Session
// never sends a command twice, and a Pool none but queries.
package client
