package gtld

import (
	"time"

	"github.com/eppkit/eppkit/epp"
	"github.com/eppkit/eppkit/mockserver"
	"github.com/eppkit/eppkit/mockserver/registry"
)

// An op is one command on an object: who asks for what, at which time, by which policy,
// and the change that it makes. The extensions' hooks get it.
type op struct {
	*mockserver.Exchange
	registry.Reader              // what the command reads
	tx              *registry.Tx // what it changes; nil in a query
	policy          *Policy      // of the domain's top-level domain, or nil
	bill            *bill        // what the command costs, or nil
}

// Now is the time of the command.
func (o *op) Now() time.Time {
	if o.tx != nil {
		return o.tx.Now()
	}
	return o.Reader.(*registry.View).Now()
}

// read makes the op of a query.
func (r *Registry) read(x *mockserver.Exchange) *op {
	return &op{Exchange: x, Reader: r.View(x)}
}

// change carries out a command that changes something: all of it or nothing.
func change[R any](r *Registry, x *mockserver.Exchange, f func(*op) (R, error)) (R, error) {
	return registry.Do(r.State, func(tx *registry.Tx) (R, error) {
		return f(&op{Exchange: x, Reader: tx, tx: tx})
	})
}

// extension finds what an extension adds to the command; the zero E and false where it
// adds nothing.
func extension[E epp.Element](o *op) (E, bool) {
	for _, e := range o.Command.Extension {
		if e, ok := e.(E); ok {
			return e, true
		}
	}
	var none E
	return none, false
}

// hooks are what an extension does in the commands on domains. Each field may be nil;
// each runs in the order in which the extensions are listed. An error refuses the
// command. What an extension answers it adds to op.Extension.
type hooks struct {
	// uri is the extension's: it is announced, and its hooks run, where the
	// registry's policies ask for it.
	uri string
	// instead may take a command over, before any rule of the core: a restore, an
	// application of a launch. It gets the request as it came; did says whether the
	// answer, which may be nil, and the error are the command's.
	instead func(o *op, q epp.Element) (answer epp.Element, did bool, err error)
	// allocates reports whether the command lets its client have a name that is
	// reserved, or a premium one without the fee.
	allocates func(o *op, name string) (bool, error)
	// check may find a name unavailable that is available otherwise, with a reason;
	// checked runs once after all names.
	check   func(o *op, name string) (reason string)
	checked func(o *op, names []string) error
	// info adds what it knows of a domain; it runs for whoever sees all of it.
	info domainHook
	// create, renew, transfer (a request) and update are called with the domain as
	// it is going to be, and may change it; update and renew also with what it was.
	// They run after the rules of the core, and after op.bill is made.
	create   domainHook
	renew    changeHook
	update   changeHook
	transfer domainHook
	// delete is called with the domain as it is.
	delete domainHook
	// transferred is called when a transfer is done, by whatever way.
	transferred func(tx *registry.Tx, d *Domain)
}

// diverted asks the extensions whether one of them takes a command over.
func diverted[A epp.Element](r *Registry, o *op, q epp.Element) (a A, did bool, err error) {
	for _, h := range r.hooks {
		if h.instead == nil {
			continue
		}
		e, did, err := h.instead(o, q)
		if did {
			a, _ = e.(A)
			return a, true, err
		}
	}
	return a, false, nil
}

// allocated asks the extensions whether the command lets its client have a name.
func (r *Registry) allocated(o *op, name string) (bool, error) {
	for _, h := range r.hooks {
		if h.allocates == nil {
			continue
		}
		if yes, err := h.allocates(o, name); yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}

// A domainHook is called with a domain, and a changeHook also with what it was.
type (
	domainHook = func(o *op, d *Domain) error
	changeHook = func(o *op, was, d *Domain) error
)

// call calls a hook of every extension that has it.
func (r *Registry) call(o *op, d *Domain, hook func(*hooks) domainHook) error {
	for _, h := range r.hooks {
		if f := hook(h); f != nil {
			if err := f(o, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// callChange is call for those that look at what was.
func (r *Registry) callChange(o *op, was, d *Domain, hook func(*hooks) changeHook) error {
	return r.call(o, d, func(h *hooks) domainHook {
		f := hook(h)
		if f == nil {
			return nil
		}
		return func(o *op, d *Domain) error { return f(o, was, d) }
	})
}
