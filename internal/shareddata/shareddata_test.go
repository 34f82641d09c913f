package shareddata

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPath(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SCAN_SHARED", dir)
	file := filepath.Join(dir, "a", "b.txt")
	require.NoError(t, os.Mkdir(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	assert.Equal(t, file, Path(t, "a", "b.txt"))
	assert.Equal(t, dir, Path(t))

	reached := false
	t.Run("absent", func(t *testing.T) {
		t.Cleanup(func() { assert.True(t, t.Skipped()) })
		Path(t, "a", "c.txt")
		reached = true
	})
	assert.False(t, reached)
}

func TestModule(t *testing.T) {
	assert.FileExists(t, filepath.Join(module(t), "internal", "shareddata", "shareddata.go"))
}
