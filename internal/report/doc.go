// Package report writes report.html: what came of an exam and of its reading, in one file that
// needs no network and no script, for a screen in light and dark and for paper.
//
// The order is Data -> figures -> view -> page. Figures (distribution.go, items.go, options.go,
// correctors.go, reader.go) are numbers of the exam's own units and know no language; the view
// (view*.go) turns them into words and shapes; templates/ turns those into HTML.
//
// Statistics of the exam rest on final booklets alone, statistics of the reader on all that was
// read. The page names no student: no name, registration number, code, booklet or file goes in.
package report
