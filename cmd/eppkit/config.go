package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"
)

// A config is the content of the configuration file.
type config struct {
	Default  string             `yaml:"default,omitempty"`
	Profiles map[string]profile `yaml:"profiles"`
	Authcode authcodeConfig     `yaml:"authcode,omitempty"`

	path string // of the file; paths are taken from where it is
}

// loadConfig reads the configuration file; nil when there is none and none was
// asked for.
func (a *app) loadConfig() (*config, string, error) {
	path, asked := a.flags.config, true
	if path == "" {
		path = a.getenv("EPPKIT_CONFIG")
	}
	if path == "" {
		dir := a.getenv("XDG_CONFIG_HOME")
		if dir == "" {
			var err error
			if dir, err = os.UserConfigDir(); err != nil {
				return nil, "eppkit/config.yaml", nil
			}
		}
		path, asked = filepath.Join(dir, "eppkit", "config.yaml"), false
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !asked {
		return nil, path, nil
	}
	if err != nil {
		return nil, path, err
	}
	cfg, err := readConfig(b)
	switch {
	case err == io.EOF:
		return nil, path, fmt.Errorf("%s is empty", path)
	case err != nil:
		return nil, path, fmt.Errorf("%s: %w", path, err)
	case len(cfg.Profiles) == 0:
		return nil, path, fmt.Errorf("%s describes no profiles", path)
	}
	cfg.path = path
	return cfg, path, nil
}

func readConfig(b []byte) (*config, error) {
	var cfg config
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&cfg); err != nil {
		return nil, err
	}
	return &cfg, nil
}
