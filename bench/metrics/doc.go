// Package metrics holds package client/metrics to what Prometheus's own parser reads. It
// is here so that users of eppkit never download that.
package metrics
