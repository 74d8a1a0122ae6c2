package middleware

import (
	"context"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// A Layer handles a command on its way to the next Doer. Any number of goroutines may
// call it, and it may be put around any number of Doers. It must not change the command,
// and returns what next does, or a [*client.Error].
type Layer interface {
	Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error)
}

// A Func is a Layer that is a function.
type Func func(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error)

// Exchange calls f.
func (f Func) Exchange(ctx context.Context, cmd *epp.Command, next client.Doer) (*epp.Response, error) {
	return f(ctx, cmd, next)
}

// A Wrapped is a Doer with a layer around it.
type Wrapped struct {
	layer Layer
	next  client.Doer
}

// Wrap puts layers around d, the first of them outermost. Without a layer the result only
// passes on.
func Wrap(d client.Doer, layers ...Layer) *Wrapped {
	for i := len(layers) - 1; i >= 0; i-- {
		d = &Wrapped{layer: layers[i], next: d}
	}
	if w, ok := d.(*Wrapped); ok {
		return w
	}
	return &Wrapped{next: d}
}

// Exchange sends a command through the layer.
func (w *Wrapped) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	if cmd == nil {
		cmd = new(epp.Command) // the error of one without a request says it
	}
	if w.layer == nil {
		return w.next.Exchange(ctx, cmd)
	}
	return w.layer.Exchange(ctx, cmd, w.next)
}

// Unwrap returns the Doer inside.
func (w *Wrapped) Unwrap() client.Doer { return w.next }

// Greeting is that of the innermost Doer, or nil where it has none.
func (w *Wrapped) Greeting() *epp.Greeting {
	if g, ok := As[interface{ Greeting() *epp.Greeting }](w.next); ok {
		return g.Greeting()
	}
	return nil
}

// Schema is that of the innermost Doer, or nil where it has none.
func (w *Wrapped) Schema() *epp.Schema {
	if s, ok := As[interface{ Schema() *epp.Schema }](w.next); ok {
		return s.Schema()
	}
	return nil
}

// As finds the outermost Doer that is a T, d itself or one inside it, such as the
// *client.Pool below all layers.
func As[T any](d client.Doer) (T, bool) {
	for {
		if t, ok := d.(T); ok {
			return t, true
		}
		u, ok := d.(interface{ Unwrap() client.Doer })
		if !ok {
			var none T
			return none, false
		}
		d = u.Unwrap()
	}
}

var _ client.Doer = (*Wrapped)(nil)
