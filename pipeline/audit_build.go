package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"scan/detect"
	"scan/internal/exam"
	"scan/internal/mark"
	"scan/ocr"
)

// Audit returns all that a booklet's score in an outcome of the session rests on. It opens no image.
func (s *Session) Audit(ctx context.Context, out *Outcome, booklet string) (*Audit, error) {
	a, err := s.audits.of(ctx, s, out)
	if err != nil {
		return nil, err
	}
	return a.audit(ctx, booklet)
}

// audits keeps what the audits of one outcome share: a batch has hundreds.
type audits struct {
	mu   sync.Mutex
	last *auditor
}

func (k *audits) of(ctx context.Context, s *Session, out *Outcome) (*auditor, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.last != nil && k.last.out == out {
		return k.last, nil
	}
	a, err := newAuditor(ctx, s, out)
	if err != nil {
		return nil, err
	}
	k.last = a
	return a, nil
}

// auditor makes the audits of an outcome. It is safe for concurrent use: nothing in it changes.
type auditor struct {
	session  *Session
	out      *Outcome
	made     AuditMade
	counting AuditCounting
	ledger   auditLedger
	files    map[string]string // path below scans/ -> SHA-256
	pages    map[string][]mark.Page
	readings map[string][]mark.Reading
}

func newAuditor(ctx context.Context, s *Session, out *Outcome) (*auditor, error) {
	made, err := s.auditMade()
	if err != nil {
		return nil, err
	}
	all, err := s.Ledger(ctx)
	if err != nil {
		return nil, err
	}
	a := &auditor{session: s, out: out, made: made, counting: auditCounting(s.Exam), ledger: newAuditLedger(all, out),
		files: map[string]string{}, pages: map[string][]mark.Page{}, readings: map[string][]mark.Reading{}}
	for _, src := range s.Run.Sources {
		a.files[src.Path] = src.Hash
	}
	for _, p := range out.Pages {
		a.pages[p.Booklet] = append(a.pages[p.Booklet], p)
	}
	for _, r := range out.Readings {
		a.readings[r.Booklet] = append(a.readings[r.Booklet], r)
	}
	return a, nil
}

// auditMade tells what the batch was read with.
func (s *Session) auditMade() (AuditMade, error) {
	file, err := os.ReadFile(filepath.Join(s.Dir, ExamFile))
	if err != nil {
		return AuditMade{}, fmt.Errorf("the audit names the exam file by its hash: %w", err)
	}
	ratio := s.Run.Policy.CostRatio
	if ratio == 0 {
		ratio = mark.DefaultCostRatio
	}
	return AuditMade{Program: s.Run.Program, ReadingVersion: s.Run.Reader, Weights: s.Run.Weights,
		CostRatio: ratio, Threshold: s.Run.Policy.Threshold(), Exam: s.Exam.ID,
		ExamYAML: hexSHA256(file), ExamYAMLRead: hexSHA256([]byte(s.Run.Exam)),
		Layout: s.Exam.LayoutHash(), Scoring: s.Exam.ScoringHash(), Form: s.Run.Form, Copies: s.Run.Copies, Roster: s.Run.Roster}, nil
}

// weightHashes names the networks of this program.
func weightHashes() map[string]string {
	weights := detect.WeightHashes()
	maps.Copy(weights, ocr.WeightHashes())
	return weights
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (a *auditor) audit(ctx context.Context, booklet string) (*Audit, error) {
	k := slices.IndexFunc(a.out.Booklets, func(b mark.Booklet) bool { return b.ID == booklet })
	n := slices.IndexFunc(a.out.Sheets, func(s mark.Sheet) bool { return s.Booklet == booklet })
	if k < 0 || n < 0 {
		return nil, fmt.Errorf("there is no booklet %q; results/scores.csv lists them", booklet)
	}
	b, readings := a.out.Booklets[k], a.readings[booklet]
	t := &Audit{Format: auditFormat, Booklet: b.ID, Copy: b.Copy, Anchor: b.Anchor, Waived: b.Waived, Missing: b.Missing,
		PutTogether: b.Reason, Doubt: b.Doubt, Sheet: auditSheet(a.session.Exam, a.out.Sheets[n]),
		Account: mark.Account(a.session.Exam, readings), Counting: a.counting, Made: a.made}
	if t.Sheet.Grade == "" {
		t.Account = slices.DeleteFunc(t.Account, func(l mark.Line) bool { return l.Step == mark.StepGrade })
	}
	if own, ok := a.session.Exam.ForCopy(b.Copy); ok {
		t.Counting = auditCounting(own)
	}
	seen := map[string]AuditReading{} // by image and field
	for _, p := range a.pages[booklet] {
		page, err := a.page(ctx, p, seen)
		if err != nil {
			return nil, err
		}
		t.Pages = append(t.Pages, page)
	}
	t.Ledger = a.ledger.about(b, a.pages[booklet], readings)
	for _, r := range readings {
		t.Readings = append(t.Readings, auditReading(r, seen[r.Image+" "+r.Field], t.Ledger))
	}
	return t, nil
}

func auditSheet(e *exam.Exam, s mark.Sheet) AuditSheet {
	sheet := AuditSheet{Code: s.Code, Registration: s.Registration, Status: s.Status, Total: s.Total, Problems: s.Problems, Questions: s.Questions}
	if s.Total != nil && s.Status == mark.StatusFinal { // a grade that may still change is none
		sheet.Grade, _ = e.Grade(*s.Total)
	}
	return sheet
}

// page lists a page, and in seen what was read in its fields.
func (a *auditor) page(ctx context.Context, p mark.Page, seen map[string]AuditReading) (AuditPage, error) {
	page := AuditPage{Source: p.Source, SourcePage: p.SourcePage, SourceSHA256: a.files[p.Source], Image: p.Image,
		Page: p.Page, Status: p.Status, Reason: p.Reason, Decisions: p.Decisions, Detail: p.Detail}
	r, err := a.session.Result(ctx, p)
	if err != nil {
		return page, fmt.Errorf("%s:%d: what was read from it cannot be told: %w", p.Source, p.SourcePage, err)
	}
	for _, c := range r.Codes {
		page.Codes = append(page.Codes, c.Text)
	}
	if r.Status != StatusOK {
		return page, nil
	}
	page.Registration = &AuditLies{FormPage: r.FormPage, Width: r.Width, Height: r.Height, Rotation: r.Rotation, SkewDeg: r.SkewDeg,
		Scale: r.Scale, PxPerMM: r.PxPerMM, ResidualMM: r.ResidualMM, Coverage: r.Coverage, Margin: r.Margin, MMToPix: r.MMToPix}
	for field, s := range a.seen(r) {
		seen[p.Image+" "+field] = s
	}
	return page, nil
}

// seen lists what was seen in the fields of a page.
func (a *auditor) seen(r PageResult) map[string]AuditReading {
	seen := map[string]AuditReading{}
	if s := r.Sticker; s != nil {
		seen[exam.StickerField] = AuditReading{Sticker: &AuditSticker{Code: s.Code, Symbology: s.Symbology, Printed: s.Printed, Doubt: s.Doubt}}
	}
	e := a.session.Exam
	if own, ok := e.ForCopy(r.Copy); ok && r.Copy != "" {
		e = own
	}
	for _, c := range r.Choices {
		q := e.Question(c.Question)
		if q == nil || len(c.Boxes) != len(q.Options) {
			continue
		}
		order := boxOrder(c.Boxes, optionBoxes(q))
		for i, b := range c.Boxes {
			seen[exam.OptionField(q.ID, q.Options[order[i]].ID)] = AuditReading{Boxes: auditBoxes([]detect.BoxReading{b})}
		}
	}
	for _, c := range r.Credits {
		for _, col := range c.Columns {
			seen[exam.CreditField(c.Question, col.Corrector)] = AuditReading{Boxes: auditBoxes(col.Cells), Marked: &col.Marked}
		}
	}
	for _, s := range r.Scores {
		seen[s.ID] = AuditReading{Written: s.Text}
	}
	return seen
}

func auditBoxes(boxes []detect.BoxReading) []AuditBox {
	out := make([]AuditBox, len(boxes))
	for i, b := range boxes {
		p := map[string]float64{}
		for k, s := range detect.States {
			p[string(s)] = b.P[k]
		}
		out[i] = AuditBox{State: string(b.State), Kind: b.Kind, Confidence: b.Confidence, P: p, Reason: b.Reason,
			Box: auditBox(b.Box), FitMM: b.FitMM, Features: b.Features}
	}
	return out
}

// auditReading completes what was seen in a field with its row.
func auditReading(r mark.Reading, seen AuditReading, decisions []AuditDecision) AuditReading {
	t := seen
	t.Field, t.Kind, t.Source, t.SourcePage, t.Page, t.Image = r.Field, r.Kind, r.Source, r.SourcePage, r.Page, r.Image
	t.Value, t.Confidence, t.Review, t.Reason, t.Within = r.Value, r.Confidence, r.Review, r.Reason, r.Within
	for _, c := range r.Candidates {
		t.Candidates = append(t.Candidates, AuditValue(c))
	}
	if r.Read != nil {
		t.Reader = &AuditReader{r.Read.Value, r.Read.Confidence, r.Read.Reason, r.Read.Review}
	}
	for _, d := range decisions {
		if d.About == r.Image && d.Field == r.Field || slices.Contains(r.Decisions, d.ID) {
			t.Decisions = append(t.Decisions, d.ID)
		}
	}
	return t
}
