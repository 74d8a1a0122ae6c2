package shell

import (
	"os"
	"path/filepath"
	"strings"
)

// Files are the names of files that begin with the given text; those of directories end
// in a separator.
func Files(begins string) (names []string) {
	dir, base := filepath.Split(begins)
	entries, err := os.ReadDir(filepath.Clean("./" + dir))
	if filepath.IsAbs(dir) {
		entries, err = os.ReadDir(dir)
	}
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "" {
			continue
		}
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		names = append(names, dir+name)
	}
	return names
}
