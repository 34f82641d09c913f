package author

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"scan/internal/exam"
	"scan/internal/geom"
)

// cover looks for what stands on the first page: sticker field, score table, stated total.
func (d *drafter) cover() {
	d.sticker()
	d.scoreTable()
	for i := range min(2, len(d.lines)) {
		if total, ok := statedTotal(d.lines[i]); ok && d.Stated == nil {
			d.Stated = &total
		}
	}
}

// The sides of a sticker field, mm: labels of 25 x 15 to 75 x 40 are in use.
const (
	stickerLeastW, stickerMostW = 24.0, 80.0
	stickerLeastH, stickerMostH = 14.0, 42.0
)

// sticker takes the frame that speaks of a sticker, or else the only one of that size that
// holds no text.
func (d *drafter) sticker() {
	var silent []geom.Box
	for _, f := range d.sheets[0].Frames {
		if f.W < stickerLeastW || f.W > stickerMostW || f.H < stickerLeastH || f.H > stickerMostH || f.Y > 0.5*d.sheets[0].HeightMM {
			continue
		}
		words := wordsIn(d.sheets[0], f)
		switch {
		case stickerWord.MatchString(words):
			d.Exam.Sticker = &exam.Sticker{Page: 1, Box: round(f)}
			return
		case words == "":
			silent = append(silent, f)
		}
	}
	if len(silent) == 1 {
		d.Exam.Sticker = &exam.Sticker{Page: 1, Box: round(silent[0])}
		d.note(1, "the empty frame at x %.0f, y %.0f mm is taken for the sticker field; nothing on the form says so", silent[0].X, silent[0].Y)
	}
}

func wordsIn(s Sheet, b geom.Box) string {
	var in []string
	for _, w := range s.Words {
		if overlap(w.Box, b) > 0.5 {
			in = append(in, w.Text)
		}
	}
	return strings.Join(in, " ")
}

// A cell for a handwritten number, mm.
const (
	cellLeastW, cellMostW = 9.0, 35.0
	cellLeastH, cellMostH = 5.0, 16.0
)

// scoreTable finds cells that a problem's name stands above or left of.
func (d *drafter) scoreTable() {
	cells := d.emptyCells()
	for _, c := range cells {
		p, corrector := d.cellMeans(c)
		if p == nil || d.worth(p) == 0 { // without a most, no number can be read there
			continue
		}
		id := "P" + p.ID
		if corrector > 0 {
			id += "." + strings.Repeat("I", corrector)
		}
		if slices.ContainsFunc(d.Exam.Scores, func(s exam.Score) bool { return s.ID == id }) {
			continue
		}
		d.Exam.Scores = append(d.Exam.Scores, exam.Score{ID: id, Problem: p.ID, Corrector: max(1, corrector), Page: 1, Box: round(c),
			Max: d.worth(p), Step: 0.5})
	}
	place := func(s exam.Score) int {
		return 2*slices.IndexFunc(d.Exam.Problems, func(p exam.Problem) bool { return p.ID == s.Problem }) + s.Corrector
	}
	slices.SortStableFunc(d.Exam.Scores, func(a, b exam.Score) int { return place(a) - place(b) })
}

// worth is what a problem can bring.
func (d *drafter) worth(p *exam.Problem) float64 {
	sum := 0.0
	for _, q := range p.Questions {
		sum += q.Credits
	}
	if p.Credits != nil {
		return *p.Credits
	}
	return sum
}

// emptyCells lists the cells of tables on the first page that hold no print: drawn frames, or
// what rules enclose.
func (d *drafter) emptyCells() (cells []geom.Box) {
	s := d.sheets[0]
	for _, c := range append(slices.Clone(s.Frames), ruledCells(s.Rules)...) {
		if c.W < cellLeastW || c.W > cellMostW || c.H < cellLeastH || c.H > cellMostH || wordsIn(s, c) != "" {
			continue
		}
		if !slices.ContainsFunc(cells, func(o geom.Box) bool { return overlap(o, c) > 0.5 }) {
			cells = append(cells, c)
		}
	}
	slices.SortStableFunc(cells, func(a, b geom.Box) int {
		if dy := a.Y - b.Y; math.Abs(dy) > 2 {
			return sign(dy)
		}
		return sign(a.X - b.X)
	})
	return cells
}

// ruledCells finds the cells of a table drawn with rules: between two neighbouring upright
// lines of the same height, closed above and below.
func ruledCells(rules []geom.Box) (cells []geom.Box) {
	var across, down []geom.Box
	for _, r := range rules {
		switch {
		case r.W > cellLeastW && r.H < 1.2:
			across = append(across, r)
		case r.H > cellLeastH-1 && r.W < 1.2:
			down = append(down, r)
		}
	}
	slices.SortStableFunc(down, func(a, b geom.Box) int { return sign(a.X - b.X) })
	for i, l := range down {
		for _, r := range down[i+1:] {
			if math.Abs(l.Y-r.Y) > 0.8 || math.Abs(l.H-r.H) > 0.8 || r.X-l.X < cellLeastW {
				continue
			}
			c := geom.Box{X: l.X, Y: l.Y, W: r.X + r.W - l.X, H: l.H}
			if closed(c, across) {
				cells = append(cells, c)
			}
			break // the next upright line closes the cell
		}
	}
	return cells
}

func closed(c geom.Box, across []geom.Box) bool {
	at := func(y float64) bool {
		return slices.ContainsFunc(across, func(r geom.Box) bool {
			return math.Abs(r.Center().Y-y) < 1.2 && r.X < c.X+1 && r.X+r.W > c.X+c.W-1
		})
	}
	return at(c.Y) && at(c.Y+c.H)
}

// cellMeans finds the problem whose name stands above or left of a cell, and the corrector (0 if
// the table does not tell).
func (d *drafter) cellMeans(c geom.Box) (p *exam.Problem, corrector int) {
	for _, l := range d.lines[0] {
		above := l.Y+l.H < c.Y+1 && c.Y-l.Y < 40 && math.Abs(l.Center().X-c.Center().X) < 0.4*c.W
		left := l.X+l.W < c.X+1 && c.X-l.X < 90 && math.Abs(l.Center().Y-c.Center().Y) < 0.4*c.H
		if !above && !left {
			continue
		}
		if m := romanRow.FindStringSubmatch(l.text()); m != nil && left && c.X-l.X < 90 {
			corrector = len(m[1])
			continue
		}
		if found := d.named(l); found != nil && (p == nil || above) {
			p = found
		}
	}
	return p, corrector
}

// named finds the problem a table's heading names: "1", "A 1", "P1", "Problem 1", its title.
func (d *drafter) named(l line) *exam.Problem {
	text := l.text()
	for i := range d.Exam.Problems {
		p := &d.Exam.Problems[i]
		bare := strings.NewReplacer("Problem", "", "Aufgabe", "", "Part", "", "Teil", "", "A", "", "P", "", "#", "", ".", "", ":", "", " ", "").Replace(text)
		if bare == p.ID || oneLike.Replace(bare) == p.ID || p.Title != "" && strings.EqualFold(text, p.Title) {
			return p
		}
		if n, err := strconv.Atoi(p.ID); err == nil && strings.HasPrefix(text, strconv.Itoa(n)+" ") && p.Title != "" && strings.Contains(text, p.Title) {
			return p
		}
	}
	return nil
}

// oneLike are signs that OCR takes a 1 for.
var oneLike = strings.NewReplacer("i", "1", "l", "1", "|", "1", "!", "1", "]", "1", "O", "0")

// checkTotals compares sums with what the form states.
func (d *drafter) checkTotals() {
	total := 0.0
	for i := range d.Exam.Problems {
		p := &d.Exam.Problems[i]
		sum := 0.0
		for _, q := range p.Questions {
			sum += q.Credits
		}
		if len(p.Questions) == 0 {
			total += d.worth(p)
			continue
		}
		total += sum
		if p.Credits != nil && *p.Credits != sum {
			d.note(0, "problem %s: the boxes found are worth %g, the heading says %g", p.ID, sum, *p.Credits)
			p.Credits = nil // the file would contradict itself
			for k := range d.Exam.Scores {
				if d.Exam.Scores[k].Problem == p.ID {
					d.Exam.Scores[k].Max = sum
				}
			}
		}
	}
	if d.Stated != nil && *d.Stated != total {
		d.note(0, "the form says the exam is worth %g, what was found is worth %g", *d.Stated, total)
	}
}
