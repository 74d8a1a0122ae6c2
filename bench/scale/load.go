package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
)

// load says what a backend found when it loaded its file.
func load(o options, out io.Writer) error {
	b, err := start(o, o.load)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "domains\tobjects\tfile, octets\tloaded in\tprocessor time\theap, octets a domain\tan object\tof the machine's memory")
	objects := b.Domains + contactsFor(b.Domains) + hostsFor(b.Domains)
	heap := b.Populated.Heap - b.Empty.Heap
	fmt.Fprintf(w, "%d\t%d\t%d\t%.1f s\t%.1f s\t%d\t%d\t%d MiB\n", b.Domains, objects, b.File, b.Loaded.Wall.Seconds(), b.Loaded.CPU.Seconds(),
		heap/uint64(b.Domains), heap/uint64(objects), b.Populated.RSS>>20)
	return errors.Join(w.Flush(), b.process.Stop())
}

// writeFile writes a population to a file, compressed where its name ends in .gz.
func writeFile(name string, domains int) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if !strings.HasSuffix(name, ".gz") {
		return writePopulation(f, domains)
	}
	z := gzip.NewWriter(f)
	return errors.Join(writePopulation(z, domains), z.Close())
}

// populationFile writes a population to a compressed file that is to be removed.
func populationFile(domains int) (string, error) {
	f, err := os.CreateTemp("", "population-*.gz")
	if err != nil {
		return "", err
	}
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err == nil {
		err = errors.Join(writePopulation(z, domains), z.Close())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}
