package ocr

import (
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "golang.org/x/image/webp"

	"scan/internal/geom"
	"scan/internal/raster"
	"scan/internal/shareddata"
)

// grey loads an image file as luminance, on white where it is transparent.
func grey(t *testing.T, path string) *raster.Plane {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	img, _, err := image.Decode(f)
	require.NoError(t, err, path)
	b := img.Bounds()
	p := raster.NewPlane(b.Dx(), b.Dy())
	for y := range p.H {
		for x := range p.W {
			r, g, bl, a := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			l := (299*r+587*g+114*bl)/1000 + (0xffff - a)
			p.Pix[y*p.W+x] = uint8(min(l, 0xffff) >> 8)
		}
	}
	return p
}

// TestBlackBoxSets reads foreign images with known texts, photographs among them,
// which our scans are not, as found and, with SCAN_CODES=all, turned by 90, 180 and 270
// degrees. No set may have a misread; read is exact, so that a gain is recorded like a
// loss.
// falsepositives-1 holds no code: all of it has to stay unread. Unread are a symbol
// of 144 x 144 modules, one whose columns have different widths, one that changes the
// character set twice, and one of 1.4 pixels a module in a photograph.
func TestBlackBoxSets(t *testing.T) {
	for _, set := range []struct {
		dir    string
		images int
		read   [4]int
	}{
		{"data/zxing-cpp-samples/datamatrix-1", 30, [4]int{26, 26, 26, 26}},
		{"data/zxing-cpp-samples/datamatrix-2", 13, [4]int{13, 13, 13, 13}},
		{"data/zxing-cpp-samples/datamatrix-4", 21, [4]int{20, 20, 20, 20}},
		{"data/zxing-blackbox/datamatrix-2", 18, [4]int{18, 18, 18, 18}},
		{"data/zxing-cpp-samples/qrcode-1", 8, [4]int{8, 8, 8, 8}},
		{"data/zxing-cpp-samples/qrcode-3", 18, [4]int{18, 18, 18, 18}},
		{"data/zxing-cpp-samples/qrcode-5", 16, [4]int{16, 16, 16, 16}},
		{"data/zxing-cpp-samples/code128-1", 6, [4]int{6, 6, 6, 6}},
		{"data/zxing-cpp-samples/code128-3", 2, [4]int{2, 2, 2, 2}},
		{"data/zxing-cpp-samples/falsepositives-1", 21, [4]int{}},
	} {
		t.Run(set.dir, func(t *testing.T) {
			start := cpuTime()
			got, turns := set.read, 1
			if os.Getenv("SCAN_CODES") == "all" {
				turns = 4
			}
			for turn := range turns {
				read, misread, unread := blackBox(t, shareddata.Path(t, filepath.FromSlash(set.dir)), turn)
				assert.Zero(t, misread, "turned %d", 90*turn)
				require.Equal(t, set.images, read+misread+unread, "images in the set")
				got[turn] = read
			}
			assert.Equal(t, set.read, got, "images read as found and turned")
			t.Logf("%v of %d, %v", got, set.images, cpuTime()-start)
		})
	}
}

// TestSmallDataMatrices reads the page codes another system prints, 44 pixels wide.
func TestSmallDataMatrices(t *testing.T) {
	dir := shareddata.Path(t, "real", "zesje", "datamatrices")
	for file, want := range map[string]string{
		"COOLTOKEN_0005_01.png": "COOLTOKEN/0005/01",
		"COOLTOKEN_0050_10.png": "COOLTOKEN/0050/10",
		"TOKENCOOL_9999_99.png": "TOKENCOOL/9999/99",
	} {
		hits := findCodes(grey(t, filepath.Join(dir, file)), codeSearch{20, 60, false}, codeWays)
		require.Len(t, hits, 1, file)
		require.Equal(t, want, hits[0].text)
	}
}

func blackBox(t *testing.T, dir string, turn int) (read, misread, unread int) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	for _, f := range files {
		ext := filepath.Ext(f)
		if ext != ".png" && ext != ".jpg" && ext != ".webp" {
			continue
		}
		want, _ := os.ReadFile(strings.TrimSuffix(f, ext) + ".txt")
		p := fitted(grey(t, f), 800)
		for range turn {
			p = quarter(p)
		}
		side := float64(min(p.W, p.H))
		var got []string
		for _, h := range findCodes(p, codeSearch{max(8, 0.06*side), 1.2 * float64(max(p.W, p.H)), true}, codeWays) {
			got = append(got, h.text)
		}
		switch {
		case len(got) == 0:
			unread++
			if len(want) > 0 {
				t.Logf("unread  %s (%dx%d) turned %d", filepath.Base(f), p.W, p.H, 90*turn)
			}
		case strings.TrimSpace(got[0]) == strings.TrimSpace(string(want)):
			read++
		default:
			misread++
			t.Logf("misread %s turned %d: %q, want %q", filepath.Base(f), 90*turn, got, want)
		}
	}
	return read, misread, unread
}

// quarter turns a plane clockwise.
func quarter(p *raster.Plane) *raster.Plane {
	d := raster.NewPlane(p.H, p.W)
	for y := range p.H {
		for x := range p.W {
			d.Pix[x*d.W+d.W-1-y] = p.Pix[y*p.Stride+x]
		}
	}
	return d
}

// fitted halves a plane until its longer side is at most n pix.
func fitted(p *raster.Plane, n int) *raster.Plane {
	for max(p.W, p.H) > n {
		p = halfSize(p)
	}
	return p
}

// turned turns a plane clockwise about its middle, large enough to hold all of it,
// and returns the map from the result's pix to the plane's.
func turned(p *raster.Plane, deg float64) (*raster.Plane, geom.Homography) {
	r := geom.RotateDeg(deg)
	b := codeHit{quad: geom.Box{W: float64(p.W), H: float64(p.H)}.Corners()}.mapped(r).bounds(0)
	inv, _ := r.Inverse()
	back := inv.Mul(geom.Translate(geom.Point{X: b.X, Y: b.Y}))
	return sampleLuma(p, back, int(b.W), int(b.H), 1), back
}
