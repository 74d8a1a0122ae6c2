// Package metrics shows what clients do in the text format that Prometheus reads, version
// 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/. It needs no library
// of Prometheus's, nor of anybody's.
//
//	h, err := metrics.New(metrics.Options{Sources: []metrics.Source{
//		{Name: "cz", Pool: pool, Latency: latency, Breaker: breaker},
//	}})
//	…
//	http.Handle("/metrics", h)
//
// All names begin with eppkit_, and each sample has the label registry: the Name of its
// Source. These are worth an alert:
//
//	eppkit_pool_stopped == 1                                somebody has to look: a login is refused
//	eppkit_breaker_state{state="open"} == 1                 the registry does not work
//	increase(eppkit_pool_unknown_total[5m]) > 0             commands to reconcile
//	rate(eppkit_pool_queue_full_total[5m]) > 0              more callers than sessions can serve
//	histogram_quantile(0.9, sum by (le, command) (
//	  rate(eppkit_command_duration_seconds_bucket{result="1000"}[5m]))) > 2
package metrics
