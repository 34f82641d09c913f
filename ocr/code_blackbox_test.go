package ocr

import (
	"image"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "golang.org/x/image/webp"

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
// which our scans are not. No set may have a misread; want is exact, so that a gain
// is recorded like a loss. datamatrix-4 holds sizes of a later standard that the
// decoder does not know; falsepositives-1 holds no code.
func TestBlackBoxSets(t *testing.T) {
	for _, set := range []struct {
		dir          string
		images, want int
	}{
		{"data/zxing-cpp-samples/datamatrix-1", 30, 21},
		{"data/zxing-cpp-samples/datamatrix-2", 13, 5},
		{"data/zxing-cpp-samples/datamatrix-4", 21, 0},
		{"data/zxing-blackbox/datamatrix-2", 18, 11},
		{"data/zxing-cpp-samples/qrcode-1", 8, 5},
		{"data/zxing-cpp-samples/qrcode-3", 18, 9},
		{"data/zxing-cpp-samples/qrcode-5", 16, 12},
		{"data/zxing-cpp-samples/code128-1", 6, 5},
		{"data/zxing-cpp-samples/code128-3", 2, 2},
		{"data/zxing-cpp-samples/falsepositives-1", 21, 0},
	} {
		t.Run(set.dir, func(t *testing.T) {
			read, misread, unread := blackBox(t, shareddata.Path(t, filepath.FromSlash(set.dir)))
			require.Zero(t, misread)
			require.Equal(t, set.images, read+unread, "images in the set")
			require.Equal(t, set.want, read, "images read")
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
		hits := findCodes(grey(t, filepath.Join(dir, file)), 20, 60, codeWays)
		require.Len(t, hits, 1, file)
		require.Equal(t, want, hits[0].text)
	}
}

func blackBox(t *testing.T, dir string) (read, misread, unread int) {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	for _, f := range files {
		ext := filepath.Ext(f)
		if ext != ".png" && ext != ".jpg" && ext != ".webp" {
			continue
		}
		want, _ := os.ReadFile(strings.TrimSuffix(f, ext) + ".txt")
		p := fitted(grey(t, f), 800)
		side := float64(min(p.W, p.H))
		var got []string
		for _, h := range findCodes(p, max(8, 0.06*side), 1.2*float64(max(p.W, p.H)), codeWays) {
			got = append(got, h.text)
		}
		switch {
		case len(got) == 0:
			unread++
			if len(want) > 0 {
				t.Logf("unread  %s (%dx%d)", filepath.Base(f), p.W, p.H)
			}
		case strings.TrimSpace(got[0]) == strings.TrimSpace(string(want)):
			read++
		default:
			misread++
			t.Logf("misread %s: %q, want %q", filepath.Base(f), got, want)
		}
	}
	return read, misread, unread
}

// fitted halves a plane until its longer side is at most n pix.
func fitted(p *raster.Plane, n int) *raster.Plane {
	for max(p.W, p.H) > n {
		p = halfSize(p)
	}
	return p
}
