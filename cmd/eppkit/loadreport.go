package main

import (
	"fmt"
	"io"
	"os"

	"github.com/eppkit/eppkit/internal/load"
)

// A loadReport is one form of the report of a load, and where it goes.
type loadReport struct {
	path  string
	w     io.Writer
	write func(io.Writer, *load.Report) error
}

// loadReports are all forms that were asked for, the one on standard output first.
type loadReports []loadReport

// openReports opens the files before the load, which is not to be in vain. What is in
// them stays until there is a report.
func (a *app) openReports(f *loadFlags, args []string) (list loadReports, err error) {
	defer func() {
		if err != nil {
			list.close()
		}
	}()
	list = loadReports{{"-", a.out, load.Text}}
	taken := append([]string{f.names}, args...)
	for _, form := range []loadReport{{f.json, a.out, document(load.JSON)}, {f.html, a.out, document(load.Page)}} {
		switch form.path {
		case "":
			continue
		case "-":
			if f.json == f.html {
				return list, usage("--json and --html can't both be on standard output")
			}
			list[0] = form
			continue
		}
		file, err := os.OpenFile(form.path, os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			return list, &configError{err}
		}
		form.w = file
		list = append(list, form)
		for _, other := range taken {
			if sameFile(form.path, other) {
				return list, usage("the report would overwrite %s", other)
			}
		}
		taken = append(taken, form.path)
	}
	return list, nil
}

// document writes a form of the report that is made as a whole.
func document(make func(*load.Report) ([]byte, error)) func(io.Writer, *load.Report) error {
	return func(w io.Writer, r *load.Report) error {
		doc, err := make(r)
		if err != nil {
			return err
		}
		_, err = w.Write(doc)
		return err
	}
}

// write writes all forms, as far as that goes. The error, a *configError, has all that
// went wrong.
func (x loadReports) write(r *load.Report) (err error) {
	for _, form := range x {
		if werr := form.put(r); werr != nil {
			err = joined(err, &configError{fmt.Errorf("the report was not written: %w", werr)})
		}
	}
	return err
}

// put writes one form in place of what there was.
func (x *loadReport) put(r *load.Report) error {
	f, ok := x.w.(*os.File)
	if !ok {
		return x.write(x.w, r)
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		if err := f.Truncate(0); err != nil {
			return err
		}
	}
	if err := x.write(f, r); err != nil {
		return err
	}
	return f.Close()
}

func (x loadReports) close() {
	for _, form := range x {
		if f, ok := form.w.(*os.File); ok {
			f.Close()
		}
	}
}
