package ocr

// #include <omp.h>
// static void words_one_thread(void) { omp_set_max_active_levels(0); omp_set_dynamic(0); }
import "C"

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/otiai10/gosseract/v2"

	"scan/internal/geom"
	"scan/internal/raster"
)

// Word is a printed word on a page. Box is in pixels of the plane that was read; Confidence is
// the engine's own, in [0,1], and not calibrated.
type Word struct {
	Text       string
	Box        geom.Box
	Confidence float64
}

// leastWordConfidence drops what the engine makes of drawings and dirt. Of printed words at
// 200 dpi 99 in 100 have more.
const leastWordConfidence = 0.3

// ReadWords reads all printed text of a page: dark on light, 150 dpi or more. It takes 1 to 2
// CPU seconds: it is for forms, not for scans. dpi is told to the engine, which judges sizes by
// it. German is read where its model is installed (Debian: tesseract-ocr-deu).
func ReadWords(p *raster.Plane, dpi int) ([]Word, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.words_one_thread()
	client := gosseract.NewClient() // one a page: bounding boxes leak
	defer client.Close()
	client.Variables["debug_file"] = "/dev/null"
	client.Variables["user_defined_dpi"] = fmt.Sprint(dpi)
	if err := client.SetLanguage(languages()...); err != nil {
		return nil, fmt.Errorf("ocr: language: %w", err)
	}
	if err := client.SetPageSegMode(gosseract.PSM_SPARSE_TEXT); err != nil {
		return nil, fmt.Errorf("ocr: page mode: %w", err)
	}
	if err := client.SetImageFromBytes(pgm(p)); err != nil {
		return nil, fmt.Errorf("ocr: image: %w", err)
	}
	tesseractInit.Lock() // the first call loads the model
	defer tesseractInit.Unlock()
	found, err := client.GetBoundingBoxes(gosseract.RIL_WORD)
	if err != nil {
		return nil, fmt.Errorf("ocr: is the English model installed (Debian: tesseract-ocr-eng)? %w", err)
	}
	var words []Word
	for _, w := range found {
		if c := w.Confidence / 100; w.Word != "" && c >= leastWordConfidence {
			words = append(words, Word{Text: w.Word, Confidence: c, Box: geom.Box{
				X: float64(w.Box.Min.X), Y: float64(w.Box.Min.Y), W: float64(w.Box.Dx()), H: float64(w.Box.Dy())}})
		}
	}
	return words, nil
}

// languages are the models to read with: English, and German if it is installed.
func languages() []string {
	for _, dir := range []string{os.Getenv("TESSDATA_PREFIX"), "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata"} {
		if dir == "" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "deu.traineddata")); err == nil {
			return []string{"eng", "deu"}
		}
	}
	return []string{"eng"}
}
