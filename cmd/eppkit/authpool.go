package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/eppkit/eppkit/client"
	"github.com/eppkit/eppkit/epp"
)

// How long a registry is left alone that needs somebody to look. Registries count logins
// that they refuse, and lock accounts after a few; what else stops a pool, such as a name
// or a certificate, they don't hear of.
const (
	refusedRest = 15 * time.Minute
	stoppedRest = time.Minute
)

// A registryPool is a client.Doer over a pool of sessions with a registry. The pool is made
// when it is first asked, because its password may have to be fetched. Callers do not wait
// for a registry that can't be reached: somebody waits for them.
type registryPool struct {
	name  string // of the profile, or of the mock
	log   *slog.Logger
	brief bool // a command ends with the error that an event tells

	prepare func(context.Context) (client.PoolOptions, error)
	atEnd   func(func(context.Context) error)
	pool    lazy[*client.Pool]
	stopped chan error // has room for one
}

// newRegistryPool makes one, which is logged out at the provider's end.
func (a *app) newRegistryPool(p *provider, name string, prepare func(context.Context) (client.PoolOptions, error)) *registryPool {
	x := &registryPool{
		name: name, log: a.log(), brief: a.logLevel > slog.LevelInfo, prepare: prepare, atEnd: p.atEnd, stopped: make(chan error, 1),
	}
	x.pool.open = x.open
	return x
}

func (x *registryPool) open(ctx context.Context) (*client.Pool, error) {
	opts, err := x.options(ctx)
	if err != nil {
		return nil, err
	}
	pool, err := client.NewPool(opts)
	if err != nil {
		return nil, &configError{err}
	}
	x.atEnd(pool.Shutdown)
	return pool, nil
}

// options are those of the pool, with the password as it is now.
func (x *registryPool) options(ctx context.Context) (client.PoolOptions, error) {
	opts, err := x.prepare(ctx)
	opts.FailFast, opts.OnEvent = true, x.told
	return opts, err
}

// Exchange sends a command by the pool.
func (x *registryPool) Exchange(ctx context.Context, cmd *epp.Command) (*epp.Response, error) {
	pool, err := x.pool.get(ctx)
	if err != nil {
		return nil, &client.Error{Op: "dial", Err: err}
	}
	return pool.Exchange(ctx, cmd)
}

// ready reports why the registry can't be asked now. A pool that is busy is ready.
func (x *registryPool) ready(ctx context.Context) error {
	pool, err := x.pool.get(ctx)
	if err != nil {
		return err
	}
	if n := pool.Stats(); n.Open > n.Retiring {
		return nil
	}
	return pool.Ready(ctx)
}

// told logs what happens to the pool.
func (x *registryPool) told(e client.Event) {
	switch e := e.(type) {
	case client.Stopped:
		select {
		case x.stopped <- e.Err:
		default:
		}
		if x.brief {
			return
		}
	case client.OpenFailed, client.Limited, client.Closed:
		if x.brief {
			return
		}
	}
	x.log.Log(context.Background(), e.Level(), e.String(), "registry", x.name)
}

// mend goes on with a pool that has stopped, after a rest and with the password as it is
// by then: nobody types into a gateway. It returns when ctx ends.
func (x *registryPool) mend(ctx context.Context) {
	for {
		select {
		case err := <-x.stopped:
			rest := stoppedRest
			if _, refused := errors.AsType[*client.LoginError](err); refused {
				rest = refusedRest
			}
			for ok := false; !ok && ctx.Err() == nil; {
				x.log.Error("somebody has to look at the registry; it is left alone for a while", "registry", x.name, "for", rest)
				select {
				case <-time.After(rest):
					ok = x.resume(ctx)
				case <-ctx.Done():
				}
			}
		case <-ctx.Done():
			return
		}
	}
}

// resume reports whether the pool goes on.
func (x *registryPool) resume(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	pool, err := x.pool.get(ctx)
	if err == nil {
		var opts client.PoolOptions
		if opts, err = x.options(ctx); err == nil {
			err = pool.Reconfigure(func(o *client.PoolOptions) { *o = opts })
		}
	}
	if err != nil {
		x.log.Error("the registry can't be asked again", "registry", x.name, "error", err)
	}
	return err == nil
}
