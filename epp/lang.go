package epp

// Lang walks the attribute lang of the current element, which names the language of
// its text; "" is for an attribute that is absent, and means English.
func (x *Codec) Lang(v *string) { x.lang(v) }
