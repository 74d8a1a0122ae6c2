// Package durable writes files that outlive a crash of the machine.
package durable

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// TempPrefix begins the names of files that are not whole yet, in the directory of the
// file that they will be. One that a crash left behind is of no use.
const TempPrefix = ".tmp-"

// WriteFile makes or replaces a file that its owner alone can read: all of it, or nothing.
// Its content is on the disk afterwards; its name is after [SyncDir].
func WriteFile(name string, content []byte) error {
	return Replace(name, 0o600, func(f *os.File) error {
		if _, err := f.Write(content); err != nil {
			return err
		}
		return f.Sync()
	})
}

// Replace makes or replaces a file of what write writes: all of it, or nothing where write
// returns an error. Whether its content is on the disk afterwards is for write, by
// [os.File.Sync].
func Replace(name string, mode os.FileMode, write func(*os.File) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(name), TempPrefix) // has the mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // fails once it has its name
	if err = write(tmp); err == nil {
		err = tmp.Chmod(mode)
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// SyncDir waits until the names in a directory are on the disk. Windows has no need and no
// way.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
