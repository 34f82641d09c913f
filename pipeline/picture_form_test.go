package pipeline

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/exam"
)

func TestFormPicture(t *testing.T) {
	dir := t.TempDir()
	form, err := os.ReadFile("../fixtures/blackbox/b-150dpi-troubles-heavy/form.pdf")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "form.pdf"), form, 0o600))
	s := &Session{Dir: dir, Exam: &exam.Exam{Form: "form.pdf"}}
	first, err := s.FormPicture(t.Context(), 1)
	require.NoError(t, err)
	assert.InDelta(t, 215.9*formPxPerMM, first.Bounds().Dx(), 1, "a page of letter paper")
	second, err := s.FormPicture(t.Context(), 2)
	require.NoError(t, err)
	assert.NotEqual(t, first, second)
	_, err = s.FormPicture(t.Context(), 9)
	assert.ErrorContains(t, err, "form.pdf has no page 9")
}
