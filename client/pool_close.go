package client

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/eppkit/eppkit/internal/cause"
)

// Shutdown ends the pool in order: it takes no more commands, lets those that it has be
// answered, logs all sessions out, and waits until nothing of it runs any more. When ctx
// ends before that, the rest is ended as by Close, and the error says so.
func (p *Pool) Shutdown(ctx context.Context) error {
	ctx, cancel := p.opts.Load().within(ctx)
	defer cancel()
	p.mu.Lock()
	if p.phase == running {
		p.phase = draining
	}
	p.settle()
	p.mu.Unlock()
	var err error
	for _, stage := range []struct {
		reached chan struct{}
		then    func()
	}{{p.drained, p.retireAll}, {p.emptied, func() {}}} {
		select {
		case <-stage.reached: // whatever else is true
			stage.then()
			continue
		default:
		}
		select {
		case <-stage.reached:
			stage.then()
			continue
		case <-p.ctx.Done(): // by Close
			err = ErrClosed
		case <-ctx.Done():
			err = &Error{Op: "pool", Err: cause.Of(ctx)}
		}
		break
	}
	p.Close()
	return err
}

// retireAll has all sessions logged out, and the opener end.
func (p *Pool) retireAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopDial()
	for _, m := range slices.Clone(p.members) {
		p.putOut(m, whyClosing)
	}
	p.settle()
}

// Close ends the pool at once, without a logout, and waits until nothing of it runs any
// more. Commands that wait for an answer fail. It may be called more than once.
func (p *Pool) Close() error {
	p.mu.Lock()
	p.phase = closed
	p.failAll(ErrClosed)
	p.stopDial()
	p.cancel()
	p.mu.Unlock()
	p.wg.Wait()
	p.silence()
	return nil
}

// Resume goes on with a pool that was stopped, or that waits after a failure, when what
// made it fail is over.
func (p *Pool) Resume() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.resume()
}

func (p *Pool) resume() {
	o := &p.opening
	o.failures, o.retry, o.refusals, o.owed = 0, time.Time{}, 0, 0
	p.unstop()
	p.rouse()
}

// unstop goes on with opening sessions. It is called with mu held.
func (p *Pool) unstop() {
	if p.opening.stopped != nil {
		p.opening.stopped = nil
		p.emit(Resumed{})
	}
}

// Reconfigure changes the options by f, and goes on if the pool was stopped. Sessions
// that are open are replaced, one after the other, when they have nothing to do. The
// error is about the options, which then stay as they are. The schema set can't be
// changed: commands are made for it. f gets a copy; it may read the pool, but not change
// it.
func (p *Pool) Reconfigure(f func(*PoolOptions)) error {
	p.config.Lock()
	defer p.config.Unlock()
	was := p.opts.Load()
	o := was.own()
	f(&o)
	o = o.own().withDefaults()
	err := o.check()
	if err == nil && o.Schema != was.Schema {
		err = errors.New("the option Schema can't be changed")
	}
	if err != nil {
		return &Error{Op: "pool", Err: err}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.opts.Store(&o)
	if !p.opening.doubt.of(o.Credentials) {
		p.opening.doubt = doubt{}
	}
	for _, m := range p.members {
		m.stale = whyConfiguration
	}
	p.resume()
	p.settle()
	return nil
}
