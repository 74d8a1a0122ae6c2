// Package schemas says of a frame whether it is valid, and if not, why not.
//
// It carries an XML schema of our own for every namespace that eppkit speaks, less those
// that an extension brings along (see [For]), and validates against them, or against
// those a registry publishes:
//
//	v, err := schemas.New(schemas.Options{Dirs: []string{"registry/xsd"}})
//	…
//	var invalid *schemas.Error
//	if err := v.Validate(ctx, frame); errors.As(err, &invalid) {
//		for _, violation := range invalid.Violations {
//			fmt.Println(violation)
//		}
//	}
//
// Validation is strict where [epp.Schema.Parse] is tolerant: it refuses whatever the
// schemas do not allow, elements of an unknown namespace among it. It never
// changes how a frame is read.
package schemas
