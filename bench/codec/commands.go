package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/beevik/etree"

	"github.com/eppkit/eppkit/bench/ratio"
	"github.com/eppkit/eppkit/bench/sample"
	"github.com/eppkit/eppkit/epp"
)

// A commandJob is the parsing and the building of one message. The contenders for
// messages of so many kinds do less than eppkit, which fills typed values and checks
// them, and writes from them.
type commandJob struct {
	name         string
	parse, build job
}

// commandJobs are those of every command of every object.
func commandJobs() []commandJob {
	all := sample.All()
	var jobs []commandJob
	for _, c := range sample.Commands() {
		doc := sample.Document(c.Message)
		tree := etree.NewDocument()
		if err := tree.ReadFromBytes(doc); err != nil {
			panic(err) // the document is ours
		}
		jobs = append(jobs, commandJob{c.Name, job{"parse " + c.Name, len(doc), []contender{
			{"eppkit", func() error { _, err := all.ParseStrict(doc); return err }},
			{"eppkit, kept as it is", func() error { _, err := (*epp.Schema)(nil).Parse(doc); return err }},
			{"etree, without a walk", func() error { return etree.NewDocument().ReadFromBytes(doc) }},
			{"encoding/xml, tokens", func() error { return tokens(doc) }},
		}}, job{"build " + c.Name, len(doc), []contender{
			building("eppkit", func(dst []byte) ([]byte, error) { return epp.Append(dst, c.Message) }),
			building("etree, of a tree that is there", func(dst []byte) ([]byte, error) {
				b := bytes.NewBuffer(dst)
				_, err := tree.WriteTo(b)
				return b.Bytes(), err
			}),
		}}})
	}
	return jobs
}

// tokens reads a document and does nothing with it.
func tokens(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// runCommands prints a line for each message, and the medians.
func runCommands(out io.Writer, rounds int, turn time.Duration, only string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "message\toctets\tparse µs\tallocations\tkept\tetree\ttokens\tbuild µs\tallocations\tetree\t")
	var ratios [4][]float64
	for _, j := range commandJobs() {
		if !strings.Contains(j.name, only) {
			continue
		}
		parse, err := j.parse.measure(rounds, turn)
		if err != nil {
			return err
		}
		build, err := j.build.measure(rounds, turn)
		if err != nil {
			return err
		}
		of := [4]float64{
			ratio.Of(parse[1], parse[0]), ratio.Of(parse[2], parse[0]), ratio.Of(parse[3], parse[0]), ratio.Of(build[1], build[0]),
		}
		for i, r := range of {
			ratios[i] = append(ratios[i], r)
		}
		fmt.Fprintf(w, "%s\t%d\t%.2f\t%.0f\t%.2f\t%.1f\t%.1f\t%.2f\t%.0f\t%.1f\t\n", j.name, j.parse.size,
			ratio.Median(parse[0])*1e6, allocations(j.parse.by[0]), of[0], of[1], of[2],
			ratio.Median(build[0])*1e6, allocations(j.build.by[0]), of[3])
	}
	fmt.Fprintf(w, "median\t\t\t\t%.2f\t%.1f\t%.1f\t\t\t%.1f\t\n", ratio.Median(ratios[0]), ratio.Median(ratios[1]),
		ratio.Median(ratios[2]), ratio.Median(ratios[3]))
	return w.Flush()
}

func allocations(c contender) float64 { return testing.AllocsPerRun(100, func() { _ = c.do() }) }
