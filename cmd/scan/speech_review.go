package main

import "scan/pipeline"

// The words of scan review; the rules are those of speech.go. What the page says is in
// internal/review/assets.

const (
	reviewShort = "Decide in a browser what waits for a person"
	reviewLong  = `Show what the reader was not sure of, one question at a time, in a browser on this
machine: the piece of the scan, the reader's guess and why it asks. One key decides.

  scan review endterm/
  scan review endterm/ --no-browser --port 8080     print the link only

Every decision is kept at once in DIR/scan.db with the name of who made it, and scan read
and scan export go by it. Several people may decide at once, each in an own window or with
an own scan review; where they contradict each other, the question comes back.

The page is served on 127.0.0.1 alone, and only to who has the link. Ctrl-C ends it and
writes DIR/results anew. The exit code is 3 if something still waits.`
)

// reviewing tells where the page is and what waits on it.
func (s speech) reviewing(dir, link string, sum pipeline.Summary) {
	s.answer("%s", link)
	s.note("%s %s on this page. Ctrl-C ends it and writes %s/results.", upper(waiting(sum)), verb(sum.ReviewItems, "wait"), dir)
}

// reviewed tells what is left when the page ends.
func (s speech) reviewed(dir string, sum pipeline.Summary) {
	s.answer("Booklets  %d: %d final, %d to review, %d incomplete", sum.Booklets, sum.Final, sum.Review, sum.Incomplete)
	s.answer("Results   %s/results/scores.csv, readings.csv, pages.csv", dir)
	if sum.Waiting() {
		s.answer("Next      %s still %s for a person: scan review %s", waiting(sum), verb(sum.ReviewItems, "wait"), shellWord(dir))
		return
	}
	s.answer("Next      everything is decided: scan export %s", shellWord(dir))
}

// waiting names what waits; where it is no field and no page, it is a booklet as a whole.
func waiting(sum pipeline.Summary) string {
	switch {
	case sum.ReviewItems > 0:
		return count(sum.ReviewItems, "item")
	case sum.Waiting():
		return "a booklet"
	}
	return "nothing"
}

func upper(s string) string {
	if s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// verb is the third person of a verb: one item waits, two items wait, nothing waits.
func verb(n int, word string) string {
	if n > 1 {
		return word
	}
	return word + "s"
}
