package review

import (
	"context"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"sync"

	"golang.org/x/text/language"

	"scan/internal/local"
	"scan/internal/mark"
)

//go:embed assets
var assets embed.FS

// Server is the page of one batch.
type Server struct {
	Link string // to the page, with its secret

	desk     Desk
	options  Options
	paper    *paper
	claims   *claims
	album    *album
	served   *local.Page
	life     context.Context // of looking ahead
	end      context.CancelFunc
	deciding sync.Mutex // one statement after another: each knows what stands

	mu      sync.Mutex // guards what follows
	seen    *view
	version int
	asked   int                          // spot checks
	drawn   int                          // those that seen was made with
	told    map[string]map[string]string // by reviewer: the open things as last told
}

// New listens on the loopback address.
func New(ctx context.Context, d Desk, o Options) (*Server, error) {
	s := &Server{desk: d, options: o, paper: newPaper(d.Exam(), d.Roster()), claims: newClaims(), album: newAlbum(d),
		told: map[string]map[string]string{}}
	served, err := local.New(ctx, o.Port, s.routes())
	if err != nil {
		return nil, err
	}
	s.served, s.Link = served, served.Link
	s.life, s.end = context.WithCancel(context.WithoutCancel(ctx))
	return s, nil
}

// Serve answers until the context ends.
func (s *Server) Serve(ctx context.Context) error {
	defer s.end()
	if v, err := s.look(ctx); err == nil { // the first pictures are ready when the browser is
		s.album.ahead(s.life, v.soon(v.open[:min(len(v.open), queueLimit)]))
	}
	if err := s.served.Serve(ctx); err != nil {
		return err
	}
	s.deciding.Lock() // a decision being written is finished
	defer s.deciding.Unlock()
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
	m.HandleFunc("GET /api/state", s.getState)
	m.HandleFunc("GET /api/queue", s.getQueue)
	m.HandleFunc("GET /api/item/{id}", s.getItem)
	m.HandleFunc("GET /api/group", s.getGroup)
	m.HandleFunc("GET /api/students", s.getStudents)
	m.HandleFunc("GET /api/find", s.getFind)
	m.HandleFunc("GET /api/spot", s.getSpot)
	m.HandleFunc("POST /api/decide", s.postDecide)
	m.HandleFunc("POST /api/undo", s.postUndo)
	m.HandleFunc("GET /picture/{id}/{shot}", s.getPicture)
	m.HandleFunc("GET /picture/form/{page}", s.getForm)
	return m
}

var page = template.Must(template.ParseFS(assets, "assets/page.html"))

// languages are those of the page; the first one is for who speaks none of them.
var languages = language.NewMatcher([]language.Tag{language.English, language.German})

// langOf is the language that a request asks for: "en" or "de".
func langOf(r *http.Request) string {
	tag, _ := language.MatchStrings(languages, r.URL.Query().Get("lang"), r.Header.Get("Accept-Language"))
	base, _ := tag.Base()
	return base.String()
}

func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", langOf(r))
	_ = page.Execute(w, struct{ Lang, Title, Reviewer string }{langOf(r), s.paper.exam.ID, s.options.Reviewer}) // a browser that is gone has no use for it
}

// look returns the batch as it stands.
func (s *Server) look(ctx context.Context) (*view, error) {
	b, err := s.desk.Batch(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen != nil && s.seen.batch == b && s.drawn == s.asked {
		return s.seen, nil
	}
	return s.rebuild(ctx, b)
}

func (s *Server) rebuild(ctx context.Context, b *mark.Batch) (*view, error) {
	made, err := s.desk.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	s.seen, s.drawn = newView(s.paper, s.seen, b, made, s.asked), s.asked
	s.version++
	return s.seen, nil
}

// current returns the batch as it was looked at last.
func (s *Server) current() *view {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

// know notes what a reviewer has been told, unless something is noted already: changes are told
// since then.
func (s *Server) know(who string, v *view) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.told[who]; !ok && who != "" {
		s.told[who] = v.states()
	}
}

// news tells a reviewer what changed since the last news.
func (s *Server) news(ctx context.Context, who string) (reply, error) {
	v, err := s.look(ctx)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	changed, closed := v.since(s.told[who])
	s.told[who] = v.states()
	s.mu.Unlock()
	return reply{Items: v.items(changed), Closed: closed, Counts: v.counts()}, nil
}
