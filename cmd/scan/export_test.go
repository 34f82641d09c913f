package main

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"scan/internal/export"
	"scan/internal/mark"
	"scan/internal/store"
	"scan/pipeline"
)

// decideAll stands in for a person who answers all that is asked: decide DIR. A mark in doubt was
// none; numbers that the reader guessed are right, and where it guessed nothing, it is a 0.
func decideAll(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	s, err := pipeline.OpenSession(ctx, pipeline.Options{Dir: ts.MkAbs(args[0])})
	ts.Check(err)
	defer s.Close()
	for range 5 { // an answer may raise a question about a sum
		out, err := s.Outcome(ctx)
		ts.Check(err)
		var all []store.Decision
		for _, r := range out.Readings {
			if r.Review {
				all = append(all, store.Decision{Page: r.Image, Field: r.Field, Source: r.Source, SourcePage: r.SourcePage,
					Who: "tester", Value: answer(r), Old: r.Value, OldReason: r.Reason})
			}
		}
		if len(all) == 0 {
			return
		}
		_, _, err = s.Decide(ctx, all)
		ts.Check(err)
	}
	ts.Fatalf("something is asked again and again")
}

func answer(r mark.Reading) string {
	switch {
	case r.Kind == mark.KindChoice:
		return "empty"
	case r.Value != "":
		return r.Value
	}
	return "0"
}

func TestListOf(t *testing.T) {
	for _, tc := range []struct {
		o    exportOptions
		want export.List
	}{
		{exportOptions{}, export.List{Separator: ','}},
		{exportOptions{decimalComma: true}, export.List{Separator: ';', DecimalComma: true}},
		{exportOptions{separator: "tab", decimalComma: true}, export.List{Separator: '\t', DecimalComma: true}},
		{exportOptions{separator: "|"}, export.List{Separator: '|'}},
	} {
		tc.o.lang = "en"
		got, err := listOf(tc.o)
		require.NoError(t, err)
		assert.Equal(t, tc.want, got)
	}
	for _, o := range []exportOptions{{separator: ";;"}, {separator: "\n"}, {separator: `"`}, {separator: ",", decimalComma: true}, {lang: "fr"}} {
		if o.lang == "" {
			o.lang = "en"
		}
		_, err := listOf(o)
		assert.Equal(t, exitUsage, exitCode(err), "%+v", o)
	}
}

// The screen shows scores of booklets and nobody's registration number.
func TestChangesOnTheScreen(t *testing.T) {
	sheet := mark.Sheet{Booklet: "B003", Code: "code1", Registration: "reg1"}
	assert.Equal(t, "  student unknown (decision)", changeText(export.Change{What: export.WhatRegistration, Before: "reg0", Reasons: []string{"decision"}}))
	changes := []export.Change{
		{Sheet: sheet, What: export.WhatTotal, Before: "63.5", After: "65.5", Reasons: []string{"key", "decision"}},
		{Sheet: sheet, What: export.WhatGrade, Before: "3.0", After: "2.7", Reasons: []string{"key"}},
		{Sheet: sheet, What: export.WhatRegistration, Before: "reg0", After: "reg1", Reasons: []string{"decision"}},
		{Sheet: sheet, What: export.WhatProblem, ID: "1", Before: "0", After: "2", Reasons: []string{"key"}},
		{Sheet: sheet, What: export.WhatQuestion, ID: "1.1", Before: "", After: "2", Reasons: []string{"key"}},
		{Sheet: mark.Sheet{Booklet: "B001"}, What: export.WhatTotal, Before: "", After: "7", Reasons: []string{"decision"}},
		{Sheet: mark.Sheet{Booklet: "B001"}, What: export.WhatQuestion, ID: "1.2", Before: "2", After: "0", Reasons: []string{"decision"}},
		{Sheet: mark.Sheet{Booklet: "B004"}, What: export.WhatTotal, Before: "1", After: "2", Reasons: []string{"reading"}},
	}
	var out bytes.Buffer
	speech{out: &out}.changed(changes, time.Time{})
	assert.Contains(t, out.String(), ": 2 booklets scored otherwise, 1 scored for the first time;")
	assert.Contains(t, out.String(), "B003  total 63.5 -> 65.5 (key, decision)  grade 3.0 -> 2.7 (key)  another student (decision)  1.1: unknown -> 2\n")
	assert.Contains(t, out.String(), "B004  total 1 -> 2 (reading)\n          B001  total unknown -> 7 (decision)  1.2: 2 -> 0\n", "what is new comes last")
	assert.NotContains(t, out.String(), "reg")
	assert.NotContains(t, out.String(), "code1")
}

// A total may stay while its questions change, and a grading key may come later: the booklet was
// scored before all the same.
func TestWhoWasScoredBefore(t *testing.T) {
	total := 59.0
	scored, open := mark.Sheet{Booklet: "B001", Total: &total}, mark.Sheet{Booklet: "B002"}
	up := export.Change{Sheet: scored, What: export.WhatQuestion, ID: "5.7", Before: "2", After: "3"}
	down := export.Change{Sheet: scored, What: export.WhatQuestion, ID: "4.5", Before: "1", After: "0"}
	grade := export.Change{Sheet: scored, What: export.WhatGrade, After: "3.3"}
	first := export.Change{Sheet: scored, What: export.WhatTotal, After: "59"}
	part := export.Change{Sheet: open, What: export.WhatQuestion, ID: "5.5", After: "0.5"}
	for _, tc := range []struct {
		changes []export.Change
		scored  bool
	}{
		{[]export.Change{down, up}, true},
		{[]export.Change{grade}, true},
		{[]export.Change{first, grade, up}, false},
		{[]export.Change{part}, false},
	} {
		other, found := changeLines(tc.changes)
		assert.Equal(t, tc.scored, len(other) == 1, "%+v", tc.changes)
		assert.Equal(t, !tc.scored, len(found) == 1, "%+v", tc.changes)
	}
}

func TestManyChangesAreCounted(t *testing.T) {
	var changes []export.Change
	for i := range maxNotes + 5 {
		changes = append(changes, export.Change{Sheet: mark.Sheet{Booklet: string(rune('A' + i))}, What: export.WhatTotal, Before: "1", After: "2"})
	}
	var out bytes.Buffer
	speech{out: &out}.changed(changes, time.Time{})
	assert.Contains(t, out.String(), "17 booklets scored otherwise")
	assert.Contains(t, out.String(), "and 5 more\n")
}
