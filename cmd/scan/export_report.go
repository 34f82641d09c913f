package main

import (
	"io"
	"slices"

	"scan/internal/bench"
	"scan/internal/export"
	"scan/internal/ledger"
	"scan/internal/mark"
	"scan/internal/report"
	"scan/internal/store"
)

// report is report.html.
func (x *exporter) report() export.File {
	run := x.session.Run
	d := report.Data{Exam: x.data.Exam, Batch: x.data.Batch, Ledger: ledgerFigures(x.data), Lang: x.options.lang, Now: x.began,
		Run: report.Run{Program: run.Program, Began: x.data.Read, Seconds: run.Summary.Seconds, Read: run.Summary.Read, Policy: run.Policy}}
	return export.File{Name: "report.html", Write: func(w io.Writer) error { return report.Write(w, d) }}
}

// ledgerFigures counts what people decided.
func ledgerFigures(d *export.Data) report.Ledger {
	l := report.Ledger{ByMode: map[string]int{}, Spot: spotFigures(d)}
	var who []string
	for _, x := range d.Decisions {
		if x.Action == store.ActionWithdraw {
			l.Withdrawn += len(x.Supersedes)
		}
		if !slices.Contains(who, x.Who) {
			who = append(who, x.Who)
		}
	}
	l.Reviewers = len(who)
	for _, v := range ledger.Resolve(d.Decisions) {
		if _, ok := v.Value(); !ok {
			l.Contested++
		}
		for _, h := range v.Heads {
			l.ByMode[h.Mode]++
		}
	}
	return l
}

// spotFigures counts the spot checks that stand, and those in which a person saw something else
// than the reader had been sure of.
func spotFigures(d *export.Data) (s report.Spot) {
	spot := map[string]bool{}
	for _, x := range d.Decisions {
		spot[x.ID] = x.Mode == store.ModeSpot
	}
	for _, r := range d.Batch.Readings {
		isSpot := slices.ContainsFunc(r.Decisions, func(id string) bool { return spot[id] })
		if !isSpot || r.Reason != mark.ReasonDecided || r.Read == nil || r.Read.Review {
			continue
		}
		s.N++
		// That nothing is written is one word of the reader and another of a person.
		nothing := r.Read.Value == "" && (r.Value == "" || r.Value == mark.ValueNone)
		if r.Value != r.Read.Value && !nothing {
			s.Wrong++
		}
	}
	s.Bound = bench.Upper(s.Wrong, s.N)
	return s
}
