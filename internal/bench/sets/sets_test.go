package sets

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/bench"
	"scan/internal/mark"
	"scan/internal/shareddata"
)

// The counts of the real sets are held in both directions: a worse one fails, and so does a
// better one that was not recorded.
//
//	go test ./internal/bench/sets -run Golden -update
var update = flag.Bool("update", false, "rewrite testdata/*.txt; look at the diff and commit it with the reason")

func named(t *testing.T, name string) bench.Source {
	t.Helper()
	all := All()
	i := slices.IndexFunc(all, func(s bench.Source) bool { return s.Name() == name })
	require.GreaterOrEqual(t, i, 0, "there is no set %s", name)
	return all[i]
}

func read(t *testing.T, name string, o bench.Options) []bench.Item {
	t.Helper()
	items, err := named(t, name).Items(context.Background(), o)
	require.NoError(t, err)
	for _, it := range items {
		assert.Equal(t, name, it.Set)
		assert.NotEmpty(t, it.Class, it.Name)
		assert.NotEmpty(t, it.Field, it.Name)
		assert.NotEmpty(t, it.Name)
		assert.NotEmpty(t, it.Group, it.Name)
		assert.NotEmpty(t, it.Kind, it.Name)
		assert.True(t, it.Confidence >= 0 && it.Confidence <= 1, "%s: confidence %g", it.Name, it.Confidence)
		assert.True(t, it.X <= 1 && it.Y <= 1, "%s: at %g, %g of the page", it.Name, it.X, it.Y)
	}
	return items
}

func TestSetsHaveNamesAndSayWhatTheyAre(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range All() {
		assert.False(t, seen[s.Name()], "%s is there twice", s.Name())
		seen[s.Name()] = true
		assert.Contains(t, s.Name(), "/")
		assert.NotEmpty(t, s.About(), s.Name())
		assert.Contains(t, []string{bench.Simulated, bench.Composited, bench.Real}, s.Class(), s.Name())
	}
}

// A set whose data is elsewhere says so, and never gives nothing.
func TestAbsentData(t *testing.T) {
	n := 0
	for _, s := range All() {
		if s.Class() == bench.Simulated {
			continue
		}
		for _, data := range []string{"", t.TempDir()} {
			_, err := s.Items(context.Background(), bench.Options{Data: data})
			assert.ErrorIs(t, err, bench.ErrAbsent, "%s with data %q", s.Name(), data)
		}
		n++
	}
	assert.Greater(t, n, 30)
}

// A folder that is there and lacks what the set is known to hold is an error.
func TestIncompleteData(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{"real/ballots", "real/zesje", "real/nops", "real/markus", "data/zxing-cpp-samples/qrcode-1"} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, filepath.FromSlash(d)), 0o755))
	}
	for _, name := range []string{"ballots/ovals", "zesje/boxes-300", "zesje/pages", "nops/answers", "markus/pages", "codes/qrcode-1"} {
		_, err := named(t, name).Items(context.Background(), bench.Options{Data: dir})
		require.Error(t, err, name)
		assert.NotErrorIs(t, err, bench.ErrAbsent, name)
	}
}

// One sheet of each kind is read, without a silent error in hundreds of fields.
func TestSampleOfSheets(t *testing.T) {
	for name, field := range map[string]string{
		"dense/choice-default":  bench.Choice,
		"dense/columns-default": bench.Column,
		"dense/scores-default":  bench.Score,
		"dense/summed-default":  bench.Summed,
	} {
		t.Run(name, func(t *testing.T) {
			items := read(t, name, bench.Options{Seed: 3, Workers: 2})
			order, parts := bench.Split(items)
			assert.Equal(t, bench.Key{Class: bench.Simulated, Set: name, Field: bench.Page}, order[0])
			c := bench.CountOf(parts[bench.Key{Class: bench.Simulated, Set: name, Field: field}], mark.Policy{}.Threshold())
			t.Logf("%+v", c)
			assert.Greater(t, c.Fields, 20)
			assert.Greater(t, c.Groups, 3)
			assert.Greater(t, c.Right, c.Fields/3)
			assert.LessOrEqual(t, c.Misread, c.Fields/50)
		})
	}
}

// The same options give the same items, whatever the number of workers.
func TestWorkersChangeNothing(t *testing.T) {
	one := read(t, "dense/choice-hard", bench.Options{Seed: 3, Workers: 1, Boxes: 3400})
	two := read(t, "dense/choice-hard", bench.Options{Seed: 3, Workers: 2, Boxes: 3400})
	assert.Equal(t, one, two)
}

func TestSampleOfStickers(t *testing.T) {
	items := read(t, "stickers/plain", bench.Options{Seed: 3, Workers: 2})
	c := bench.CountOf(items, mark.Policy{}.Threshold())
	assert.Equal(t, bench.Count{Set: "stickers/plain", Class: bench.Simulated, Field: bench.Sticker, Fields: 4, Groups: 4, Right: 4}, c)
}

// The committed batch comes out as cmd/scan's own comparison has it.
func TestBlackBoxFields(t *testing.T) {
	items := read(t, "blackbox/b-150dpi-codes-light", bench.Options{Workers: 2})
	fields := map[string]int{}
	for _, it := range items {
		fields[it.Field]++
	}
	assert.Equal(t, map[string]int{bench.Page: 8, bench.Sticker: 1, bench.Summed: 8, bench.Choice: 32, bench.Column: 20}, fields)
}

func TestStoppedSetsSayWhy(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	_, err := named(t, "dense/choice-default").Items(ctx, bench.Options{Workers: 2})
	assert.ErrorIs(t, err, context.Canceled)
}

// TestGoldenRealSets reads the real scans and holds their counts.
func TestGoldenRealSets(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: reads 200 real images")
	}
	data := shareddata.Path(t)
	shareddata.Path(t, "real", "zesje", "SOURCE.md")
	var got strings.Builder
	for _, s := range All() {
		if s.Class() != bench.Real || strings.HasSuffix(s.Name(), turnedSuffix) {
			continue
		}
		items := read(t, s.Name(), bench.Options{Data: data, Workers: 2})
		order, parts := bench.Split(items)
		for _, k := range order {
			c := bench.CountOf(parts[k], mark.Policy{}.Threshold())
			fmt.Fprintf(&got, "%s %s: fields %d right %d review %d asked %d misread %d\n", k.Set, k.Field, c.Fields, c.Right, c.Review, c.Asked, c.Misread)
		}
	}
	golden(t, "real.txt", got.String())
}

// golden compares with a committed file or rewrites it.
func golden(t *testing.T, name, got string) {
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "what real scans show changed; if it is better or the loss is argued for, run with -update and commit %s", path)
}
