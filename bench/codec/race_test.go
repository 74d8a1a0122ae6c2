//go:build race

package main

// underRace: the race detector makes sync.Pool forget at random, and so allocate.
const underRace = true
