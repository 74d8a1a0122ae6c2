package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/eppkit/eppkit/authcode"
	"github.com/eppkit/eppkit/authcode/mail"
)

// mailConfig is the mail server that sends the codes which a system only shows.
type mailConfig struct {
	Server    string           `yaml:"server"`
	From      authcode.Address `yaml:"from"`
	User      string           `yaml:"user"`
	Password  password         `yaml:"password"`
	Roots     string           `yaml:"roots"`
	Templates string           `yaml:"templates"`
	Lang      string           `yaml:"lang"`
}

// courier sends mail by the configured server. It does not connect yet.
func (a *app) courier(ctx context.Context, cfg *config) (authcode.Courier, error) {
	m := cfg.Authcode.Mail
	fail := func(err error) (authcode.Courier, error) {
		err = fmt.Errorf("%s: authcode.mail: %w", cfg.path, err)
		if ctx.Err() != nil {
			return nil, err
		}
		return nil, &configError{err}
	}
	// Paths and the password are read as those of a profile.
	where := &profile{dir: filepath.Dir(cfg.path), Roots: m.Roots}
	o := mail.Options{Addr: m.Server, From: m.From, Username: m.User, Lang: m.Lang}
	var err error
	if m.Roots != "" {
		if o.TLS, err = where.tls(); err != nil {
			return fail(err)
		}
	}
	if m.User != "" {
		if o.Password, err = m.Password.read(ctx, where, a.getenv); err != nil {
			return fail(err)
		}
	}
	if m.Templates != "" {
		if o.Templates, err = mail.LoadTemplates(os.DirFS(where.path(m.Templates))); err != nil {
			return fail(err)
		}
	}
	c, err := mail.New(o)
	if err != nil {
		return fail(err)
	}
	return c, nil
}
