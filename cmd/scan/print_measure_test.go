package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"scan/fixtures"
	"scan/internal/print"
	"scan/internal/raster"
	"scan/ocr"
)

// TestMeasurePageCodes makes the table of docs/adr/0006-page-codes.md: how many codes of printed
// pages are read after simulated scanning. SCAN_MEASURE_CODES is the number of pages a level.
func TestMeasurePageCodes(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("SCAN_MEASURE_CODES"))
	if err != nil {
		t.Skip("a measure; set SCAN_MEASURE_CODES to the number of pages, e.g. 96")
	}
	reader := ocr.NewReader()
	defer reader.Close()
	for _, kind := range print.Kinds {
		dir, e := printedExam(t, 0, "--code", string(kind), "--copies", "12")
		var pages []*fixtures.Canvas
		for i := range 4 {
			p, err := raster.RenderPDF(filepath.Join(dir, "print", "booklets.pdf"), i+1, 300)
			require.NoError(t, err)
			pages = append(pages, fixtures.NewCanvas(p, p.DPIX/25.4))
		}
		for _, level := range []string{"default", "heavy", "brutal"} {
			m := measureCodes(t, reader, pages, level, n, e.Codes.Exam)
			t.Logf("%-10s %-8s %4d pages: %4d of %4d codes, pages with a code %4d, without registration %4d, wrong %d, %.0f ms a page",
				kind, level, n, m.codes, 3*n, m.pages, m.raw, m.wrong, float64(m.spent.Milliseconds())/float64(n))
		}
	}
}

// codeCount is what was read of simulated scans.
type codeCount struct {
	codes, pages, raw, wrong int
	spent                    time.Duration
}

func measureCodes(t *testing.T, reader *ocr.Reader, pages []*fixtures.Canvas, level string, n int, exam string) (m codeCount) {
	t.Helper()
	lv, err := fixtures.LevelByName(level)
	require.NoError(t, err)
	for i := range n {
		page := i%len(pages) + 1
		c := pages[page-1]
		rng := rand.New(rand.NewPCG(uint64(i), 7))
		scan := fixtures.Scan(c, lv.Machine(rng), page, rng)
		begin := time.Now()
		codes := reader.FindPageCodes(raster.View{Page: scan.Page, MMToPix: scan.MMToPix}, c.WidthMM(), c.HeightMM())
		m.spent += time.Since(begin)
		right := 0
		for _, code := range codes {
			if code.Text == print.CodeText(exam, print.CopyName(1), page) {
				right++
			} else {
				m.wrong++
			}
		}
		m.codes += right
		m.pages += min(right, 1)
		m.raw += min(len(reader.FindPageCodesRaw(scan.Page, lv.DPI/25.4)), 1)
	}
	return m
}
