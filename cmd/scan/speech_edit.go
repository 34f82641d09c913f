package main

import (
	"path/filepath"

	"scan/pipeline"
)

// The words of scan edit; the rules are those of speech.go. What the page says is in
// internal/editor/assets.

const (
	editShort = "Show the boxes on the form in a browser, and change them"
	editLong  = `Show the pages of the form with every box on them, in a browser on this machine: move,
resize, add, delete and rename boxes, set credits, rules and the key, with mouse or
keyboard. Saving changes DIR/exam.yaml in place: comments, the order of keys and all
that was not changed stay as they are.

  scan edit endterm/
  scan edit endterm/ --no-browser --port 8080     print the link only

The page is served on 127.0.0.1 alone, and only to who has the link. Ctrl-C ends it.`
)

// editing tells where the page is.
func (s speech) editing(dir, link string) {
	s.answer("%s", link)
	s.note("This page shows %s; Save on it writes the file. Ctrl-C ends the page.", filepath.Join(dir, pipeline.ExamFile))
}

func (s speech) noBrowser() {
	s.note("No browser could be opened here: open the link in one on this machine.")
}
