package main

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"
)

// A certificate is a server's, read again when its files have changed: it is renewed
// more often than servers are restarted.
type certificate struct {
	cert, key string // files
	log       *slog.Logger

	mu    sync.Mutex
	pair  *tls.Certificate
	stamp [2]fileStamp // of the files as they were last read
}

// A fileStamp changes when a file does.
type fileStamp struct {
	changed time.Time
	size    int64
}

// newCertificate reads the files.
func newCertificate(cert, key string, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cert, key: key, log: log}
	c.stamp = c.stamps()
	return c, c.read()
}

func (c *certificate) stamps() (list [2]fileStamp) {
	for i, name := range []string{c.cert, c.key} {
		if info, err := os.Stat(name); err == nil {
			list[i] = fileStamp{info.ModTime(), info.Size()}
		}
	}
	return list
}

func (c *certificate) read() error {
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err == nil {
		c.pair = &pair
	}
	return err
}

// get is a tls.Config's GetCertificate. Files that can't be read leave the certificate
// as it was: one of them may have been replaced and the other not yet.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.stamps(); now != c.stamp {
		c.stamp = now
		if err := c.read(); err != nil {
			c.log.Warn("the new certificate can't be used yet", "error", err)
		}
	}
	return c.pair, nil
}
