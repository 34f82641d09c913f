package report

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/bench"
)

var (
	update = flag.Bool("update", false, "rewrite testdata")
	keep   = flag.String("keep", "", "write a whole report to this folder, to look at")
)

// madeUp makes a set of boxes whose reader is a little too sure of itself and does badly
// in one corner.
func madeUp(name, class string, n int) bench.Result {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	kinds := []string{"cross", "fill", "none", "tick"}
	result := bench.Result{Name: name, Class: class, About: "made up, " + whole(n) + " boxes"}
	for i := range n {
		x, y := r.Float64(), r.Float64()
		wrong := math.Pow(10, -1-6*math.Sqrt(r.Float64()))
		it := bench.Item{Set: name, Class: class, Field: bench.Choice, Name: fmt.Sprintf("scan.pdf:%d 1.%d", i/40+1, i%40),
			Group: fmt.Sprint(i / 40), Kind: kinds[i%4], Seen: kinds[i%4], Truth: "x", Value: "x", Confidence: 1 - wrong/2, X: x, Y: y}
		if r.Float64() < wrong {
			it.Value, it.Seen = "empty", "none"
		}
		switch {
		case x > 0.75 && y > 0.75 && r.Float64() < 0.1:
			it.Reason = "streak"
		case r.IntN(50) == 0:
			it.Odd, it.Kind = true, "ring"
			it.Confidence = r.Float64()
		}
		result.Items = append(result.Items, it)
	}
	return result
}

func small() []bench.Result {
	few := madeUp("b/real_scans", bench.Real, 12)
	few.Items[3].Value, few.Items[3].Confidence, few.Items[3].Name = "empty", 0.9999, "o'er|pipe.jpg box 3"
	return []bench.Result{few, madeUp("a/default", bench.Simulated, 60),
		{Name: "c/codes", Class: bench.Real, About: "codes on photographs", Err: fmt.Errorf("set c/codes: %w", bench.ErrAbsent)},
		{Name: "d/broken", Class: bench.Real, About: "broken", Err: fmt.Errorf("set d/broken: 3 items, 4 are known")}}
}

var about = About{Command: "scan bench --seed 7", Version: "v0", Conventions: "A cross selects.", Threshold: 0.99,
	Policies: []Policy{{"--lenient", 0.9}, {"by default", 0.99}, {"--strict", 0.999}}}

func TestSmallReport(t *testing.T) {
	d, err := Full(small(), about)
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, d.Markdown(&b))
	golden(t, "small.md", b.Bytes())
	b.Reset()
	require.NoError(t, Summary(small(), about, 12).Text(&b))
	golden(t, "small.txt", b.Bytes())
	for l := range strings.Lines(b.String()) {
		if !strings.Contains(l, "o'er") {
			assert.LessOrEqual(t, utf8.RuneCountInString(l), 121, l)
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// The page holds its pictures, asks for nothing from elsewhere, and is made of the same
// bytes twice.
func TestPageStandsAlone(t *testing.T) {
	results := []bench.Result{madeUp("a/default", bench.Simulated, 3000)}
	results[0].Items[7].Name = "<script>alert(1)</script>"
	results[0].Items[7].Value, results[0].Items[7].Confidence, results[0].Items[7].Reason = "y", 1, ""
	d, err := Full(results, about)
	require.NoError(t, err)
	var one, two bytes.Buffer
	require.NoError(t, d.HTML(&one))
	again, err := Full(results, about)
	require.NoError(t, err)
	require.NoError(t, again.HTML(&two))
	assert.True(t, bytes.Equal(one.Bytes(), two.Bytes()))
	html := one.String()
	assert.Equal(t, 2, strings.Count(html, "<svg"))
	for _, foreign := range []string{"http", "<script", "url(", "fill:#", "stroke:#"} {
		found := strings.Contains(strings.ReplaceAll(html, `xmlns="http://www.w3.org/2000/svg"`, ""), foreign)
		assert.False(t, found, foreign)
	}
	assert.True(t, strings.Contains(html, "By review, row 4, column 4 stands out")) //nolint:testifylint // a page is no message
	for i, f := range d.Figures() {
		assert.True(t, bytes.Equal(f.PNG, again.Figures()[i].PNG), f.File)
		img, err := png.Decode(bytes.NewReader(f.PNG))
		require.NoError(t, err, f.File)
		assert.Greater(t, img.Bounds().Dx(), 500)
	}
}

func TestWriteLeavesEverythingNamed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	results := []bench.Result{madeUp("a/default", bench.Simulated, 300)}
	results[0].Items[2].Also = []string{"y", "z"}
	d, err := Full(results, about)
	require.NoError(t, err)
	require.NoError(t, d.Write(dir))
	md, err := os.ReadFile(filepath.Join(dir, "report.md"))
	require.NoError(t, err)
	for _, f := range d.Figures() {
		assert.FileExists(t, filepath.Join(dir, f.File))
		assert.Contains(t, string(md), "]("+f.File+")")
	}
	path := filepath.Join(dir, "items.csv.gz")
	require.NoError(t, WriteItems(path, bench.Items(results), 0.99))
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	z, err := gzip.NewReader(file)
	require.NoError(t, err)
	rows, err := csv.NewReader(z).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 301)
	assert.Equal(t, itemsHead, rows[0])
	assert.Equal(t, []string{"a/default", "simulated", "choice", "scan.pdf:1 1.2", "0", "x", "y|z", "x"}, rows[3][:8])
	assert.Error(t, WriteItems(filepath.Join(dir, "gone", "x"), nil, 0.99))
}

// With -keep DIR a report of a made-up reader is written, to be looked at.
func TestKeep(t *testing.T) {
	if *keep == "" {
		t.Skip("no -keep")
	}
	results := append(small(), madeUp("practice/default", bench.Simulated, 20_000), madeUp("practice/hard", bench.Simulated, 5000))
	d, err := Full(results, about)
	require.NoError(t, err)
	require.NoError(t, d.Write(*keep))
}

func TestNumbers(t *testing.T) {
	assert.Equal(t, []string{"0", "999", "1,000", "1,234,567"}, []string{whole(0), whole(999), whole(1000), whole(1234567)})
	assert.Equal(t, []string{"0", "1e-5", "1.5e-5", "1.5e-4", "3e-3", "1e-2", "9.9e-2", "0.125", "1"},
		[]string{rate(0), rate(1e-5), rate(1.5e-5), rate(1.5e-4), rate(3e-3), rate(0.01), rate(0.099), rate(0.125), rate(1)})
	assert.Equal(t, []string{"0", "0.50", "9.99", "50.0", "100.0"}, []string{percent(0), percent(0.005), percent(0.09994), percent(0.5), percent(1)})
	assert.Equal(t, []string{"above all", "0.9", "0.99", "0.99995", "1", "0"},
		[]string{confidence(math.Inf(1)), confidence(0.9), confidence(0.99), confidence(0.99995), confidence(1), confidence(0)})
}
