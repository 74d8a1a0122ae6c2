//go:build !race

package gtld

const raceDetector = false
