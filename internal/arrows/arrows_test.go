package arrows

import (
	"cmp"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module is the name in go.mod.
const module = "scan"

// rule lists what a package may import of this module, and why no more.
type rule struct {
	may []string // "*" is everything
	why string
}

// rules has a line for every package; a folder ending in /... covers what lies below it.
var rules = map[string]rule{
	"cmd/scan":           {[]string{"*"}, "it only wires flags, progress and speech"},
	"internal/train/...": {[]string{"*"}, "weight trainers are programs; nothing imports them"},
	"pipeline": {[]string{"detect", "ocr", "internal/mark", "internal/store", "internal/ledger", "internal/engine", "internal/exam", "internal/raster", "internal/geom"},
		"it tells the order of things; writing results and showing pages come after it"},
	"detect":                {[]string{"internal/nn", "internal/exam", "internal/raster", "internal/geom"}, "marks are read without text, so that one reader's bug stays its own"},
	"ocr":                   {[]string{"internal/nn", "internal/exam", "internal/raster", "internal/geom"}, "text is read without marks, so that one reader's bug stays its own"},
	"internal/author":       {[]string{"detect", "ocr", "internal/exam", "internal/raster", "internal/geom"}, "it makes exam.yaml out of a form; it knows no scores"},
	"internal/print":        {[]string{"internal/exam", "internal/raster", "internal/geom"}, "it makes paper and reads none; what it made is read again by who asks for it"},
	"internal/editor":       {[]string{"internal/local", "internal/author", "internal/exam", "internal/raster", "internal/geom"}, "it shows a form and writes exam.yaml; it knows no scans"},
	"internal/export":       {[]string{"internal/mark", "internal/store", "internal/ledger", "internal/exam"}, "it writes what was decided; it never reads a page"},
	"internal/review":       {[]string{"internal/local", "internal/bench", "internal/mark", "internal/store", "internal/ledger", "internal/exam", "internal/geom"}, "it shows what was decided and asks for pictures in mm; it never reads a page"},
	"internal/report":       {[]string{"internal/mark", "internal/exam"}, "it counts what was decided"},
	"internal/booklets":     {[]string{"internal/mark", "internal/exam", "internal/raster", "internal/geom"}, "it writes beside what was read, on the scan's own images; it reads nothing"},
	"internal/ledger":       {[]string{"internal/store"}, "it tells what decisions come to, whatever they are about"},
	"internal/engine":       {[]string{"internal/store"}, "it runs jobs without knowing what is in them"},
	"internal/mark":         {[]string{"internal/exam"}, "scores are computed from readings alone, without images"},
	"internal/exam":         {[]string{"internal/geom"}, "it describes paper; it reads none"},
	"internal/raster":       {[]string{"internal/geom"}, "it decodes pages of any exam"},
	"internal/store":        {nil, "it keeps documents without knowing what is in them"},
	"internal/geom":         {nil, "it is the ground"},
	"internal/nn":           {nil, "it multiplies matrices without knowing what they mean"},
	"internal/nn/learn":     {[]string{"internal/nn"}, "it trains networks of any shape"},
	"internal/bench":        {nil, "it counts; what was read and what is true comes to it"},
	"internal/bench/report": {[]string{"internal/bench"}, "it writes down what was counted, and counts nothing"},
	"internal/bench/sets":   {[]string{"*"}, "it reads sets the way a user would and hands on what came out"},
	"internal/shareddata":   {nil, "it finds files for tests"},
	"internal/local":        {nil, "it serves pages without knowing what they show"},
	"internal/e2e":          {nil, "it runs a browser for tests"},
	"internal/arrows":       {nil, "it only holds this test"},
	"fixtures":              {[]string{"internal/exam", "internal/raster", "internal/geom"}, "it makes truth without any reader, so that a reader's bug cannot cancel out"},
}

// inTests is what tests of any package may import besides: simulated scans, what
// decodes them, where real ones are, and a browser.
var inTests = []string{"fixtures", "internal/shareddata", "internal/e2e", "internal/exam", "internal/raster", "internal/geom"}

// planned packages have a rule and do not exist yet. A package that is written must
// leave this list.
var planned = []string{}

// source is what counts of a Go file.
type source struct {
	file    string   // slash-separated, relative to the module
	imports []string // of this module, without its name
}

func (s source) pkg() string  { return path.Dir(s.file) }
func (s source) isTest() bool { return strings.HasSuffix(s.file, "_test.go") }

// load parses the imports of every Go file below root.
func load(t *testing.T, root string) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		s := source{file: filepath.ToSlash(rel)}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(p, module+"/"); ok {
				s.imports = append(s.imports, own)
			}
		}
		all = append(all, s)
		return nil
	})
	require.NoError(t, err)
	return all
}

// ruleOf returns the rule of a package: its own or that of a folder above it.
func ruleOf(rules map[string]rule, pkg string) (rule, bool) {
	if r, ok := rules[pkg]; ok {
		return r, true
	}
	for dir := path.Dir(pkg); dir != "."; dir = path.Dir(dir) {
		if r, ok := rules[dir+"/..."]; ok {
			return r, true
		}
	}
	return rule{}, false
}

// violations lists every import against the rules, one a line.
func violations(rules map[string]rule, sources []source) []string {
	var all []string
	for _, s := range sources {
		r, ok := ruleOf(rules, s.pkg())
		if !ok {
			all = append(all, fmt.Sprintf("%s: package %s has no rule; give it one", s.file, s.pkg()))
			continue
		}
		for _, imp := range s.imports {
			if !allowed(r, s, imp) {
				all = append(all, fmt.Sprintf("%s imports %s: %s may not, because %s", s.file, imp, s.pkg(), r.why))
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func allowed(r rule, s source, imp string) bool {
	switch {
	case slices.Contains(r.may, "*") || slices.Contains(r.may, imp):
		return true
	case s.isTest():
		return imp == s.pkg() || slices.Contains(inTests, imp)
	}
	return false
}

// stale lists rules without a package, and planned packages that exist.
func stale(rules map[string]rule, planned []string, sources []source) []string {
	exists := func(pkg string) bool {
		return slices.ContainsFunc(sources, func(s source) bool {
			folder, below := strings.CutSuffix(pkg, "...")
			return s.pkg() == pkg || below && strings.HasPrefix(s.pkg(), folder)
		})
	}
	var all []string
	for pkg := range rules {
		switch isPlanned := slices.Contains(planned, pkg); {
		case exists(pkg) && isPlanned:
			all = append(all, pkg+" exists now; take it off the list of planned packages")
		case !exists(pkg) && !isPlanned:
			all = append(all, pkg+" is gone; take its rule away")
		}
	}
	slices.SortFunc(all, cmp.Compare[string])
	return all
}

func TestArrows(t *testing.T) {
	sources := load(t, filepath.Join("..", ".."))
	require.Greater(t, len(sources), 20, "the sources were found")
	assert.Empty(t, violations(rules, sources))
	assert.Empty(t, stale(rules, planned, sources))
}

// The test of the test: each of these must be found.
func TestForbiddenImportsAreFound(t *testing.T) {
	for _, tc := range []struct {
		name string
		src  source
		want string // "" if it is allowed
	}{
		{"a reader imports the other", source{"detect/x.go", []string{"ocr"}}, "detect/x.go imports ocr: detect may not"},
		{"so does its test", source{"detect/x_test.go", []string{"ocr"}}, "detect/x_test.go imports ocr: detect may not"},
		{"the ground imports", source{"internal/geom/x.go", []string{"internal/exam"}}, "internal/geom may not, because it is the ground"},
		{"the truth is made by a reader", source{"fixtures/x.go", []string{"detect"}}, "fixtures may not"},
		{"scores look at images", source{"internal/mark/x.go", []string{"internal/raster"}}, "internal/mark may not"},
		{"no rule", source{"internal/misc/x.go", nil}, "package internal/misc has no rule"},
		{"no rule for the root", source{"x.go", nil}, "package . has no rule"},
		{"a reader imports simulated scans", source{"detect/x.go", []string{"fixtures"}}, "detect may not"},
		{"its test may", source{"detect/x_test.go", []string{"fixtures", "detect"}}, ""},
		{"a program may", source{"cmd/scan/x.go", []string{"internal/export"}}, ""},
		{"a trainer may", source{"internal/train/new/x.go", []string{"detect", "ocr"}}, ""},
		{"an arrow may", source{"pipeline/x.go", []string{"detect", "ocr"}}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			found := violations(rules, []source{tc.src})
			if tc.want == "" {
				assert.Empty(t, found)
				return
			}
			require.Len(t, found, 1)
			assert.Contains(t, found[0], tc.want)
		})
	}
}

func TestStaleRulesAreFound(t *testing.T) {
	rules := map[string]rule{"a": {}, "b": {}, "c": {}, "d/...": {}, "e/...": {}}
	sources := []source{{file: "a/x.go"}, {file: "c/x.go"}, {file: "d/f/x.go"}}
	assert.Equal(t, []string{
		"b is gone; take its rule away",
		"c exists now; take it off the list of planned packages",
		"e/... is gone; take its rule away",
	}, stale(rules, []string{"c"}, sources))
}

func TestEveryRuleHasAReason(t *testing.T) {
	for pkg, r := range rules {
		assert.NotEmpty(t, r.why, pkg)
	}
}

func TestLoadReadsImports(t *testing.T) {
	assert.Contains(t, load(t, "."), source{file: "arrows_test.go"})
	sources := load(t, filepath.Join("..", "exam"))
	assert.Contains(t, sources, source{"check_layout.go", []string{"internal/geom"}})
}
