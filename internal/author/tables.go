package author

import (
	"math"

	"scan/internal/geom"
)

// optionTables takes stacks of boxes that are rows of a table of options out of the columns: a
// line of text stands beside every one of them, in its middle, and no numbers do.
func (d *drafter) optionTables(page int, columns []column) (kept []column, options []Square) {
	for _, c := range columns {
		if d.isOptionTable(page, c) {
			options = append(options, c.cells...)
			continue
		}
		kept = append(kept, c)
	}
	return kept, options
}

func (d *drafter) isOptionTable(page int, c column) bool {
	for _, w := range d.sheets[page-1].Words {
		if number.MatchString(w.Text) && nearColumn(w.Box, c.box, c.box) && w.Center().Y > c.box.Y && w.Center().Y < c.box.Y+c.box.H && w.X < c.box.X {
			return false
		}
	}
	for _, cell := range c.cells {
		if !d.saysRight(page, cell.Box) {
			return false
		}
	}
	return true
}

// rowShare is how far the middle of a row's text may lie from that of its box, in heights of the
// box. Lines of a running text beside a corrector's column drift away from its cells.
const rowShare = 0.2

// saysRight reports whether a line of text begins right of a box, level with it.
func (d *drafter) saysRight(page int, b geom.Box) bool {
	for _, l := range d.lines[page-1] {
		if besideLeft(b, l.Box) && math.Abs(l.Center().Y-b.Center().Y) < rowShare*b.H && !number.MatchString(l.text()) {
			return true
		}
	}
	return false
}
