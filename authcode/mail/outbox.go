package mail

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/eppkit/eppkit/authcode"
)

// An Outbox is a Courier that keeps letters in memory, for tests and for trying out:
// they go nowhere, and anybody with the Outbox can read their codes. The zero Outbox
// works. Any number of goroutines may use it at once, once its fields are set.
type Outbox struct {
	// Fail, unless nil, is called before a letter is kept. Its error is the
	// delivery's, and the letter is not kept.
	Fail func(authcode.Letter) error
	// Dir, unless "", is a directory where each letter is also written as a file
	// NUMBER-DOMAIN-ROLE.eml, for its owner alone. It is made with mode 0700; one
	// that others can read is an error of Deliver.
	Dir string
	// Max is how many letters are kept in memory, the newest; 1000.
	Max int

	// As in Options. From may be empty.
	From      authcode.Address
	Templates *Templates
	Lang      string
	Now       func() time.Time
	Random    io.Reader

	mu      sync.Mutex
	letters []Kept
	number  int // of the last file
}

// Kept is a letter in an Outbox.
type Kept struct {
	authcode.Letter
	At   time.Time
	Mail authcode.Body // the letter as a mail, as SMTP sends it
}

// Deliver keeps the letter.
func (p *Outbox) Deliver(ctx context.Context, l authcode.Letter) error {
	err := ctx.Err()
	if err == nil && p.Fail != nil {
		err = p.Fail(l)
	}
	if err == nil {
		err = p.keep(l)
	}
	var e *authcode.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return &authcode.Error{System: "outbox", Op: "deliver", Domain: domain(l), Err: err}
}

func (p *Outbox) keep(l authcode.Letter) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	from := p.From
	from.Email = cmp.Or(from.Email, "outbox@eppkit.invalid")
	c, err := newComposer(from, p.Templates, p.Lang, p.Now, p.Random)
	if err != nil {
		return err
	}
	m, err := c.compose(l)
	if err != nil {
		return err
	}
	if p.Dir != "" {
		if err := p.write(l, m.octets); err != nil {
			return err
		}
	}
	p.letters = append(p.letters, Kept{Letter: l, At: c.now(), Mail: m.octets})
	if most := cmp.Or(p.Max, 1000); len(p.letters) > most {
		p.letters = slices.Delete(p.letters, 0, len(p.letters)-most)
	}
	return nil
}

// write makes the file of a letter. Files that are there stay as they are.
func (p *Outbox) write(l authcode.Letter, octets []byte) error {
	if err := os.MkdirAll(p.Dir, 0o700); err != nil {
		return err
	}
	dir, err := os.OpenRoot(p.Dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	info, err := dir.Stat(".")
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("others can read the directory %s: its mode must be 0700", p.Dir)
	}
	if p.number == 0 {
		p.number = lastNumber(dir)
	}
	domain := l.Domain[:min(len(l.Domain), 200)] // names of files have at most 255 octets
	for {
		p.number++
		name := fmt.Sprintf("%06d-%s-%s.eml", p.number, domain, l.Role)
		f, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		_, err = f.Write(octets)
		return errors.Join(err, f.Close())
	}
}

// lastNumber is the highest number of a file in the directory, so that files are in the
// order in which they were written after a restart too.
func lastNumber(dir *os.Root) int {
	files, _ := fs.Glob(dir.FS(), "*-*.eml")
	most := 0
	for _, name := range files {
		number, _, _ := strings.Cut(name, "-")
		if n, err := strconv.Atoi(number); err == nil {
			most = max(most, n)
		}
	}
	return most
}

// All are the letters, oldest first.
func (p *Outbox) All() []Kept {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.letters)
}

// For are the letters about a domain, oldest first. Its name is in canonical form.
func (p *Outbox) For(domain string) []Kept {
	return slices.DeleteFunc(p.All(), func(k Kept) bool { return k.Domain != domain })
}

// Last is the newest letter; false where there is none.
func (p *Outbox) Last() (Kept, bool) {
	all := p.All()
	if len(all) == 0 {
		return Kept{}, false
	}
	return all[len(all)-1], true
}
