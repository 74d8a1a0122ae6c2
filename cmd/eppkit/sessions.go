package main

import (
	"cmp"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/client"
)

// sessions are how many sessions a pool has with the registry, and for how long. They
// stand for the options of the same names of client.PoolOptions.
type sessions struct {
	Max       int     `yaml:"max,omitempty"`
	Min       int     `yaml:"min,omitempty"`
	Depth     int     `yaml:"depth,omitempty"`
	KeepAlive stretch `yaml:"keepAlive,omitempty"`
	MaxIdle   stretch `yaml:"maxIdle,omitempty"`
	MaxAge    stretch `yaml:"maxAge,omitempty"`
}

// defaultSessions is how many sessions a pool may have where its profile does not say it.
const defaultSessions = 4

func (s *sessions) check() error {
	for _, n := range []struct {
		name  string
		value int
	}{{"max", s.Max}, {"min", s.Min}, {"depth", s.Depth}} {
		if n.value < 0 {
			return fmt.Errorf("%s is %d; it can't be less than 0", n.name, n.value)
		}
	}
	if most := cmp.Or(s.Max, defaultSessions); s.Min > most {
		return fmt.Errorf("min is %d, which is more than max, %d", s.Min, most)
	}
	return nil
}

// options are those of a pool that the profile says.
func (s *sessions) options() client.PoolOptions {
	return client.PoolOptions{
		MaxSessions: cmp.Or(s.Max, defaultSessions), MinSessions: s.Min, Depth: s.Depth,
		KeepAlive: time.Duration(s.KeepAlive), MaxIdle: time.Duration(s.MaxIdle), MaxAge: time.Duration(s.MaxAge),
	}
}

// A stretch is a length of time as a profile says it, as in 90s or 12h. "never" is less than 0, as
// client.PoolOptions has it.
type stretch time.Duration

const never = "never"

// UnmarshalYAML reads a stretch.
func (s *stretch) UnmarshalYAML(n *yaml.Node) error {
	if n.Value == never {
		*s = -1
		return nil
	}
	d, err := time.ParseDuration(n.Value)
	if err != nil || d <= 0 {
		return fmt.Errorf("line %d: %q is no length of time, such as 90s or 12h, and not %q", n.Line, n.Value, never)
	}
	*s = stretch(d)
	return nil
}

// MarshalYAML writes a stretch as it is read.
func (s stretch) MarshalYAML() (any, error) {
	if s < 0 {
		return never, nil
	}
	return time.Duration(s).String(), nil
}
