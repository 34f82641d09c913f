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
)

// sharedDir returns a folder of the shared test data, or skips the test.
func sharedDir(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("SCAN_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("shared test data absent: %s (set SCAN_SHARED)", filepath.Join(parts...))
	}
	return dir
}

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

// TestBlackBoxSets reads foreign images with known texts. want is a floor of reads;
// no set may have a misread.
func TestBlackBoxSets(t *testing.T) {
	for _, set := range []struct {
		dir  string
		want int
	}{
		{"data/zxing-cpp-samples/datamatrix-1", 0},
		{"data/zxing-cpp-samples/datamatrix-2", 0},
		{"data/zxing-cpp-samples/datamatrix-4", 0},
		{"data/zxing-blackbox/datamatrix-2", 0},
		{"data/zxing-cpp-samples/qrcode-1", 0},
		{"data/zxing-cpp-samples/qrcode-3", 0},
		{"data/zxing-cpp-samples/qrcode-5", 0},
		{"data/zxing-cpp-samples/code128-1", 0},
		{"data/zxing-cpp-samples/code128-3", 0},
		{"data/zxing-cpp-samples/falsepositives-1", 0},
	} {
		t.Run(set.dir, func(t *testing.T) {
			read, misread, unread := blackBox(t, sharedDir(t, filepath.FromSlash(set.dir)))
			t.Logf("read %d, misread %d, unread %d", read, misread, unread)
			require.Zero(t, misread)
			require.GreaterOrEqual(t, read, set.want)
		})
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
