package load

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"
)

// A job is a command on its way.
type job struct {
	step   *Step
	cmd    Command
	phase  int
	warmUp bool
	due    time.Time
	drawn  map[string]record // by source
	taken  []string          // sources to which a name goes back
	// ended is called at the end, after the job was counted.
	ended func(Outcome)
}

// choose picks a command by its weight.
func (x *engine) choose(rng *rand.Rand) *Step {
	at := rng.Float64() * x.weight
	for i := range x.Commands {
		if at -= x.Commands[i].Weight; at < 0 {
			return &x.Commands[i]
		}
	}
	return &x.Commands[len(x.Commands)-1]
}

// next makes a command of a step. Where there is no name for it, it has no payload.
func (x *engine) next(rng *rand.Rand, step *Step, phase int) (*job, error) {
	j := &job{step: step, phase: phase, drawn: make(map[string]record), cmd: Command{Name: step.Label()}}
	if phase >= 0 {
		j.warmUp = x.Phases[phase].WarmUp
	}
	v := Values{"run": x.RunID}
	places := step.places()
	for _, p := range places {
		if _, had := j.drawn[p.source]; had || p.source == "run" {
			continue
		}
		take := slices.ContainsFunc(places, func(q part) bool { return q.source == p.source && q.take })
		r, ok := x.names[p.source].draw(rng, take)
		if !ok {
			x.giveBack(j)
			return j, nil
		}
		j.drawn[p.source] = r
		if take {
			j.taken = append(j.taken, p.source)
		}
		v[p.source] = r.name
		for fact, value := range r.facts {
			v[p.source+"."+fact] = value
		}
	}
	for _, p := range places {
		if _, there := v[p.key()]; !there { // such as of an answer that did not have it
			x.giveBack(j)
			return j, nil
		}
	}
	cmd, err := x.target.Prepare(step, v)
	if err != nil {
		return nil, err
	}
	cmd.Name = cmp.Or(step.Name, cmd.Name)
	x.rec.called(step.Label(), cmd.Name)
	j.cmd = cmd
	return j, nil
}

// giveBack returns the names that a job had taken.
func (x *engine) giveBack(j *job) {
	for _, source := range j.taken {
		x.names[source].add(j.drawn[source])
	}
	j.taken = nil
}

// finish counts a job, and does with its names what its outcome says.
func (x *engine) finish(j *job, o Outcome, sent time.Time) {
	end := time.Now()
	if j.phase >= 0 {
		x.rec.done(j, &o, sent, end)
	}
	switch {
	case o.Fate == Answered && o.Code < 2000:
		x.keepNames(j, o.Facts)
	case o.Fate != Unknown: // it may be gone, or be another
		x.giveBack(j)
	}
	j.ended(o)
}

// keepNames puts the first name of a command that succeeded where those are that it makes.
func (x *engine) keepNames(j *job, facts map[string]string) {
	to := x.made[j.step.Name]
	if j.step.Name == "" || len(to) == 0 {
		return
	}
	r := record{facts: facts}
	for _, p := range j.step.places() {
		if p.source != "run" {
			r.name = j.drawn[p.source].name
			break
		}
	}
	for _, n := range to {
		n.add(r)
	}
}
