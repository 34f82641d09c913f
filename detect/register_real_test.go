package detect

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/raster"
	"scan/internal/shareddata"
)

// Real scans, none of which anything here was tuned on.

func loadForm(t *testing.T, path string) []raster.FormPage {
	pages, err := raster.LoadForm(path, "")
	require.NoError(t, err)
	return pages
}

func openPage(t *testing.T, path string, n int) *raster.Page {
	src, err := raster.Open(path)
	require.NoError(t, err)
	defer src.Close()
	p, err := src.Page(n)
	require.NoError(t, err)
	return p
}

func TestRegisterRealStackOutOfOrderAndUpsideDown(t *testing.T) {
	stack := shareddata.Path(t, "real", "markus", "midterm_scan_101.pdf")
	pages := loadForm(t, shareddata.Path(t, "real", "markus", "midterm_scan_100.pdf"))
	for _, p := range pages { // the copy's own code and number are not of the form
		for i := range p.Page.Y.Pix[:p.Page.Y.Stride*43*raster.FormDPI*10/254] {
			p.Page.Y.Pix[i] = 255
		}
	}
	form := NewForm(pages)
	// The other stack serves as the form; its pages lie in the order 1 2 4 3 5 6.
	wantPage := []int{5, 6, 1, 2, 4, 3}
	wantTurn := []int{0, 0, 0, 0, 180, 180}
	refused := 0
	for i := range wantPage {
		r := form.Register(openPage(t, stack, i+1), Hints{})
		if !r.OK {
			t.Logf("page %d is refused: %s", i+1, r.Reason)
			refused++
			continue
		}
		assert.Equal(t, wantPage[i], r.FormPage, "page %d", i+1)
		assert.Equal(t, wantTurn[i], r.Rotation, "page %d", i+1)
	}
	// Pages 3 to 5 differ by two digits of a form that is itself scanned askew: to refuse them
	// is fair, to take one for another is not.
	assert.LessOrEqual(t, refused, 2)
}

func TestRegisterRealTiltedAndIncompletePages(t *testing.T) {
	dir := filepath.Dir(shareddata.Path(t, "real", "zesje", "scanned_pdfs", "sample_exam.jpg"))
	var pages []raster.FormPage
	for _, f := range []string{"checkboxes/reference_300dpi.jpg", "blanks/reference.jpg", "scanned_pdfs/sample_exam.jpg", "studentnumbers/4300947.jpg"} {
		pages = append(pages, loadForm(t, filepath.Join(dir, "..", f))...)
	}
	form := NewForm(pages)
	cases := []struct {
		file string
		page int // 0: must be refused
	}{
		{"checkboxes/student_300dpi.jpg", 1},
		{"checkboxes/student_100dpi.jpg", 1},
		{"blanks/student_aligned.jpg", 2},
		{"blanks/student_misaligned.jpg", 2},
		{"scanned_pdfs/messy_three_corners.jpg", 3},
		{"scanned_pdfs/missing_two_corners.jpg", 3},
		{"scanned_pdfs/shifted.jpg", 3},
		{"scanned_pdfs/tilted.jpg", 3},
		{"scanned_pdfs/tilted_extreme.jpg", 3},
		{"scanned_pdfs/tilted_extreme_2.jpg", 3},
		{"studentnumbers/1234323.jpg", 4},
		{"studentnumbers/4357116.jpg", 4},
		{"scanned_pdfs/blank.jpg", 0},
		{"../nops/nops_scan1.png", 0},
		{"../ballots/m17-05b4f778-front.jpg", 0},
		{"../ballots/m17-0c802ae3-back.jpg", 0},
	}
	for _, c := range cases {
		t.Run(c.file, func(t *testing.T) {
			r := form.Register(openPage(t, filepath.Join(dir, "..", c.file), 1), Hints{})
			assert.Equal(t, c.page != 0, r.OK, "reason %q score %.2f coverage %.2f", r.Reason, r.score, r.Coverage)
			if c.page != 0 {
				assert.Equal(t, c.page, r.FormPage)
			}
		})
	}
}
