package editor

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"sync"

	"scan/internal/exam"
	"scan/internal/local"
)

//go:embed assets
var assets embed.FS

// Options says what to edit and where to be found.
type Options struct {
	Dir      string // exam folder
	ExamFile string // name of the exam file in it
	CacheDir string // keeps the form as drawn; "" keeps nothing
	Port     int    // 0: any that is free
}

// Server is the page of one exam.
type Server struct {
	Link   string // to the page, with its secret
	folder *folder
	pages  *pictures
	served *local.Page
	saving sync.Mutex
}

// maxRequest bounds what the page may send: an exam of a thousand boxes has 200 kB.
const maxRequest = 8 << 20

// New reads the exam and its form and listens on the loopback address.
func New(ctx context.Context, o Options) (*Server, error) {
	f, err := openFolder(o.Dir, o.ExamFile, o.CacheDir)
	if err != nil {
		return nil, err
	}
	s := &Server{folder: f, pages: &pictures{form: f.form, pages: f.pages, kept: map[[2]int][]byte{}}}
	if s.served, err = local.New(ctx, o.Port, s.routes()); err != nil {
		return nil, err
	}
	s.Link = s.served.Link
	return s, nil
}

// Serve answers until the context ends.
func (s *Server) Serve(ctx context.Context) error {
	if err := s.served.Serve(ctx); err != nil {
		return err
	}
	s.saving.Lock() // a file being written is finished
	defer s.saving.Unlock()
	return nil
}

func (s *Server) routes() http.Handler {
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", s.page)
	m.Handle("GET /assets/", http.StripPrefix("/assets", http.FileServerFS(files)))
	m.HandleFunc("GET /page/{n}/{dpi}", s.pages.serve)
	m.HandleFunc("GET /exam", s.exam)
	m.HandleFunc("POST /check", s.check)
	m.HandleFunc("POST /save", s.save)
	m.HandleFunc("POST /snap", s.snap)
	return m
}

var page = template.Must(template.ParseFS(assets, "assets/page.html"))

func (s *Server) page(w http.ResponseWriter, _ *http.Request) {
	e, _, _, err := s.folder.read()
	title := s.folder.name
	if err == nil {
		title = e.ID
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = page.Execute(w, struct{ Title string }{title}) // a browser that is gone has no use for it
}

// remark is an issue as the page shows it. Path is of the document, "" for the exam as a whole.
type remark struct {
	Path  string `json:"path"`
	File  string `json:"file"`
	Line  int    `json:"line"`
	Where string `json:"where"`
	Text  string `json:"text"`
	Kind  string `json:"kind"` // "wrong": the exam contradicts itself; "form": its form; "open": not known yet
}

// remarks lists everything about an exam: what contradicts itself comes first.
func (s *Server) remarks(e *exam.Exam, issues []exam.Issue) []remark {
	all := []remark{}
	add := func(kind string, issues []exam.Issue) {
		for _, i := range issues {
			all = append(all, remark{e.PathOf(i), i.File, i.Line, i.Where, i.Text, kind})
		}
	}
	form, open := s.folder.remarks(e)
	add("wrong", issues)
	add("wrong", s.folder.copies(e))
	add("form", form)
	add("open", open)
	return all
}

// state is the exam as loaded or saved.
type state struct {
	Name     string   `json:"name"`
	Base     string   `json:"base"`
	Pages    []size   `json:"pages"`
	Document document `json:"document"`
	Remarks  []remark `json:"remarks"`
}

func (s *Server) exam(w http.ResponseWriter, _ *http.Request) {
	e, b, hash, err := s.folder.read()
	if err != nil {
		refuse(w, http.StatusUnprocessableEntity, err, nil)
		return
	}
	_, issues, _ := exam.Examine(s.folder.name, b) // read has seen it already
	answer(w, http.StatusOK, state{s.folder.name, hash, s.pages.sizes(), newDocument(e), s.remarks(e, issues)})
}

// request is what the page sends. Unfinished asks to save an exam that contradicts itself.
type request struct {
	Base       string   `json:"base"`
	Document   document `json:"document"`
	Unfinished bool     `json:"unfinished"`
}

// edited reads a request and applies it; ok is false if it was answered with a refusal.
func (s *Server) edited(w http.ResponseWriter, r *http.Request) (q request, changed []byte, remarks []remark, ok bool) {
	if err := decode(w, r, &q); err != nil {
		refuse(w, http.StatusBadRequest, err, nil)
		return q, nil, nil, false
	}
	changed, e, issues, err := s.folder.edit(q.Base, q.Document)
	if err != nil {
		status := http.StatusUnprocessableEntity
		if errors.Is(err, ErrConflict) {
			status = http.StatusConflict
		}
		refuse(w, status, err, nil)
		return q, nil, nil, false
	}
	return q, changed, s.remarks(e, issues), true
}

// check tells what would not agree if the document were saved.
func (s *Server) check(w http.ResponseWriter, r *http.Request) {
	if _, _, remarks, ok := s.edited(w, r); ok {
		answer(w, http.StatusOK, map[string]any{"remarks": remarks})
	}
}

// errUnfinished refuses to write an exam that scan read would refuse.
var errUnfinished = errors.New("the exam contradicts itself, so that scan read would refuse it")

// save writes exam.yaml.
func (s *Server) save(w http.ResponseWriter, r *http.Request) {
	s.saving.Lock()
	defer s.saving.Unlock()
	q, changed, remarks, ok := s.edited(w, r)
	if !ok {
		return
	}
	if len(remarks) > 0 && remarks[0].Kind == "wrong" && !q.Unfinished {
		refuse(w, http.StatusUnprocessableEntity, errUnfinished, remarks)
		return
	}
	err := s.folder.write(q.Base, changed)
	switch {
	case errors.Is(err, ErrConflict):
		refuse(w, http.StatusConflict, err, nil)
	case err != nil:
		refuse(w, http.StatusInternalServerError, fmt.Errorf("%s cannot be written: %w", s.folder.name, err), nil)
	default:
		answer(w, http.StatusOK, map[string]any{"base": hashOf(changed), "remarks": remarks})
	}
}

// snap finds the printed frame that a box means; box is null where there is none.
func (s *Server) snap(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Page int `json:"page"`
		Box  box `json:"box"`
	}
	if err := decode(w, r, &q); err != nil || q.Page < 1 || q.Page > len(s.folder.pages) {
		refuse(w, http.StatusBadRequest, errNoPage, nil)
		return
	}
	var found *box
	if b, ok := snap(s.folder.pages[q.Page-1], q.Box.geom()); ok {
		to := toBox(b)
		found = &to
	}
	answer(w, http.StatusOK, map[string]any{"box": found})
}

func decode(w http.ResponseWriter, r *http.Request, to any) error {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	dec.DisallowUnknownFields()
	return dec.Decode(to)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a browser that is gone has no use for it
}

func refuse(w http.ResponseWriter, status int, err error, remarks []remark) {
	answer(w, status, map[string]any{"error": err.Error(), "remarks": remarks})
}
