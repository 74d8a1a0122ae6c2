package epp

import "slices"

// EachFunc is [Each] for a structure that is not walked alike everywhere, as when
// several versions of a namespace share it: f walks one of its kind.
func EachFunc[T any](x *Codec, local string, v *[]T, f func(*T)) {
	if !x.decoding {
		for i := range *v {
			x.child(local, func() { f(&(*v)[i]) })
		}
		return
	}
	i := x.take(local)
	*v = slices.Grow(*v, x.inRow(i))
	for ; i != 0; i = x.again(i, local) {
		*v = append(*v, *new(T))
		c := x.enter(i)
		f(&(*v)[len(*v)-1])
		x.leave(c)
	}
}
