package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every reason that can stand in a table is explained in docs/formats.md.
func TestReasonsAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats.md")
	require.NoError(t, err)
	found := 0
	for _, pkg := range []string{"detect", "ocr", "pipeline", "internal/mark"} {
		for name, word := range reasonConstants(t, filepath.Join("../..", pkg)) {
			found++
			documented := strings.Contains(string(text), "`"+word+"`") || strings.Contains(string(text), "`"+word+":")
			assert.True(t, documented, "%s: %s = %q is not in docs/formats.md", pkg, name, word)
		}
	}
	assert.Greater(t, found, 40, "the constants are called reason... or Reason...")
}

// reasonConstants lists the string constants of a package named reason... or Reason...
func reasonConstants(t *testing.T, dir string) map[string]string {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	words := map[string]string{}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 || !strings.HasPrefix(strings.ToLower(spec.Names[0].Name), "reason") {
				return true
			}
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
				words[spec.Names[0].Name], err = strconv.Unquote(lit.Value)
				require.NoError(t, err)
			}
			return true
		})
	}
	return words
}
