// Package ratio compares contenders whose measurements alternate, so that what
// else the machine does meets all of them alike.
package ratio

import "slices"

// Median returns the middle of the values, or the mean of the two in the middle. It
// is 0 of none.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

// Of returns the median of a[i]/b[i].
func Of(a, b []float64) float64 {
	each := make([]float64, len(a))
	for i := range a {
		each[i] = a[i] / b[i]
	}
	return Median(each)
}

// Range returns the least and the greatest a[i]/b[i].
func Range(a, b []float64) (least, greatest float64) {
	for i := range a {
		r := a[i] / b[i]
		if i == 0 || r < least {
			least = r
		}
		if i == 0 || r > greatest {
			greatest = r
		}
	}
	return least, greatest
}
