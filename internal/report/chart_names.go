package report

import "math"

// The size of a small label, in units of the chart: its line, and about one of its signs.
const (
	labelHeight = 11
	signWidth   = 6.5
)

// name writes a name beside each dot: right of it, or else left, above or below, where neither
// another dot nor another name lies. Where all four are taken the dot stays without; the table
// has it, and so has what is shown when it is pointed at.
func (p plane) name(names []string) {
	var taken []span
	for _, d := range p.Dots {
		taken = append(taken, span{d.X - d.R, d.X + d.R, d.Y - d.R, d.Y + d.R})
	}
	for i, d := range p.Dots {
		for _, l := range []label{{X: d.X + 7, Y: d.Y + 4, Anchor: "start"}, {X: d.X - 7, Y: d.Y + 4, Anchor: "end"},
			{X: d.X, Y: d.Y - 8, Anchor: "middle"}, {X: d.X, Y: d.Y + 16, Anchor: "middle"}} {
			l.X, l.Y, l.Text, l.Class = round(l.X), round(l.Y), names[i], "tick"
			if at := l.span(); !at.meets(taken, i) {
				p.Labels, taken = append(p.Labels, l), append(taken, at)
				break
			}
		}
	}
}

// span is the room that something takes.
type span struct{ x0, x1, y0, y1 float64 }

// meets reports whether it overlaps any other than its own dot.
func (s span) meets(others []span, own int) bool {
	for i, o := range others {
		if i != own && math.Min(s.x1, o.x1) > math.Max(s.x0, o.x0) && math.Min(s.y1, o.y1) > math.Max(s.y0, o.y0) {
			return true
		}
	}
	return false
}

// span is about where a small label lies.
func (l label) span() span {
	wide := signWidth * float64(len([]rune(l.Text)))
	left := map[string]float64{"start": l.X, "middle": l.X - wide/2, "end": l.X - wide}[l.Anchor]
	return span{left, left + wide, l.Y - labelHeight + 2, l.Y + 2}
}
