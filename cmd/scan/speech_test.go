package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"scan/internal/mark"
	"scan/pipeline"
)

// What is printed as a command can be pasted into a shell.
func TestNextCanBePasted(t *testing.T) {
	var out bytes.Buffer
	o := pipeline.Outcome{Summary: pipeline.Summary{ReviewItems: 1},
		Batch: mark.Batch{Pages: []mark.Page{{Source: "x y/Übung (1)/it's.pdf", SourcePage: 7, Status: pipeline.StatusRefused}}}}
	speech{out: &out}.next("end term", &o)
	assert.Contains(t, out.String(), "1 item waits for a person: scan review 'end term'\n")
	assert.Contains(t, out.String(), `scan explain 'end term' 'x y/Übung (1)/it'\''s.pdf:7'`)
	assert.Equal(t, "scans/batch1.pdf:7", shellWord("scans/batch1.pdf:7"))
}

func TestNextWithoutItemsNamesBooklets(t *testing.T) {
	var out bytes.Buffer
	o := pipeline.Outcome{Summary: pipeline.Summary{Incomplete: 1}, Batch: mark.Batch{Pages: []mark.Page{{Source: "a.pdf", SourcePage: 1}}}}
	speech{out: &out}.next("endterm", &o)
	assert.Contains(t, out.String(), "scores.csv")
	assert.NotContains(t, out.String(), "0 items")
	assert.Contains(t, out.String(), ": scan review endterm\n")

	out.Reset()
	speech{out: &out}.next("end term", &pipeline.Outcome{})
	assert.Equal(t, "Next      everything is decided: scan export 'end term'\n", out.String())
}
