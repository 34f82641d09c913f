package report

import (
	"math"
	"time"
)

// reading is what the reader made of the scans.
func (w words) reading(n *numbers) section {
	f := n.reader
	s := section{ID: "reading", Title: w.say("reading.title"), Blocks: []block{{Text: w.took(n.Run, len(n.Batch.Pages))}}}
	var pages []row
	for _, c := range f.statuses {
		pages = append(pages, row{Head: w.word("status.", c.status), Cells: []cell{plain(w.count(c.n)), w.barred(part(c.n, f.pages), "bar"), plain(w.reason(c.reason))}})
	}
	if len(pages) > 0 {
		s.Blocks = append(s.Blocks, block{Heading: w.say("pages.title")},
			block{Grid: &grid{Caption: w.say("pages.caption"), Head: w.heads("pages", "status", "n", "share", "reason"), Words: 1, Groups: one(pages)}})
	}
	if len(f.kinds) == 0 {
		return s
	}
	s.Blocks = append(s.Blocks, block{Heading: w.say("confidence.title")}, block{Text: w.say("confidence.text", w.share(n.Run.Policy.Threshold(), 1),
		w.count(f.unasked), w.number(f.expected, 1))}, block{Chart: w.confidenceChart(f)},
		block{Key: &[2]string{w.say("confidence.unasked"), w.say("confidence.asked")}})
	return s
}

// people is what was asked of people and what they said.
func (w words) people(n *numbers) section {
	f := n.reader
	s := section{ID: "review", Title: w.say("people.title"), Blocks: []block{{Text: w.decisions(n.Ledger)}, {Text: w.spot(n.Ledger.Spot)}}}
	if len(f.kinds) == 0 {
		return s
	}
	var rows []row
	for _, k := range f.kinds {
		rows = append(rows, row{Head: w.say("kind." + k.kind), Cells: append([]cell{plain(w.count(k.n))}, w.outcome(k.outcome)...)})
	}
	s.Blocks = append(s.Blocks, block{Grid: &grid{Caption: w.say("kinds.caption"),
		Head: w.heads("kinds", "kind", "n", "asked", "open", "decided", "confirmed", "changed", "filled"), Groups: one(rows)}})
	if len(f.reasons) == 0 {
		return s
	}
	g := grid{Caption: w.say("reasons.caption"), Head: w.heads("reasons", "reason", "asked", "open", "decided", "confirmed", "changed", "filled")}
	for _, kind := range kinds {
		of := group{Title: w.say("kind." + kind)}
		for _, r := range f.reasons {
			if r.kind == kind {
				cells := w.outcome(r.outcome)
				cells[0] = plain(w.count(r.n))
				of.Rows = append(of.Rows, row{Head: w.reason(r.reason), Cells: cells})
			}
		}
		if len(of.Rows) > 0 {
			g.Groups = append(g.Groups, of)
		}
	}
	s.Blocks = append(s.Blocks, block{Heading: w.say("reasons.title")}, block{Grid: &g})
	return s
}

// outcome is the columns asked, open, decided, confirmed, changed and filled.
func (w words) outcome(o outcome) []cell {
	return []cell{w.of(o.asked, o.n), plain(w.count(o.open)), plain(w.count(o.decided)),
		plain(w.count(o.confirmed)), plain(w.count(o.changed)), plain(w.count(o.filled))}
}

// took tells how long the reading took.
func (w words) took(r Run, pages int) string {
	switch {
	case r.Began.IsZero():
		return w.say("run.unknown", w.count(pages))
	case r.Read == 0:
		return w.say("run.cached", w.moment(r.Began), w.count(pages), w.duration(r.Seconds))
	}
	speed := w.say("unknown")
	if r.Seconds > 0 {
		speed = w.number(float64(r.Read)/r.Seconds, 1)
	}
	return w.say("run.read", w.moment(r.Began), w.count(r.Read), w.count(pages), w.duration(r.Seconds), speed)
}

// duration writes seconds as people say them.
func (w words) duration(seconds float64) string {
	if seconds < 60 {
		return w.say("duration.s", w.number(seconds, 1))
	}
	d := time.Duration(math.Round(seconds)) * time.Second
	if d < time.Hour {
		return w.say("duration.min", w.count(int(d.Minutes())), w.count(int(d.Seconds())%60))
	}
	return w.say("duration.h", w.count(int(d.Hours())), w.count(int(d.Minutes())%60))
}

// decisions tells how people decided.
func (w words) decisions(l Ledger) string {
	all := 0
	for _, n := range l.ByMode {
		all += n
	}
	if all == 0 && l.Withdrawn == 0 {
		return w.say("ledger.none")
	}
	text := w.say("ledger.text", w.counted("ledger.decisions", all), w.counted("ledger.people", l.Reviewers),
		w.count(l.ByMode["single"]), w.count(l.ByMode["batch"]), w.count(l.ByMode["spot"]), w.count(l.Withdrawn))
	if l.Contested > 0 {
		text += " " + w.counted("ledger.contested", l.Contested)
	}
	return text
}

// spot tells what spot checks found.
func (w words) spot(s Spot) string {
	if s.N == 0 {
		return w.say("spot.none")
	}
	return w.say("spot.text", w.counted("spot.n", s.N), w.count(s.Wrong), w.share(float64(s.Wrong)/float64(s.N), 1), w.share(s.Bound, 1))
}

// reason says why in plain words; a word that is not known yet is shown as it is.
func (w words) reason(reason string) string {
	if reason == "" {
		return ""
	}
	return w.word("reason.", reason)
}

func (w words) word(kind, word string) string {
	if w.has(kind + word) {
		return w.say(kind + word)
	}
	return word
}

// methods tells how the figures are computed.
func (w words) methods(n *numbers) section {
	names := []string{"reading", "confidence", "spot"}
	if len(n.table.totals) > 0 {
		names = append([]string{"count", "quartiles", "difficulty", "discrimination", "options", "alpha", "correctors"}, names...)
	}
	var terms []term
	for _, name := range names {
		terms = append(terms, term{w.say("method." + name), w.say("method." + name + ".text")})
	}
	return section{ID: "methods", Title: w.say("methods.title"), Blocks: []block{{Terms: terms}}}
}
