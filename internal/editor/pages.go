package editor

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"scan/internal/geom"
	"scan/internal/raster"
)

// resolutions are what pages can be had at, dpi: to look at, to zoom in, to place a box on a
// hairline. The last one is drawn anew from a PDF.
var resolutions = []int{110, raster.FormDPI, 300}

var errNoPage = errors.New("there is no such page")

// pictures draws pages and keeps what was drawn.
type pictures struct {
	form  string
	pages []raster.FormPage

	sync.Mutex
	kept map[[2]int][]byte
}

// png returns page n (from 1) at a resolution.
func (p *pictures) png(n, dpi int) ([]byte, error) {
	if n < 1 || n > len(p.pages) || !slices.Contains(resolutions, dpi) {
		return nil, errNoPage
	}
	p.Lock()
	defer p.Unlock()
	at := [2]int{n, dpi}
	if b, ok := p.kept[at]; ok {
		return b, nil
	}
	plane, err := p.draw(n, dpi)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	grey := &image.Gray{Pix: plane.Pix, Stride: plane.Stride, Rect: image.Rect(0, 0, plane.W, plane.H)}
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, grey); err != nil {
		return nil, err
	}
	p.kept[at] = out.Bytes()
	return out.Bytes(), nil
}

func (p *pictures) draw(n, dpi int) (*raster.Plane, error) {
	page := p.pages[n-1]
	switch {
	case dpi > raster.FormDPI && strings.EqualFold(filepath.Ext(p.form), ".pdf"):
		fine, err := raster.RenderPDF(p.form, n, float64(dpi))
		if err != nil {
			return nil, err
		}
		return fine.Y, nil
	case dpi < raster.FormDPI:
		return page.Sample(geom.Box{W: page.WidthMM, H: page.HeightMM}, float64(dpi)/25.4).Y, nil
	}
	return page.Page.Y, nil
}

// size is what the browser must know of a page, mm.
type size struct {
	W float64 `json:"w"`
	H float64 `json:"h"`
}

func (p *pictures) sizes() []size {
	all := make([]size, len(p.pages))
	for i, page := range p.pages {
		all[i] = size{math.Round(page.WidthMM*100) / 100, math.Round(page.HeightMM*100) / 100}
	}
	return all
}

func (p *pictures) serve(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	dpi, _ := strconv.Atoi(r.PathValue("dpi"))
	b, err := p.png(n, dpi)
	switch {
	case errors.Is(err, errNoPage):
		http.NotFound(w, r)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(b) // a browser that is gone has no use for it
}
