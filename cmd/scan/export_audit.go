package main

import (
	"io"
	"path/filepath"

	"scan/internal/export"
	"scan/internal/mark"
)

// auditDir holds the audit files, in the folder of results.
const auditDir = "audit"

// audits writes the audit file of each booklet that is exported.
func (x *exporter) audits() error {
	sheets := x.data.Sheets()
	names := auditNames(sheets)
	folder, err := export.OpenFolder(filepath.Join(x.results(), auditDir), fileList(sheets, names, ".json"))
	if err != nil {
		return err
	}
	for _, s := range sheets {
		audit, err := x.session.Audit(x.cmd.Context(), x.outcome, s.Booklet)
		if err != nil {
			return err
		}
		err = folder.Write(names[s.Booklet]+".json", func(w io.Writer) error { return export.Audit(w, audit) })
		if err != nil {
			return err
		}
	}
	return folder.Close()
}

// auditNames names audit files after booklets: a code may still turn out to be another.
func auditNames(sheets []mark.Sheet) map[string]string {
	plain := make([]mark.Sheet, len(sheets))
	for i, s := range sheets {
		plain[i] = mark.Sheet{Booklet: s.Booklet}
	}
	return export.FileNames(plain)
}

// fileList lists the files of booklets.
func fileList(sheets []mark.Sheet, names map[string]string, ending string) []string {
	files := make([]string, len(sheets))
	for i, s := range sheets {
		files[i] = names[s.Booklet] + ending
	}
	return files
}
