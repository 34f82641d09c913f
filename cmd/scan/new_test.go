package main

import (
	"os"

	"codeberg.org/go-pdf/fpdf"
	"github.com/rogpeppe/go-internal/testscript"

	"scan/fixtures"
	"scan/internal/raster"
)

// printLayout writes a made-up form: layout NAME FILE, its solution: layout -solved NAME FILE, or
// its first page as an image: layout -png NAME FILE.
func printLayout(ts *testscript.TestScript, _ bool, args []string) {
	name, file := args[len(args)-2], ts.MkAbs(args[len(args)-1])
	if args[0] == "-solved" {
		l, err := fixtures.NewSolution(name)
		ts.Check(err)
		ts.Check(os.WriteFile(file, l.PDF, 0o644))
		return
	}
	l, err := fixtures.NewLayout(name)
	ts.Check(err)
	if args[0] != "-png" {
		ts.Check(os.WriteFile(file, l.PDF, 0o644))
		return
	}
	ts.Check(os.WriteFile(file+".pdf", l.PDF, 0o644))
	p, err := raster.RenderPDF(file+".pdf", 1, 300)
	ts.Check(err)
	b, err := fixtures.PNG(p)
	ts.Check(err)
	ts.Check(os.WriteFile(file, b, 0o644))
}

// printLocked writes a page without boxes, behind a password if one is given: locked FILE [PASSWORD].
func printLocked(ts *testscript.TestScript, _ bool, args []string) {
	pdf := fpdf.New("P", "mm", "A4", "")
	if len(args) > 1 {
		pdf.SetProtection(0, args[1], "owner")
	}
	pdf.AddPage()
	pdf.SetFont("Helvetica", "", 12)
	pdf.Text(30, 40, "This letter asks nothing of anybody.")
	ts.Check(pdf.OutputFileAndClose(ts.MkAbs(args[0])))
}
