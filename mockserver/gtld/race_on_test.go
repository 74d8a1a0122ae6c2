//go:build race

package gtld

const raceDetector = true
