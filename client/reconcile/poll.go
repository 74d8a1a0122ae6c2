package reconcile

import "github.com/eppkit/eppkit/epp"

// acknowledged has removed a message that was the first, if it is no longer (RFC 5730,
// section 2.9.2.3: the queue is first in, first out).
func acknowledged(x *inquiry, id string) error {
	a, err := x.ask(query(&epp.Poll{Op: epp.PollReq}))
	if err != nil {
		return err
	}
	b := x.opts.Before
	first := b != nil && b.MsgQ != nil && b.MsgQ.ID == id
	switch {
	case a.resp == nil:
		x.say(CantTell, "the registry does not say which message is the first (%d)", a.code)
	case a.resp.MsgQ != nil && a.resp.MsgQ.ID == id && a.code == epp.AckToDequeue:
		x.say(NotDone, "the message is still the first")
	case !first:
		x.say(CantTell, "the message is not the first; whether it was is not known (Options.Before)")
	default:
		x.say(Done, "the message was the first, and is not any more")
	}
	return nil
}
