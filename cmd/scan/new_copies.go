package main

import (
	"fmt"
	"os"
	"path/filepath"

	"scan/internal/author"
	"scan/internal/exam"
	"scan/internal/export"
	"scan/pipeline"
)

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// makeCopies writes an exam folder out of a folder of copies that differ.
func makeCopies(say speech, dir, folder, solution string) error {
	d, forms, err := author.FromForms(folder)
	if err != nil {
		return err
	}
	d.Exam.ID, d.Exam.Form = examID(dir), "form.pdf"
	var key *author.Key
	if solution != "" {
		if key, err = d.TakeCopyKey(forms, solution); err != nil {
			return err
		}
	}
	file := d.Exam.YAML(headOf(d, filepath.Base(forms[0]))...)
	copies := d.Exam.CopiesYAML(
		"Made by scan new. Where each option stands in each copy, by the id of its text in "+pipeline.ExamFile+";",
		"a question that is not listed stands as there. docs/formats.md tells more.")
	if e, err := exam.Parse(pipeline.ExamFile, file); err != nil {
		d.Notes = append(d.Notes, author.Note{Text: "exam.yaml contradicts itself: " + err.Error()})
	} else if err := e.ParseCopies(author.CopiesFile, copies); err != nil {
		d.Notes = append(d.Notes, author.Note{Text: "copies.yaml contradicts itself: " + err.Error()})
	}
	if err := writeCopies(dir, forms, copies); err != nil {
		return err
	}
	if err := writeExam(dir, forms[0], file, d); err != nil {
		return err
	}
	say.drafted(dir, forms[0], d, key)
	say.copies(dir, d.Exam)
	if len(d.Notes) > 0 {
		return errReview
	}
	return nil
}

// writeCopies puts the copies' PDFs and copies.yaml into the exam folder.
func writeCopies(dir string, forms []string, copies []byte) error {
	to := filepath.Join(dir, author.CopiesDir)
	if err := os.MkdirAll(to, 0o777); err != nil {
		return err
	}
	for _, form := range forms {
		if err := copyForm(form, filepath.Join(to, filepath.Base(form))); err != nil {
			return err
		}
	}
	path := filepath.Join(dir, author.CopiesFile)
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already; remove it to begin anew", path)
	}
	return export.WriteFile(path, copies)
}
