// Package shareddata finds what some tests read and the project does not hold: real
// scans and data sets, in the folder shared beside the module.
package shareddata

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Path returns a file or folder of the shared data and skips the test where it is
// absent. SCAN_SHARED names another folder.
func Path(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("SCAN_SHARED")
	if root == "" {
		root = filepath.Join(module(t), "..", "shared")
	}
	p := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("the shared data %s is not here (SCAN_SHARED names its folder)", filepath.Join(parts...))
	}
	return p
}

// module is the folder of go.mod: that of the test or the first above it that has one.
func module(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		require.NotEqual(t, dir, up, "no go.mod above the test")
		dir = up
	}
}
