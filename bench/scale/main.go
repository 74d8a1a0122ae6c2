// Scale measures mock registries that are large or much used, and prints what it finds:
//
//   - how long a compact file takes to load, and how much memory an object;
//   - how much memory a session takes that does nothing, of ten thousand;
//   - commands a second of a mix, with registries of several sizes and several numbers of
//     sessions, validating and not, beside a bare TLS echo of the same octets.
//
// Run it with
//
//	go run ./scale
//
// Each registry is in a process of its own, which is this program started again. The
// contenders take turns, so that what else the machine does meets all alike.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/eppkit/eppkit/bench/turns"
)

type options struct {
	only      string
	load      int // domains
	idle      int // sessions
	domains   numbers
	sessions  numbers
	plain     bool
	rounds    int
	turn      time.Duration
	inProcess bool
	noJournal bool
	serverCPU string // where the servers' profile goes
}

// numbers are a flag's, with commas between them.
type numbers []int

func (n *numbers) String() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(*n), " ", ","), "[]")
}

// Set reads them.
func (n *numbers) Set(s string) error {
	*n = nil
	for part := range strings.SplitSeq(s, ",") {
		i, err := strconv.Atoi(part)
		if err != nil || i < 1 {
			return errors.New("numbers with commas between them")
		}
		*n = append(*n, i)
	}
	return nil
}

func main() {
	o := options{domains: numbers{10, 10_000, 1_000_000}, sessions: numbers{1, 16, 64, 1000}}
	flag.StringVar(&o.only, "only", "", "measure only one of load, idle, mix")
	flag.IntVar(&o.load, "load", 1_000_000, "how many domains the file has that is loaded")
	flag.IntVar(&o.idle, "idle", 10_000, "how many sessions are idle")
	flag.Var(&o.domains, "domains", "how many domains the registries have that the mix goes to; 10 or more")
	flag.Var(&o.sessions, "sessions", "how many sessions say the mix")
	flag.BoolVar(&o.plain, "unvalidated", false, "measure the mix without validation alone")
	flag.IntVar(&o.rounds, "rounds", 7, "how often each contender has its turn")
	flag.DurationVar(&o.turn, "turn", 300*time.Millisecond, "how long a turn is")
	flag.BoolVar(&o.noJournal, "nojournal", false, "turn the mock servers' journal off")
	cpu := flag.String("cpuprofile", "", "write a profile of this process here")
	flag.StringVar(&o.serverCPU, "servercpuprofile", "", "write a profile of the server's process here (with one number of -domains)")
	write := flag.String("write", "", "write the file with the domains of -load here, compressed where its name ends in .gz, and measure nothing")
	child := flag.Bool(serveFlag, false, "be a server's process (the program does this by itself)")
	flag.Parse()

	err := turns.Profiled(*cpu, func() error {
		switch {
		case *child:
			return serve(o, o.domains[0], os.Stdin, os.Stdout)
		case *write != "":
			return writeFile(*write, o.load)
		}
		return run(o, os.Stdout)
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// run measures.
func run(o options, out io.Writer) error {
	for _, m := range []struct {
		name string
		run  func(options, io.Writer) error
	}{{"load", load}, {"idle", idle}, {"mix", speed}} {
		if o.only != "" && o.only != m.name {
			continue
		}
		if err := m.run(o, out); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}
