package ocr

// #include <omp.h>
// static void words_one_thread(void) { omp_set_max_active_levels(0); omp_set_dynamic(0); }
import "C"

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

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

// ReadLines reads printed lines of text, each on a plane of its own: dark on white, 300 dpi, a
// margin of white around. A line takes 10 to 50 ms of CPU. dpi is told to the engine, which judges
// sizes by it. German is read where its model is installed (Debian: tesseract-ocr-deu). Boxes are
// in pixels of the line's plane. signs are the only characters there are, "" if there may be any.
func ReadLines(lines []*raster.Plane, dpi int, signs string) ([][]Word, error) {
	return readPlanes(lines, dpi, signs, gosseract.RIL_WORD)
}

// ReadSigns is ReadLines with a Word for every character: what is set with wide gaps makes no words.
func ReadSigns(lines []*raster.Plane, dpi int, signs string) ([][]Word, error) {
	return readPlanes(lines, dpi, signs, gosseract.RIL_SYMBOL)
}

func readPlanes(lines []*raster.Plane, dpi int, signs string, level gosseract.PageIteratorLevel) ([][]Word, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.words_one_thread()
	client := gosseract.NewClient()
	defer client.Close()
	client.Variables["debug_file"] = "/dev/null"
	client.Variables["user_defined_dpi"] = strconv.Itoa(dpi)
	if signs != "" {
		client.Variables["tessedit_char_whitelist"] = signs
	}
	if err := client.SetLanguage(languages()...); err != nil {
		return nil, fmt.Errorf("ocr: language: %w", err)
	}
	if err := client.SetPageSegMode(gosseract.PSM_SINGLE_LINE); err != nil {
		return nil, fmt.Errorf("ocr: page mode: %w", err)
	}
	tesseractInit.Lock() // the first call loads the model
	defer tesseractInit.Unlock()
	out := make([][]Word, len(lines))
	for i, p := range lines {
		words, err := readLine(client, p, level)
		if err != nil {
			return nil, err
		}
		out[i] = words
	}
	return out, nil
}

func readLine(client *gosseract.Client, p *raster.Plane, level gosseract.PageIteratorLevel) (words []Word, err error) {
	if err := client.SetImageFromBytes(pgm(p)); err != nil {
		return nil, fmt.Errorf("ocr: image: %w", err)
	}
	found, err := client.GetBoundingBoxes(level)
	if err != nil {
		return nil, fmt.Errorf("ocr: is the English model installed (Debian: tesseract-ocr-eng)? %w", err)
	}
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
