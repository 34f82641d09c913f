package ocr

// #cgo LDFLAGS: -lgomp
// #include <omp.h>
// static void one_thread(void) { omp_set_max_active_levels(0); omp_set_dynamic(0); }
import "C"

import (
	"fmt"
	"runtime"
	"sync"

	"github.com/otiai10/gosseract/v2"

	"scan/internal/raster"
)

// tesseract is an OCR engine for one line of printed text.
//
// libtesseract spreads each crop over four OpenMP threads, which wait for each
// other longer than they work: a crop of digits costs 40 ms of CPU instead of 7.
// OMP_THREAD_LIMIT=1 would have to be in the environment before the program starts,
// and the number of threads is fixed in the library's own directives; forbidding
// any active parallel region works from inside, for the calling thread, so every
// call locks its goroutine to one.
type tesseract struct {
	client *gosseract.Client
	calls  int
	allow  string
}

// tesseractCalls is after how many lines the engine is made anew: it leaks a little
// with every call.
const tesseractCalls = 2000

// tesseractInit serialises the engines' start: the first calls of several at once
// disturb each other's standard error.
var tesseractInit sync.Mutex

// line reads one line of dark text on light ground, 30 to 40 pix high, out of the
// characters allowed. Nothing legible gives "".
func (t *tesseract) line(p *raster.Plane, allowed string) (string, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	C.one_thread()
	if err := t.ready(); err != nil {
		return "", err
	}
	t.calls++
	if allowed != t.allow {
		if err := t.client.SetWhitelist(allowed); err != nil {
			return "", fmt.Errorf("ocr: character list: %w", err)
		}
		t.allow = allowed
	}
	if err := t.client.SetImageFromBytes(pgm(p)); err != nil {
		return "", fmt.Errorf("ocr: image: %w", err)
	}
	if t.calls > 1 {
		return t.client.Text()
	}
	tesseractInit.Lock()
	defer tesseractInit.Unlock()
	text, err := t.client.Text() // the first call loads the model
	if err != nil {
		return "", fmt.Errorf("ocr: is the English model installed (Debian: tesseract-ocr-eng)? %w", err)
	}
	return text, nil
}

func (t *tesseract) ready() error {
	if t.client != nil && t.calls < tesseractCalls {
		return nil
	}
	if err := t.close(); err != nil {
		return err
	}
	t.client, t.calls, t.allow = gosseract.NewClient(), 0, ""
	t.client.Variables["debug_file"] = "/dev/null"
	return t.client.SetPageSegMode(gosseract.PSM_SINGLE_LINE)
}

func (t *tesseract) close() error {
	if t.client == nil {
		return nil
	}
	c := t.client
	t.client = nil
	return c.Close()
}

// pgm writes a plane as a portable grey map, the cheapest format leptonica reads.
func pgm(p *raster.Plane) []byte {
	b := fmt.Appendf(make([]byte, 0, p.W*p.H+20), "P5\n%d %d\n255\n", p.W, p.H)
	for y := range p.H {
		b = append(b, p.Pix[y*p.Stride:y*p.Stride+p.W]...)
	}
	return b
}
