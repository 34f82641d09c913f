package pipeline

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/geom"
	"scan/internal/mark"
	"scan/internal/raster"
)

// spotPage is a page of 400 x 600 pixels with a dark square of 40 pixels, its corner at (x, y).
func spotPage(x, y int, colour bool) *raster.Page {
	p := &raster.Page{Y: raster.NewPlane(400, 600), SubX: 1, SubY: 1}
	for i := range p.Y.Pix {
		p.Y.Pix[i] = 230
	}
	if colour {
		p.Cb, p.Cr = raster.NewPlane(400, 600), raster.NewPlane(400, 600)
		for i := range p.Cb.Pix {
			p.Cb.Pix[i], p.Cr.Pix[i] = 128, 128
		}
	}
	for dy := range 40 {
		for dx := range 40 {
			at := (y+dy)*400 + x + dx
			p.Y.Pix[at] = 20
			if colour {
				p.Y.Pix[at], p.Cr.Pix[at] = 80, 220 // red
			}
		}
	}
	return p
}

// shelveSpot writes a page as a scan and returns its file, its row and its result.
func shelveSpot(t *testing.T, p *raster.Page) (string, mark.Page, PageResult) {
	t.Helper()
	b, err := raster.EncodeJPEG(p, 95)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "spot.jpg")
	require.NoError(t, os.WriteFile(file, b, 0o600))
	src, err := raster.Open(file)
	require.NoError(t, err)
	hash, err := src.Hash(1)
	require.NoError(t, err)
	return file, mark.Page{Source: "spot.jpg", SourcePage: 1, Image: hash}, PageResult{Width: p.W(), Height: p.H()}
}

// luma is the brightness of a picture at a point, given in its frame's mm.
func luma(m image.Image, pxPerMM, x, y float64) uint8 {
	return color.GrayModel.Convert(m.At(int(x*pxPerMM), int(y*pxPerMM))).(color.Gray).Y //nolint:forcetypeassert // the model makes nothing else
}

func TestPictureTurnsPaper(t *testing.T) {
	// The spot lies 20 mm from the top and 40 from the left of a stored page of 400 x 600 pixels that
	// claims no resolution: 210 mm wide, 1.905 pixels a mm.
	const perMM = 400.0 / 210
	p := spotPage(76, 38, false)
	file, row, r := shelveSpot(t, p)
	at := map[int]geom.Point{0: {X: 50, Y: 30}, 90: {X: 315 - 30, Y: 50}, 180: {X: 160, Y: 315 - 30}, 270: {X: 30, Y: 160}}
	for stored := 0; stored < 360; stored += 90 {
		for more := 0; more < 360; more += 90 {
			t.Run(fmt.Sprintf("%d and %d", stored, more), func(t *testing.T) {
				var g gallery
				r.Turn = stored
				frame(&row, r, false, r.uprightTurn(), nil)
				w, h := row.WidthMM, row.HeightMM
				if more%180 != 0 {
					w, h = h, w
				}
				m, err := g.picture(t.Context(), file, row, r, geom.Box{W: w, H: h}, 2, more)
				require.NoError(t, err)
				spot := at[(stored+more)%360]
				assert.Less(t, luma(m, 2, spot.X, spot.Y), uint8(60), "the spot is at %v", spot)
				dark := 0
				for y := range m.Bounds().Dy() {
					for x := range m.Bounds().Dx() {
						if luma(m, 1, float64(x), float64(y)) < 100 {
							dark++
						}
					}
				}
				side := 2 * 40 / perMM
				assert.InDelta(t, side*side, float64(dark), side*4, "one spot and no black margin")
			})
		}
	}
}

func TestPictureOfRegisteredPageIsStraight(t *testing.T) {
	file, row, r := shelveSpot(t, spotPage(200, 300, true))
	// The form page lies turned by 30 degrees about the spot, which is 70, 90 mm from its corner.
	r.MMToPix = geom.Translate(geom.Point{X: 200, Y: 300}).Mul(geom.RotateDeg(30)).Mul(geom.ScaleBy(2, 2)).Mul(geom.Translate(geom.Point{X: -70, Y: -90}))
	r.FormPage = 3
	frame(&row, r, true, 0, formFacts{Sizes: [][2]float64{{}, {}, {199.5, 297}}}.size)
	assert.InDelta(t, 199.5, row.WidthMM, 1e-9)
	assert.True(t, row.Registered)
	var g gallery
	m, err := g.picture(t.Context(), file, row, r, geom.Box{X: 65, Y: 85, W: 30, H: 30}, 5, 90)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(0, 0, 150, 150), m.Bounds())
	assert.Greater(t, luma(m, 5, 2, 2), uint8(200))
	// Its middle, 10 mm right and down of the corner in the scan, is turned back.
	assert.Greater(t, luma(m, 5, 9, 14), uint8(200))
	assert.Less(t, luma(m, 5, 18.66, 8.66), uint8(160))
	red, green, _, _ := m.At(93, 43).RGBA()
	assert.Greater(t, red, 2*green, "in colour")
}

func TestReducedPictureShowsTheSame(t *testing.T) {
	page := spotPage(201, 301, true)
	v := raster.View{Page: page, MMToPix: geom.RotateDeg(3).Mul(geom.ScaleBy(4, 4))}
	area := geom.Box{W: 100, H: 150}
	small := reduced(v, area, 1.3)
	require.Equal(t, 133, small.Page.W(), "three times smaller")
	want, got := v.Sample(area, 1.3), small.Sample(area, 1.3)
	far := 0
	for i, y := range want.Y.Pix {
		if d := int(y) - int(got.Y.Pix[i]); d < -40 || d > 40 {
			far++
		}
	}
	assert.Less(t, far, 8, "only at the edges of the spot")
	assert.Same(t, page, reduced(v, geom.Box{X: 40, Y: 60, W: 10, H: 10}, 1.3).Page, "a crop takes the scan as it is")
	assert.Same(t, page, reduced(v, area, 3).Page)
}

func TestFrameOfAPageThatCannotBeShown(t *testing.T) {
	var row mark.Page
	frame(&row, PageResult{Status: StatusUnreadable}, false, 0, nil)
	assert.Zero(t, row)
	var g gallery
	_, err := g.picture(t.Context(), "none", mark.Page{Source: "a.pdf", SourcePage: 4}, PageResult{Detail: "damaged"}, geom.Box{W: 9, H: 9}, 4, 0)
	assert.ErrorContains(t, err, "page 4 of a.pdf could not be decoded")
	assert.ErrorContains(t, err, "damaged")
}

func TestFrameUsesWhatTheFileClaims(t *testing.T) {
	var row mark.Page
	frame(&row, PageResult{Width: 2000, Height: 1000, DPIX: 254, DPIY: 127, FormPage: 4, Coverage: 0.5, Rotation: 90, Turn: 180}, false, 90, nil)
	assert.Equal(t, mark.Page{Rotation: 90, Guess: 4, WidthMM: 200, HeightMM: 200}, row)
	frame(&row, PageResult{Width: 2000, Height: 1000, DPIX: 254, DPIY: 254}, false, 270, nil)
	assert.Equal(t, mark.Page{Rotation: 270, WidthMM: 100, HeightMM: 200}, row)
}

func TestWayUpOfARefusedPage(t *testing.T) {
	r := PageResult{Width: 20, Height: 30, FormPage: 4, Rotation: 270, Turn: 180, Coverage: 0.35}
	assert.Equal(t, 270, r.uprightTurn())
	r.Coverage = 0.1 // it resembles no page
	assert.Equal(t, 180, r.uprightTurn())
	var row mark.Page
	frame(&row, r, false, r.uprightTurn(), nil)
	assert.Zero(t, row.Guess)
}

func TestPictureRefusesWhatIsTooLarge(t *testing.T) {
	file, row, r := shelveSpot(t, spotPage(0, 0, false))
	frame(&row, r, false, 0, nil)
	var g gallery
	for _, area := range []geom.Box{{W: 210, H: 0}, {W: -1, H: -1}, {W: 21000, H: 29700}} {
		_, err := g.picture(t.Context(), file, row, r, area, 20, 0)
		assert.ErrorContains(t, err, "cannot be made", "%v", area)
	}
}

func TestPictureKnowsItsScan(t *testing.T) {
	file, row, r := shelveSpot(t, spotPage(0, 0, false))
	frame(&row, r, false, 0, nil)
	area := geom.Box{W: 10, H: 10}
	take := func(g *gallery) error {
		_, err := g.picture(t.Context(), file, row, r, area, 4, 0)
		return err
	}
	good, err := os.ReadFile(file)
	require.NoError(t, err)
	var g gallery
	require.NoError(t, take(&g))

	other, err := raster.EncodeJPEG(spotPage(100, 100, false), 95)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, other, 0o600))
	assert.NoError(t, take(&g), "the picture is known by its hash")
	g.pages.clear(func(*raster.Page) {})
	assert.ErrorContains(t, take(&g), "was changed after it was read")

	require.NoError(t, os.WriteFile(file, []byte("no scan"), 0o600))
	assert.ErrorContains(t, take(&g), "spot.jpg")
	require.NoError(t, os.Remove(file))
	assert.ErrorContains(t, take(&g), "not there any more")
	require.NoError(t, os.WriteFile(file, good, 0o600))
	assert.NoError(t, take(&g), "it was put back")
	g.close()
	assert.NoError(t, take(&g), "a closed gallery opens again")
}

func TestPageAskedByManyIsDecodedOnce(t *testing.T) {
	file, row, _ := shelveSpot(t, spotPage(0, 0, false))
	var g gallery
	got := make([]*raster.Page, 24)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			p, err := g.page(context.Background(), file, "spot.jpg", 1, row.Image)
			assert.NoError(t, err)
			got[i] = p
		})
	}
	wg.Wait()
	for _, p := range got {
		assert.Same(t, got[0], p)
	}
	assert.Zero(t, g.files.all[0].thing.users, "every file was given back")
}

func TestPictureStopsWaiting(t *testing.T) {
	file, row, _ := shelveSpot(t, spotPage(0, 0, false))
	g := gallery{slots: make(chan struct{})} // no slot is ever free
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := g.page(ctx, file, "spot.jpg", 1, row.Image)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestLRUKeepsWhatWasUsedLast(t *testing.T) {
	var l lru[int]
	var gone []int
	keep := func(name string, v int, size int64) {
		l.put(name, v, size)
		l.shrink(100, func(v int) { gone = append(gone, v) })
	}
	keep("a", 1, 40)
	keep("b", 2, 40)
	_, _ = l.get("a")
	keep("c", 3, 40)
	assert.Equal(t, []int{2}, gone)
	keep("d", 4, 1000)
	assert.ElementsMatch(t, []int{2, 1, 3}, gone, "the last one stays however large")
	assert.Equal(t, int64(1000), l.size)
	v, ok := l.get("d")
	assert.True(t, ok)
	assert.Equal(t, 4, v)
	_, ok = l.get("a")
	assert.False(t, ok)
}
