package editor

import (
	"bytes"
	"encoding/json"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"scan/internal/e2e"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func load(t *testing.T, s *Server) (st state) {
	t.Helper()
	status, _, b := e2e.Call(t, "GET", s.Link+"exam", nil)
	require.Equal(t, 200, status, "%s", b)
	require.NoError(t, json.Unmarshal(b, &st))
	return st
}

func TestOnlyThisPageIsAnswered(t *testing.T) {
	dir, _ := practice(t)
	s := serve(t, dir)
	root := s.Link[:strings.LastIndex(strings.TrimSuffix(s.Link, "/"), "/")+1]
	port := strings.TrimSuffix(strings.TrimPrefix(root, "http://127.0.0.1:"), "/")
	for _, tc := range []struct {
		name, method, link string
		headers            []string
		want               int
	}{
		{"the page", "GET", s.Link, nil, 200},
		{"by name", "GET", s.Link, []string{"Host", "localhost:" + port}, 200},
		{"without the secret", "GET", root, nil, 404},
		{"with another secret", "GET", root + "AAAAAAAAAAAAAAAAAAAAAAAAAA/exam", nil, 404},
		{"an asset without the secret", "GET", root + "assets/main.js", nil, 404},
		{"another host's name", "GET", s.Link, []string{"Host", "exams.example:" + port}, 421},
		{"another page posts", "POST", s.Link + "save", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another port posts", "POST", s.Link + "save", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"an old browser's other page posts", "POST", s.Link + "save", []string{"Origin", "http://evil.example"}, 403},
		{"the page posts rubbish", "POST", s.Link + "save", []string{"Sec-Fetch-Site", "same-origin"}, 400},
		{"reading by save", "GET", s.Link + "save", nil, 405},
		{"no such page", "GET", s.Link + "page/9/110", nil, 404},
		{"no such resolution", "GET", s.Link + "page/1/9000", nil, 404},
		{"out of the assets", "GET", s.Link + "assets/..%2f..%2fserver.go", nil, 404},
	} {
		t.Run(tc.name, func(t *testing.T) {
			status, header, _ := e2e.Call(t, tc.method, tc.link, nil, tc.headers...)
			assert.Equal(t, tc.want, status)
			csp := header.Get("Content-Security-Policy")
			assert.Contains(t, csp, "default-src 'none'; script-src 'self'; style-src 'self'")
			assert.NotContains(t, csp, "unsafe")
			assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"))
			assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"))
		})
	}
}

// Nothing in the page needs what the policy forbids.
func TestPageHasNoInlineCode(t *testing.T) {
	b, err := assets.ReadFile("assets/page.html")
	require.NoError(t, err)
	assert.NotRegexp(t, `(?i)<style|style=|\son[a-z]+=|<script[^>]*>[^<]`, string(b))
	files, err := assets.ReadDir("assets")
	require.NoError(t, err)
	for _, f := range files {
		js, err := assets.ReadFile("assets/" + f.Name())
		require.NoError(t, err)
		assert.NotRegexp(t, `innerHTML|insertAdjacentHTML|eval\(`, string(js), f.Name())
	}
}

func TestPagesAreDrawn(t *testing.T) {
	dir, _ := practice(t)
	s := serve(t, dir)
	width := 0
	for _, dpi := range []string{"110", "200", "300"} {
		status, header, b := e2e.Call(t, "GET", s.Link+"page/2/"+dpi, nil)
		require.Equal(t, 200, status)
		assert.Equal(t, "image/png", header.Get("Content-Type"))
		img, err := png.Decode(bytes.NewReader(b))
		require.NoError(t, err)
		assert.Greater(t, img.Bounds().Dx(), width, "sharper")
		width = img.Bounds().Dx()
	}
}

func TestSaveRefusesWhatContradictsItself(t *testing.T) {
	dir, file := practice(t)
	s := serve(t, dir)
	st := load(t, s)
	assert.Empty(t, st.Remarks)
	assert.Len(t, st.Pages, 8)
	before, err := os.ReadFile(file)
	require.NoError(t, err)

	st.Document.Problems[0].Questions[0].Credits = 5
	q := request{Base: st.Base, Document: st.Document}
	status, _, b := e2e.Call(t, "POST", s.Link+"save", q)
	assert.Equal(t, 422, status)
	var refused struct {
		Error   string
		Remarks []remark
	}
	require.NoError(t, json.Unmarshal(b, &refused))
	assert.Contains(t, refused.Error, "contradicts itself")
	require.Len(t, refused.Remarks, 2)
	assert.Equal(t, "scores[0]", refused.Remarks[0].Path)
	head, _, _ := strings.Cut(string(before), `"P1.I"`)
	assert.Equal(t, 1+strings.Count(head, "\n"), refused.Remarks[0].Line)
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))

	q.Unfinished = true
	status, _, _ = e2e.Call(t, "POST", s.Link+"save", q)
	assert.Equal(t, 200, status, "a person may put it aside unfinished")
	after, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, strings.Replace(string(before), "credits: 2", "credits: 5", 1), string(after))
	status, _, _ = e2e.Call(t, "POST", s.Link+"save", q)
	assert.Equal(t, 409, status, "the page must take the new base")
}

func TestConflictWritesNothing(t *testing.T) {
	dir, file := practice(t)
	s := serve(t, dir)
	st := load(t, s)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	theirs := slices.Concat(b, []byte("# theirs\n"))
	require.NoError(t, os.WriteFile(file, theirs, 0o644))
	st.Document.Title = "Mine"
	for _, path := range []string{"save", "check"} {
		status, _, got := e2e.Call(t, "POST", s.Link+path, request{Base: st.Base, Document: st.Document})
		assert.Equal(t, 409, status)
		assert.Contains(t, string(got), "changed on disk")
	}
	b, err = os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(theirs), string(b))
	left, err := filepath.Glob(filepath.Join(dir, ".edit-*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// A box beside its print, one over the edge, and a key that is not known are told, by path and
// line; they do not hinder saving.
func TestRemarksOfTheForm(t *testing.T) {
	dir, _ := practice(t)
	s := serve(t, dir)
	st := load(t, s)
	boxes := st.Document.Problems[0].Questions[0].Boxes
	boxes[0].Box[0] += 2
	boxes[1].Box = box{214, 70, 3, 3}
	boxes[2].Correct = nil
	q := request{Base: st.Base, Document: st.Document}
	_, _, b := e2e.Call(t, "POST", s.Link+"check", q)
	var got struct{ Remarks []remark }
	require.NoError(t, json.Unmarshal(b, &got))
	kinds := map[string]string{}
	for _, r := range got.Remarks {
		kinds[r.Path] += r.Kind
		assert.Positive(t, r.Line)
	}
	assert.Equal(t, map[string]string{"problems[0].questions[0].options[0]": "form", "problems[0].questions[0].options[1]": "form",
		"problems[0].questions[0]": "open"}, kinds)
	status, _, _ := e2e.Call(t, "POST", s.Link+"save", q)
	assert.Equal(t, 200, status)
}

func TestSaveThroughLink(t *testing.T) {
	dir, file := practice(t)
	link := filepath.Join(t.TempDir(), "exam")
	require.NoError(t, os.Mkdir(link, 0o755))
	require.NoError(t, os.Symlink(file, filepath.Join(link, "exam.yaml")))
	require.NoError(t, os.Symlink(filepath.Join(dir, "form.pdf"), filepath.Join(link, "form.pdf")))
	s := serve(t, link)
	st := load(t, s)
	st.Document.Title = "Neu"
	status, _, _ := e2e.Call(t, "POST", s.Link+"save", request{Base: st.Base, Document: st.Document})
	assert.Equal(t, 200, status)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Contains(t, string(b), "title: Neu\n", "the file the link names")
}

func TestNoExam(t *testing.T) {
	_, err := New(t.Context(), Options{Dir: t.TempDir(), ExamFile: "exam.yaml"})
	require.ErrorContains(t, err, "holds no exam.yaml; make one with scan new")
	dir, file := practice(t)
	require.NoError(t, os.WriteFile(file, []byte("version: 1\nid: [\n"), 0o644))
	_, err = New(t.Context(), Options{Dir: dir, ExamFile: "exam.yaml"})
	require.ErrorContains(t, err, "exam.yaml:")
	dir, _ = practice(t)
	require.NoError(t, os.Remove(filepath.Join(dir, "form.pdf")))
	_, err = New(t.Context(), Options{Dir: dir, ExamFile: "exam.yaml"})
	require.ErrorContains(t, err, "the form that")
}

// The copies' file names options: one that is renamed is told before scan read stumbles over it.
func TestCopiesFileIsChecked(t *testing.T) {
	dir, file := practice(t)
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, bytes.Replace(b, []byte("pages: 8\n"), []byte("pages: 8\ncopies: copies.yaml\n"), 1), 0o644))
	s := serve(t, dir)
	st := load(t, s)
	require.NotEmpty(t, st.Remarks)
	assert.Equal(t, "copies.yaml", st.Remarks[0].File)
	assert.Equal(t, "wrong", st.Remarks[0].Kind)
}
