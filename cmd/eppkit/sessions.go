package main

import (
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/eppkit/eppkit/client"
)

// sessions are how many sessions a pool has with the registry, and for how long. They
// stand for the options of the same names of client.PoolOptions. A nil Max or Depth is the
// default.
type sessions struct {
	Max       *int    `yaml:"max,omitempty"`
	Min       int     `yaml:"min,omitempty"`
	Depth     *int    `yaml:"depth,omitempty"`
	KeepAlive stretch `yaml:"keepAlive,omitempty"`
	MaxIdle   stretch `yaml:"maxIdle,omitempty"`
	MaxAge    stretch `yaml:"maxAge,omitempty"`
}

// defaultSessions is how many sessions a pool may have where its profile does not say it.
const defaultSessions = 4

func (s *sessions) check() error {
	most := s.most()
	switch {
	case most < 1:
		return fmt.Errorf("max is %d; it must be 1 or more", most)
	case s.Depth != nil && *s.Depth < 1:
		return fmt.Errorf("depth is %d; it must be 1 or more: how many commands a session has under way", *s.Depth)
	case s.Min < 0:
		return fmt.Errorf("min is %d; it can't be less than 0", s.Min)
	case s.Min > most:
		return fmt.Errorf("min is %d, which is more than max, %d", s.Min, most)
	}
	return nil
}

// most is how many sessions there may be.
func (s *sessions) most() int {
	if s.Max == nil {
		return defaultSessions
	}
	return *s.Max
}

// options are those of a pool that the profile says.
func (s *sessions) options() client.PoolOptions {
	o := client.PoolOptions{
		MaxSessions: s.most(), MinSessions: s.Min,
		KeepAlive: time.Duration(s.KeepAlive), MaxIdle: time.Duration(s.MaxIdle), MaxAge: time.Duration(s.MaxAge),
	}
	if s.Depth != nil {
		o.Depth = *s.Depth
	}
	return o
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
