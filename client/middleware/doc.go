// Package middleware has layers to put around a [client.Doer]: a session, a pool, or
// another layer's Doer.
//
//	limit, err := middleware.NewLimit(middleware.LimitOptions{Rules: rules})
//	…
//	latency := middleware.NewLatency(middleware.LatencyOptions{})
//	d := middleware.Wrap(pool, middleware.NewLog(middleware.LogOptions{Log: log}), latency, limit)
//	chk, err := client.Do(ctx, d, &domain.Check{Names: names})
//
// A [Layer] holds no Doer of its own, so that one may be put around several: two pools
// that share what one registry allows them together. What it counts can be read from it
// at any time.
//
// # What to stack, in which order
//
// The first layer given to [Wrap] is the outermost. In this order each of them sees what
// it should; leave out what you have no use for.
//
//	layer    sees                              why there
//	Trace    each command once                 the span holds everything below: waiting, repeats
//	Log      each command once                 one line a command, with the span's context
//	Latency  each command once                 what the caller waited, repeats included
//	Retry    each command once, repeats below  each repeat is asked of the layers below anew
//	Breaker  each attempt                      counts attempts, and refuses them before they wait for a turn
//	Limit    each attempt that will be sent    repeats count against the registry's limit, too
//	the pool or session
//
// Put Log or Latency a second time below Retry to see attempts: layers may be used twice,
// Latency as a value of its own.
//
// # Retry, or the pool's own repeats
//
// A [client.Pool] moves a command that was never sent to another session, and repeats a
// query whose session was lost, by itself and at once. That is enough for a connection
// that breaks. [Retry] is for what the pool passes on as it is: a query that the registry
// answered with 2400 or 2500, one that timed out while its caller has time left, and a
// registry that was away for longer than the pool's own repeats. Neither ever sends a
// transform of unknown outcome again.
//
// # What failed before it was sent
//
// Limit and Breaker refuse with a [*client.Error] whose Fate is [client.NotSent]: nothing
// was executed, and [client.SafeToRetry] is true.
package middleware
