package main

import (
	"io"
	"slices"

	"scan/internal/export"
	"scan/internal/ledger"
	"scan/internal/report"
	"scan/internal/review"
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
	l := report.Ledger{ByMode: map[string]int{}}
	l.Spot.N, l.Spot.Wrong, l.Spot.Bound = review.SpotChecks(d.Exam, d.Roster, &d.Batch, d.Decisions)
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
