package review

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
)

// maxRequest bounds what the page may send: a thousand decisions have 200 kB.
const maxRequest = 8 << 20

// How many items an answer holds.
const (
	queueLimit = 30
	mostItems  = 200
)

// state is what the page needs first.
type state struct {
	Exam        examState   `json:"exam"`
	Lang        string      `json:"lang"`
	Roster      bool        `json:"roster"`
	Reviewer    string      `json:"reviewer"` // proposed on the command line
	Conventions conventions `json:"conventions"`
	Counts      counts      `json:"counts"`
	Spot        *spotState  `json:"spot"`
	Version     int         `json:"version"` // rises with every change of the batch
}

type examState struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// conventions are the paper's rules of marking: "cross" or "any", and the correctors' inks.
type conventions struct {
	Marks string   `json:"marks"`
	Inks  []string `json:"inks"`
}

// view answers with the batch as it stands, or refuses.
func (s *Server) view(w http.ResponseWriter, r *http.Request) (*view, bool) {
	v, err := s.look(r.Context())
	if err != nil {
		refuse(w, err)
	}
	return v, err == nil
}

func (s *Server) getState(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	e := s.paper.exam
	c := conventions{"cross", append([]string{}, e.Conventions.CorrectorInks()...)}
	if e.Conventions.AnyMark() {
		c.Marks = "any"
	}
	s.mu.Lock()
	version := s.version
	s.mu.Unlock()
	answer(w, http.StatusOK, state{examState{e.ID, e.Title}, langOf(r), s.paper.roster != nil, s.options.Reviewer, c, v.counts(), v.spotState(), version})
}

// queue is a part of what waits.
type queue struct {
	Items  []item `json:"items"`
	Counts counts `json:"counts"`
}

func (s *Server) getQueue(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	s.know(q.Get("reviewer"), v)
	chosen := s.claims.choose(q.Get("reviewer"), v.waiting(q.Get("kind"), q.Get("from")), limit(r, queueLimit))
	s.album.ahead(s.life, v.soon(chosen))
	answer(w, http.StatusOK, queue{v.items(chosen), v.counts()})
}

// waiting lists what is open in working order, of one kind if it is not "", beginning with an item
// or what would follow it, if from is not "".
func (v *view) waiting(kind, from string) []*thing {
	var list []*thing
	for _, t := range v.open {
		if kind == "" || t.kind == kind {
			list = append(list, t)
		}
	}
	start := v.thing(from)
	if start == nil {
		return list
	}
	first := slices.IndexFunc(list, func(t *thing) bool { return byWork(t, start) >= 0 })
	if first < 0 {
		return list
	}
	return slices.Concat(list[first:], list[:first])
}

// soonWhole is of how many items whole pages are made ready: few people ask for them.
const soonWhole = 3

// soon lists the pictures that will be looked at with these things, the first ones first.
func (v *view) soon(things []*thing) (shots []shot) {
	add := func(t *thing, name string) {
		if s, ok := v.shot(t, name, 0); ok {
			shots = append(shots, s)
		}
	}
	for i, t := range things {
		add(t, shotClose)
		add(t, shotAround)
		if i < soonWhole {
			add(t, shotWhole)
		}
	}
	return shots
}

func (s *Server) getItem(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	t := v.thing(r.PathValue("id"))
	if t == nil {
		refuse(w, problemf(http.StatusNotFound, "the batch has no item %s any more", r.PathValue("id")))
		return
	}
	s.claims.touch(r.URL.Query().Get("reviewer"), t.id)
	answer(w, http.StatusOK, v.item(t))
}

func (s *Server) getGroup(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	s.know(q.Get("reviewer"), v)
	chosen := s.claims.choose(q.Get("reviewer"), v.alike(q.Get("key")), limit(r, 60))
	s.album.ahead(s.life, v.soon(chosen))
	answer(w, http.StatusOK, queue{v.items(chosen), v.counts()})
}

func (s *Server) getStudents(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	q := r.URL.Query()
	answer(w, http.StatusOK, map[string]any{"students": v.students(q.Get("q"), q.Get("names") == "1")})
}

func (s *Server) getFind(w http.ResponseWriter, r *http.Request) {
	if v, ok := s.view(w, r); ok {
		answer(w, http.StatusOK, map[string]any{"found": v.find(r.URL.Query().Get("q"))})
	}
}

// mostSpots bounds a sample.
const mostSpots = 5000

// getSpot starts a sample of spot checks, or makes it larger.
func (s *Server) getSpot(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 1 || n > mostSpots {
		refuse(w, problemf(http.StatusBadRequest, "n must be the number of spot checks, 1 to %d", mostSpots))
		return
	}
	s.mu.Lock()
	s.asked = max(s.asked, n)
	s.mu.Unlock()
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	answer(w, http.StatusOK, map[string]any{"spot": v.spotState(), "counts": v.counts()})
}

func (s *Server) postDecide(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Reviewer  string      `json:"reviewer"`
		Decisions []statement `json:"decisions"`
	}
	if !decode(w, r, &q) {
		return
	}
	got, err := s.decide(r.Context(), q.Reviewer, q.Decisions)
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, http.StatusOK, got)
}

func (s *Server) postUndo(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Reviewer string `json:"reviewer"`
	}
	if !decode(w, r, &q) {
		return
	}
	got, err := s.undo(r.Context(), q.Reviewer)
	if err != nil {
		refuse(w, err)
		return
	}
	answer(w, http.StatusOK, got)
}

func (s *Server) getPicture(w http.ResponseWriter, r *http.Request) {
	v, ok := s.view(w, r)
	if !ok {
		return
	}
	turn, _ := strconv.Atoi(r.URL.Query().Get("turn"))
	t := v.thing(r.PathValue("id"))
	if t == nil || !slices.Contains(shotNames, r.PathValue("shot")) || !slices.Contains([]int{0, 90, 180, 270}, turn) {
		http.NotFound(w, r)
		return
	}
	of, ok := v.shot(t, r.PathValue("shot"), turn)
	if !ok {
		http.NotFound(w, r)
		return
	}
	b, err := s.album.ask(r.Context(), of)
	if err != nil {
		refuse(w, err)
		return
	}
	sendJPEG(w, b)
}

// getForm shows a page of the form, to hold a page against that was not recognised.
func (s *Server) getForm(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.PathValue("page"))
	if page < 1 || page > s.paper.exam.Pages {
		http.NotFound(w, r)
		return
	}
	b, err := s.album.form(r.Context(), page)
	if err != nil {
		refuse(w, err)
		return
	}
	sendJPEG(w, b)
}

func sendJPEG(w http.ResponseWriter, b []byte) {
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(b) //nolint:gosec // a picture; a browser that is gone has no use for it
}

// limit is how many items a request asks for.
func limit(r *http.Request, otherwise int) int {
	n, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || n < 1 {
		n = otherwise
	}
	return min(n, mostItems)
}

func decode(w http.ResponseWriter, r *http.Request, to any) bool {
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
	dec.DisallowUnknownFields()
	if err := dec.Decode(to); err != nil {
		refuse(w, problem{http.StatusBadRequest, err})
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a browser that is gone has no use for it
}

// refuse answers an error.
func refuse(w http.ResponseWriter, err error) {
	status := statusOf(err)
	if errors.Is(err, fs.ErrNotExist) {
		status = http.StatusNotFound
	}
	answer(w, status, map[string]string{"error": err.Error()})
}
