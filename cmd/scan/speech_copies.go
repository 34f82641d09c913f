package main

import (
	"path/filepath"

	"scan/internal/author"
	"scan/internal/exam"
)

// copies tells what was found of copies that differ.
func (s speech) copies(dir string, e *exam.Exam) {
	differ, open := 0, 0
	for _, c := range e.Copies {
		if len(c.Pages) > 0 {
			differ++
		}
		for _, q := range c.Questions {
			if c.Open(q.ID) {
				open++
			}
		}
	}
	s.answer("Wrote %s: %s; %d are printed otherwise than %s, which is the form.", filepath.Join(dir, author.CopiesFile),
		countOf(len(e.Copies), "copy", "copies"), differ, e.Copies[0].ID)
	if open > 0 {
		s.warn("where the options stand could not be told of %s; they are left open there", countOf(open, "question of a copy", "questions of copies"))
	}
}
