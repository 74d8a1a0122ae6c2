// Package registry holds what the mock registries have in common: a clock that
// tests move, one source of randomness, accounts, hashed authInfos, the outbox of
// mail that was never sent, message queues, and the reading of fixtures. It has no
// objects of its own; the packages fred and gtld keep theirs.
//
// Time comes from the [Clock] alone and randomness from the [Rand] alone, so that
// two runs of a test are alike. What is stored is cloned: strings that were decoded
// share the memory of the frame that they came in.
package registry
